package organization

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/policy"
)

// Args are the inputs of [NewOrganization].
type Args struct {
	// Features is "ALL" or "CONSOLIDATED_BILLING"; empty means "ALL". Policies, trusted access and
	// central root access need ALL.
	Features string
	// PolicyTypes are the policy types to enable on the root. The list is complete: a type that is
	// enabled elsewhere is disabled, which detaches all policies of that type.
	PolicyTypes []policy.Type
	// TrustedAccess are the service principals that may act in the organization, such as
	// cloudtrail.amazonaws.com. The list is complete: others are disabled.
	TrustedAccess []string
	// RootAccess are the parts of central root access to switch on: "RootCredentialsManagement",
	// "RootSessions". They need iam.amazonaws.com in TrustedAccess. Empty switches nothing on.
	RootAccess []string
	// Contacts are the alternate contacts of the management account.
	Contacts Contacts
	// ImportID is the id (o-...) of an organization that exists already; empty creates one.
	ImportID string
}

// Organization is an AWS organization with what is switched on for all of it.
type Organization struct {
	pulumi.ResourceState

	// OrganizationID is the organization's id, o-...
	OrganizationID pulumi.StringOutput `pulumi:"organizationId"`
	// ARN is the organization's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
	// RootID is the id of the root, r-...: the parent of the topmost units.
	RootID pulumi.StringOutput `pulumi:"rootId"`
	// ManagementAccountID is the id of the account that owns the organization.
	ManagementAccountID pulumi.StringOutput `pulumi:"managementAccountId"`

	// Resource is the organization's own resource, for others to depend on.
	Resource *organizations.Organization
}

// NewOrganization creates or imports an AWS organization. It is protected and retained: deleting an
// organization that others rely on is never a side effect.
func NewOrganization(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Organization, error) {
	c := &Organization{}
	if err := ctx.RegisterComponentResource("archipelago:organization:Organization", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register organization %s: %w", name, err)
	}
	if err := c.organization(ctx, name, args); err != nil {
		return nil, err
	}
	if err := c.rootAccess(ctx, name, args); err != nil {
		return nil, err
	}
	// AWS refuses the management account's own id here: without one the call is about the account
	// that makes it. Source: AWS Account Management API Reference, PutAlternateContact, AccountId.
	if err := newContacts(ctx, name+"/management", args.Contacts, nil, pulumi.Parent(c)); err != nil {
		return nil, err
	}
	err := ctx.RegisterResourceOutputs(c, pulumi.Map{
		"organizationId":      c.OrganizationID,
		"arn":                 c.ARN,
		"rootId":              c.RootID,
		"managementAccountId": c.ManagementAccountID,
	})
	if err != nil {
		return nil, fmt.Errorf("register outputs of organization %s: %w", name, err)
	}
	return c, nil
}

func (c *Organization) organization(ctx *pulumi.Context, name string, args *Args) error {
	features := args.Features
	if features == "" {
		features = "ALL"
	}
	in := &organizations.OrganizationArgs{FeatureSet: pulumi.String(features)}
	if features == "ALL" {
		// An organization that only shares its bill knows neither of the two.
		in.EnabledPolicyTypes = policyTypes(args.PolicyTypes)
		in.AwsServiceAccessPrincipals = pulumi.ToStringArray(args.TrustedAccess)
	}
	opts := []pulumi.ResourceOption{pulumi.Parent(c), pulumi.Protect(true), pulumi.RetainOnDelete(true)}
	if args.ImportID != "" {
		opts = append(opts, pulumi.Import(pulumi.ID(args.ImportID)))
	}
	org, err := organizations.NewOrganization(ctx, name, in, opts...)
	if err != nil {
		return fmt.Errorf("create organization %s: %w", name, err)
	}
	c.Resource = org
	c.OrganizationID = org.ID().ToStringOutput()
	c.ARN = org.Arn
	c.RootID = org.Roots.Index(pulumi.Int(0)).Id().Elem()
	c.ManagementAccountID = org.MasterAccountId
	return nil
}

func policyTypes(types []policy.Type) pulumi.StringArray {
	out := pulumi.StringArray{}
	for _, t := range types {
		out = append(out, pulumi.String(t))
	}
	return out
}

func (c *Organization) rootAccess(ctx *pulumi.Context, name string, args *Args) error {
	if len(args.RootAccess) == 0 {
		return nil
	}
	// It fails before trusted access for IAM is on, so it waits for the organization. Source: IAM
	// User Guide, Centralize root access for member accounts.
	_, err := iam.NewOrganizationsFeatures(ctx, name, &iam.OrganizationsFeaturesArgs{
		EnabledFeatures: pulumi.ToStringArray(args.RootAccess),
	}, pulumi.Parent(c), pulumi.DependsOn([]pulumi.Resource{c.Resource}))
	if err != nil {
		return fmt.Errorf("switch on central root access of %s: %w", name, err)
	}
	return nil
}
