// Keeps accounts whose data must stay somewhere in the regions of that place.
import { hook, fail, warn } from "archipelago";

// London (eu-west-2) and Zurich (eu-central-2) begin with "eu-" and are not in the European Union.
const places: Record<string, readonly string[]> = {
  eu: ["eu-central-1", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-3"],
  us: ["us-east-1", "us-east-2", "us-west-1", "us-west-2"],
};

export default hook({
  name: "residency",
  description: "Accounts with the tag data-residency use regions of that place only.",
  match: { tags: { "data-residency": "*" } },
  baseline(draft, { account }) {
    const place = account.tags["data-residency"];
    const allowed = places[place];
    if (!allowed) {
      fail(`data-residency is "${place}"`, { path: "tags.data-residency", hint: "one of " + Object.keys(places).join(", ") });
    }
    const kept = draft.regions.filter((region) => allowed.includes(region));
    if (kept.length === 0) {
      fail(`none of the regions ${draft.regions.join(", ")} is in ${place}`, { path: "regions" });
    }
    if (kept.length < draft.regions.length) {
      warn(`leaves ${draft.regions.filter((region) => !kept.includes(region)).join(", ")} out: its data stays in ${place}`);
    }
    draft.regions = kept;
  },
});
