package baseline

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/accessanalyzer"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegionArgs are the inputs of [NewRegion].
type RegionArgs struct {
	// EncryptVolumes says whether new EBS volumes are encrypted; nil leaves it alone.
	EncryptVolumes *bool
	// SnapshotSharing is "block-all-sharing", "block-new-sharing" or "unblocked"; empty leaves it alone.
	SnapshotSharing string
	// BlockPublicImages says whether images are kept from being shared with everybody; nil leaves it
	// alone.
	BlockPublicImages *bool
	// Metadata is what new instances get for their metadata service; nil leaves it alone.
	Metadata *InstanceMetadata
	// SerialConsole says whether the serial console may be used; nil leaves it alone.
	SerialConsole *bool
	// ExternalAnalyzer makes an IAM Access Analyzer for what is shared outside the account.
	ExternalAnalyzer bool
	// UnusedAccessDays makes an IAM Access Analyzer for access that was not used for so many days; 0
	// makes none.
	UnusedAccessDays int
	// Parameters are SSM parameters, in any order.
	Parameters []Parameter
	// Tags are the tags of analyzers and parameters.
	Tags pulumi.StringMapInput
}

// InstanceMetadata is the defaults for the metadata service of new instances.
type InstanceMetadata struct {
	// Tokens is "required" (IMDSv2) or "optional".
	Tokens string
	// HopLimit is how many network hops an answer may travel, 1-64.
	HopLimit int
}

// Parameter is an SSM parameter. It is no place for a secret: it is stored in clear.
type Parameter struct {
	// Name is the parameter's name, such as /landing-zone/owner.
	Name string
	// Value is its value.
	Value pulumi.StringInput
}

// Region is the regional part of an account's baseline.
type Region struct {
	pulumi.ResourceState
}

// NewRegion sets up one region of an account.
func NewRegion(ctx *pulumi.Context, name string, args *RegionArgs, opts ...pulumi.ResourceOption) (*Region, error) {
	c := &Region{}
	if err := ctx.RegisterComponentResource("archipelago:baseline:Region", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register baseline of region %s: %w", name, err)
	}
	steps := []func(*pulumi.Context, string, *RegionArgs) error{c.storage, c.instances, c.analyzers, c.parameters}
	for _, step := range steps {
		if err := step(ctx, name, args); err != nil {
			return nil, err
		}
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("register outputs of baseline of region %s: %w", name, err)
	}
	return c, nil
}

// storage registers the settings of volumes, snapshots and images.
func (c *Region) storage(ctx *pulumi.Context, name string, args *RegionArgs) error {
	if args.EncryptVolumes != nil {
		_, err := ebs.NewEncryptionByDefault(ctx, name+"/ebs-encryption", &ebs.EncryptionByDefaultArgs{
			Enabled: pulumi.Bool(*args.EncryptVolumes),
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("set encryption of volumes in %s: %w", name, err)
		}
	}
	if args.SnapshotSharing != "" {
		_, err := ebs.NewSnapshotBlockPublicAccess(ctx, name+"/snapshot-sharing", &ebs.SnapshotBlockPublicAccessArgs{
			State: pulumi.String(args.SnapshotSharing),
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("set sharing of snapshots in %s: %w", name, err)
		}
	}
	if args.BlockPublicImages != nil {
		state := "unblocked"
		if *args.BlockPublicImages {
			state = "block-new-sharing"
		}
		_, err := ec2.NewImageBlockPublicAccess(ctx, name+"/public-images", &ec2.ImageBlockPublicAccessArgs{
			State: pulumi.String(state),
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("block public images in %s: %w", name, err)
		}
	}
	return nil
}

// instances registers the settings of EC2 instances.
func (c *Region) instances(ctx *pulumi.Context, name string, args *RegionArgs) error {
	if m := args.Metadata; m != nil {
		_, err := ec2.NewInstanceMetadataDefaults(ctx, name+"/instance-metadata", &ec2.InstanceMetadataDefaultsArgs{
			HttpTokens:              pulumi.String(m.Tokens),
			HttpPutResponseHopLimit: pulumi.Int(m.HopLimit),
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("set defaults of instance metadata in %s: %w", name, err)
		}
	}
	if args.SerialConsole != nil {
		_, err := ec2.NewSerialConsoleAccess(ctx, name+"/serial-console", &ec2.SerialConsoleAccessArgs{
			Enabled: pulumi.Bool(*args.SerialConsole),
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("set access to the serial console in %s: %w", name, err)
		}
	}
	return nil
}

// analyzers registers the analyzers. Their names in AWS are fixed, since AWS allows one external analyzer
// in a region.
func (c *Region) analyzers(ctx *pulumi.Context, name string, args *RegionArgs) error {
	if args.ExternalAnalyzer {
		_, err := accessanalyzer.NewAnalyzer(ctx, name+"/analyzer-external", &accessanalyzer.AnalyzerArgs{
			AnalyzerName: pulumi.String("external-access"),
			Type:         pulumi.String("ACCOUNT"),
			Tags:         args.Tags,
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("create analyzer of external access in %s: %w", name, err)
		}
	}
	if args.UnusedAccessDays != 0 {
		_, err := accessanalyzer.NewAnalyzer(ctx, name+"/analyzer-unused", &accessanalyzer.AnalyzerArgs{
			AnalyzerName: pulumi.String("unused-access"),
			Type:         pulumi.String("ACCOUNT_UNUSED_ACCESS"),
			Configuration: &accessanalyzer.AnalyzerConfigurationArgs{
				UnusedAccess: &accessanalyzer.AnalyzerConfigurationUnusedAccessArgs{
					UnusedAccessAge: pulumi.Int(args.UnusedAccessDays),
				},
			},
			Tags: args.Tags,
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("create analyzer of unused access in %s: %w", name, err)
		}
	}
	return nil
}

func (c *Region) parameters(ctx *pulumi.Context, name string, args *RegionArgs) error {
	for _, p := range args.Parameters {
		// Its ARN has one slash, whether the name begins with one or not.
		child := name + "/parameter/" + strings.TrimPrefix(p.Name, "/")
		_, err := ssm.NewParameter(ctx, child, &ssm.ParameterArgs{
			Name: pulumi.String(p.Name),
			Type: pulumi.String("String"),
			// It is no secret, so a preview may show it.
			InsecureValue: p.Value.ToStringOutput(),
			Tags:          args.Tags,
		}, pulumi.Parent(c))
		if err != nil {
			return fmt.Errorf("set parameter %s: %w", child, err)
		}
	}
	return nil
}
