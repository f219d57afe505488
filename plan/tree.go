package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/topology"
)

// tree resolves units and accounts. Units come parents first, so their order is one in which they
// can be created.
func (r *resolver) tree() {
	units := map[string]*Unit{}
	r.organization.Walk(func(n topology.Node, u *topology.Unit) {
		out := &Unit{
			Path:      n.Path,
			Parent:    parent(n.Path),
			Name:      cmp.Or(u.Name, n.Key),
			ID:        u.ID,
			Tags:      r.layers(n.Chain, nil).Tags(),
			Suspended: u.Suspended,
			Formerly:  formerly(n),
			Source:    u.Position().String(),
		}
		if u.Suspended {
			r.suspended = n.Path
		}
		units[n.Path] = out
		r.plan.Units = append(r.plan.Units, out)
	}, nil)
	r.organization.Walk(nil, func(n topology.Node, acc *topology.Account) {
		if !acc.State.Deployed() {
			r.plan.Closed = append(r.plan.Closed, r.tombstone(n, acc))
			return
		}
		r.plan.Accounts = append(r.plan.Accounts, r.account(n, acc))
	})
	slices.SortFunc(r.plan.Accounts, func(x, y *Account) int { return cmp.Compare(x.Key, y.Key) })
	slices.SortFunc(r.plan.Closed, func(x, y Tombstone) int { return cmp.Compare(x.Key, y.Key) })
	for _, acc := range r.plan.Accounts {
		for path := acc.Unit; path != ""; path = parent(path) {
			units[path].HoldsAccounts = true
		}
	}
}

func parent(path string) string {
	if i := strings.LastIndex(path, "/"); i >= 0 {
		return path[:i]
	}
	return ""
}

// formerly returns every path that the unit may have had: its former keys below each of the former
// paths of the unit above, and its present key below those.
func formerly(n topology.Node) []string {
	if !slices.ContainsFunc(n.Chain, func(u *topology.Unit) bool { return len(u.Formerly) > 0 }) {
		return nil
	}
	paths := []string{""}
	keys := strings.Split(n.Path, "/")
	for i, u := range n.Chain {
		var next []string
		for _, p := range paths {
			for _, key := range append([]string{keys[i]}, u.Formerly...) {
				next = append(next, strings.TrimPrefix(p+"/"+key, "/"))
			}
		}
		paths = next
	}
	return slices.DeleteFunc(paths, func(p string) bool { return p == n.Path })
}

func (r *resolver) tombstone(n topology.Node, acc *topology.Account) Tombstone {
	return Tombstone{
		Key:    n.Key,
		Name:   topology.NameFor(n.Key, acc),
		Email:  topology.EmailFor(r.archipelago, r.organization, n.Key, acc),
		Source: acc.Position().String(),
	}
}

func (r *resolver) account(n topology.Node, acc *topology.Account) *Account {
	l := r.layers(n.Chain, acc)
	out := &Account{
		Key:           n.Key,
		Unit:          n.Path,
		ID:            acc.ID,
		Name:          topology.NameFor(n.Key, acc),
		Email:         topology.EmailFor(r.archipelago, r.organization, n.Key, acc),
		Role:          cmp.Or(acc.Role, defaultRole),
		BillingAccess: strings.ToUpper(string(cmp.Or(acc.BillingAccess, topology.BillingAllow))),
		State:         cmp.Or(acc.State, topology.StateActive),
		AllowClose:    acc.AllowClose,
		Tags:          l.Tags(),
		Regions:       l.Regions(),
		OptInRegions:  []string{},
		Source:        acc.Position().String(),
	}
	out.Owner = out.Tags["owner"]
	if out.State == topology.StateSuspended {
		out.Unit = r.suspended
	}
	r.settings(out, l)
	return out
}

// settings resolves what the management account sets in a member account. AWS lets it do so only in an
// organization with all features.
func (r *resolver) settings(out *Account, l topology.Layers) {
	c := contacts(l.Contacts())
	var optIn []string
	for _, region := range out.Regions {
		if topology.OptInRegion(region) {
			optIn = append(optIn, region)
		}
	}
	if r.plan.Features != topology.FeaturesAll {
		r.unset = r.unset || c.Any() || len(optIn) > 0
		return
	}
	slices.Sort(optIn)
	out.Contacts = c
	out.OptInRegions = append(out.OptInRegions, optIn...)
}
