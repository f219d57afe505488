package awsplugin_test

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/dynamodb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// What a region has.

func defaults(p *place) error {
	key, err := kms.NewKey(p.Context, p.name("key"), &kms.KeyArgs{
		Description: pulumi.String(or(p, "before", "after")), EnableKeyRotation: pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(7), Tags: p.tags(),
	}, p.options...)
	if err != nil {
		return err
	}
	if _, err := kms.NewAlias(p.Context, p.name("key-alias"), &kms.AliasArgs{Name: pulumi.String("alias/baseline"), TargetKeyId: key.KeyId}, p.options...); err != nil {
		return err
	}
	if _, err := ebs.NewEncryptionByDefault(p.Context, p.name("encrypt"), &ebs.EncryptionByDefaultArgs{Enabled: pulumi.Bool(or(p, true, false))}, p.options...); err != nil {
		return err
	}
	if _, err := ebs.NewDefaultKmsKey(p.Context, p.name("default-key"), &ebs.DefaultKmsKeyArgs{KeyArn: key.Arn}, p.options...); err != nil {
		return err
	}
	vpc, err := ec2.NewVpc(p.Context, p.name("vpc"), &ec2.VpcArgs{CidrBlock: pulumi.String("10.0.0.0/16"), Tags: p.tags()}, p.options...)
	if err != nil {
		return err
	}
	_, err = ec2.NewDefaultSecurityGroup(p.Context, p.name("default-group"), &ec2.DefaultSecurityGroupArgs{VpcId: vpc.ID(), Tags: p.tags()}, p.options...)
	return err
}

func messages(p *place) error {
	if _, err := cloudwatch.NewLogGroup(p.Context, p.name("logs"), &cloudwatch.LogGroupArgs{
		Name: pulumi.String("/baseline/log"), RetentionInDays: pulumi.Int(or(p, 30, 365)), Tags: p.tags(),
	}, p.options...); err != nil {
		return err
	}
	topic, err := sns.NewTopic(p.Context, p.name("topic"), &sns.TopicArgs{
		Name: pulumi.String("alarms"), DisplayName: pulumi.String(or(p, "before", "after")), Tags: p.tags(),
	}, p.options...)
	if err != nil {
		return err
	}
	queue, err := sqs.NewQueue(p.Context, p.name("queue"), &sqs.QueueArgs{
		Name: pulumi.String("alarms"), MessageRetentionSeconds: pulumi.Int(or(p, 3600, 7200)), Tags: p.tags(),
	}, p.options...)
	if err != nil {
		return err
	}
	for protocol, endpoint := range map[string]pulumi.StringInput{"sqs": queue.Arn, "email": pulumi.String("alarms@acme.example")} {
		if _, err := sns.NewTopicSubscription(p.Context, p.name(protocol), &sns.TopicSubscriptionArgs{
			Topic: topic.Arn, Protocol: pulumi.String(protocol), Endpoint: endpoint,
		}, p.options...); err != nil {
			return err
		}
	}
	return nil
}

func functions(p *place) error {
	role, err := iam.NewRole(p.Context, p.name("function-role"), &iam.RoleArgs{
		Name:             pulumi.String("function-" + p.region),
		AssumeRolePolicy: pulumi.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	}, p.options...)
	if err != nil {
		return err
	}
	if _, err := lambda.NewFunction(p.Context, p.name("function"), &lambda.FunctionArgs{
		Name: pulumi.String("cleaner"), Role: role.Arn, Runtime: pulumi.String("python3.12"), Handler: pulumi.String("index.handler"),
		Code:        pulumi.NewAssetArchive(map[string]any{"index.py": pulumi.NewStringAsset("def handler(event, context): return '" + or(p, "before", "after") + "'\n")}),
		Timeout:     pulumi.Int(or(p, 30, 60)),
		Environment: lambda.FunctionEnvironmentArgs{Variables: pulumi.StringMap{"STAGE": pulumi.String(or(p, "before", "after"))}},
		Tags:        p.tags(),
	}, p.options...); err != nil {
		return err
	}
	_, err = dynamodb.NewTable(p.Context, p.name("table"), &dynamodb.TableArgs{
		Name: pulumi.String("leases"), BillingMode: pulumi.String("PAY_PER_REQUEST"), HashKey: pulumi.String("id"),
		Attributes:          dynamodb.TableAttributeArray{dynamodb.TableAttributeArgs{Name: pulumi.String("id"), Type: pulumi.String("S")}},
		PointInTimeRecovery: dynamodb.TablePointInTimeRecoveryArgs{Enabled: pulumi.Bool(or(p, false, true))},
		Ttl:                 dynamodb.TableTtlArgs{Enabled: pulumi.Bool(true), AttributeName: pulumi.String("expires")},
		Tags:                p.tags(),
	}, p.options...)
	return err
}
