package topology

import "fmt"

// kinds checks that there is one hub, and what each kind of organization demands.
func (v *validator) kinds() {
	if len(v.organizations) == 0 {
		if !v.a.incomplete {
			v.fail(v.a.Source, v.a.Position(), "no-organizations", "write one file for each AWS organization, such as "+OrganizationsDir+"/core.yaml",
				"there are no organizations: the directory %s has no YAML files", OrganizationsDir)
		}
		return
	}
	v.hub()
	for _, o := range v.organizations {
		switch o.Kind {
		case KindSandbox:
			v.sandbox(o)
		case KindBreakGlass:
			v.breakGlass(o)
		}
	}
}

func (v *validator) hub() {
	var names []string
	var hub *surveyed
	nameless := false
	for _, o := range v.organizations {
		names = append(names, o.Name)
		nameless = nameless || o.Name == ""
		if o.Name == v.a.Hub && hub == nil {
			hub = o
		}
	}
	switch {
	case hub == nil && v.a.scalar("hub") && !v.a.incomplete && !nameless:
		v.fail(v.a.Source, v.a.At("hub"), "unknown-hub", didYouMean(v.a.Hub, names, "organizations are "+list(names)),
			"there is no organization called %q", v.a.Hub)
	case hub != nil && hub.Kind == KindBreakGlass:
		v.fail(hub.Source, hub.At("kind"), "hub-kind", "make another organization the hub",
			"the break-glass organization cannot be the hub: it must work when the hub does not").relate(v.a.At("hub"), "named as the hub here")
	case hub != nil && hub.Kind != KindHub && hub.Kind != "":
		v.fail(hub.Source, hub.At("kind"), "hub-kind", "set kind: hub, or name another organization in "+RootFile,
			"organization %s is the hub, so its kind cannot be %s", hub.Name, hub.Kind).relate(v.a.At("hub"), "named as the hub here")
	}
	for _, o := range v.organizations {
		if o.Kind == KindHub && o.Name != v.a.Hub && hub != nil {
			v.fail(o.Source, o.At("kind"), "second-hub", "give it another kind: the others may depend on one organization only",
				"organization %s is not the hub", o.name()).relate(v.a.At("hub"), "the hub is named here")
		}
	}
}

// sandbox warns about more than one region: what runs in a sandbox is hard enough to find in one.
func (v *validator) sandbox(o *surveyed) {
	warn := func(s Source, regions []string) {
		if len(regions) > 1 {
			v.warn(s, s.Key("regions"), "sandbox-regions", "set regions to one region",
				"a sandbox organization has one region, this has %d", len(regions))
		}
	}
	if len(o.Regions) == 0 && len(v.a.Regions) > 1 {
		v.warn(o.Source, o.At("kind"), "sandbox-regions", fmt.Sprintf("add regions: [%s] to this file", v.a.Regions[0]),
			"a sandbox organization has one region, this inherits %d", len(v.a.Regions)).relate(v.a.Key("regions"), "inherited from here")
	}
	warn(o.Source, o.Regions)
	for _, p := range o.units {
		warn(p.it.Source, p.it.Regions)
	}
	for _, p := range o.accounts {
		warn(p.it.Source, p.it.Regions)
	}
}

// breakGlass warns where the way in for emergencies shares its home region with what it is to save.
func (v *validator) breakGlass(o *surveyed) {
	home := v.home(o)
	for _, other := range v.organizations {
		if other != o && home != "" && v.home(other) == home {
			pos := o.At("kind")
			if len(o.Regions) > 0 {
				pos = o.Item(0, "regions")
			}
			v.warn(o.Source, pos, "break-glass-region", "give it a home region that no other organization has",
				"the break-glass organization has the same home region as %s, %s: one outage takes both", other.name(), home)
			return
		}
	}
}

// home is the home region of an organization, "" for none.
func (v *validator) home(o *surveyed) string {
	if regions := v.layers(o, nil, nil).Regions(); len(regions) > 0 {
		return regions[0]
	}
	return ""
}
