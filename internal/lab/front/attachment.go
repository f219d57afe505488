package front

import (
	"context"
	"slices"
	"strings"
)

type target struct {
	TargetID string `json:"TargetId"`
	ARN      string `json:"Arn"`
	Name     string
	Type     string
}

func addAttachments(t table) {
	t.add("organizations", "AttachPolicy", byManagement(attachPolicy))
	t.add("organizations", "DetachPolicy", byManagement(detachPolicy))
	t.add("organizations", "ListPoliciesForTarget", inOrganization(listPoliciesForTarget))
	t.add("organizations", "ListTargetsForPolicy", inOrganization(listTargetsForPolicy))
}

type attachment struct{ PolicyID, TargetID string }

// attached reads a call that attaches or detaches, and what its target has of the policy's type.
func (f *Front) attached(c *call, o *organization) (in attachment, kind string, has []policySummary, err error) {
	if in, err = decode[attachment](c); err != nil {
		return in, "", nil, err
	}
	if kind, err = f.policyKind(c.ctx(), o, in.PolicyID); err != nil {
		return in, "", nil, err
	}
	has, err = f.policiesOn(c.ctx(), o, in.TargetID, kind)
	return in, kind, has, err
}

func attachPolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, kind, has, err := f.attached(c, o)
	if err != nil {
		return nil, err
	}
	limit := f.limits.perTarget(kind)
	switch {
	case !o.enabled[kind]:
		return nil, notEnabled()
	case contains(has, in.PolicyID):
		return nil, refuse("DuplicatePolicyAttachmentException", "The selected policy is already attached to the specified target.")
	case len(has) >= limit:
		return nil, constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
			"You have exceeded the number of policies of the type %s that can be attached to one target: %d.", kind, limit)
	}
	p, own := o.policies[in.PolicyID]
	if !own {
		return f.forward(c)
	}
	p.targets = append(p.targets, in.TargetID)
	return done(c)
}

func detachPolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, kind, has, err := f.attached(c, o)
	if err != nil {
		return nil, err
	}
	switch {
	case !contains(has, in.PolicyID):
		return nil, refuse("PolicyNotAttachedException", "The policy isn't attached to the specified target in the specified root.")
	case in.PolicyID == fullAccessRCP:
		return nil, invalid("NON_DETACHABLE_POLICY", "You can't detach this AWS managed policy.")
	case kind == scp && len(has) == 1 && o.enabled[scp]:
		return nil, constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
			"You cannot remove the last policy attached to the specified target.")
	}
	p, own := o.policies[in.PolicyID]
	if !own {
		return f.forward(c)
	}
	p.targets = slices.DeleteFunc(p.targets, func(id string) bool { return id == in.TargetID })
	return done(c)
}

func contains(all []policySummary, id string) bool {
	return slices.ContainsFunc(all, func(p policySummary) bool { return p.ID == id })
}

// policiesOn are the policies of a type that are attached to a target directly.
func (f *Front) policiesOn(ctx context.Context, o *organization, id, kind string) ([]policySummary, error) {
	if _, own := ownPolicyTypes()[kind]; own {
		if _, err := f.target(ctx, o, id); err != nil {
			return nil, err
		}
		return o.ownPolicies(kind, id), nil
	}
	all, err := f.emulatorPolicies(ctx, o, "ListPoliciesForTarget", map[string]any{"TargetId": id, "Filter": kind})
	return all, targetError(err)
}

// targetError makes one code of those that the emulator has for a missing target.
func targetError(err error) error {
	switch code(err) {
	case "OrganizationalUnitNotFoundException", "AccountNotFoundException":
		return refuse("TargetNotFoundException", "We can't find a root, OU, account, or policy with the TargetId that you specified.")
	}
	return err
}

// target describes a root, a unit or an account.
func (f *Front) target(ctx context.Context, o *organization, id string) (target, error) {
	switch {
	case strings.HasPrefix(id, "r-"):
		roots, err := f.roots(ctx, o)
		for _, r := range roots {
			if r.ID == id {
				return target{r.ID, r.ARN, r.Name, "ROOT"}, nil
			}
		}
		if err == nil {
			err = targetError(refuse("OrganizationalUnitNotFoundException", ""))
		}
		return target{}, err
	case strings.HasPrefix(id, "ou-"):
		var answer unitAnswer
		err := f.ask(ctx, o.management, "DescribeOrganizationalUnit", map[string]string{"OrganizationalUnitId": id}, &answer)
		u := o.named(answer.OrganizationalUnit)
		return target{u.ID, u.ARN, u.Name, "ORGANIZATIONAL_UNIT"}, targetError(err)
	default:
		a, err := f.describeAccount(ctx, o, id)
		return target{a.ID, a.ARN, a.Name, "ACCOUNT"}, targetError(err)
	}
}

func listPoliciesForTarget(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ TargetID, Filter string }](c)
	if err != nil {
		return nil, err
	}
	if _, own := ownPolicyTypes()[in.Filter]; !own {
		out, err := f.forward(c)
		return out, targetError(err)
	}
	all, err := f.policiesOn(c.ctx(), o, in.TargetID, in.Filter)
	if err != nil {
		return nil, err
	}
	return jsonReply(c, policiesPage{Policies: all})
}

type targetsPage struct {
	Targets   []target
	NextToken *string `json:",omitempty"`
}

func listTargetsForPolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ PolicyID string }](c)
	if err != nil {
		return nil, err
	}
	p, own := o.policies[in.PolicyID]
	if !own {
		answer, err := forwarded[targetsPage](f, c)
		if err != nil {
			return nil, err
		}
		for i, t := range answer.Targets {
			answer.Targets[i].Name = o.named(unit{ID: t.TargetID, Name: t.Name}).Name
		}
		return jsonReply(c, answer)
	}
	answer := targetsPage{Targets: []target{}}
	for _, id := range p.targets {
		t, err := f.target(c.ctx(), o, id)
		if err != nil {
			return nil, err
		}
		answer.Targets = append(answer.Targets, t)
	}
	return jsonReply(c, answer)
}

// detachAll takes all policies from a target that is about to go.
func (f *Front) detachAll(ctx context.Context, o *organization, id string) error {
	o.detachOwn(id)
	for _, kind := range []string{scp, rcp, tagType, aiOptOut} {
		all, err := f.policiesOn(ctx, o, id, kind)
		if err != nil {
			return err
		}
		for _, p := range all {
			if err := f.ask(ctx, o.management, "DetachPolicy", map[string]string{"PolicyId": p.ID, "TargetId": id}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// detachOwn takes the front's policies from a target.
func (o *organization) detachOwn(id string) {
	for _, p := range o.policies {
		p.targets = slices.DeleteFunc(p.targets, func(t string) bool { return t == id })
	}
}
