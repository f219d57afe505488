package plan

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// piece is a top-level part of a baseline, decoded and checked once for all accounts that share it.
type piece struct {
	typed    reflect.Value
	problems []problem
}

// problem is something wrong in a part of a baseline.
type problem struct {
	path          settings.Path
	code          string
	message, hint string
}

// piece decodes a part of a baseline and checks it against what its type's tags say.
func (b *baselines) piece(name string, v *settings.Value) *piece {
	if p := b.pieces[v]; p != nil {
		return p
	}
	p := &piece{typed: reflect.New(baselineParts[name])}
	b.pieces[v] = p
	if name == "tags" {
		// Every account has its own: they are not worth a detour through JSON.
		tags := make(map[string]string, len(v.Fields))
		for key, value := range v.Fields {
			tags[key] = value.Text()
		}
		p.typed.Elem().Set(reflect.ValueOf(tags))
		return p
	}
	if err := json.Unmarshal(v.JSON(), p.typed.Interface()); err != nil {
		// The files were decoded and the result of hooks was checked before.
		p.problems = []problem{{settings.Path{name}, "malformed-setting", err.Error(), ""}}
		return p
	}
	c := checker{patterns: b.patterns}
	c.value(settings.Path{name}, p.typed.Elem(), "")
	p.problems = c.found
	return p
}

// typed assembles the effective baseline of an account from its pieces.
func (b *baselines) typed(v *settings.Value) (*Baseline, []problem) {
	out := &Baseline{}
	var found []problem
	target := reflect.ValueOf(out).Elem()
	for _, f := range baselineFields {
		part := v.Fields[f.Name]
		if part == nil {
			continue
		}
		p := b.piece(f.Name, part)
		found = append(found, p.problems...)
		target.FieldByIndex(f.Index).Set(p.typed.Elem())
	}
	return out, found
}

// checker checks values against the tags of their fields: pattern, lengths, bounds, choices, and that
// what a part cannot be without is there.
type checker struct {
	patterns map[string]*regexp.Regexp
	found    []problem
}

func (c *checker) fail(path settings.Path, format string, args ...any) {
	c.found = append(c.found, problem{path: slices.Clone(path), code: "malformed-setting", message: fmt.Sprintf(format, args...)})
}

func (c *checker) value(path settings.Path, v reflect.Value, tag reflect.StructTag) {
	if v.Type() == reflect.TypeFor[topology.Document]() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.value(path, v.Elem(), tag)
		}
	case reflect.Struct:
		for _, f := range topology.Fields(v.Type()) {
			c.field(append(path[:len(path):len(path)], f.Name), v.FieldByIndex(f.Index), f)
		}
	case reflect.Map:
		for _, key := range slices.Sorted(mapKeys(v)) {
			c.value(append(path[:len(path):len(path)], key), v.MapIndex(reflect.ValueOf(key)), "")
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.value(path, v.Index(i), tag)
		}
	case reflect.Int:
		c.number(path, int(v.Int()), tag)
	case reflect.String:
		c.text(path, v.String(), tag)
	}
}

func (c *checker) field(path settings.Path, v reflect.Value, f topology.Field) {
	optional := strings.Contains(f.Go.Tag.Get("json"), "omitempty")
	if v.IsZero() {
		_, filled := f.Go.Tag.Lookup("default")
		switch {
		case optional && filled && v.Kind() == reflect.Int:
			// A default would stand where nothing is written: it was set to 0.
			c.number(path, 0, f.Go.Tag)
		case optional || v.Kind() == reflect.Struct || v.Kind() == reflect.Map:
		case v.Kind() == reflect.Int:
			c.fail(path, "%s is missing or 0", path)
		default:
			c.fail(path, "%s is missing", path)
		}
		return
	}
	if list := v; list.Kind() == reflect.Slice && list.Len() == 0 && !optional {
		c.fail(path, "%s is empty", path)
	}
	c.value(path, v, f.Go.Tag)
}

func (c *checker) number(path settings.Path, n int, tag reflect.StructTag) {
	if low, err := strconv.Atoi(tag.Get("minimum")); err == nil && n < low {
		c.fail(path, "%s is %d; it is at least %d", path, n, low)
	}
	if high, err := strconv.Atoi(tag.Get("maximum")); err == nil && n > high {
		c.fail(path, "%s is %d; it is at most %d", path, n, high)
	}
}

func (c *checker) text(path settings.Path, s string, tag reflect.StructTag) {
	if limit, err := strconv.Atoi(tag.Get("maxLength")); err == nil && utf8.RuneCountInString(s) > limit {
		c.fail(path, "%s has %d characters; at most %d are allowed", path, utf8.RuneCountInString(s), limit)
	}
	if least, err := strconv.Atoi(tag.Get("minLength")); err == nil && utf8.RuneCountInString(s) < least {
		c.fail(path, "%s has %d characters; at least %d are wanted", path, utf8.RuneCountInString(s), least)
	}
	if pattern := tag.Get("pattern"); pattern != "" && !c.pattern(pattern).MatchString(s) {
		c.fail(path, "%s is %q; it must match %s", path, s, pattern)
	}
}

func (c *checker) pattern(text string) *regexp.Regexp {
	re := c.patterns[text]
	if re == nil {
		re = regexp.MustCompile(text)
		c.patterns[text] = re
	}
	return re
}

func mapKeys(v reflect.Value) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, key := range v.MapKeys() {
			if !yield(key.String()) {
				return
			}
		}
	}
}
