package guardrail

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Kind is the kind of a parameter's value.
type Kind string

// The kinds.
const (
	Text   Kind = "text"
	List   Kind = "list"
	Number Kind = "number"
	Bool   Kind = "bool"
)

// noun words a kind.
func (k Kind) noun() string {
	switch k {
	case List:
		return "a list of texts"
	case Number:
		return "a whole number"
	case Bool:
		return "true or false"
	}
	return "a text"
}

// Parameter is something that a guardrail can be given.
type Parameter struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Default is a string, []string, int or bool, after Kind. Nil is "", an empty list, 0 or false.
	Default any `json:"default,omitempty"`
	// Required wants a value that is not empty. Without a default it must be given.
	Required bool `json:"required,omitempty"`
	// What says what it is for, and what empty means.
	What string `json:"what"`
	// Choices are all values that a text, or an item of a list, can have. Empty allows any.
	Choices []string `json:"choices,omitempty"`
	// Format names the form that a text, or an item of a list, must have; see formats. Empty allows any.
	Format string `json:"format,omitempty"`
	// Min and Max bound a number, and the length of a list where Max is set for one.
	Min int `json:"min,omitempty"`
	Max int `json:"max,omitempty"`
	// Example is a value for documentation and tests.
	Example any `json:"example,omitempty"`
}

// values are checked parameters, every one present: string, []string (sorted, each once), int or bool.
type values map[string]any

func (v values) text(name string) string   { return v[name].(string) }
func (v values) list(name string) []string { return v[name].([]string) }
func (v values) number(name string) int    { return v[name].(int) }
func (v values) bool(name string) bool     { return v[name].(bool) }

// set reports whether a parameter has a value that is not empty.
func (v values) set(name string) bool {
	switch value := v[name].(type) {
	case string:
		return value != ""
	case []string:
		return len(value) > 0
	case int:
		return value != 0
	case bool:
		return value
	}
	return false
}

// values checks what the guardrail was given and completes it with defaults. The problems come in the
// order of the parameters' names.
func (g Guardrail) values(given map[string]any) (values, []Problem) {
	var problems []Problem
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !g.knows(name) {
			problems = append(problems, g.unknownParameter(name))
		}
	}
	v := values{}
	for _, p := range g.Parameters {
		value, found := p.value(g.ID, given)
		v[p.Name] = value
		problems = append(problems, found...)
	}
	if g.check != nil && !wrong(problems) {
		problems = append(problems, g.check(v)...)
	}
	return v, problems
}

func (g Guardrail) unknownParameter(name string) Problem {
	var names []string
	for _, p := range g.Parameters {
		names = append(names, p.Name)
	}
	p := Problem{Parameter: name, Item: -1, Code: CodeParameter, Message: fmt.Sprintf("%s has no parameter %q", g.ID, name)}
	if p.Hint = didYouMean(name, names, "its parameters are"); p.Hint == "" {
		p.Hint = "it has no parameters"
	}
	return p
}

// value returns the value of one parameter, or its default.
func (p Parameter) value(id string, given map[string]any) (any, []Problem) {
	raw, ok := given[p.Name]
	if !ok {
		if p.Required && p.Default == nil {
			return p.zero(), []Problem{p.required(id)}
		}
		return p.fallback(), nil
	}
	value, ok := p.convert(raw)
	if !ok {
		hint := ""
		if text, isText := raw.(string); isText && p.Kind == List {
			hint = fmt.Sprintf("write [%s]", text)
		}
		return p.zero(), []Problem{p.problem(-1, CodeType, fmt.Sprintf("%s of %s must be %s, not %s", p.Name, id, p.Kind.noun(), describe(raw)), hint)}
	}
	problems := p.checkValue(id, value)
	if items, isList := value.([]string); isList {
		items = slices.Sorted(slices.Values(items))
		value = slices.Compact(items)
	}
	if p.Required && len(problems) == 0 && !(values{p.Name: value}).set(p.Name) {
		problems = append(problems, p.required(id))
	}
	return value, problems
}

