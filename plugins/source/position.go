package source

import (
	"cmp"
	"fmt"
	"slices"
)

// Position is a place in a hook's own source, as its author sees it. File is relative to the
// archipelago's directory, with forward slashes: "hooks/lib/centers.ts". Line and Column begin at 1,
// columns count characters. Line 0 stands for the file as a whole.
type Position struct {
	File   string
	Line   int
	Column int
}

// String is "file:line:column", or the file alone where there is no line.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Problem is one reason why a hook cannot be used. Hint says what to do and Excerpt is the line of
// the source that it is about; both may be empty.
type Problem struct {
	Position
	Message string
	Hint    string
	Excerpt string
}

// Error is "file:line:column: message", in one line.
func (p *Problem) Error() string { return p.String() + ": " + p.Message }

// tidy sorts problems by position and drops repetitions: hooks that share a broken file all report it.
func tidy(problems []*Problem) []*Problem {
	slices.SortStableFunc(problems, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(problems, func(a, b *Problem) bool { return a.Position == b.Position && a.Message == b.Message })
}
