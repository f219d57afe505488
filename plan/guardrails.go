package plan

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/archipelago-iac/archipelago/policy/guardrail"
	"github.com/archipelago-iac/archipelago/topology"
)

// buildGuardrails writes the documents of the policies that name a guardrail.
func buildGuardrails(a *topology.Archipelago) topology.Diagnostics {
	exempt := guardrail.Exempt{AccessRole: accessRoles(a)}
	var found topology.Diagnostics
	all := func(policies map[string]*topology.Policy) {
		for _, key := range sortedKeys(policies) {
			if p := policies[key]; p != nil && p.Guardrail != "" {
				found = append(found, buildGuardrail(p, exempt)...)
			}
		}
	}
	all(a.Policies)
	for _, o := range a.Organizations {
		all(o.Policies)
	}
	return found
}

// accessRoles are the roles that AWS creates for the management account, as patterns of ARNs.
func accessRoles(a *topology.Archipelago) []string {
	names := map[string]bool{defaultRole: true}
	for _, o := range a.Organizations {
		o.Walk(nil, func(_ topology.Node, acc *topology.Account) { names[cmp.Or(acc.Role, defaultRole)] = true })
	}
	out := make([]string, 0, len(names))
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = append(out, "arn:*:iam::*:role/"+name)
	}
	return out
}

func buildGuardrail(p *topology.Policy, exempt guardrail.Exempt) topology.Diagnostics {
	var found topology.Diagnostics
	if g, ok := guardrail.Get(p.Guardrail); ok && p.Type != "" && string(g.Type) != policyTypes[p.Type] {
		return append(found, p.Problem(topology.Error, p.At("guardrail"), "guardrail-policy-type",
			fmt.Sprintf("guardrail %s is of type %s, and the policy of type %s", p.Guardrail, PolicyTypeName(string(g.Type)), p.Type),
			fmt.Sprintf("set type: %s", PolicyTypeName(string(g.Type)))))
	}
	text, problems := guardrail.Document(p.Guardrail, guardrailParameters(p), exempt)
	for _, problem := range problems {
		at, severity := p.At("guardrail"), topology.Error
		switch {
		case problem.Parameter != "" && problem.Item >= 0:
			at = p.Item(problem.Item, "with", problem.Parameter)
		case problem.Parameter != "" && p.With != nil:
			at = p.Key("with", problem.Parameter)
		}
		if problem.Warning {
			severity = topology.Warning
		}
		found = append(found, p.Problem(severity, at, problem.Code, problem.Message, problem.Hint))
	}
	if text != nil {
		p.Document = &topology.Document{Source: p.Source, Text: text}
	}
	return found
}

// guardrailParameters decodes what the policy gives its guardrail; numbers stay whole.
func guardrailParameters(p *topology.Policy) map[string]any {
	if p.With == nil {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(p.With.Text))
	dec.UseNumber()
	var out map[string]any
	_ = dec.Decode(&out) // it was made of YAML: a mapping
	return out
}
