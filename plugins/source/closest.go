package source

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
)

// maxName bounds the names that are compared, in bytes: the cost grows with the square.
const maxName = 64

// closest finds the name that an author most likely meant: at most two letters differ, and at most a third.
type closest struct {
	want     string
	best     string
	distance int
}

// try compares a candidate, which the hint shows as it is given. Names that begin with two underscores
// are the bundler's.
func (c *closest) try(candidate, shown string) {
	if max(len(c.want), len(candidate)) > maxName || strings.HasPrefix(candidate, "__") {
		return
	}
	d := levenshtein.ComputeDistance(c.want, candidate)
	if d == 0 || d > 2 || d*3 > len(c.want) {
		return
	}
	if c.best == "" || d < c.distance || d == c.distance && shown < c.best {
		c.best, c.distance = shown, d
	}
}

// hint asks for the best candidate, "" if there was none.
func (c *closest) hint() string {
	if c.best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", c.best)
}
