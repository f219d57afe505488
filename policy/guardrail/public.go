package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func publicGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-public-s3", Title: "Deny public buckets", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Public buckets are how data leaves companies by accident.",
			Services:   []string{"s3"},
			Attach:     "every unit but one for public content",
			References: []string{scpExamples + "/tree/main/Sensitive-data-protection", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html", authorizes + "list_amazons3.html"},
			NotCovered: []string{notManagement, notExisting, "bucket policies and grants that are public: the account's public access block refuses them, and this keeps it on", "sharing with single foreign accounts: see perimeter-identity"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			statements: []template{
				{action: []string{"s3:PutAccessPointPublicAccessBlock", "s3:PutAccountPublicAccessBlock", "s3:PutBucketPublicAccessBlock"}},
				{suffix: "Acl", everyone: true, action: []string{"s3:CreateBucket", "s3:PutBucketAcl", "s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl"},
					condition: conditions{"StringEquals": {"s3:x-amz-acl": {"authenticated-read", "public-read", "public-read-write"}}}},
			},
		},
		{
			ID: "deny-public-snapshots", Title: "Deny public snapshots", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A public snapshot is a copy of a whole disk or database for everyone, and is found within minutes.",
			Services:   []string{"ec2", "rds", "redshift"},
			Attach:     "the root of the organization",
			References: []string{authorizes + "list_amazonec2.html", authorizes + "list_amazonrds.html", "https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html"},
			NotCovered: []string{notManagement, notExisting, "sharing snapshots of EBS with single foreign accounts"},
			Exceptions: []Exception{Automation, BreakGlass},
			Parameters: []Parameter{
				// Calls of RDS and Redshift carry no condition key for the account that they share with.
				{Name: "databases", Kind: Bool, Default: true, What: "whether sharing snapshots of databases is denied altogether, as no condition tells public from private", Example: false},
				exemptParameter(),
			},
			statements: []template{
				{everyone: true, action: []string{"ec2:ModifySnapshotAttribute"}, resource: []string{"arn:*:ec2:*::snapshot/*"}, condition: conditions{"StringEquals": {"ec2:Add/group": {"all"}}}},
				{suffix: "Block", action: []string{"ec2:DisableSnapshotBlockPublicAccess"}},
				{suffix: "Databases", when: "databases", action: []string{"rds:ModifyDBClusterSnapshotAttribute", "rds:ModifyDBSnapshotAttribute", "redshift:AuthorizeSnapshotAccess"}},
			},
		},
		{
			ID: "deny-public-images", Title: "Deny public images", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A public machine image hands out everything that was on the disk.",
			Services:   []string{"ec2"},
			Attach:     "the root of the organization",
			References: []string{ec2Guide + "block-public-access-to-amis.html", authorizes + "list_amazonec2.html"},
			NotCovered: []string{notManagement, notExisting, "accounts and regions where the block was never on: see ec2-defaults", "sharing images with single foreign accounts, unless sharing is true",
				"container images in public registries: deny the service ecr-public"},
			Exceptions: []Exception{Automation, BreakGlass},
			Parameters: []Parameter{
				{Name: "sharing", Kind: Bool, What: "whether changing who may launch an image, and its other attributes, is denied altogether", Example: true},
				exemptParameter(),
			},
			// The block refuses public images, so that it is enough to keep it on. No condition key of
			// ModifyImageAttribute tells public from private: ec2:Add/group, which many examples use for it, is
			// one of snapshots only. Source: Service Authorization Reference, Amazon EC2, 2026-11.
			statements: []template{{action: []string{"ec2:DisableImageBlockPublicAccess", "$sharing?ec2:ModifyImageAttribute"}}},
		},
		{
			ID: "deny-public-functions", Title: "Deny function URLs without authentication", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A function URL without authentication is code that the whole internet runs with the function's role.",
			Services:   []string{"lambda"},
			Attach:     "units with workloads",
			References: []string{"https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html", authorizes + "list_awslambda.html"},
			NotCovered: []string{notManagement, notExisting, "functions behind API Gateway or a load balancer"},
			Parameters: []Parameter{exemptParameter()},
			// Source: AWS Lambda Developer Guide, Control access to Lambda function URLs, 2026-11.
			statements: []template{{action: []string{"lambda:AddPermission", "lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"}, condition: conditions{"StringEquals": {"lambda:FunctionUrlAuthType": {"NONE"}}}}},
		},
	}
}
