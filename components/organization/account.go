package organization

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/account"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	// createTimeout is how long an account may take. The provider gives up after ten minutes, AWS
	// sometimes needs more; an account that AWS creates after that is in no state and its e-mail
	// address is taken.
	createTimeout = "30m"
	// regionTimeout is how long switching a region on may take: "a few minutes" mostly, "several
	// hours" in some cases. Source: AWS Account Management Reference Guide, Enable or disable AWS
	// Regions in your account.
	regionTimeout = "2h"
)

// AccountArgs are the inputs of [NewAccount].
type AccountArgs struct {
	// Name is the account's name in AWS; nil means the Pulumi name. The provider replaces the account
	// when it changes.
	Name pulumi.StringInput
	// Email is the root user's address, unique in all of AWS and for as long as the account exists.
	// The provider replaces the account when it changes.
	Email pulumi.StringInput
	// ParentID is the id of the unit or root that the account is in. Changing it moves the account.
	ParentID pulumi.StringInput
	// Role is the role that AWS creates for the management account; nil means AWS's default,
	// OrganizationAccountAccessRole. It counts only at creation.
	Role pulumi.StringPtrInput
	// BillingAccess is "ALLOW" or "DENY": whether IAM users and roles of the account may see its
	// bills. It counts only at creation; nil means AWS's default, ALLOW.
	BillingAccess pulumi.StringPtrInput
	// Tags are the account's tags.
	Tags pulumi.StringMapInput
	// Contacts are the alternate contacts. They need trusted access for account.amazonaws.com.
	Contacts Contacts
	// Regions are opt-in regions to switch on. They need trusted access for account.amazonaws.com.
	// A region that leaves the list stays on: switching it off hides its resources, not their cost.
	Regions []string
	// AllowClose lifts the protection and closes the account when it leaves the program. Deploy
	// once with it set, then remove the account.
	AllowClose bool
	// ImportID is the id of an account that is a member already; empty creates one.
	ImportID string
	// DependsOn are resources that must exist before the account: the attachments of its
	// guardrails, and where many accounts are created, the one whose turn is before.
	DependsOn []pulumi.Resource
}

// Account is a member account with its contacts and regions.
type Account struct {
	pulumi.ResourceState

	// AccountID is the account's id: twelve digits.
	AccountID pulumi.StringOutput `pulumi:"accountId"`
	// Ready is the account's id once its regions are switched on, for what is done in it.
	Ready pulumi.StringOutput
	// ARN is the account's ARN in AWS Organizations.
	ARN pulumi.StringOutput `pulumi:"arn"`

	// Resource is the account's own resource, for others to depend on.
	Resource *organizations.Account
}

// NewAccount creates or imports a member account. AWS creates it below the root and the provider
// moves it to its parent then.
//
// The account is protected and retained, because the way back is long: a closed account's address
// stays taken, and a replaced account is a new one without what was in the old.
func NewAccount(ctx *pulumi.Context, name string, args *AccountArgs, opts ...pulumi.ResourceOption) (*Account, error) {
	c := &Account{}
	if err := ctx.RegisterComponentResource("archipelago:organization:Account", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register account %s: %w", name, err)
	}
	if err := c.account(ctx, name, args); err != nil {
		return nil, err
	}
	// Both are set from the management account with the member's id: no provider in the member is
	// needed. Source: AWS Account Management Reference Guide, Trusted access.
	id := c.AccountID.ToStringPtrOutput()
	if err := newContacts(ctx, name, args.Contacts, id, pulumi.Parent(c)); err != nil {
		return nil, err
	}
	if err := c.regions(ctx, name, args.Regions, id); err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"accountId": c.AccountID, "arn": c.ARN}); err != nil {
		return nil, fmt.Errorf("register outputs of account %s: %w", name, err)
	}
	return c, nil
}

func (c *Account) account(ctx *pulumi.Context, name string, args *AccountArgs) error {
	in := &organizations.AccountArgs{
		Name:                   pulumi.String(name),
		Email:                  args.Email,
		ParentId:               args.ParentID.ToStringOutput(),
		RoleName:               args.Role,
		IamUserAccessToBilling: args.BillingAccess,
		Tags:                   args.Tags,
	}
	if args.Name != nil {
		in.Name = args.Name.ToStringOutput()
	}
	if args.AllowClose {
		in.CloseOnDeletion = pulumi.Bool(true)
	}
	resource, err := organizations.NewAccount(ctx, name, in, c.options(args)...)
	if err != nil {
		return fmt.Errorf("create account %s: %w", name, err)
	}
	c.Resource = resource
	c.AccountID = resource.ID().ToStringOutput()
	c.ARN = resource.Arn
	return nil
}

func (c *Account) options(args *AccountArgs) []pulumi.ResourceOption {
	opts := []pulumi.ResourceOption{
		pulumi.Parent(c),
		pulumi.Protect(!args.AllowClose),
		pulumi.RetainOnDelete(!args.AllowClose),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Create: createTimeout}),
		pulumi.DependsOn(args.DependsOn),
	}
	if args.ImportID != "" {
		// AWS does not tell either of the two afterwards: whatever is written would read as a change,
		// and as one that replaces the account.
		opts = append(opts, pulumi.Import(pulumi.ID(args.ImportID)),
			pulumi.IgnoreChanges([]string{"roleName", "iamUserAccessToBilling"}))
	}
	return opts
}

func (c *Account) regions(ctx *pulumi.Context, name string, regions []string, id pulumi.StringPtrInput) error {
	wait := []any{c.AccountID}
	for _, region := range slices.Sorted(slices.Values(regions)) {
		on, err := account.NewRegion(ctx, name+"/"+region, &account.RegionArgs{
			AccountId:  id,
			RegionName: pulumi.String(region),
			Enabled:    pulumi.Bool(true),
		}, pulumi.Parent(c), pulumi.Timeouts(&pulumi.CustomTimeouts{Create: regionTimeout, Update: regionTimeout}))
		if err != nil {
			return fmt.Errorf("switch on region %s of %s: %w", region, name, err)
		}
		wait = append(wait, on.ID())
	}
	c.Ready = pulumi.All(wait...).ApplyT(func(ids []any) string { return ids[0].(string) }).(pulumi.StringOutput)
	return nil
}
