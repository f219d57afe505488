import { hook, warn } from "archipelago";

export default hook({
  name: "NAME",
  description: "Notes an account's unit in a tag, so that bills can be split by it.",
  // Which accounts it runs for; without match, all those of the layer that uses it.
  match: { state: "active" },
  // draft is how the account is set up so far: change it. The second argument says whose it is.
  baseline(draft, { account }) {
    if (!account.unit) {
      warn("the account is in no unit");
      return;
    }
    draft.tags.unit = account.unit;
  },
});
