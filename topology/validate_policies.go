package topology

import (
	"cmp"
	"strings"
	"unicode/utf8"
)

const maxPolicyDescription = 512

// builtinPolicies are those that AWS attaches to everything by itself, by type. They count.
var builtinPolicies = map[PolicyType]string{PolicySCP: "FullAWSAccess", PolicyRCP: "RCPFullAWSAccess"}

// policy finds a policy that organization o may attach.
func (v *validator) policy(o *surveyed, name string) *Policy {
	if o != nil {
		if p := o.Policies[name]; p != nil {
			return p
		}
	}
	return v.a.Policies[name]
}

// policies checks the policies themselves and where they may be.
func (v *validator) policies() {
	v.policyFields(v.a.Policies, registry{}, nil)
	for _, o := range v.organizations {
		names := registry{}
		for _, key := range sortedKeys(v.a.Policies) {
			p := v.a.Policies[key]
			names.claim(string(p.Type)+"\x00"+cmp.Or(p.Name, key), p.At("name"), "policy "+key)
		}
		for _, key := range sortedKeys(o.Policies) {
			if global := v.a.Policies[key]; global != nil {
				p := o.Policies[key]
				v.fail(p.Source, p.Position(), "duplicate-policy", "rename one of the two: policies of "+RootFile+" are known to every organization",
					"policy %s is in %s already", key, RootFile).relate(global.Position(), "here")
			}
		}
		v.policyFields(o.Policies, names, v.a.Policies)
		v.repeated(o.Source, texts(o.PolicyTypes), "policyTypes")
		v.repeated(o.Source, texts(o.RootAccess), "rootAccess")
		v.allFeatures(o)
	}
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// policyFields checks policies of one file. Keys in reported are known to be taken.
func (v *validator) policyFields(policies map[string]*Policy, names registry, reported map[string]*Policy) {
	for _, key := range sortedKeys(policies) {
		p := policies[key]
		name := cmp.Or(p.Name, key)
		if p.scalar("name") && (!printableASCII.MatchString(p.Name) || len(p.Name) > maxPolicyName) {
			v.fail(p.Source, p.At("name"), "malformed-name", "", "a policy's name has 1-%d ASCII characters", maxPolicyName)
		}
		if n := utf8.RuneCountInString(p.Description); n > maxPolicyDescription {
			v.fail(p.Source, p.At("description"), "long-description", "", "a policy's description has at most %d characters; this has %d", maxPolicyDescription, n)
		}
		if p.Type == "" || reported[key] != nil {
			continue
		}
		if name == builtinPolicies[p.Type] {
			v.fail(p.Source, p.At("name"), "reserved-name", "call it something else", "AWS has a policy %s of its own", name)
		}
		if earlier, taken := names.claim(string(p.Type)+"\x00"+name, p.At("name"), "policy "+key); taken {
			v.fail(p.Source, p.At("name"), "duplicate-policy-name", "two policies of one type cannot have one name",
				"%s has the same name: %s", earlier.what, name).relate(earlier.pos, "here")
		}
	}
}

// allFeatures checks an organization that only shares its bill: everything else needs all features.
// It is one mistake, whatever it touches.
func (v *validator) allFeatures(o *surveyed) {
	if o.Features != FeaturesConsolidatedBilling {
		return
	}
	const hint = "set features: ALL, or remove them"
	if using := usingFeatures(o); len(using) > 0 {
		const shown = 10
		d := v.fail(o.Source, o.At("features"), "needs-all-features", hint,
			"with CONSOLIDATED_BILLING there are no policies, no trusted access and no delegation, and organization %s has %d of them", o.name(), len(using))
		for _, r := range using[:min(len(using), shown)] {
			d.relate(r.Position, r.Message)
		}
	}
	if len(v.a.Attach) > 0 {
		v.warn(o.Source, o.At("features"), "not-attached", "set features: ALL",
			"the policies that %s attaches to every root (%s) do not reach organization %s", RootFile, strings.Join(v.a.Attach, ", "), o.name()).
			relate(v.a.Key("attach"), "attached here")
	}
}

// usingFeatures lists the places of an organization that need all features.
func usingFeatures(o *surveyed) []Related {
	var out []Related
	for _, field := range []string{"policies", "attach", "policyTypes", "quarantinePolicy", "trustedAccess", "rootAccess", "delegatedAdministrators", "delegationPolicy"} {
		if e := o.node.get(field); e != nil && (len(e.value.entries) > 0 || len(e.value.items) > 0 || e.value.text != "") {
			out = append(out, Related{o.Key(field), field})
		}
	}
	for _, p := range o.units {
		if len(p.it.Attach) > 0 {
			out = append(out, Related{p.it.Key("attach"), "unit " + p.Path})
		}
	}
	for _, p := range o.accounts {
		if len(p.it.Attach) > 0 {
			out = append(out, Related{p.it.Key("attach"), "account " + p.Key})
		}
		if p.it.AllowClose {
			out = append(out, Related{p.it.Key("allowClose"), "account " + p.Key + ": AWS closes accounts only with all features"})
		}
		if p.it.State == StateQuarantined {
			out = append(out, Related{p.it.At("state"), "account " + p.Key + ": a quarantine is a policy"})
		}
	}
	return out
}
