package plan

import (
	"cmp"
	"slices"

	"github.com/archipelago-iac/archipelago/topology"
)

// policyTypes maps the short names that users write to AWS's names.
var policyTypes = map[topology.PolicyType]string{
	topology.PolicySCP:            "SERVICE_CONTROL_POLICY",
	topology.PolicyRCP:            "RESOURCE_CONTROL_POLICY",
	topology.PolicyTag:            "TAG_POLICY",
	topology.PolicyBackup:         "BACKUP_POLICY",
	topology.PolicyAIOptOut:       "AISERVICES_OPT_OUT_POLICY",
	topology.PolicyChat:           "CHATBOT_POLICY",
	topology.PolicyDeclarativeEC2: "DECLARATIVE_POLICY_EC2",
}

// PolicyTypeName returns the short name of a policy type of AWS, or AWS's name where there is no short one.
func PolicyTypeName(t string) topology.PolicyType {
	for short, name := range policyTypes {
		if name == t {
			return short
		}
	}
	return topology.PolicyType(t)
}

// attachments collects what is attached where, each policy once per target.
func (r *resolver) attachments() {
	add := func(policies []string, at Attachment) {
		for _, key := range policies {
			at.Policy = key
			r.used[key] = true
			r.plan.Attachments = append(r.plan.Attachments, at)
		}
	}
	o := r.organization
	if r.plan.Features == topology.FeaturesAll {
		// An organization that only shares its bill has no policies; what it writes itself is an error.
		add(r.archipelago.Attach, Attachment{Kind: TargetRoot, Because: "archipelago"})
	}
	add(o.Attach, Attachment{Kind: TargetRoot, Because: "organization"})
	o.Walk(func(n topology.Node, u *topology.Unit) {
		add(u.Attach, Attachment{Kind: TargetUnit, Target: n.Path, Formerly: formerly(n), Because: "unit"})
	}, func(n topology.Node, acc *topology.Account) {
		if !acc.State.Deployed() {
			return
		}
		add(acc.Attach, Attachment{Kind: TargetAccount, Target: n.Key, Because: "account"})
		if acc.State == topology.StateQuarantined {
			add([]string{cmp.Or(o.QuarantinePolicy, r.archipelago.QuarantinePolicy)},
				Attachment{Kind: TargetAccount, Target: n.Key, Because: "quarantine"})
		}
	})
	slices.SortStableFunc(r.plan.Attachments, compareAttachments)
	r.plan.Attachments = slices.CompactFunc(r.plan.Attachments, func(x, y Attachment) bool { return compareAttachments(x, y) == 0 })
}

func compareAttachments(x, y Attachment) int {
	return cmp.Or(cmp.Compare(x.Policy, y.Policy), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Target, y.Target))
}

// policies resolves the policies in use and enables their types.
func (r *resolver) policies() {
	types := map[string]bool{}
	for _, t := range r.organization.PolicyTypes {
		types[policyTypes[t]] = true
	}
	for _, key := range sortedKeys(r.used) {
		p := r.organization.Policies[key]
		if p == nil {
			p = r.archipelago.Policies[key]
		}
		r.found = append(r.found, r.documents.checkUse(r.archipelago, r.organization, key, p)...)
		l := r.layers(nil, &topology.Account{Tags: p.Tags})
		out := &Policy{
			Key:         key,
			Name:        cmp.Or(p.Name, key),
			Description: p.Description,
			Type:        policyTypes[p.Type],
			Content:     r.documents.minified(p.Document),
			Tags:        l.Tags(),
			Source:      p.Position().String(),
		}
		types[out.Type] = true
		r.plan.Policies = append(r.plan.Policies, out)
	}
	r.plan.PolicyTypes = sortedKeys(types)
	if d := r.organization.DelegationPolicy; d != nil {
		r.found = append(r.found, r.documents.checkDelegation(r.archipelago, r.organization)...)
		r.plan.DelegationPolicy = r.documents.minified(d.Document)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
