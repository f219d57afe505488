package match

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// anything is the rule of what may be empty, such as the value of a tag.
func anything(string) (message, hint string) { return "", "" }

// needed is the rule of what every account has.
func needed(text string) (message, hint string) {
	if text == "" {
		return "is empty, which matches nothing", "leave it out to match everything"
	}
	return "", ""
}

// unitPath is the rule of the paths of units. "" is for accounts in no unit.
func unitPath(text string) (message, hint string) {
	if !strings.HasPrefix(text, "/") && !strings.HasSuffix(text, "/") && !strings.Contains(text, "//") {
		return "", ""
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '/' })
	return "has a slash that no path of units has", "write \"" + strings.Join(parts, "/") + "\""
}

// kind words the type of a JSON value.
func kind(text []byte) string {
	switch text = bytes.TrimSpace(text); {
	case len(text) == 0:
		return "nothing"
	case text[0] == '{':
		return "an object"
	case text[0] == '[':
		return "a list"
	case text[0] == '"':
		return "a text"
	case text[0] == 'n':
		return "null"
	case text[0] == 't', text[0] == 'f':
		return "true or false"
	}
	return "a number"
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// join appends the name of a field to a path as JavaScript would write it.
func join(path, name string) string {
	if identifier.MatchString(name) {
		return path + "." + name
	}
	return path + "[" + strconv.Quote(name) + "]"
}
