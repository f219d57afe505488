package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func stateGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "quarantine", Title: "Quarantine", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "An account that somebody has broken into stops at once, while those who look into it still come in.",
			Services:   []string{"*"},
			Attach:     "the account, for as long as the incident lasts",
			References: []string{"https://docs.aws.amazon.com/security-ir/latest/userguide/contain.html", orgGuide + "orgs_manage_policies_scps_strategies.html"},
			NotCovered: []string{notManagement, notLinked, "what runs: instances and functions go on, only their calls to AWS fail", "principals of other accounts that the account's resources let in: see quarantine-resources", "presigned URLs of exempt principals"},
			// Automation is not exempt: its credentials may be how they came in.
			Exceptions: []Exception{BreakGlass, AccessRole},
			Parameters: []Parameter{
				{Name: "readOnly", Kind: Bool, What: "whether reading the configuration stays open to all, so that monitoring goes on; never data", Example: true},
				exemptParameter(),
			},
			statements: []template{{notAction: []string{"$readOnly?cloudtrail:LookupEvents", "$readOnly?config:Describe*", "$readOnly?config:Get*", "$readOnly?ec2:Describe*", "$readOnly?guardduty:Get*", "$readOnly?guardduty:List*",
				"$readOnly?iam:Get*", "$readOnly?iam:List*", "$readOnly?securityhub:Get*"}}},
		},
		{
			ID: "quarantine-resources", Title: "Quarantine of resources", Owner: ownerSecurity, Type: policy.ResourceControl, ReviewBy: reviewYearly,
			Purpose:    "The other half of quarantine: principals of other accounts lose the account's data too.",
			Services:   []string{"aoss", "dynamodb", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs", "sts"},
			Attach:     "the account, with quarantine",
			References: []string{rcpPage, "https://docs.aws.amazon.com/security-ir/latest/userguide/contain.html"},
			NotCovered: []string{"resources of the management account", notLinked, "services that resource control policies do not reach", "principals of the accounts that are named",
				"the account's own principals, and sign-in through Identity Center, which responders come by: quarantine decides about both"},
			Parameters: []Parameter{
				// By account, not by name: anyone can give a role any name.
				{Name: "accounts", Kind: List, Required: true, Format: "account", What: "accounts whose principals keep access: the management account, and the one that investigates", Example: []string{"111122223333", "{{management.account.id}}"}},
			},
			statements: []template{{action: []string{"aoss:*", "dynamodb:*", "ecr:*", "kms:*", "logs:*", "s3:*", "secretsmanager:*", "sqs:*",
				"sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"}, condition: conditions{
				"StringNotEqualsIfExists": {"aws:PrincipalAccount": {"$accounts", "${aws:ResourceAccount}"}}, "BoolIfExists": {"aws:PrincipalIsAWSService": {"false"}}}}},
		},
		{
			ID: "suspended", Title: "Suspended", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "An account on its way out does nothing any more, and stays so until AWS has closed it.",
			Services:   []string{"*"},
			Attach:     "the unit for suspended accounts",
			References: []string{orgGuide + "orgs_manage_accounts_close.html", orgGuide + "orgs_manage_policies_scps_strategies.html"},
			NotCovered: []string{notLinked, "what runs, and what it costs, until the account is closed"},
			// For whoever removes the last resources that cost money.
			Exceptions: []Exception{AccessRole},
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{}},
		},
	}
}
