package awsplugin_test

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/accessanalyzer"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// What of an account is a setting, a guard or an identity.

func budget(p *place) error {
	notify := func(kind string, threshold float64, to ...string) budgets.BudgetNotificationInput {
		return budgets.BudgetNotificationArgs{
			ComparisonOperator: pulumi.String("GREATER_THAN"), NotificationType: pulumi.String(kind),
			Threshold: pulumi.Float64(threshold), ThresholdType: pulumi.String("PERCENTAGE"),
			SubscriberEmailAddresses: pulumi.ToStringArray(to),
		}
	}
	_, err := budgets.NewBudget(p.Context, p.name("budget"), &budgets.BudgetArgs{
		Name: pulumi.String("monthly"), BudgetType: pulumi.String("COST"), TimeUnit: pulumi.String("MONTHLY"),
		LimitAmount: pulumi.String(or(p, "100", "250.5")), LimitUnit: pulumi.String("USD"),
		CostFilters: budgets.BudgetCostFilterArray{budgets.BudgetCostFilterArgs{
			Name: pulumi.String("LinkedAccount"), Values: pulumi.ToStringArray([]string{p.account, "444444444444"}),
		}},
		Notifications: budgets.BudgetNotificationArray{
			notify("ACTUAL", or(p, 80.0, 85), "owner@acme.example", or(p, "finance@acme.example", "cfo@acme.example")),
			notify("ACTUAL", 100, "owner@acme.example"),
			notify("FORECASTED", 100, "owner@acme.example"),
		},
		Tags: p.tags(),
	}, p.options...)
	return err
}

func analyzers(p *place) error {
	if _, err := accessanalyzer.NewAnalyzer(p.Context, p.name("external"), &accessanalyzer.AnalyzerArgs{
		AnalyzerName: pulumi.String("external"), Type: pulumi.String("ACCOUNT"), Tags: p.tags(),
	}, p.options...); err != nil {
		return err
	}
	_, err := accessanalyzer.NewAnalyzer(p.Context, p.name("unused"), &accessanalyzer.AnalyzerArgs{
		AnalyzerName: pulumi.String("unused"), Type: pulumi.String("ACCOUNT_UNUSED_ACCESS"), Tags: p.tags(),
		Configuration: accessanalyzer.AnalyzerConfigurationArgs{
			UnusedAccess: accessanalyzer.AnalyzerConfigurationUnusedAccessArgs{UnusedAccessAge: pulumi.Int(90)},
		},
	}, p.options...)
	return err
}

func blocks(p *place) error {
	if _, err := ec2.NewImageBlockPublicAccess(p.Context, p.name("images"), &ec2.ImageBlockPublicAccessArgs{
		State: pulumi.String(or(p, "block-new-sharing", "unblocked")),
	}, p.options...); err != nil {
		return err
	}
	if _, err := ebs.NewSnapshotBlockPublicAccess(p.Context, p.name("snapshots"), &ebs.SnapshotBlockPublicAccessArgs{
		State: pulumi.String(or(p, "block-new-sharing", "block-all-sharing")),
	}, p.options...); err != nil {
		return err
	}
	if _, err := ec2.NewSerialConsoleAccess(p.Context, p.name("console"), &ec2.SerialConsoleAccessArgs{
		Enabled: pulumi.Bool(or(p, false, true)),
	}, p.options...); err != nil {
		return err
	}
	_, err := ec2.NewInstanceMetadataDefaults(p.Context, p.name("imds"), &ec2.InstanceMetadataDefaultsArgs{
		HttpTokens: pulumi.String("required"), HttpPutResponseHopLimit: pulumi.Int(or(p, 2, 1)),
	}, p.options...)
	return err
}

