package shape

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Problem is one way in which JSON does not fit a type.
type Problem struct {
	// Path leads to the value: `roles["read-only"].trust.accounts[0]`.
	Path string
	// Message says what is wrong, path included: "budget.monthlyLimit must be a whole number, not 2.5".
	Message string
	// Hint says what to do; may be empty.
	Hint string
}

// Check compares the value of one top-level key with its field of the type. It finds fields that do not
// exist, values of a wrong type, null, fractions and numbers too large for whole numbers, unknown values of
// enumerations, fields whose tag says required and that are missing, and names that JavaScript gives a
// meaning of its own (__proto__). Ranges, lengths and patterns are not its business: the other tags are
// documentation.
//
// All problems are returned, by path; none means that the type can hold the value.
func (s *Shape) Check(key string, text []byte) []Problem {
	c := &checker{}
	at := (*path)(nil).member(key)
	if f := s.root.field(key); f == nil {
		c.unknown("the draft", at, key, s.root)
	} else if v, err := read(text); err != nil {
		c.report(at, "", "is not valid JSON: %v", err)
	} else {
		c.value(at, v, f.node)
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })
	return c.problems
}

type checker struct{ problems []Problem }

// report adds a problem whose message reads on after the path.
func (c *checker) report(at *path, hint, message string, args ...any) {
	c.problems = append(c.problems, Problem{Path: at.String(), Message: at.String() + " " + fmt.Sprintf(message, args...), Hint: hint})
}

func (c *checker) value(at *path, v value, n *node) {
	switch n.kind {
	case anyValue:
		c.free(at, v)
	case anyObject:
		if c.is(at, v.isObject(), v, "an object") {
			c.free(at, v)
		}
	case object:
		if c.is(at, v.isObject(), v, "an object") {
			c.object(at, v, n)
		}
	case mapping:
		if c.is(at, v.isObject(), v, "an object") && c.names(at, v) {
			for _, m := range v.members {
				c.value(at.member(m.name), m.value, n.item)
			}
		}
	case list:
		if c.is(at, v.token == json.Delim('['), v, "a list") {
			for i, item := range v.items {
				c.value(at.item(i), item, n.item)
			}
		}
	default:
		c.scalar(at, v, n)
	}
}

// is reports a value of the wrong type.
func (c *checker) is(at *path, ok bool, v value, want string) bool {
	if ok {
		return true
	}
	hint := ""
	if v.token == nil && !at.isItem {
		hint = "to remove it, write: delete draft." + at.String()
	}
	c.report(at, hint, "must be %s, not %s", want, v)
	return false
}

func (c *checker) object(at *path, v value, n *node) {
	if !c.names(at, v) {
		return
	}
	for _, m := range v.members {
		if f := n.field(m.name); f != nil {
			c.value(at.member(m.name), m.value, f.node)
		} else {
			c.unknown(at.String(), at.member(m.name), m.name, n)
		}
	}
	for _, f := range n.fields {
		if f.required && !v.has(f.name) {
			c.report(at, "", "needs %s", f.name)
		}
	}
}

// forbidden are names that mean something else in JavaScript than in JSON.
var forbidden = []string{"__proto__", "constructor", "prototype"}

// names reports names that no object may have, and those given twice.
func (c *checker) names(at *path, v value) bool {
	before := len(c.problems)
	seen := make(map[string]bool, len(v.members))
	for _, m := range v.members {
		if slices.Contains(forbidden, m.name) {
			c.report(at.member(m.name), "use another name", "has a name with a meaning of its own in JavaScript")
		}
		if seen[m.name] {
			c.report(at.member(m.name), "", "is given twice")
		}
		seen[m.name] = true
	}
	return len(c.problems) == before
}

func (c *checker) unknown(where string, at *path, name string, n *node) {
	hint := "fields: " + strings.Join(n.names(), ", ")
	if guess := closest(name, n.names()); guess != "" {
		hint = fmt.Sprintf("did you mean %q?", guess)
	}
	c.problems = append(c.problems, Problem{Path: at.String(), Message: fmt.Sprintf("%s has no field %q", where, name), Hint: hint})
}

// free checks what may be any JSON.
func (c *checker) free(at *path, v value) {
	if !c.names(at, v) {
		return
	}
	for _, m := range v.members {
		c.free(at.member(m.name), m.value)
	}
	for i, item := range v.items {
		c.free(at.item(i), item)
	}
	if text, ok := v.token.(json.Number); ok {
		c.finite(at, text)
	}
}

func (c *checker) scalar(at *path, v value, n *node) {
	switch n.kind {
	case boolean:
		_, ok := v.token.(bool)
		c.is(at, ok, v, "true or false")
	case number:
		text, ok := v.token.(json.Number)
		if c.is(at, ok, v, "a number") {
			c.finite(at, text)
		}
	case integer:
		text, ok := v.token.(json.Number)
		if c.is(at, ok, v, "a whole number") {
			c.whole(at, text, n.is)
		}
	default:
		s, ok := v.token.(string)
		if c.is(at, ok, v, "a text") && n.kind == enumeration && !slices.Contains(n.values, s) {
			c.choice(at, v, s, n.values)
		}
	}
}

func (c *checker) choice(at *path, v value, s string, values []string) {
	hint := "choices: " + strings.Join(values, ", ")
	if guess := closest(s, values); guess != "" {
		hint = fmt.Sprintf("did you mean %q? Choices: %s", guess, strings.Join(values, ", "))
	}
	c.report(at, hint, "cannot be %s", v)
}

func (c *checker) finite(at *path, text json.Number) {
	if _, err := text.Float64(); err != nil {
		c.report(at, "", "is %s, more than a number can be", text)
	}
}

// maxSafe is where the numbers of JavaScript leave out whole numbers.
const maxSafe = 1 << 53

func (c *checker) whole(at *path, text json.Number, t reflect.Type) {
	var err error
	unsigned := t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64
	if unsigned {
		_, err = strconv.ParseUint(text.String(), 10, t.Bits())
	} else {
		_, err = strconv.ParseInt(text.String(), 10, t.Bits())
	}
	if err == nil {
		return
	}
	switch f, err := text.Float64(); {
	case err == nil && (f != math.Trunc(f) || strings.ContainsAny(text.String(), ".eE") && math.Abs(f) < maxSafe):
		c.report(at, "", "must be a whole number, not %s", text)
	case err == nil && f < 0 && unsigned:
		c.report(at, "", "must not be negative: %s", text)
	default:
		c.report(at, "", "is %s, more than a whole number can be", text)
	}
}
