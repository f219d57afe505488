package topology

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a diagnostic stops a deployment.
type Severity int

const (
	// Error stops every command that would act on the files.
	Error Severity = iota
	// Warning is printed and stops nothing.
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText makes diagnostics readable in JSON output.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Position is a place in one of the user's files. Line and Column count from 1, in characters;
// Line 0 means the whole file. Width is how many characters to underline, at least 1.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Width  int    `json:"-"`
}

// String returns file:line:column, or the file alone where the line is unknown.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Related is a second place that a diagnostic speaks of, such as the other of two duplicates.
type Related struct {
	Position
	Message string `json:"message"`
}

// Diagnostic is one problem in the user's files. It is data; [Diagnostic.Render] is the one place
// that turns it into text.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	// Code names the rule, such as "duplicate-email"; stable, for scripts and documentation.
	Code string `json:"code"`
	Position
	// Message says what is wrong, in one sentence without a full stop.
	Message string `json:"message"`
	// Hint says what to do about it; empty where the message says it.
	Hint    string    `json:"hint,omitempty"`
	Related []Related `json:"related,omitempty"`
	// Excerpt is the source line at the position, without its line end.
	Excerpt string `json:"excerpt,omitempty"`
}

// Render returns the diagnostic as a person reads it: position, message, the excerpt with a caret
// under the place, related places and the hint. It ends in a newline.
func (d Diagnostic) Render() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s [%s]\n", d.Position, d.Severity, d.Message, d.Code)
	if d.Excerpt != "" {
		gutter := fmt.Sprintf("%5d", d.Line)
		// A tab stays a tab under a tab, so that the caret stands below its character.
		lead := strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return ' '
		}, firstRunes(d.Excerpt, d.Column-1))
		caret := "^" + strings.Repeat("~", max(0, min(d.Width, len([]rune(d.Excerpt))-d.Column+1)-1))
		fmt.Fprintf(&b, "%s | %s\n%s | %s%s\n", gutter, d.Excerpt, strings.Repeat(" ", len(gutter)), lead, caret)
	}
	for _, r := range d.Related {
		fmt.Fprintf(&b, "      = %s: %s\n", r.Position, r.Message)
	}
	if d.Hint != "" {
		fmt.Fprintf(&b, "      = help: %s\n", d.Hint)
	}
	return b.String()
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:max(0, min(n, len(runes)))])
}

// Diagnostics is a list of problems, sorted by file, line and column once it leaves this package.
type Diagnostics []Diagnostic

// Sort orders by file, line, column, severity, then message, so that the same files always print
// the same list, and drops exact repetitions.
func (ds Diagnostics) Sort() Diagnostics {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool {
		return a.Position == b.Position && a.Message == b.Message && a.Code == b.Code
	})
}

// HasErrors reports whether any of the diagnostics stops a deployment.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity == Error })
}

// Count returns how many errors and warnings there are.
func (ds Diagnostics) Count() (errors, warnings int) {
	for _, d := range ds {
		if d.Severity == Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// Err returns nil where there is no error among the diagnostics, else one error that lists them all.
func (ds Diagnostics) Err() error {
	if !ds.HasErrors() {
		return nil
	}
	return &InvalidError{Diagnostics: ds}
}

// InvalidError says that the user's files cannot be deployed, and why.
type InvalidError struct {
	Diagnostics Diagnostics
}

// Error renders every diagnostic and ends in a count.
func (e *InvalidError) Error() string {
	var b strings.Builder
	for _, d := range e.Diagnostics {
		b.WriteString(d.Render())
	}
	errors, warnings := e.Diagnostics.Count()
	fmt.Fprintf(&b, "%s", Summary(errors, warnings))
	return b.String()
}

// Summary words a count of problems: "2 errors, 1 warning".
func Summary(errors, warnings int) string {
	return plural(errors, "error") + ", " + plural(warnings, "warning")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
