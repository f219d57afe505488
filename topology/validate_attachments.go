package topology

import (
	"fmt"
)

// attachments checks what is attached where: that it exists, once, and that no target has too many.
func (v *validator) attachments() {
	used := map[*Policy]bool{}
	v.attachList(nil, v.a.Source, v.a.Attach, used)
	v.quarantinePolicy(nil, v.a.Source, v.a.QuarantinePolicy, used)
	for _, o := range v.organizations {
		v.attachList(o, o.Source, o.Attach, used)
		v.quarantinePolicy(o, o.Source, o.QuarantinePolicy, used)
		v.rootTwice(o)
		v.rootCount(o)
		for _, p := range o.units {
			v.attachList(o, p.it.Source, p.it.Attach, used)
			v.targetCount(o, p.it.Source, p.it.Attach, "unit "+p.Path, "")
		}
		for _, p := range o.accounts {
			v.attachList(o, p.it.Source, p.it.Attach, used)
			quarantine := ""
			if p.it.State == StateQuarantined {
				quarantine = v.quarantineOf(o)
			}
			v.targetCount(o, p.it.Source, p.it.Attach, "account "+p.Key, quarantine)
		}
		v.policyCount(o)
	}
	v.unused(used)
}

func (v *validator) quarantineOf(o *surveyed) string {
	if o.QuarantinePolicy != "" {
		return o.QuarantinePolicy
	}
	return v.a.QuarantinePolicy
}

func (v *validator) attachList(o *surveyed, s Source, names []string, used map[*Policy]bool) {
	first := map[string]int{}
	for i, name := range names {
		if j, twice := first[name]; twice {
			v.fail(s, s.Item(i, "attach"), "attached-twice", "remove one of the two", "policy %s is attached twice here", name).relate(s.Item(j, "attach"), "first here")
			continue
		}
		first[name] = i
		if p := v.policy(o, name); p != nil {
			used[p] = true
		} else if name != "" {
			v.unknownPolicy(o, s, s.Item(i, "attach"), name)
		}
	}
}

func (v *validator) unknownPolicy(o *surveyed, s Source, pos Position, name string) {
	for _, builtin := range builtinPolicies {
		if name == builtin {
			v.fail(s, pos, "builtin-policy", "remove it from the list", "AWS attaches %s to everything by itself", name)
			return
		}
	}
	candidates := sortedKeys(v.a.Policies)
	hint := "policies for all organizations are defined below policies in " + RootFile
	if o != nil {
		candidates = append(candidates, sortedKeys(o.Policies)...)
		hint = "define it below policies, here or in " + RootFile
	}
	v.fail(s, pos, "unknown-policy", didYouMean(name, candidates, hint), "there is no policy %q", name)
}

func (v *validator) quarantinePolicy(o *surveyed, s Source, name string, used map[*Policy]bool) {
	if name == "" {
		return
	}
	pos := s.At("quarantinePolicy")
	p := v.policy(o, name)
	if p == nil {
		v.unknownPolicy(o, s, pos, name)
		return
	}
	used[p] = true
	if p.Type != PolicySCP && p.Type != "" {
		v.fail(s, pos, "quarantine-policy", "choose a service control policy that denies everything",
			"the quarantine policy must have type scp, and %s has type %s", name, p.Type).relate(p.Position(), "defined here")
	}
}

// rootTwice reports policies that the archipelago attaches to every root already.
func (v *validator) rootTwice(o *surveyed) {
	global := map[string]int{}
	for i, name := range v.a.Attach {
		global[name] = i
	}
	for i, name := range o.Attach {
		if j, twice := global[name]; twice {
			v.fail(o.Source, o.Item(i, "attach"), "attached-twice", "remove it here", "%s attaches policy %s to every root already", RootFile, name).
				relate(v.a.Item(j, "attach"), "attached here")
		}
	}
}

// attached is one policy at a target with the place that says so.
type attached struct {
	s    Source
	pos  Position
	name string
}

