package front

import (
	"context"
	"slices"
)

type policyTypeStatus struct{ Type, Status string }

func addPolicyTypes(t table) {
	t.add("organizations", "ListRoots", inOrganization(listRoots))
	t.add("organizations", "EnablePolicyType", byManagement(enablePolicyType))
	t.add("organizations", "DisablePolicyType", byManagement(disablePolicyType))
}

// withOwnTypes adds the policy types that the emulator does not know to a root that it described.
func (o *organization) withOwnTypes(r root) root {
	own := ownPolicyTypes()
	r.PolicyTypes = slices.DeleteFunc(r.PolicyTypes, func(t policyTypeStatus) bool {
		_, ok := own[t.Type]
		return ok
	})
	for _, kind := range sortedKeys(own) {
		if o.enabled[kind] {
			r.PolicyTypes = append(r.PolicyTypes, policyTypeStatus{kind, "ENABLED"})
		}
	}
	return r
}

func listRoots(f *Front, c *call, o *organization) (*reply, error) {
	answer, err := forwarded[struct{ Roots []root }](f, c)
	if err != nil {
		return nil, err
	}
	for i, r := range answer.Roots {
		answer.Roots[i] = o.withOwnTypes(r)
	}
	return jsonReply(c, answer)
}

type policyTypeRequest struct{ RootID, PolicyType string }

// policyTypeCall reads a call that enables or disables a type and checks what both have in common.
func (o *organization) policyTypeCall(c *call) (in policyTypeRequest, own bool, err error) {
	in, err = decode[policyTypeRequest](c)
	if err != nil {
		return in, false, err
	}
	if in.RootID != o.root {
		return in, false, refuse("RootNotFoundException", "You specified a root that doesn't exist.")
	}
	if !o.allFeature {
		return in, false, notAvailable()
	}
	_, own = ownPolicyTypes()[in.PolicyType]
	return in, own, nil
}

func notAvailable() error {
	return refuse("PolicyTypeNotAvailableForOrganizationException",
		"You can't use the specified policy type with the feature set currently enabled for this organization.")
}

func notEnabled() error {
	return refuse("PolicyTypeNotEnabledException", "This operation can be performed only for enabled policy types.")
}

func enablePolicyType(f *Front, c *call, o *organization) (*reply, error) {
	in, own, err := o.policyTypeCall(c)
	if err != nil {
		return nil, err
	}
	if service := ownPolicyTypes()[in.PolicyType]; service != "" && !o.trusts(service) {
		return nil, constraint("SERVICE_ACCESS_NOT_ENABLED", "You must enable trusted access for %s before %s.", service, in.PolicyType)
	}
	if !own {
		return f.switchPolicyType(c, o, in.PolicyType, true)
	}
	if o.enabled[in.PolicyType] {
		return nil, refuse("PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled.")
	}
	o.enabled[in.PolicyType] = true
	return f.rootReply(c, o)
}

// disablePolicyType disables a type. AWS refuses nothing here: it detaches the policies of the type
// from everything, for good.
func disablePolicyType(f *Front, c *call, o *organization) (*reply, error) {
	in, own, err := o.policyTypeCall(c)
	if err != nil {
		return nil, err
	}
	if !o.enabled[in.PolicyType] && (own || isPolicyType(in.PolicyType)) {
		return nil, notEnabled()
	}
	if !own {
		if err := f.detachKind(c.ctx(), o, in.PolicyType); err != nil {
			return nil, err
		}
		return f.switchPolicyType(c, o, in.PolicyType, false)
	}
	for _, p := range o.policies {
		if p.kind == in.PolicyType {
			p.targets = nil
		}
	}
	delete(o.enabled, in.PolicyType)
	return f.rootReply(c, o)
}

// isPolicyType says whether the emulator holds policies of a type.
func isPolicyType(kind string) bool {
	return slices.Contains([]string{scp, rcp, tagType, aiOptOut}, kind)
}

// switchPolicyType lets the emulator enable or disable one of its types.
func (f *Front) switchPolicyType(c *call, o *organization, kind string, on bool) (*reply, error) {
	answer, err := forwarded[struct{ Root root }](f, c)
	if err != nil {
		return nil, err
	}
	if on {
		o.enabled[kind] = true
	} else {
		delete(o.enabled, kind)
	}
	answer.Root = o.withOwnTypes(answer.Root)
	return jsonReply(c, answer)
}

func (f *Front) rootReply(c *call, o *organization) (*reply, error) {
	roots, err := f.roots(c.ctx(), o)
	if err != nil {
		return nil, err
	}
	var answer struct{ Root root }
	for _, r := range roots {
		answer.Root = o.withOwnTypes(r)
	}
	return jsonReply(c, answer)
}

// detachKind detaches all policies of one of the emulator's types that a user has made. What AWS
// manages stays: it is attached everywhere again when the type is enabled the next time.
func (f *Front) detachKind(ctx context.Context, o *organization, kind string) error {
	policies, err := f.emulatorPolicies(ctx, o, "ListPolicies", map[string]any{"Filter": kind})
	if err != nil {
		return err
	}
	for _, p := range policies {
		if p.AwsManaged {
			continue
		}
		var answer struct{ Targets []target }
		if err := f.ask(ctx, o.management, "ListTargetsForPolicy", map[string]string{"PolicyId": p.ID}, &answer); err != nil {
			return err
		}
		for _, t := range answer.Targets {
			if err := f.restoreDefault(ctx, o, kind, p.ID, t.TargetID); err != nil {
				return err
			}
		}
	}
	return nil
}

// restoreDefault takes a policy from a target and sees to it that the target has the default policy
// of the type, which the user may have taken away.
func (f *Front) restoreDefault(ctx context.Context, o *organization, kind, policy, target string) error {
	err := f.ask(ctx, o.management, "DetachPolicy", map[string]string{"PolicyId": policy, "TargetId": target}, nil)
	if err != nil || kind != scp {
		return err
	}
	return f.ask(ctx, o.management, "AttachPolicy", map[string]string{"PolicyId": fullAccessSCP, "TargetId": target}, nil)
}
