package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func identityGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-iam-users", Title: "Deny IAM users", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "People come through Identity Center and machines through roles; a user is a password that nobody rotates.",
			Services:   []string{"iam"},
			Attach:     "every unit but the one of the identity account",
			References: []string{scpExamples + "/tree/main/Privileged-access-controls", iamGuide + "best-practices.html"},
			NotCovered: []string{notManagement, notExisting + ": list users with the credential report"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"iam:AddUserToGroup", "iam:AttachUserPolicy", "iam:CreateGroup", "iam:CreateLoginProfile", "iam:CreateUser", "iam:PutUserPolicy", "iam:UpdateLoginProfile"}}},
		},
		{
			ID: "deny-access-keys", Title: "Deny access keys", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "An access key works for years from anywhere, and ends in a repository.",
			Services:   []string{"iam"},
			Attach:     "the root of the organization",
			References: []string{scpExamples + "/tree/main/Privileged-access-controls", authorizes + "list_awsidentityandaccessmanagementiam.html"},
			NotCovered: []string{notManagement, "access keys that exist already; switching one on and off stays possible, for the day when it must be off", "credentials that services have of their own, such as passwords of databases"},
			Exceptions: []Exception{Automation, BreakGlass},
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"iam:CreateAccessKey", "iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential", "iam:UploadSSHPublicKey",
				"iam:UploadSigningCertificate"}}},
		},
		{
			ID: "deny-identity-providers", Title: "Deny identity providers", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Whoever adds an identity provider decides who may sign in; an account instance of Identity Center is one more directory.",
			Services:   []string{"iam", "rolesanywhere", "sso"},
			Attach:     "the root of the organization",
			References: []string{scpExamples + "/tree/main/Privileged-access-controls", "https://docs.aws.amazon.com/singlesignon/latest/userguide/control-account-instance.html"},
			NotCovered: []string{notManagement, notExisting, "trust policies that name a provider of another account"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"iam:*ClientID*OpenIDConnectProvider", "iam:CreateOpenIDConnectProvider", "iam:CreateSAMLProvider", "iam:DeleteOpenIDConnectProvider", "iam:DeleteSAMLProvider",
				"iam:UpdateOpenIDConnectProviderThumbprint", "iam:UpdateSAMLProvider", "rolesanywhere:CreateTrustAnchor", "rolesanywhere:UpdateTrustAnchor", "sso:CreateInstance"}}},
		},
		{
			ID: "protect-account-blocks", Title: "Protect account-level blocks", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "A block of a whole account, such as S3's of public access, is worth what it takes to switch it off.",
			Services:   []string{"ec2", "elasticmapreduce", "iam", "s3", "ssm"},
			Attach:     "the root of the organization",
			References: []string{scpExamples + "/tree/main/Sensitive-data-protection", orgGuide + "orgs_manage_policies_declarative_syntax.html", authorizes + "list_amazonec2.html"},
			NotCovered: []string{notManagement, "blocks that were never switched on: see ec2-defaults and baselines", "blocks of single buckets: see deny-public-s3"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			// The last is the setting that lets documents of Systems Manager be public.
			statements: []template{
				{action: []string{"ec2:*VpcBlockPublicAccessExclusion", "ec2:DisableAllowedImagesSettings", "ec2:DisableEbsEncryptionByDefault", "ec2:DisableImageBlockPublicAccess",
					"ec2:DisableSnapshotBlockPublicAccess", "ec2:EnableSerialConsoleAccess", "ec2:ModifyInstanceMetadataDefaults", "ec2:ModifyVpcBlockPublicAccessOptions",
					"ec2:ReplaceImageCriteriaInAllowedImagesSettings", "elasticmapreduce:PutBlockPublicAccessConfiguration", "iam:DeleteAccountPasswordPolicy", "iam:UpdateAccountPasswordPolicy",
					"s3:PutAccountPublicAccessBlock"}},
				{suffix: "Documents", action: []string{"ssm:ResetServiceSetting", "ssm:UpdateServiceSetting"}, resource: []string{"arn:*:ssm:*:*:servicesetting/ssm/documents/console/public-sharing-permission"}},
			},
		},
	}
}
