// @ts-check
// Makes the team that owns an account its contact for operations. Plain JavaScript: no types needed.
import { hook } from "archipelago";

export default hook({
  name: "owner-contacts",
  description: "The account's owner gets AWS's notices about operations.",
  match: { tags: { owner: "?*@?*" } },
  baseline(draft, { account }) {
    const before = draft.contacts.operations;
    if (!before) return;
    draft.contacts.operations = { ...before, name: account.tags.owner.split("@")[0], email: account.tags.owner };
  },
});
