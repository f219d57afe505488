package baseline

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Role is an IAM role of [AccountArgs].
type Role struct {
	// Name is the role's name, unique in the account whatever the path.
	Name string
	// Path is the role's path; nil means "/". Another path replaces the role.
	Path pulumi.StringPtrInput
	// Description says what the role is for.
	Description pulumi.StringPtrInput
	// Trust is the trust policy, a JSON document.
	Trust pulumi.StringInput
	// MaxSessionSeconds is how long a session may last; nil means AWS's default, 3600.
	MaxSessionSeconds pulumi.IntPtrInput
	// ManagedPolicies are the ARNs of managed policies, by names for their attachments.
	ManagedPolicies map[string]pulumi.StringInput
	// Policies are inline policies.
	Policies []RolePolicy
	// Boundary is the ARN of the permissions boundary; nil for none.
	Boundary pulumi.StringPtrInput
	// Tags are the role's tags.
	Tags pulumi.StringMapInput
}

// RolePolicy is an inline policy of a role.
type RolePolicy struct {
	// Name is the policy's name, unique in the role.
	Name string
	// Document is the policy, a JSON document.
	Document pulumi.StringInput
}

// role registers a role and its policies, each a resource of its own: what somebody else attached to the
// role is neither seen nor removed.
func (c *Account) role(ctx *pulumi.Context, account string, r Role) (*iam.Role, error) {
	name := account + "/role/" + r.Name
	role, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Name:                pulumi.String(r.Name),
		Path:                r.Path,
		Description:         r.Description,
		AssumeRolePolicy:    r.Trust.ToStringOutput(),
		MaxSessionDuration:  r.MaxSessionSeconds,
		PermissionsBoundary: r.Boundary,
		Tags:                r.Tags,
	}, pulumi.Parent(c))
	if err != nil {
		return nil, fmt.Errorf("create role %s: %w", name, err)
	}
	for _, p := range r.Policies {
		_, err := iam.NewRolePolicy(ctx, name+"/policy/"+p.Name, &iam.RolePolicyArgs{
			Role:   role.Name,
			Name:   pulumi.String(p.Name),
			Policy: p.Document.ToStringOutput(),
		}, pulumi.Parent(c))
		if err != nil {
			return nil, fmt.Errorf("set policy %s of role %s: %w", p.Name, name, err)
		}
	}
	for key, arn := range r.ManagedPolicies {
		_, err := iam.NewRolePolicyAttachment(ctx, name+"/managed/"+key, &iam.RolePolicyAttachmentArgs{
			Role:      role.Name,
			PolicyArn: arn.ToStringOutput(),
		}, pulumi.Parent(c))
		if err != nil {
			return nil, fmt.Errorf("attach managed policy %s to role %s: %w", key, name, err)
		}
	}
	return role, nil
}
