package plan

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/topology"
)

// resourceFact begins the placeholders that refer to another resource.
const resourceFact = "resources."

// resourceName is the grammar of the names of resources: they become part of Pulumi names, and of references.
var resourceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// resources checks the resources declared as data and puts each after those that it needs.
func (s *setter) resources() {
	all := s.baseline.Resources
	needs := map[string][]string{}
	for _, name := range sortedKeys(all) {
		if all[name] != nil {
			needs[name] = s.needs(settings.Path{"resources", name}, name, all[name])
		}
	}
	order, cycle := sortByNeed(needs)
	if len(cycle) > 0 {
		s.failf(settings.Path{"resources", cycle[0]}, "resource-cycle", "", "resources wait for one another: %s", strings.Join(append(cycle, cycle[0]), " → "))
		return
	}
	for _, name := range order {
		s.out.Resources = append(s.out.Resources, s.resource(settings.Path{"resources", name}, name, all[name], needs[name]))
	}
}

// needs lists the resources that one waits for: those it names and those it refers to.
func (s *setter) needs(path settings.Path, name string, in *topology.Resource) []string {
	if !resourceName.MatchString(name) {
		s.failf(path, "malformed-resource", "", "the resource name %q must have letters, digits, _ and -, and begin with a letter or digit", name)
	}
	if strings.HasPrefix(in.Type, "aws:") && !slices.Contains(s.archipelago.ResourceTypes, in.Type) {
		s.failf(append(path, "type"), "resource-type", s.allowedTypes(),
			"resources of type %s may not be declared", in.Type)
	}
	out := slices.Clone(in.DependsOn)
	if in.Properties != nil {
		for _, p := range policy.Placeholders(string(in.Properties.Text)) {
			if other, ok := referred(p); ok {
				out = append(out, other)
			}
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(other string) bool {
		if s.baseline.Resources[other] != nil {
			return false
		}
		s.failf(path, "unknown-resource", "", "resource %s needs resource %q, which the baseline does not have", name, other)
		return true
	})
}

// allowedTypes says which types of resource may be declared.
func (s *setter) allowedTypes() string {
	hint := "add the type to resourceTypes of " + topology.RootFile
	if allowed := s.archipelago.ResourceTypes; len(allowed) > 0 {
		hint += ", which has " + strings.Join(allowed, ", ")
	}
	return hint
}

// referred returns the name of the resource that a placeholder refers to.
func referred(placeholder string) (string, bool) {
	rest, ok := strings.CutPrefix(placeholder, resourceFact)
	if !ok {
		return "", false
	}
	name, property, ok := strings.Cut(rest, ".")
	return name, ok && property != ""
}

func (s *setter) resource(path settings.Path, name string, in *topology.Resource, needs []string) Resource {
	out := Resource{
		Name: name, Type: in.Type, Properties: json.RawMessage("{}"), Regions: []string{},
		Protect: in.Protect != nil && *in.Protect, Retain: in.Retain != nil && *in.Retain,
		DependsOn: append([]string{}, needs...), IgnoreChanges: in.IgnoreChanges,
	}
	if in.Properties != nil && string(in.Properties.Text) != "null" {
		at := append(slices.Clone(path), "properties")
		out.Properties = s.expandJSON(at, in.Properties.Text, func(p string) bool { _, ok := referred(p); return ok })
		var object map[string]json.RawMessage
		if json.Unmarshal(out.Properties, &object) != nil {
			s.failf(at, "malformed-setting", "", "%s must be a mapping of properties", at)
		}
	}
	if in.Regions == topology.RegionsAll {
		out.Regions = append(out.Regions, s.baseline.Regions...)
	} else {
		out.Regions = append(out.Regions, s.home)
	}
	return out
}

// sortByNeed orders names so that each comes after what it needs, and otherwise by name. Where that is
// impossible it returns a cycle.
func sortByNeed(needs map[string][]string) (order, cycle []string) {
	const open, done = 1, 2
	state := map[string]int{}
	var stack []string
	var visit func(name string) bool
	visit = func(name string) bool {
		switch state[name] {
		case done:
			return true
		case open:
			cycle = slices.Clone(stack[slices.Index(stack, name):])
			return false
		}
		state[name] = open
		stack = append(stack, name)
		for _, other := range needs[name] {
			if !visit(other) {
				return false
			}
		}
		stack = stack[:len(stack)-1]
		state[name] = done
		order = append(order, name)
		return true
	}
	for _, name := range sortedKeys(needs) {
		if !visit(name) {
			return nil, cycle
		}
	}
	return order, nil
}