func (p Parameter) problem(item int, code, message, hint string) Problem {
	return Problem{Parameter: p.Name, Item: item, Code: code, Message: message, Hint: hint}
}

func (p Parameter) required(id string) Problem {
	return p.problem(-1, CodeRequired, fmt.Sprintf("%s needs %s: %s", id, p.Name, p.What), "")
}

func (p Parameter) zero() any {
	switch p.Kind {
	case List:
		return []string(nil)
	case Number:
		return 0
	case Bool:
		return false
	}
	return ""
}

func (p Parameter) fallback() any {
	if p.Default == nil {
		return p.zero()
	}
	if items, ok := p.Default.([]string); ok {
		return slices.Sorted(slices.Values(items))
	}
	return p.Default
}

// convert returns a value of the parameter's kind. It does not guess: "true" is a text.
func (p Parameter) convert(raw any) (any, bool) {
	switch p.Kind {
	case Bool:
		b, ok := raw.(bool)
		return b, ok
	case Number:
		return whole(raw)
	case List:
		return texts(raw)
	}
	s, ok := raw.(string)
	return s, ok
}

// whole converts what decoders make of whole numbers.
func whole(raw any) (any, bool) {
	switch n := raw.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case uint64:
		return int(min(n, math.MaxInt32)), true
	case float64:
		return int(n), n == math.Trunc(n) && math.Abs(n) < math.MaxInt32
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

func texts(raw any) (any, bool) {
	switch l := raw.(type) {
	case []string:
		return l, true
	case []any:
		items := make([]string, len(l))
		for i, item := range l {
			text, ok := item.(string)
			if !ok {
				return nil, false
			}
			items[i] = text
		}
		return items, true
	}
	return nil, false
}

// describe words what was given instead.
func describe(raw any) string {
	switch v := raw.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case bool:
		return fmt.Sprint(v)
	case []any:
		for _, item := range v {
			if _, ok := item.(string); !ok {
				return "a list with " + describe(item)
			}
		}
		return "a list"
	case []string:
		return "a list"
	case map[string]any:
		return "a map"
	}
	if n, ok := whole(raw); ok {
		return fmt.Sprintf("the number %d", n)
	}
	return fmt.Sprintf("%v", raw)
}

func (p Parameter) checkValue(id string, value any) []Problem {
	var problems []Problem
	switch v := value.(type) {
	case string:
		if v != "" || p.Required {
			problems = p.checkText(id, -1, v)
		}
	case []string:
		for i, item := range v {
			problems = append(problems, p.checkText(id, i, item)...)
		}
		if p.Max > 0 && len(v) > p.Max {
			problems = append(problems, p.problem(-1, CodeValue, fmt.Sprintf("%s of %s has %d items, and may have %d", p.Name, id, len(v), p.Max), ""))
		}
	case int:
		if v < p.Min || v > p.Max {
			problems = append(problems, p.problem(-1, CodeValue, fmt.Sprintf("%s of %s must be from %d to %d, not %d", p.Name, id, p.Min, p.Max, v), ""))
		}
	}
	return problems
}

func (p Parameter) checkText(id string, item int, text string) []Problem {
	if len(p.Choices) > 0 && !slices.Contains(p.Choices, text) {
		return []Problem{p.problem(item, CodeValue, fmt.Sprintf("%s of %s cannot be %q", p.Name, id, text), didYouMean(text, p.Choices, "choose from"))}
	}
	if strings.TrimSpace(text) != text || text == "" {
		return []Problem{p.problem(item, CodeValue, fmt.Sprintf("%s of %s has a value that is empty or has blanks around it: %q", p.Name, id, text), "")}
	}
	if p.Format == "" {
		return nil
	}
	found := formats[p.Format].check(text)
	for i := range found {
		found[i].Parameter, found[i].Item = p.Name, item
		found[i].Message = fmt.Sprintf("%s of %s: %s", p.Name, id, found[i].Message)
		if found[i].Code == "" {
			found[i].Code = CodeValue
		}
	}
	return found
}
