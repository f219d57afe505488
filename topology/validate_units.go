package topology

// units checks what the tree is for: units carry policies and other settings.
func (v *validator) units() {
	for _, o := range v.organizations {
		v.suspendedUnit(o)
		for _, p := range o.units {
			v.idleUnit(p)
		}
	}
}

// suspendedUnit checks that there is one unit at most for suspended accounts, and that it stops them.
func (v *validator) suspendedUnit(o *surveyed) {
	var first *place[*Unit]
	for i, p := range o.units {
		if !p.it.Suspended {
			continue
		}
		if first != nil {
			v.fail(p.it.Source, p.it.Key("suspended"), "second-suspended-unit", "keep the mark on one of them",
				"units %s and %s are both for suspended accounts", first.Path, p.Path).relate(first.it.Key("suspended"), "the first is marked here")
			continue
		}
		first = &o.units[i]
		if o.Features != FeaturesConsolidatedBilling && !v.attachesSCP(o, p.it) {
			v.warn(p.it.Source, p.it.Position(), "suspended-unit-open", "attach a service control policy that denies everything",
				"unit %s has no service control policy of its own, so suspended accounts work as before", p.Path)
		}
	}
}

func (v *validator) attachesSCP(o *surveyed, u *Unit) bool {
	for _, name := range u.Attach {
		// An unknown name may have been meant for one; it is reported as unknown.
		if p := v.policy(o, name); p == nil || p.Type == PolicySCP {
			return true
		}
	}
	return u.unreadable("attach") && len(u.Attach) == 0
}

// idleUnit warns about a unit below another that only sorts accounts: it costs a level, and every
// reader looks for its meaning. Units below the root are exempt: they are where policies go first.
func (v *validator) idleUnit(p place[*Unit]) {
	u := p.it
	if p.Depth < 2 || len(u.Units) > 0 || len(u.Accounts) == 0 || u.Suspended {
		return
	}
	if len(u.Attach) == 0 && len(u.Tags) == 0 && len(u.Regions) == 0 && u.Contacts == nil {
		v.warn(u.Source, u.Position(), "idle-unit", "give it a policy, tags, regions or contacts, or move its accounts up",
			"unit %s makes no difference to its accounts", p.Path)
	}
}
