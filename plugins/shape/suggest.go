package shape

import (
	"strings"

	"github.com/agnivade/levenshtein"
)

// closest returns the candidate that a misspelt name most likely meant, or "" where none is near:
// a third of its letters may differ, and case does not matter.
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
