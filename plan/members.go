package plan

import (
	"slices"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// setups turns every baseline into what is deployed.
func (r *resolver) setups() {
	r.managementSetup()
	for _, m := range r.members {
		if m.failed {
			continue
		}
		m.value = r.baselines.completed(m.value)
		r.baselines.locks(m)
		baseline, problems := r.baselines.typed(m.value)
		s := r.setter(m.account.Key, m.value, baseline, m.source.Source)
		s.accountName, s.email, s.unit = m.account.Name, m.account.Email, m.account.Unit
		for _, p := range problems {
			s.fail(p)
		}
		s.whose(m)
		r.member(m, s.setup())
	}
}

func (r *resolver) setter(key string, v *settings.Value, baseline *Baseline, source topology.Source) *setter {
	home := r.home()
	if len(baseline.Regions) > 0 {
		home = baseline.Regions[0]
	}
	return &setter{
		baselines: r.baselines, organization: r.organization, key: key, baseline: baseline, value: v, home: home, source: source,
	}
}

// member takes the account's effective baseline over into the plan. AWS lets the management account set
// contacts and regions only in an organization with all features.
func (r *resolver) member(m *member, s *Setup) {
	out, b := m.account, s.Baseline
	out.Setup, out.value, out.locks = s, m.value, m.layer.locks
	out.Tags, out.Regions, out.Owner = b.Tags, b.Regions, b.Tags["owner"]
	var optIn []string
	for _, region := range b.Regions {
		if topology.OptInRegion(region) {
			optIn = append(optIn, region)
		}
	}
	switch {
	case r.plan.Features != topology.FeaturesAll:
		r.unset = r.unset || b.Contacts.Any() || len(optIn) > 0
	default:
		slices.Sort(optIn)
		out.Contacts = b.Contacts
		out.OptInRegions = append(out.OptInRegions, optIn...)
	}
	if !out.Frozen {
		r.providers(out.Key, homeOf(b, r.home()), s)
	}
}

func homeOf(b *Baseline, otherwise string) string {
	if len(b.Regions) > 0 {
		return b.Regions[0]
	}
	return otherwise
}

// managementSetup resolves the management account's own baseline. It always has the tags and contacts that
// were resolved for it before; only what its file lists is set up (A28).
func (r *resolver) managementSetup() {
	source := r.organization.Management
	l := managementLayer(r.archipelago, r.organization)
	value := r.baselines.completed(l.value)
	r.plan.Management.value = value
	if source.Baseline == nil {
		return
	}
	baseline, problems := r.baselines.typed(value)
	s := r.setter(managementKey, value, baseline, source.Source)
	m := r.plan.Management
	s.accountName, s.email = m.Name, m.Email
	for _, p := range problems {
		s.fail(p)
	}
	r.plan.Management.Setup = s.setup()
	r.providers("", r.home(), r.plan.Management.Setup)
}
