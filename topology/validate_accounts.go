package topology

import "cmp"

// accounts checks the life of accounts and what only concerns one of them.
func (v *validator) accounts() {
	for _, o := range v.organizations {
		suspended := false
		for _, p := range o.units {
			suspended = suspended || p.it.Suspended
		}
		for _, p := range o.accounts {
			v.state(o, p, suspended)
			if p.it.scalar("role") {
				v.role(p.it.Source, "role", p.it.Role)
			}
		}
		v.inRoot(o)
	}
}

func (v *validator) state(o *surveyed, p place[*Account], hasSuspendedUnit bool) {
	acc := p.it
	quarantine := cmp.Or(o.QuarantinePolicy, v.a.QuarantinePolicy)
	switch {
	case acc.State == StateSuspended && !hasSuspendedUnit:
		v.fail(acc.Source, acc.At("state"), "no-suspended-unit", "add a unit with suspended: true and a policy that denies everything",
			"account %s is suspended, but organization %s has no unit for suspended accounts", p.Key, o.name())
	case acc.State == StateQuarantined && quarantine == "" && !o.unreadable("quarantinePolicy") && !v.a.unreadable("quarantinePolicy"):
		v.fail(acc.Source, acc.At("state"), "no-quarantine-policy", "set quarantinePolicy in "+RootFile+" or in this file to a policy of type scp",
			"account %s is quarantined, but there is no quarantine policy", p.Key)
	}
	if acc.AllowClose && acc.State.Active() && !acc.unreadableState() {
		v.fail(acc.Source, acc.At("allowClose"), "allow-close", "set state: suspended and deploy first: its resources keep running, and nothing is lost if somebody still needs it",
			"account %s may be closed only once it is suspended", p.Key)
	}
	inside := len(p.Chain) > 0 && p.Chain[len(p.Chain)-1].Suspended
	if inside && acc.State.Active() && !acc.unreadableState() {
		v.warn(acc.Source, acc.Position(), "active-in-suspended-unit", "set state: suspended, or move it to another unit",
			"account %s is in the unit for suspended accounts, but its state is %s", p.Key, cmp.Or(acc.State, StateActive))
	}
}

// unreadableState reports whether a state was written that is none.
func (a *Account) unreadableState() bool { return a.State == "" && a.Has("state") }

// inRoot warns once per organization about accounts outside any unit.
func (v *validator) inRoot(o *surveyed) {
	var keys []string
	for _, p := range o.accounts {
		if p.Path == "" && p.it.State.Active() {
			keys = append(keys, p.Key)
		}
	}
	if len(keys) == 0 {
		return
	}
	const shown = 3
	names := list(keys)
	if len(keys) > shown {
		names = list(append(keys[:shown:shown], plural(len(keys)-shown, "other")))
	}
	v.warn(o.Source, o.Key("accounts"), "account-in-root", "move them into units: a policy at the root hits every account",
		"directly below the root of organization %s: %s", o.name(), names)
}
