// Adds a private bucket for an application's own logs, and a topic for the alarms that are made of them.
import { hook, fail } from "archipelago";

interface Params {
  /** What the bucket is for; part of its name. */
  purpose: string;
}

export default hook<Params>({
  name: "log-bucket",
  description: "An extra bucket for logs, declared as data.",
  baseline(draft, { archipelago, params: { purpose } }) {
    if (!purpose) fail("the bucket has no purpose", { hint: "write params: { purpose: … } where the hook is used" });
    const tags = { purpose };
    const reference = `{{resources.${purpose}.id}}`;
    draft.resources[purpose] = {
      type: "aws:s3/bucketV2:BucketV2",
      properties: { bucket: `${archipelago.name}-${purpose}-{{account.id}}`, tags },
      protect: true,
    };
    draft.resources[`${purpose}-private`] = {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      properties: { bucket: reference, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    };
    draft.resources[`${purpose}-alarms`] = {
      type: "aws:sns/topic:Topic",
      properties: { name: `${purpose}-alarms`, tags },
      dependsOn: [purpose],
    };
  },
});
