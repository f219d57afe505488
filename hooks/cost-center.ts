// Gives every account a monthly budget by its environment, and tells its owner when it runs out.
import { hook, fail } from "archipelago";
import { centers } from "./lib/centers";

interface Params {
  /** The monthly limit of an account by its environment, in US dollars. */
  limits: Record<string, number>;
}

export default hook<Params>({
  name: "cost-center",
  description: "A monthly budget by environment; its alarms go to the account's owner and the cost center.",
  baseline(draft, { account, params }) {
    const code = account.tags["cost-center"];
    const center = centers[code];
    if (!center) {
      fail(`cost center ${code} is not in hooks/lib/centers.ts`, {
        path: "tags.cost-center",
        hint: "use one of the finance department's codes: " + Object.keys(centers).join(", "),
      });
    }
    draft.tags["business-unit"] = center.unit;
    if (draft.budget) return; // somebody set one on purpose
    const limit = params.limits[account.tags.environment] ?? params.limits.other;
    if (!limit) fail(`no limit for ${account.tags.environment}`, { hint: 'add it, or one for "other", to the params of the hook' });
    const recipients = [account.tags.owner, center.mail].filter((address) => address?.includes("@"));
    draft.budget = { monthlyLimit: limit, recipients: [...new Set(recipients)] };
  },
});
