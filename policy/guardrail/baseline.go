package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func baselineGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "protect-roles", Title: "Protect the roles that guardrails exempt", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Guardrails exempt roles by name. Whoever can create, change or take over such a role is exempt from all of them.",
			Services:   []string{"iam"},
			Attach:     "the root of the organization, wherever a guardrail exempts anyone",
			References: []string{controls + "mandatory-controls.html", scpExamples + "/tree/main/Privileged-access-controls", authorizes + "list_awsidentityandaccessmanagementiam.html"},
			NotCovered: []string{notManagement, "whom the roles' trust policies let in: that is up to those policies", "users that are exempt: write their names into a policy of your own"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				{Name: "roles", Kind: List, Format: "role", What: "further roles, by name with path; those that guardrails exempt are always protected", Example: []string{"platform-*"}},
				exemptParameter(),
			},
			statements: []template{{
				action: []string{"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRole*", "iam:DetachRolePolicy", "iam:PutRole*", "iam:TagRole", "iam:UntagRole",
					"iam:UpdateAssumeRolePolicy", "iam:UpdateRole*"},
				resource: []string{exemptMark, "arn:*:iam::*:role/$roles"},
			}},
		},
		{
			ID: "protect-baseline", Title: "Protect what baselines deploy", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Alarms, rules, functions and log groups of the baseline do their work only while nobody in the account removes them.",
			Services:   []string{"cloudformation", "events", "lambda", "logs", "sns", "cloudwatch", "ssm"},
			Attach:     "the root of the organization, with protect-roles",
			References: []string{controls + "mandatory-controls.html", scpExamples + "/tree/main/Protect-cloud-platform-resource"},
			NotCovered: []string{notManagement, "kinds of resources that are not listed among its services", "buckets and keys: see protect-buckets and deny-key-deletion"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				{Name: "names", Kind: List, Required: true, Format: "name", What: "names of the resources, or patterns of them; StackSet-* protects the stacks of stack sets", Example: []string{"StackSet-*", "baseline-*"}},
				exemptParameter(),
			},
			statements: []template{{
				action: []string{
					"cloudformation:CancelUpdateStack", "cloudformation:ContinueUpdateRollback", "cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet", "cloudformation:DeleteStack",
					"cloudformation:ExecuteChangeSet", "cloudformation:RollbackStack",
					"cloudformation:SetStackPolicy", "cloudformation:UpdateStack", "cloudformation:UpdateTerminationProtection",
					"cloudwatch:DeleteAlarms", "cloudwatch:DisableAlarmActions", "cloudwatch:PutMetricAlarm", "cloudwatch:SetAlarmState",
					"events:DeleteRule", "events:DisableRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets",
					"lambda:AddPermission", "lambda:DeleteFunction*", "lambda:PutFunction*", "lambda:RemovePermission", "lambda:UpdateFunction*",
					"logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:DeleteMetricFilter", "logs:DeleteRetentionPolicy", "logs:DeleteSubscriptionFilter", "logs:DisassociateKmsKey",
					"logs:PutMetricFilter", "logs:PutRetentionPolicy", "logs:PutSubscriptionFilter",
					"sns:AddPermission", "sns:DeleteTopic", "sns:RemovePermission", "sns:SetTopicAttributes", "sns:Subscribe", "sns:Unsubscribe",
					"ssm:DeleteParameter", "ssm:DeleteParameters", "ssm:LabelParameterVersion", "ssm:PutParameter",
				},
				resource: []string{
					"arn:*:cloudformation:*:*:stack/$names", "arn:*:cloudformation:*:*:stack/$names/*", "arn:*:cloudwatch:*:*:alarm:$names", "arn:*:events:*:*:rule/$names",
					"arn:*:lambda:*:*:function:$names", "arn:*:logs:*:*:log-group:$names", "arn:*:logs:*:*:log-group:/aws/lambda/$names", "arn:*:sns:*:*:$names", "arn:*:ssm:*:*:parameter/$names",
				},
			}},
		},
		{
			ID: "protect-buckets", Title: "Protect buckets", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Logs, archives and state must outlive the account's administrators.",
			Services:   []string{"s3"},
			Attach:     "accounts that keep logs, archives or state",
			References: []string{controls + "mandatory-controls.html", scpExamples + "/tree/main/Sensitive-data-protection", authorizes + "list_amazons3.html"},
			NotCovered: []string{notManagement, "principals of other accounts: the bucket's own policy decides about them", "reading and writing objects", "expiry by rules that exist already"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				{Name: "buckets", Kind: List, Required: true, Format: "name", What: "names of the buckets, or patterns of them", Example: []string{"acme-logs-*"}},
				{Name: "objects", Kind: Bool, Default: true, What: "whether objects are protected from deletion too", Example: false},
				exemptParameter(),
			},
			statements: []template{
				{resource: []string{"arn:*:s3:::$buckets"}, action: []string{"s3:DeleteBucket*", "s3:PutBucketAcl", "s3:PutBucketLogging", "s3:PutBucketObjectLockConfiguration",
					"s3:PutBucketOwnershipControls", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
					"s3:PutReplicationConfiguration"}},
				{suffix: "Objects", when: "objects", resource: []string{"arn:*:s3:::$buckets/*"}, action: []string{"s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention"}},
			},
		},
		{
			ID: "protect-backups", Title: "Protect backups", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Ransom works where the backups can be deleted too.",
			Services:   []string{"backup"},
			Attach:     "units with workloads, and the account that keeps copies",
			References: []string{scpExamples + "/tree/main/Sensitive-data-protection", authorizes + "list_awsbackup.html"},
			NotCovered: []string{notManagement, "snapshots that services keep outside AWS Backup", "the keys that backups are encrypted with: see deny-key-deletion", "expiry by rules that exist already"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"backup:DeleteBackupPlan", "backup:DeleteBackupSelection", "backup:DeleteBackupVault*", "backup:DeleteRecoveryPoint", "backup:DisassociateRecoveryPoint*",
				"backup:PutBackupVaultAccessPolicy", "backup:PutBackupVaultLockConfiguration", "backup:UpdateBackupPlan", "backup:UpdateGlobalSettings", "backup:UpdateRecoveryPointLifecycle",
				"backup:UpdateRegionSettings"}}},
		},
		{
			ID: "deny-key-deletion", Title: "Deny hasty deletion of keys", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "What is encrypted with a deleted key is deleted. A month leaves time to notice.",
			Services:   []string{"kms"},
			Attach:     "the root of the organization",
			References: []string{scpExamples + "/tree/main/Protect-cloud-platform-resource", "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"},
			NotCovered: []string{notManagement, "disabling a key, which can be undone", "keys with imported material that expires"},
			Parameters: []Parameter{
				// AWS waits from 7 to 30 days. Source: KMS API Reference, ScheduleKeyDeletion, 2026-11.
				{Name: "days", Kind: Number, Default: 30, Min: 8, Max: 30, What: "the shortest wait that is allowed", Example: 14},
				exemptParameter(),
			},
			statements: []template{
				{action: []string{"kms:ScheduleKeyDeletion"}, condition: conditions{"NumericLessThan": {"kms:ScheduleKeyDeletionPendingWindowInDays": {"$days"}}}},
				{suffix: "Material", action: []string{"kms:DeleteImportedKeyMaterial"}},
			},
		},
	}
}
