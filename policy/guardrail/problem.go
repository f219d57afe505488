package guardrail

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// Problem is something wrong in what a guardrail was given.
type Problem struct {
	// Parameter names the parameter; empty where the problem is the id or an exempt principal.
	Parameter string
	// Item is the index in a list that the problem is about, -1 where it is about the whole.
	Item int
	// Code names the rule.
	Code string
	// Message says what is wrong, without a full stop.
	Message string
	// Hint says what to do; may be empty.
	Hint string
	// Warning marks what is legal but hardly meant.
	Warning bool
}

// Codes of problems.
const (
	// CodeUnknown is an id that is not in the catalogue.
	CodeUnknown = "guardrail-unknown"
	// CodeParameter is a parameter that the guardrail does not have.
	CodeParameter = "guardrail-parameter"
	// CodeRequired is a parameter that is missing or empty.
	CodeRequired = "guardrail-required"
	// CodeType is a value of the wrong kind, such as a text where a list is wanted.
	CodeType = "guardrail-type"
	// CodeValue is a value of the right kind that means nothing.
	CodeValue = "guardrail-value"
	// CodeExempt is a principal that cannot be exempt.
	CodeExempt = "guardrail-exempt"
)

// wrong reports whether there is more than warnings.
func wrong(problems []Problem) bool {
	for _, p := range problems {
		if !p.Warning {
			return true
		}
	}
	return false
}

// closest returns the candidate that a misspelt name most likely meant, or "" where none is near: a
// third of its letters may differ, and case does not matter.
func closest(name string, candidates []string) string {
	best, distance := "", len(name)/3+1
	name = strings.ToLower(name)
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(name, strings.ToLower(c)); d < distance || d == distance && best == "" {
			best, distance = c, d
		}
	}
	return best
}

// didYouMean is the hint for a misspelt name: the nearest candidate, or else what there is to choose from.
func didYouMean(name string, candidates []string, choice string) string {
	if near := closest(name, candidates); near != "" {
		return "did you mean " + near + "?"
	}
	if len(candidates) == 0 {
		return ""
	}
	return choice + " " + list(candidates)
}

// list words names: "a", "a and b", "a, b and c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
