package organization

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/policy"
)

// PolicyArgs are the inputs of [NewPolicy].
type PolicyArgs struct {
	// Type is the policy type; it must be enabled in the organization. AWS cannot change it: another
	// type is another policy.
	Type policy.Type
	// Name is the name in AWS; nil means the Pulumi name.
	Name pulumi.StringInput
	// Description says what the policy is for.
	Description pulumi.StringPtrInput
	// Content is the JSON document. It is minified, because AWS counts and keeps white space.
	// Source: AWS Organizations User Guide, Quotas, "Policies saved using the API".
	Content pulumi.StringInput
	// Values replace the placeholders of the content: {"organization.id": ...} replaces
	// {{organization.id}}. A placeholder without a value is an error: AWS would take it literally.
	Values map[string]pulumi.StringInput
	// Tags are the policy's tags.
	Tags pulumi.StringMapInput
	// DependsOn are resources that must exist before: the organization that enables the type.
	DependsOn []pulumi.Resource
}

// Policy is a policy of AWS Organizations. [Policy.Attach] puts it into effect.
type Policy struct {
	pulumi.ResourceState

	// PolicyID is the policy's id, p-...
	PolicyID pulumi.StringOutput `pulumi:"policyId"`
	// ARN is the policy's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`

	// Resource is the policy's own resource, for others to depend on.
	Resource *organizations.Policy
}

// NewPolicy creates a policy that is attached to nothing yet.
func NewPolicy(ctx *pulumi.Context, name string, args *PolicyArgs, opts ...pulumi.ResourceOption) (*Policy, error) {
	c := &Policy{}
	if err := ctx.RegisterComponentResource("archipelago:organization:Policy", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register policy %s: %w", name, err)
	}
	in := &organizations.PolicyArgs{
		Type:        pulumi.String(args.Type),
		Name:        pulumi.String(name),
		Description: args.Description,
		Content:     expand(name, args.Content, args.Values),
		Tags:        args.Tags,
	}
	if args.Name != nil {
		in.Name = args.Name.ToStringOutput()
	}
	resource, err := organizations.NewPolicy(ctx, name, in, pulumi.Parent(c), pulumi.DependsOn(args.DependsOn))
	if err != nil {
		return nil, fmt.Errorf("create policy %s: %w", name, err)
	}
	c.Resource = resource
	c.PolicyID = resource.ID().ToStringOutput()
	c.ARN = resource.Arn
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"policyId": c.PolicyID, "arn": c.ARN}); err != nil {
		return nil, fmt.Errorf("register outputs of policy %s: %w", name, err)
	}
	return c, nil
}

// AttachmentArgs are the inputs of [Policy.Attach].
type AttachmentArgs struct {
	// TargetID is the id of a root, unit or account.
	TargetID pulumi.StringInput
	// Formerly are names that the attachment had before, so that renaming its target does not detach
	// the policy for a moment.
	Formerly []string
}

// Attach attaches the policy to a root, unit or account. The attachment is a child of the policy;
// depend on it, not on the policy, to be sure that the policy is in effect.
func (c *Policy) Attach(ctx *pulumi.Context, name string, args *AttachmentArgs, opts ...pulumi.ResourceOption) (*organizations.PolicyAttachment, error) {
	attachment, err := organizations.NewPolicyAttachment(ctx, name, &organizations.PolicyAttachmentArgs{
		PolicyId: c.PolicyID,
		TargetId: args.TargetID,
	}, append([]pulumi.ResourceOption{pulumi.Parent(c), formerly("", args.Formerly)}, opts...)...)
	if err != nil {
		return nil, fmt.Errorf("attach policy %s: %w", name, err)
	}
	return attachment, nil
}

// expand minifies a document and replaces its placeholders.
func expand(name string, content pulumi.StringInput, values map[string]pulumi.StringInput) pulumi.StringInput {
	keys := slices.Sorted(maps.Keys(values))
	inputs := []any{content}
	for _, k := range keys {
		inputs = append(inputs, values[k])
	}
	return pulumi.All(inputs...).ApplyT(func(resolved []any) (string, error) {
		known := map[string]string{}
		for i, k := range keys {
			known[k] = resolved[i+1].(string)
		}
		document, err := policy.Minify([]byte(resolved[0].(string)))
		if err != nil {
			return "", fmt.Errorf("read document of %s: %w", name, err)
		}
		document = policy.Expand(document, known)
		if missing := policy.Placeholders(document); len(missing) > 0 {
			return "", fmt.Errorf("expand document of %s: no value for {{%s}}", name, missing[0])
		}
		return document, nil
	}).(pulumi.StringOutput)
}
