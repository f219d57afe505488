package match

import (
	"fmt"
	"regexp"
	"strings"
)

// MaxPattern is how many bytes a pattern may have. Every name in AWS and every path of units is shorter.
const MaxPattern = 1024

// Pattern is a text with wildcards, compiled:
//
//   - * is any run of characters without a slash, the empty one included;
//   - ** is any run of characters, slashes included; next to a slash, that slash may be missing, so that
//     "Workloads/**" matches "Workloads" and all below it;
//   - ? is one character that is no slash.
//
// Everything else stands for itself. Upper and lower case differ. The time that a match takes is linear
// in the length of the text, whatever the pattern.
type Pattern struct {
	text string
	// re is nil for a pattern without wildcards.
	re *regexp.Regexp
	// all says that everything matches.
	all bool
}

// String returns the pattern as it was written.
func (p Pattern) String() string { return p.text }

// MarshalText returns the pattern as it was written.
func (p Pattern) MarshalText() ([]byte, error) { return []byte(p.text), nil }

func (p Pattern) holds(text string) bool {
	switch {
	case p.all:
		return true
	case p.re == nil:
		return p.text == text
	}
	return p.re.MatchString(text)
}

// compile makes a pattern. Go's regular expressions run in linear time, which is why there is no matcher
// of our own.
func compile(text string) (Pattern, error) {
	if len(text) > MaxPattern {
		return Pattern{}, fmt.Errorf("is longer than %d bytes", MaxPattern)
	}
	if strings.Contains(text, "***") {
		return Pattern{}, fmt.Errorf("has three asterisks in a row: %q", text)
	}
	p := Pattern{text: text, all: text == "**"}
	if p.all || !strings.ContainsAny(text, "*?") {
		return p, nil
	}
	var err error
	if p.re, err = regexp.Compile(expression(text)); err != nil {
		return Pattern{}, fmt.Errorf("cannot be compiled: %w", err)
	}
	return p, nil
}

// wildcards are what stands for more than itself; a longer one is before those that it begins with.
var wildcards = []struct {
	text, expression string
	// start and end say that it counts at the start or the end of the pattern only.
	start, end bool
}{
	{text: "**/", expression: `(?:.*/)?`, start: true},
	{text: "/**", expression: `(?:/.*)?`, end: true},
	{text: "/**/", expression: `/(?:.*/)?`},
	{text: "**", expression: `.*`},
	{text: "*", expression: `[^/]*`},
	{text: "?", expression: `[^/]`},
}

// expression translates a pattern.
func expression(text string) string {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	literal := 0
	for i := 0; i < len(text); {
		w := wildcardAt(text, i)
		if w < 0 {
			i++
			continue
		}
		b.WriteString(regexp.QuoteMeta(text[literal:i]))
		b.WriteString(wildcards[w].expression)
		i += len(wildcards[w].text)
		literal = i
	}
	b.WriteString(regexp.QuoteMeta(text[literal:]))
	b.WriteString(`\z`)
	return b.String()
}

// wildcardAt returns the index of the wildcard at byte i of a pattern, or -1.
func wildcardAt(text string, i int) int {
	for n, w := range wildcards {
		if !strings.HasPrefix(text[i:], w.text) || w.start && i > 0 || w.end && i+len(w.text) < len(text) {
			continue
		}
		return n
	}
	return -1
}
