package match

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// maxDepth is how deep not may nest. What needs more is easier to read as an if in the hook.
const maxDepth = 8

// Problem is one mistake in a match.
type Problem struct {
	// Path leads to it: `match.tags["cost-center"][1]`.
	Path string
	// Message says what is wrong, path included: "match.unit must be a pattern, not a number".
	Message string
	// Hint says what to do; may be empty.
	Hint string
}

// Parse reads a match from JSON. It is strict: a field that does not exist, a value of the wrong type and a
// pattern that can never match are problems. All of them are returned, in the order of their paths, and
// then there is no match.
func Parse(text []byte) (*Match, []Problem) {
	p := &parser{}
	m := p.match("match", text, 0)
	if len(p.problems) > 0 {
		slices.SortStableFunc(p.problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
		return nil, p.problems
	}
	return m, nil
}

type parser struct{ problems []Problem }

// report adds a problem whose message reads on after the path.
func (p *parser) report(path, hint, message string, args ...any) {
	p.problems = append(p.problems, Problem{Path: path, Message: path + " " + fmt.Sprintf(message, args...), Hint: hint})
}

// fields is the hint where somebody wrote another one.
const fields = "a match has organization, kind, unit, account, state, tags and not"

func (p *parser) match(path string, text []byte, depth int) *Match {
	var values map[string]json.RawMessage
	if !p.object(path, text, &values, "an object") {
		return nil
	}
	if depth > maxDepth {
		p.report(path, "write the condition in the hook itself", "has more than %d levels of not", maxDepth)
		return nil
	}
	if depth > 0 && len(values) == 0 {
		p.report(path, "leave it out", "is empty, so that the hook would match nothing")
	}
	m := &Match{}
	for name, value := range values {
		at := join(path, name)
		switch name {
		case "organization":
			m.Organization = p.patterns(at, value, needed)
		case "kind":
			m.Kind = p.patterns(at, value, needed)
		case "unit":
			m.Unit = p.patterns(at, value, unitPath)
		case "account":
			m.Account = p.patterns(at, value, needed)
		case "state":
			m.State = p.patterns(at, value, needed)
		case "tags":
			m.Tags = p.tags(at, value)
		case "not":
			m.Not = p.match(at, value, depth+1)
		default:
			p.problems = append(p.problems, Problem{Path: at, Message: fmt.Sprintf("%s has no field %q", path, name), Hint: fields})
		}
	}
	return m
}

func (p *parser) tags(path string, text []byte) map[string]Patterns {
	var values map[string]json.RawMessage
	if !p.object(path, text, &values, "an object of patterns by tag") {
		return nil
	}
	out := make(map[string]Patterns, len(values))
	for name, value := range values {
		if strings.ContainsAny(name, "*?") {
			p.report(join(path, name), "the name of a tag is written out; patterns are for its value", "is not the name of a tag")
			continue
		}
		patterns := p.patterns(join(path, name), value, anything)
		for i := range patterns {
			// The value of a tag is no path: any value may have slashes.
			patterns[i].all = patterns[i].all || patterns[i].text == "*"
		}
		out[name] = patterns
	}
	return out
}

// object decodes an object. In JSON null decodes into anything, hence the look at the first byte.
func (p *parser) object(path string, text []byte, into *map[string]json.RawMessage, want string) bool {
	if text = bytes.TrimSpace(text); len(text) > 0 && text[0] != '{' && json.Valid(text) {
		p.report(path, "", "must be %s, not %s", want, kind(text))
		return false
	}
	if err := json.Unmarshal(text, into); err != nil {
		p.report(path, "", "is not valid JSON: %v", err)
		return false
	}
	return true
}

// rule says what is wrong with the text of a pattern, if anything.
type rule func(text string) (message, hint string)

// patterns reads one pattern or a list of them.
func (p *parser) patterns(path string, text []byte, check rule) Patterns {
	var list []json.RawMessage
	switch kind(text) {
	case "a list":
		// Cannot fail: it is part of valid JSON and is a list.
		_ = json.Unmarshal(text, &list)
	case "a text":
		return Patterns{p.pattern(path, text, check)}
	default:
		p.report(path, "", "must be a pattern or a list of patterns, not %s", kind(text))
		return nil
	}
	if len(list) == 0 {
		p.report(path, "leave it out to match everything", "is an empty list, which matches nothing")
	}
	var out Patterns
	for i, item := range list {
		out = append(out, p.pattern(fmt.Sprintf("%s[%d]", path, i), item, check))
	}
	return out
}

func (p *parser) pattern(path string, text []byte, check rule) Pattern {
	if kind(text) != "a text" {
		p.report(path, "", "must be a pattern, not %s", kind(text))
		return Pattern{}
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		p.report(path, "", "is not valid JSON: %v", err)
		return Pattern{}
	}
	if message, hint := check(s); message != "" {
		p.report(path, hint, "%s", message)
		return Pattern{}
	}
	pattern, err := compile(s)
	if err != nil {
		p.report(path, "* is any run without a slash, ** any run, ? one character", "%v", err)
	}
	return pattern
}