func identities(p *place) error {
	if _, err := iam.NewAccountAlias(p.Context, p.name("alias"), &iam.AccountAliasArgs{AccountAlias: pulumi.String("acme-" + p.account)}, p.options...); err != nil {
		return err
	}
	if _, err := iam.NewAccountPasswordPolicy(p.Context, p.name("passwords"), &iam.AccountPasswordPolicyArgs{
		MinimumPasswordLength: pulumi.Int(or(p, 14, 16)), RequireNumbers: pulumi.Bool(true), AllowUsersToChangePassword: pulumi.Bool(true),
	}, p.options...); err != nil {
		return err
	}
	boundary, err := iam.NewPolicy(p.Context, p.name("boundary"), &iam.PolicyArgs{
		Name: pulumi.String("boundary"), Path: pulumi.String("/baseline/"), Description: pulumi.String("the most that a role may do"),
		Policy: pulumi.String(policy(or(p, "s3:*", "*"))), Tags: p.tags(),
	}, p.options...)
	if err != nil {
		return err
	}
	role, err := iam.NewRole(p.Context, p.name("role"), &iam.RoleArgs{
		Name: pulumi.String("break-glass"), Path: pulumi.String("/baseline/"), Description: pulumi.String(or(p, "before", "after")),
		AssumeRolePolicy:   pulumi.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"sts:AssumeRole"}]}`),
		MaxSessionDuration: pulumi.Int(or(p, 3600, 7200)), PermissionsBoundary: boundary.Arn, Tags: p.tags(),
	}, p.options...)
	if err != nil {
		return err
	}
	if _, err := iam.NewRolePolicy(p.Context, p.name("inline"), &iam.RolePolicyArgs{
		Name: pulumi.String("inline"), Role: role.Name, Policy: pulumi.String(policy(or(p, "s3:Get*", "s3:List*"))),
	}, p.options...); err != nil {
		return err
	}
	_, err = iam.NewRolePolicyAttachment(p.Context, p.name("managed"), &iam.RolePolicyAttachmentArgs{
		Role: role.Name, PolicyArn: pulumi.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
	}, p.options...)
	return err
}

func policy(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"*"}]}`
}

func parameters(p *place) error {
	_, err := ssm.NewParameter(p.Context, p.name("parameter"), &ssm.ParameterArgs{
		Name: pulumi.String("/baseline/owner"), Type: pulumi.String("String"), Value: pulumi.String(or(p, "before", "after")), Tags: p.tags(),
	}, p.options...)
	return err
}

func buckets(p *place) error {
	if _, err := s3.NewAccountPublicAccessBlock(p.Context, p.name("public"), &s3.AccountPublicAccessBlockArgs{
		BlockPublicAcls: pulumi.Bool(true), BlockPublicPolicy: pulumi.Bool(or(p, false, true)),
		IgnorePublicAcls: pulumi.Bool(true), RestrictPublicBuckets: pulumi.Bool(true),
	}, p.options...); err != nil {
		return err
	}
	bucket, err := s3.NewBucketV2(p.Context, p.name("bucket"), &s3.BucketV2Args{
		Bucket: pulumi.String("acme-" + p.account + "-state"), ForceDestroy: pulumi.Bool(true), Tags: p.tags(),
	}, p.options...)
	if err != nil {
		return err
	}
	if _, err := s3.NewBucketVersioningV2(p.Context, p.name("versions"), &s3.BucketVersioningV2Args{
		Bucket:                  bucket.ID(),
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{Status: pulumi.String(or(p, "Enabled", "Suspended"))},
	}, p.options...); err != nil {
		return err
	}
	if _, err := s3.NewBucketServerSideEncryptionConfigurationV2(p.Context, p.name("encryption"), &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
			BucketKeyEnabled: pulumi.Bool(or(p, false, true)),
			ApplyServerSideEncryptionByDefault: s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
				SseAlgorithm: pulumi.String("aws:kms"),
			},
		}},
	}, p.options...); err != nil {
		return err
	}
	if _, err := s3.NewBucketOwnershipControls(p.Context, p.name("owner"), &s3.BucketOwnershipControlsArgs{
		Bucket: bucket.ID(),
		Rule:   s3.BucketOwnershipControlsRuleArgs{ObjectOwnership: pulumi.String(or(p, "BucketOwnerPreferred", "BucketOwnerEnforced"))},
	}, p.options...); err != nil {
		return err
	}
	return bucketGuards(p, bucket)
}

func bucketGuards(p *place, bucket *s3.BucketV2) error {
	if _, err := s3.NewBucketPublicAccessBlock(p.Context, p.name("bucket-public"), &s3.BucketPublicAccessBlockArgs{
		Bucket: bucket.ID(), BlockPublicAcls: pulumi.Bool(true), BlockPublicPolicy: pulumi.Bool(or(p, false, true)),
		IgnorePublicAcls: pulumi.Bool(true), RestrictPublicBuckets: pulumi.Bool(true),
	}, p.options...); err != nil {
		return err
	}
	_, err := s3.NewBucketPolicy(p.Context, p.name("bucket-policy"), &s3.BucketPolicyArgs{
		Bucket: bucket.ID(),
		Policy: pulumi.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"%s","Resource":"%s/*",`+
			`"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, or(p, "s3:*", "s3:PutObject"), bucket.Arn),
	}, p.options...)
	return err
}
