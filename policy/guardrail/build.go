package guardrail

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/archipelago-iac/archipelago/policy"
)

// Build returns what a guardrail becomes with the given parameters: the statements of a service or
// resource control policy, minified and in a fixed order; of the other types, the one document. Where a
// problem is more than a warning there is nothing else.
//
// Parameters are as a decoder of YAML or JSON gives them: string, bool, any number, []any or []string.
// Those that are left out have their defaults.
func Build(id string, params map[string]any, principals Exempt) ([]json.RawMessage, []Problem) {
	g, ok := Get(id)
	if !ok {
		return nil, []Problem{{Item: -1, Code: CodeUnknown, Message: fmt.Sprintf("there is no guardrail %q", id),
			Hint: didYouMean(id, nearest(id), "see the catalogue, such as")}}
	}
	v, problems := g.values(params)
	problems = append(problems, principals.check(g)...)
	if wrong(problems) {
		return nil, problems
	}
	if g.document != nil {
		return []json.RawMessage{g.document(v)}, problems
	}
	exempt := g.Patterns(principals)
	if g.knows(exemptsName) {
		exempt = append(exempt, v.list(exemptsName)...)
		slices.Sort(exempt)
		exempt = slices.Compact(exempt)
	}
	var out []json.RawMessage
	for _, t := range g.statements {
		for _, s := range t.statements(g, v, exempt) {
			if g.Type == policy.ResourceControl {
				s.Principal = "*"
			}
			out = append(out, marshal(s))
		}
	}
	return out, problems
}

// nearest returns what the hint for an unknown id offers: the ids that are near, or a few.
func nearest(id string) []string {
	all := ids()
	if closest(id, all) != "" {
		return all
	}
	return []string{"deny-root-user", "region-lock"}
}

// Document returns a guardrail as a document of its own, minified.
func Document(id string, params map[string]any, principals Exempt) (json.RawMessage, []Problem) {
	parts, problems := Build(id, params, principals)
	if len(parts) == 0 {
		return nil, problems
	}
	if g, _ := Get(id); g.document != nil {
		return parts[0], problems
	}
	return marshal(struct {
		Version   string
		Statement []json.RawMessage
	}{"2012-10-17", parts}), problems
}
