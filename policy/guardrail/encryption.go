package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func encryptionGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "require-ebs-encryption", Title: "Require encryption of EBS", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Disks are encrypted from the start: it costs nothing then, and a migration later.",
			Services:   []string{"ec2"},
			Attach:     "the root of the organization, while the baseline switches encryption by default on",
			References: []string{"https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html", authorizes + "list_amazonec2.html"},
			NotCovered: []string{notManagement, notExisting, "which key is used"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			statements: []template{
				{everyone: true, action: []string{"ec2:CreateVolume", "ec2:RunInstances"}, resource: []string{"arn:*:ec2:*:*:volume/*"}, condition: conditions{"Bool": {"ec2:Encrypted": {"false"}}}},
				{suffix: "Default", action: []string{"ec2:DisableEbsEncryptionByDefault", "ec2:ModifyEbsDefaultKmsKeyId", "ec2:ResetEbsDefaultKmsKeyId"}},
			},
		},
		{
			ID: "require-rds-encryption", Title: "Require encryption of RDS", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A database that was created without encryption can only be copied into one with it.",
			Services:   []string{"rds"},
			Attach:     "units with workloads",
			References: []string{authorizes + "list_amazonrds.html", "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html"},
			NotCovered: []string{notManagement, notExisting, "restores and replicas, which are encrypted as what they come from", "which key is used"},
			Parameters: []Parameter{exemptParameter()},
			// An instance of an Aurora cluster has the encryption of the cluster, and says false for its own.
			statements: []template{
				{action: []string{"rds:CreateDBCluster"}, condition: conditions{"Bool": {"rds:StorageEncrypted": {"false"}}}},
				{suffix: "Instance", action: []string{"rds:CreateDBInstance"}, condition: conditions{
					"Bool": {"rds:StorageEncrypted": {"false"}}, "StringNotLike": {"rds:DatabaseEngine": {"aurora*", "docdb", "neptune"}}}},
			},
		},
		{
			ID: "require-efs-encryption", Title: "Require encryption of EFS", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A file system that was created without encryption can only be copied into one with it.",
			Services:   []string{"elasticfilesystem"},
			Attach:     "units with workloads",
			References: []string{"https://docs.aws.amazon.com/efs/latest/ug/using-iam-to-enforce-encryption-at-rest.html"},
			NotCovered: []string{notManagement, notExisting, "which key is used"},
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"elasticfilesystem:CreateFileSystem"}, condition: conditions{"Bool": {"elasticfilesystem:Encrypted": {"false"}}}}},
		},
		{
			ID: "require-s3-encryption", Title: "Require encryption of S3 with KMS", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "S3 encrypts every object; only with a key of KMS does reading it need the key's consent too, and leave a trace.",
			Services:   []string{"s3"},
			Attach:     "units with confidential data",
			References: []string{"https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html", authorizes + "list_amazons3.html"},
			NotCovered: []string{notManagement, notExisting, "uploads that name no encryption, which take the bucket's default", "principals of other accounts: see deny-customer-keys", "which key is used"},
			Parameters: []Parameter{
				{Name: "algorithms", Kind: List, Default: []string{"aws:kms", "aws:kms:dsse"}, Choices: []string{"AES256", "aws:fsx", "aws:kms", "aws:kms:dsse"}, Required: false,
					What: "what an upload may name; empty allows any", Example: []string{"aws:kms"}},
				exemptParameter(),
			},
			statements: []template{{when: "algorithms", action: []string{"s3:PutObject"}, condition: conditions{
				"StringNotEquals": {"s3:x-amz-server-side-encryption": {"$algorithms"}}, "Null": {"s3:x-amz-server-side-encryption": {"false"}}}}},
		},
		{
			ID: "deny-customer-keys", Title: "Deny encryption with keys of the caller", Owner: ownerData, Type: policy.ResourceControl, ReviewBy: reviewYearly,
			Purpose:    "With a key of its own in the request, whoever can write objects can hold them to ransom.",
			Services:   []string{"s3"},
			Attach:     "the root of the organization",
			References: []string{perimeters + "/tree/main/resource_control_policies", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html", rcpPage},
			NotCovered: []string{"buckets of the management account, which no resource control policy reaches", "objects that exist already", "data that the caller encrypts before the upload"},
			// The key is there only where the request brings a key of its own.
			statements: []template{{action: []string{"s3:PutObject"}, condition: conditions{"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": {"false"}}}}},
		},
	}
}
