// Hardens production accounts in every region that they use.
import { hook } from "archipelago";

export default hook({
  name: "production",
  description: "No public data, encrypted volumes, IMDSv2, no serial console, no default VPC.",
  match: { tags: { environment: "production" } },
  baseline(draft) {
    draft.s3.blockPublicAccess = true;
    draft.ec2 = {
      ...draft.ec2,
      encryptVolumes: true,
      snapshotSharing: "block-all-sharing",
      blockPublicImages: true,
      metadata: { hopLimit: 2, ...draft.ec2.metadata, tokens: "required" },
      serialConsole: false,
      defaultVpc: "remove",
    };
    draft.accessAnalyzer = { ...draft.accessAnalyzer, external: true };
    draft.passwordPolicy = {
      ...draft.passwordPolicy,
      minimumLength: Math.max(16, draft.passwordPolicy?.minimumLength ?? 0),
      reusePrevention: 24,
    };
  },
});
