package topology

import (
	"slices"
	"strings"
)

// regions checks every list of regions where it is written, and that each organization has one.
func (v *validator) regions() {
	v.regionList(v.a.Source, v.a.Regions)
	var without []*surveyed
	for _, o := range v.organizations {
		v.regionList(o.Source, o.Regions)
		for _, p := range o.units {
			v.regionList(p.it.Source, p.it.Regions)
		}
		for _, p := range o.accounts {
			v.regionList(p.it.Source, p.it.Regions)
		}
		if !o.Has("regions") && !v.a.Has("regions") {
			without = append(without, o)
		}
	}
	if len(without) == 0 {
		return
	}
	if len(without) == len(v.organizations) {
		v.fail(v.a.Source, v.a.Position(), "missing-regions", "add regions: [eu-west-1], the home region first",
			"no regions are set")
		return
	}
	for _, o := range without {
		v.fail(o.Source, o.Position(), "missing-regions", "add regions here or in "+RootFile+", the home region first",
			"organization %s has no regions", o.name())
	}
}

func (v *validator) regionList(s Source, names []string) {
	if s.Has("regions") && names != nil && len(names) == 0 {
		v.fail(s, s.Key("regions"), "no-regions", "leave the field out to inherit the list from above", "the list of regions is empty")
	}
	for i, name := range names {
		if _, known := LookupRegion(name); known || name == "" {
			continue
		}
		hint := didYouMean(name, regionNames(), "names look like eu-west-1")
		if slices.ContainsFunc(otherPartitions, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			hint = "regions of China, GovCloud and sovereign clouds have organizations of their own, which Archipelago does not deploy"
		}
		v.fail(s, s.Item(i, "regions"), "unknown-region", hint, "there is no AWS region %q", name)
	}
	v.repeated(s, names, "regions")
}
