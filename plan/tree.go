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
	layers := map[string]*layer{"": r.baselines.root.organization(r.organization)}
	r.locks = layers[""].locks
	r.organization.Walk(func(n topology.Node, u *topology.Unit) {
		layers[n.Path] = layers[parent(n.Path)].unit(n, u)
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
		r.plan.Accounts = append(r.plan.Accounts, r.account(n, acc, layers[n.Path]))
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

func (r *resolver) account(n topology.Node, acc *topology.Account, outer *layer) *Account {
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
	out.Frozen = out.State != topology.StateActive
	in := outer.account(n, acc)
	m := &member{
		organization: r.organization, account: out, source: acc, layer: in, regions: r.layers(nil, nil).Regions(),
		value: r.baselines.completed(in.value),
	}
	r.members = append(r.members, m)
	r.baselines.members = append(r.baselines.members, m)
	return out
}
