// Puts the role for emergencies into every critical account, but for the exceptions that security granted.
import { hook, fail } from "archipelago";

interface Params {
  /** Accounts without the role: the ticket and the reason, which the audit report quotes. */
  exceptions?: Record<string, string>;
}

export default hook<Params>({
  name: "break-glass-role",
  description: "The role that the security team assumes when nothing else works.",
  match: { tags: { critical: "yes" } },
  baseline(draft, { account, params }) {
    const reason = params.exceptions?.[account.key];
    if (reason !== undefined) {
      if (!/^SEC-\d+: ./.test(reason)) fail(`the exception of ${account.key} names no ticket`, { hint: 'write "SEC-4711: why"' });
      return console.log(`no break-glass role: ${reason}`);
    }
    draft.roles["break-glass"] = {
      description: "For emergencies. Every use is looked into.",
      path: "/security/",
      trust: { accounts: ["core/security-audit"] },
      managedPolicies: ["AdministratorAccess"],
      maxSessionSeconds: 3600,
    };
  },
});
