package baseline

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// AccountArgs are the inputs of [NewAccount].
type AccountArgs struct {
	// Alias is the account's alias for the sign-in page, unique in all of AWS; nil for none.
	Alias pulumi.StringInput
	// PasswordPolicy is the rules for passwords of IAM users; nil leaves AWS's own.
	PasswordPolicy *PasswordPolicy
	// Roles are IAM roles, in any order.
	Roles []Role
	// BlockPublicBuckets blocks public access to every bucket of the account, or says that it is not
	// blocked; nil leaves it alone.
	BlockPublicBuckets *bool
}

// PasswordPolicy is the rules for passwords of IAM users. The zero value of a field is the value that AWS
// gets.
type PasswordPolicy struct {
	// MinimumLength is the fewest characters, 6-128.
	MinimumLength int
	// MaximumAgeDays is after how many days a password expires; 0 for never.
	MaximumAgeDays int
	// ReusePrevention is how many earlier passwords cannot be used again; 0 for none.
	ReusePrevention int
	// AllCharacterTypes says that a password needs a lower-case letter, an upper-case letter, a digit and
	// a symbol.
	AllCharacterTypes bool
	// AllowChange says that users may change their own password.
	AllowChange bool
}

// Account is the global part of an account's baseline: what does not belong to a region.
type Account struct {
	pulumi.ResourceState

	// Roles are the ARNs of the roles, by name.
	Roles pulumi.StringMapOutput `pulumi:"roles"`
}

// NewAccount sets up what an account has once. IAM and the settings of Amazon S3 are the same from every
// region; the provider's should stay the same, since another one replaces the resources.
func NewAccount(ctx *pulumi.Context, name string, args *AccountArgs, opts ...pulumi.ResourceOption) (*Account, error) {
	c := &Account{}
	if err := ctx.RegisterComponentResource("archipelago:baseline:Account", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register baseline of account %s: %w", name, err)
	}
	if err := c.settings(ctx, name, args); err != nil {
		return nil, err
	}
	roles := pulumi.StringMap{}
	for _, r := range args.Roles {
		made, err := c.role(ctx, name, r)
		if err != nil {
			return nil, err
		}
		roles[r.Name] = made.Arn
	}
	c.Roles = roles.ToStringMapOutput()
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"roles": c.Roles}); err != nil {
		return nil, fmt.Errorf("register outputs of baseline of account %s: %w", name, err)
	}
	return c, nil
}

// settings registers what is there once in an account.
func (c *Account) settings(ctx *pulumi.Context, name string, args *AccountArgs) error {
	child := pulumi.Parent(c)
	if args.Alias != nil {
		_, err := iam.NewAccountAlias(ctx, name+"/alias", &iam.AccountAliasArgs{AccountAlias: args.Alias}, child)
		if err != nil {
			return fmt.Errorf("set alias of account %s: %w", name, err)
		}
	}
	if p := args.PasswordPolicy; p != nil {
		all := pulumi.Bool(p.AllCharacterTypes)
		// A number that is left out would stay as it is; zero takes it back.
		_, err := iam.NewAccountPasswordPolicy(ctx, name+"/password-policy", &iam.AccountPasswordPolicyArgs{
			MinimumPasswordLength:      pulumi.Int(p.MinimumLength),
			MaxPasswordAge:             pulumi.Int(p.MaximumAgeDays),
			PasswordReusePrevention:    pulumi.Int(p.ReusePrevention),
			RequireLowercaseCharacters: all,
			RequireUppercaseCharacters: all,
			RequireNumbers:             all,
			RequireSymbols:             all,
			AllowUsersToChangePassword: pulumi.Bool(p.AllowChange),
		}, child)
		if err != nil {
			return fmt.Errorf("set password policy of account %s: %w", name, err)
		}
	}
	if args.BlockPublicBuckets != nil {
		block := pulumi.Bool(*args.BlockPublicBuckets)
		_, err := s3.NewAccountPublicAccessBlock(ctx, name+"/public-buckets", &s3.AccountPublicAccessBlockArgs{
			BlockPublicAcls:       block,
			BlockPublicPolicy:     block,
			IgnorePublicAcls:      block,
			RestrictPublicBuckets: block,
		}, child)
		if err != nil {
			return fmt.Errorf("block public buckets of account %s: %w", name, err)
		}
	}
	return nil
}
