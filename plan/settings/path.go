package settings

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Path leads from the top of a baseline to a part of it, by names.
type Path []string

// plain are names that a path shows without quotes.
var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)

// String words the path: budget.monthlyLimit, parameters["/team/owner"].
func (p Path) String() string {
	var b strings.Builder
	for i, name := range p {
		switch {
		case !plain.MatchString(name):
			fmt.Fprintf(&b, "[%s]", encode(name))
		case i > 0:
			b.WriteString("." + name)
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}

// ParsePath reads what [Path.String] writes.
func ParsePath(text string) (Path, error) {
	var out Path
	rest := text
	for rest != "" {
		name, after, err := nextName(rest)
		if err != nil {
			return nil, fmt.Errorf("read path %q: %w", text, err)
		}
		out = append(out, name)
		switch {
		case after == "" || after[0] == '[':
			rest = after
		case after[0] == '.' && len(after) > 1:
			rest = after[1:]
		default:
			return nil, fmt.Errorf(`read path %q: names are joined by dots; a name with other characters is written ["name"]`, text)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read path: it is empty")
	}
	return out, nil
}

// nextName takes the first name off a path.
func nextName(text string) (name, rest string, err error) {
	if text[0] == '[' {
		dec := json.NewDecoder(strings.NewReader(text[1:]))
		if err := dec.Decode(&name); err != nil {
			return "", "", fmt.Errorf(`a name in brackets is written ["name"]`)
		}
		rest = text[1+dec.InputOffset():]
		if !strings.HasPrefix(rest, "]") {
			return "", "", fmt.Errorf(`a name in brackets is written ["name"]`)
		}
		return name, rest[1:], nil
	}
	end := strings.IndexAny(text, ".[")
	if end < 0 {
		end = len(text)
	}
	if end == 0 {
		return "", "", fmt.Errorf("a name is missing")
	}
	return text[:end], text[end:], nil
}

// Within reports whether the path is prefix or leads to a part of what prefix leads to.
func (p Path) Within(prefix Path) bool {
	if len(p) < len(prefix) {
		return false
	}
	for i, name := range prefix {
		if p[i] != name {
			return false
		}
	}
	return true
}
