package plan

import (
	"cmp"
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
		r.baselines.locks(m.name(), m.value, m.layer.locks, m.source.Source)
		baseline, problems := r.baselines.typed(m.value)
		s := r.setter(m.account.Key, m.value, baseline, m.source.Source)
		s.accountName, s.email, s.unit, s.accessRole = m.account.Name, m.account.Email, m.account.Unit, m.account.Role
		for _, p := range problems {
			s.fail(p)
		}
		s.whose(m)
		r.member(m, s.setup())
	}
	slices.SortStableFunc(r.plan.Providers, func(x, y Provider) int { return cmp.Compare(x.Account, y.Account) })
	r.roleChain()
}

// roleChain refuses a role in the management account where something is set up in member accounts: the way
// into those is a role too, and a provider assumes one.
func (r *resolver) roleChain() {
	i := slices.IndexFunc(r.plan.Accounts, func(a *Account) bool { return !a.Frozen && a.Setup != nil && a.Setup.inside() })
	if r.plan.Management.Role == "" || i < 0 {
		return
	}
	at, source := r.organization.At("access"), r.organization.Source
	if r.organization.Access == nil {
		at, source = r.archipelago.At("access"), r.archipelago.Source
	}
	r.found = append(r.found, source.Problem(topology.Error, at, "role-chain",
		"access.role leads into the management account of organization "+r.organization.Name+", and from there no provider goes on into "+
			r.plan.Accounts[i].Key+", which has a baseline",
		"let access.profile lead to the management account: a profile may assume the role itself (role_arn)"))
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
// were resolved for it before; only what its file lists is set up (A28). What the archipelago and the
// organization lock holds for what is set there (C20).
func (r *resolver) managementSetup() {
	source := r.organization.Management
	l := managementLayer(r.archipelago, r.organization)
	value := r.baselines.completed(l.value)
	r.plan.Management.value = value
	for _, lock := range r.locks {
		lock.Partial = true
		r.plan.Management.locks = append(r.plan.Management.locks, lock)
	}
	r.baselines.locks(r.organization.Name+"/"+managementKey, value, r.plan.Management.locks, source.Source)
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
