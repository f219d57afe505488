package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/topology"
)

// Edit is one change that a hook made: the part that the path leads to is another, new or gone.
type Edit struct {
	Path   Path
	Origin Origin
}

// Replace returns what a hook made of v, given in JSON, nil where the hook removed it. What is the same
// as before is shared and keeps its origin; the rest gets the origin of the last edit that concerns
// it. The type is what the value decodes to, and the JSON is known to fit it.
func Replace(v *Value, at Path, text json.RawMessage, t reflect.Type, edits []Edit) (*Value, error) {
	if text == nil {
		return nil, nil
	}
	if isLeaf(t) {
		text = canonical(text)
		if v != nil && bytes.Equal(v.Leaf, text) {
			return v, nil
		}
		return &Value{Leaf: text, Origin: originOf(at, edits)}, nil
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return nil, fmt.Errorf("read what a hook made of %s: %w", at, err)
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	out := &Value{Fields: make(map[string]*Value, len(parts))}
	same := v != nil && v.Fields != nil && len(v.Fields) == len(parts)
	for name, part := range parts {
		var before *Value
		if v != nil {
			before = v.Fields[name]
		}
		value, err := Replace(before, append(at[:len(at):len(at)], name), part, partType(t, name), edits)
		if err != nil {
			return nil, err
		}
		out.Fields[name] = value
		same = same && value == before
	}
	if same {
		return v, nil
	}
	if v != nil && v.Fields != nil {
		out.Origin, out.Gone = v.Origin, v.Gone
		for name := range v.Fields {
			if out.Fields[name] == nil {
				out.gone(name, originOf(append(at[:len(at):len(at)], name), edits))
			}
		}
	} else {
		out.Origin = originOf(at, edits)
	}
	return out, nil
}

// partType is the type of a named part of a struct or map.
func partType(t reflect.Type, name string) reflect.Type {
	if t.Kind() == reflect.Map {
		return t.Elem()
	}
	for _, f := range topology.Fields(t) {
		if f.Name == name {
			return f.Go.Type
		}
	}
	// The JSON fits the type, so this is not reached; text is the harmless answer.
	return reflect.TypeFor[string]()
}

// originOf is the origin of the last edit of the part, of something around it, or of something in it.
func originOf(at Path, edits []Edit) Origin {
	for _, e := range slices.Backward(edits) {
		if at.Within(e.Path) || e.Path.Within(at) {
			return e.Origin
		}
	}
	return Origin{Layer: "hook"}
}

// Difference is a part that two trees have not in common; nil where it is absent.
type Difference struct {
	Path Path
	A, B *Value
}

// Diff lists the differing leaves of two trees, sorted by path. A part that only one has is one
// difference.
func Diff(a, b *Value) []Difference {
	var out []Difference
	diff(nil, a, b, &out)
	slices.SortFunc(out, func(x, y Difference) int { return strings.Compare(x.Path.String(), y.Path.String()) })
	return out
}

func diff(at Path, a, b *Value, out *[]Difference) {
	if Equal(a, b) {
		return
	}
	if a == nil || b == nil || a.Fields == nil || b.Fields == nil {
		*out = append(*out, Difference{slices.Clone(at), a, b})
		return
	}
	names := append(a.Keys(), b.Keys()...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		diff(append(at[:len(at):len(at)], name), a.Fields[name], b.Fields[name], out)
	}
}
