import { hook, warn } from "archipelago";

export default hook({
  name: "NAME",
  description: "Notes an account's environment where programs in it can read it.",
  // Which accounts it runs for; without match, all those of the layer that uses it.
  match: { state: "active" },
  // draft is how the account is set up so far: change it. The second argument says whose it is.
  baseline(draft, { account }) {
    const environment = account.tags.environment;
    if (!environment) {
      warn("the account has no tag environment");
      return;
    }
    draft.parameters["/account/environment"] = environment;
  },
});