func (v *validator) rootCount(o *surveyed) {
	var list []attached
	for i, name := range v.a.Attach {
		list = append(list, attached{v.a.Source, v.a.Item(i, "attach"), name})
	}
	for i, name := range o.Attach {
		list = append(list, attached{o.Source, o.Item(i, "attach"), name})
	}
	v.count(o, list, "the root of "+o.name())
}

func (v *validator) targetCount(o *surveyed, s Source, names []string, target, quarantine string) {
	if len(names) == 0 {
		return
	}
	var list []attached
	if quarantine != "" {
		list = append(list, attached{s, s.At("state"), quarantine})
	}
	for i, name := range names {
		list = append(list, attached{s, s.Item(i, "attach"), name})
	}
	v.count(o, list, target)
}

// count compares the policies of each type at one target with the limit. The diagnostic stands at the
// policy that is one too many, or at the last while there is room for one more at most.
func (v *validator) count(o *surveyed, list []attached, target string) {
	counts := map[PolicyType]int{}
	last := map[PolicyType]attached{}
	seen := map[string]bool{}
	for _, at := range list {
		p := v.policy(o, at.name)
		if p == nil || p.Type == "" || seen[at.name] {
			continue
		}
		seen[at.name] = true
		quota := perTarget(p.Type)
		limit := v.quota(o, quota)
		if counts[p.Type] == 0 && builtinPolicies[p.Type] != "" {
			counts[p.Type] = 1
		}
		counts[p.Type]++
		if counts[p.Type] == limit+1 {
			v.fail(at.s, at.pos, "too-many-attachments", "merge policies, or attach some of them one level up or down",
				"%s has more policies of type %s than the %d that AWS allows%s", target, p.Type, limit, withBuiltin(p.Type))
		}
		last[p.Type] = at
	}
	for _, t := range PolicyType("").Values() {
		t := PolicyType(t)
		if n, limit := counts[t], v.quota(o, perTarget(t)); n > 0 && (n == limit || n == limit-1) {
			at := last[t]
			v.warn(at.s, at.pos, "many-attachments", "leave room: a quarantine or an incident may need one more",
				"%s has %d of the %d policies of type %s that AWS allows%s", target, n, limit, t, withBuiltin(t))
		}
	}
}

func perTarget(t PolicyType) string {
	switch t {
	case PolicySCP:
		return QuotaSCPPerTarget
	case PolicyRCP:
		return QuotaRCPPerTarget
	}
	return QuotaOtherPerTarget
}

func withBuiltin(t PolicyType) string {
	if name := builtinPolicies[t]; name != "" {
		return fmt.Sprintf(" (%s counts)", name)
	}
	return ""
}

// policyCount compares the policies that an organization uses with the limit of each type.
func (v *validator) policyCount(o *surveyed) {
	counts := map[PolicyType]int{}
	seen := map[string]bool{}
	count := func(names []string) {
		for _, name := range names {
			if p := v.policy(o, name); p != nil && !seen[name] {
				seen[name] = true
				counts[p.Type]++
			}
		}
	}
	count(v.a.Attach)
	count(o.Attach)
	for _, p := range o.units {
		count(p.it.Attach)
	}
	for _, p := range o.accounts {
		count(p.it.Attach)
	}
	for _, name := range PolicyType("").Values() {
		t, quota := PolicyType(name), QuotaPolicies
		if t == PolicySCP {
			quota = QuotaSCPs
		}
		if limit := v.quota(o, quota); counts[t] > limit {
			v.fail(o.Source, o.Key("policies"), "too-many-policies", "", "organization %s uses %d policies of type %s; AWS allows %d", o.name(), counts[t], t, limit)
		}
	}
}

// unused warns about policies that nothing attaches.
func (v *validator) unused(used map[*Policy]bool) {
	warn := func(policies, reported map[string]*Policy) {
		for _, key := range sortedKeys(policies) {
			if p := policies[key]; !used[p] && reported[key] == nil {
				v.warn(p.Source, p.Position(), "unused-policy", "add it to an attach list, or remove it", "policy %s is attached nowhere, so it is not deployed", key)
			}
		}
	}
	warn(v.a.Policies, nil)
	for _, o := range v.organizations {
		warn(o.Policies, v.a.Policies)
	}
}
