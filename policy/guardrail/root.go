package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func rootGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-root-user", Title: "Deny the root user", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "The root user of a member account cannot be limited by its policies, and whoever has its mailbox has it. Nothing needs it once root access is managed centrally.",
			Services:   []string{"*"},
			Attach:     "the root of the organization",
			References: []string{scpGeneral, controls + "strongly-recommended-preventive-controls.html", iamGuide + "id_root-user-privileged-task.html"},
			NotCovered: []string{notManagement, "what AWS lets the root user do without asking policies: recovering its password, closing the account on its page",
				"sessions of central root access, unless centralRootAccess is false"},
			Parameters: []Parameter{
				{Name: "centralRootAccess", Kind: Bool, Default: true, What: "whether privileged sessions (sts:AssumeRoot) may still do the few tasks that need root", Example: false},
				{Name: "allow", Kind: List, Format: "action", What: "actions that the root user itself keeps; without central root access, those of the tasks that need it",
					Example: []string{"s3:DeleteBucketPolicy", "sqs:SetQueueAttributes"}},
			},
			// A session of sts:AssumeRoot is the root user for aws:PrincipalArn, and alone has aws:AssumedRoot.
			// Source: Control Tower control reference, AWS-GR_RESTRICT_ROOT_USER with ExemptAssumeRoot, 2026-11.
			statements: []template{{
				notAction: []string{"$allow"},
				condition: conditions{
					"ArnLike": {principalKey: {"arn:*:iam::*:root"}},
					"Null":    {"aws:AssumedRoot": {"$centralRootAccess"}},
				},
			}},
		},
		{
			ID: "deny-root-access-keys", Title: "Deny access keys of the root user", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "An access key of the root user is all of an account in one line of text, and no policy can limit it.",
			Services:   []string{"iam"},
			Attach:     "the root of the organization; deny-root-user includes it",
			References: []string{controls + "strongly-recommended-preventive-controls.html", iamGuide + "id_root-user_manage_add-key.html"},
			NotCovered: []string{notManagement, "access keys that the root user has already"},
			statements: []template{{action: []string{"iam:CreateAccessKey"}, resource: []string{"arn:*:iam::*:root"}}},
		},
		{
			ID: "deny-leave-organization", Title: "Deny leaving the organization", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "An account that leaves takes its data along and sheds every guardrail at once.",
			Services:   []string{"organizations"},
			Attach:     "the root of the organization; detach it from an account that is to move elsewhere",
			References: []string{scpGeneral, orgGuide + "orgs_manage_accounts_leave-as-member.html"},
			NotCovered: []string{"removal by the management account (organizations:RemoveAccountFromOrganization), where no guardrail reaches"},
			// Nobody is exempt: no work in a member account needs it.
			statements: []template{{action: []string{"organizations:LeaveOrganization"}}},
		},
		{
			ID: "deny-account-changes", Title: "Deny changes of the account itself", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Closing an account, or changing its name, e-mail or contacts, cuts it off from whoever is responsible for it.",
			Services:   []string{"account", "iam"},
			Attach:     "the root of the organization",
			References: []string{authorizes + "list_awsaccountmanagement.html"},
			NotCovered: []string{notManagement, "regions: see deny-region-changes"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"account:AcceptPrimaryEmailUpdate", "account:CloseAccount", "account:Delete*", "account:Put*",
				"account:StartPrimaryEmailUpdate", "iam:CreateAccountAlias", "iam:DeleteAccountAlias"}}},
		},
	}
}
