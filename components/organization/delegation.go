package organization

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Administrator makes a member account administer an AWS service for the whole organization.
type Administrator struct {
	// Service is the service principal, such as guardduty.amazonaws.com. It needs trusted access.
	Service string
	// Account names the account in Pulumi.
	Account string
	// AccountID is the account's id. The management account may not be one.
	AccountID pulumi.StringInput
}

// DelegationArgs are the inputs of [NewDelegation].
type DelegationArgs struct {
	// Administrators are the delegated administrators. How many a service may have differs.
	Administrators []Administrator
	// Policy is the organization's resource policy, a JSON document; nil for none. It lets member
	// accounts manage parts of AWS Organizations itself.
	Policy pulumi.StringInput
	// Values replace the placeholders of the policy, see [PolicyArgs.Values].
	Values map[string]pulumi.StringInput
	// Tags are the tags of the resource policy.
	Tags pulumi.StringMapInput
	// DependsOn are resources that must exist before: the organization, whose trusted access a
	// delegated administrator needs.
	DependsOn []pulumi.Resource
}

// Delegation is what an organization's management account hands over to member accounts.
type Delegation struct {
	pulumi.ResourceState

	// PolicyARN is the ARN of the resource policy; empty without one.
	PolicyARN pulumi.StringOutput `pulumi:"policyArn"`
}

// NewDelegation registers delegated administrators and the organization's resource policy.
func NewDelegation(ctx *pulumi.Context, name string, args *DelegationArgs, opts ...pulumi.ResourceOption) (*Delegation, error) {
	c := &Delegation{PolicyARN: pulumi.String("").ToStringOutput()}
	if err := ctx.RegisterComponentResource("archipelago:organization:Delegation", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register delegation of %s: %w", name, err)
	}
	child := []pulumi.ResourceOption{pulumi.Parent(c), pulumi.DependsOn(args.DependsOn)}
	administrators := slices.SortedFunc(slices.Values(args.Administrators), func(a, b Administrator) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Service, b.Service))
	})
	for _, a := range administrators {
		_, err := organizations.NewDelegatedAdministrator(ctx, name+"/"+a.Account+"/"+a.Service, &organizations.DelegatedAdministratorArgs{
			AccountId:        a.AccountID,
			ServicePrincipal: pulumi.String(a.Service),
		}, child...)
		if err != nil {
			return nil, fmt.Errorf("delegate %s to %s: %w", a.Service, a.Account, err)
		}
	}
	if args.Policy != nil {
		resource, err := organizations.NewResourcePolicy(ctx, name+"/delegation-policy", &organizations.ResourcePolicyArgs{
			Content: expand(name+"/delegation-policy", args.Policy, args.Values),
			Tags:    args.Tags,
		}, child...)
		if err != nil {
			return nil, fmt.Errorf("set resource policy of %s: %w", name, err)
		}
		c.PolicyARN = resource.Arn
	}
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"policyArn": c.PolicyARN}); err != nil {
		return nil, fmt.Errorf("register outputs of delegation of %s: %w", name, err)
	}
	return c, nil
}
