package front

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
)

// sortedKeys makes answers that come out of a map come in the same order each time.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// randomID is n random characters of those that AWS makes identifiers of.
func randomID(n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(strings.ToLower(rand.Text()))
	}
	return b.String()[:n]
}
