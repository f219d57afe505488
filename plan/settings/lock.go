package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/archipelago-iac/archipelago/topology"
)

// Lock is a lock of one layer, with the value that the setting had there.
type Lock struct {
	Path Path
	// Layer words who locks: "archipelago", "organization payments".
	Layer string
	// Spec is the lock as it was written.
	Spec *topology.Lock
	// Value is the setting as the layer has it; nil for none.
	Value *Value
	// Endless says that 0 stands for no limit, so no maximum allows it.
	Endless bool
	// Partial says that the baseline inherits nothing of the layer: only what is set in both must agree.
	Partial bool
}

// String words the lock: "at most 500 by organization payments (archipelago.yaml:12:3)".
func (l Lock) String() string {
	var bounds []string
	if l.Spec.Maximum != nil {
		bounds = append(bounds, fmt.Sprintf("at most %d", *l.Spec.Maximum))
	}
	if l.Spec.Minimum != nil {
		bounds = append(bounds, fmt.Sprintf("at least %d", *l.Spec.Minimum))
	}
	if l.Spec.Contains != nil {
		bounds = append(bounds, "with "+strings.Join(l.Spec.Contains, ", "))
	}
	if l.Spec.Within != nil {
		bounds = append(bounds, "only "+strings.Join(l.Spec.Within, ", "))
	}
	if bounds == nil {
		bounds = []string{"fixed"}
	}
	return fmt.Sprintf("%s by %s (%s)", strings.Join(bounds, ", "), l.Layer, l.Spec.Position())
}

// Violation is a setting that a lock forbids.
type Violation struct {
	Lock Lock
	// Path is the setting: the lock's or a part of it.
	Path Path
	// Origin is where the setting was changed; the layer is empty where it is missing and nobody is
	// known to have removed it.
	Origin Origin
	// Message says what the setting is and what the lock allows.
	Message string
}

// Check compares an effective baseline with a lock. Bounds hold for what is there; what was there at the
// layer that locks must stay. It returns nil where the lock is kept.
func (l Lock) Check(effective *Value) *Violation {
	v := effective.Get(l.Path)
	if v == nil {
		return l.absent(effective)
	}
	if l.fixed() {
		return l.unchanged(effective, v)
	}
	for _, check := range []func(*Value) string{l.numbers, l.contains, l.within} {
		if message := check(v); message != "" {
			return &Violation{l, l.Path, firstOrigin(v), message}
		}
	}
	return nil
}

// fixed reports whether the lock keeps the value as it is.
func (l Lock) fixed() bool {
	return l.Spec.Maximum == nil && l.Spec.Minimum == nil && l.Spec.Contains == nil && l.Spec.Within == nil
}

func (l Lock) absent(effective *Value) *Violation {
	if l.Partial || l.Value == nil && l.Spec.Contains == nil {
		return nil
	}
	message := fmt.Sprintf("%s is missing, and %s locks it", l.Path, l.Layer)
	if l.Value != nil {
		message = fmt.Sprintf("%s is removed, and %s locks it", l.Path, l.Layer)
	}
	return &Violation{l, l.Path, effective.Blame(l.Path), message}
}

func (l Lock) unchanged(effective, v *Value) *Violation {
	all := Diff(l.Value, v)
	if l.Partial {
		all = slices.DeleteFunc(all, func(d Difference) bool { return d.A == nil || d.B == nil })
	}
	if len(all) == 0 {
		return nil
	}
	d := all[0]
	path := append(slices.Clone(l.Path), d.Path...)
	was, is, from := "not set", "removed", effective.Blame(path)
	if d.A != nil {
		was = short(d.A)
	}
	if d.B != nil {
		is, from = short(d.B), firstOrigin(d.B)
	}
	return &Violation{l, path, from, fmt.Sprintf("%s is %s, and %s locks it: there it is %s", path, is, l.Layer, was)}
}

func (l Lock) numbers(v *Value) string {
	if l.Spec.Maximum == nil && l.Spec.Minimum == nil {
		return ""
	}
	n, err := strconv.ParseFloat(string(v.Leaf), 64)
	switch {
	case err != nil:
		return fmt.Sprintf("%s is %s, and %s bounds it as a number", l.Path, short(v), l.Layer)
	case l.Spec.Maximum != nil && n == 0 && l.Endless:
		return fmt.Sprintf("%s is 0, which is no limit at all, and %s allows at most %d", l.Path, l.Layer, *l.Spec.Maximum)
	case l.Spec.Maximum != nil && n > float64(*l.Spec.Maximum):
		return fmt.Sprintf("%s is %s, and %s allows at most %d", l.Path, v.Leaf, l.Layer, *l.Spec.Maximum)
	case l.Spec.Minimum != nil && n < float64(*l.Spec.Minimum):
		return fmt.Sprintf("%s is %s, and %s wants at least %d", l.Path, v.Leaf, l.Layer, *l.Spec.Minimum)
	}
	return ""
}

func (l Lock) contains(v *Value) string {
	if l.Partial && v.Fields != nil {
		return ""
	}
	has := items(v)
	for _, want := range l.Spec.Contains {
		if !slices.Contains(has, want) {
			return fmt.Sprintf("%s lacks %q, which %s wants in it", l.Path, want, l.Layer)
		}
	}
	return ""
}

func (l Lock) within(v *Value) string {
	if l.Spec.Within == nil {
		return ""
	}
	for _, item := range items(v) {
		if !slices.Contains(l.Spec.Within, item) {
			return fmt.Sprintf("%s has %q, and %s allows only %s", l.Path, item, l.Layer, strings.Join(l.Spec.Within, ", "))
		}
	}
	return ""
}

// items are the texts that a bound is about: the items of a list, the names of the parts, or the value.
func items(v *Value) []string {
	if v.Fields != nil {
		return slices.Sorted(maps.Keys(v.Fields))
	}
	var list []any
	if json.Unmarshal(v.Leaf, &list) != nil {
		var one any
		if json.Unmarshal(v.Leaf, &one) != nil {
			return nil
		}
		list = []any{one}
	}
	out := make([]string, len(list))
	for i, item := range list {
		if s, ok := item.(string); ok {
			out[i] = s
		} else {
			out[i] = string(encode(item))
		}
	}
	return out
}

// firstOrigin is the origin of a leaf, or of the first leaf of named parts.
func firstOrigin(v *Value) Origin {
	out, found := v.Origin, false
	v.Walk(func(_ Path, leaf *Value) {
		if !found {
			out, found = leaf.Origin, true
		}
	})
	return out
}

// longest is how many characters of a value an error shows.
const longest = 60

// short is a value in JSON, cut where it is long.
func short(v *Value) string { return Short(v.JSON()) }

// Short cuts JSON to what fits into a line.
func Short(text json.RawMessage) string {
	runes := []rune(string(text))
	if len(runes) <= longest {
		return string(runes)
	}
	return string(runes[:longest-1]) + "…"
}
