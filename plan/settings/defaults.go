package settings

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"

	"github.com/archipelago-iac/archipelago/topology"
)

// documentType is a type that is a leaf whatever it holds.
var documentType = reflect.TypeFor[topology.Document]()

// isLeaf reports whether values of the type are leaves.
func isLeaf(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t == documentType || t.Kind() != reflect.Struct && t.Kind() != reflect.Map
}

// Complete adds the defaults of every struct that is there, from the tag "default" of its fields. The
// type is what v would decode to.
func Complete(v *Value, t reflect.Type) *Value {
	if v == nil || isLeaf(t) || v.Fields == nil {
		return v
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	out := v
	set := func(name string, part *Value) {
		if part != v.Fields[name] {
			if out == v {
				out = &Value{Fields: maps.Clone(v.Fields), Origin: v.Origin, Gone: v.Gone}
			}
			out.Fields[name] = part
		}
	}
	if t.Kind() == reflect.Map {
		if isLeaf(t.Elem()) {
			return v
		}
		for name, part := range v.Fields {
			set(name, Complete(part, t.Elem()))
		}
		return out
	}
	for _, f := range topology.Fields(t) {
		part := v.Fields[f.Name]
		if text, ok := f.Go.Tag.Lookup("default"); ok && part == nil {
			part = &Value{Leaf: defaultJSON(text, f.Go.Type), Origin: Origin{Layer: "default"}}
		}
		if part != nil {
			set(f.Name, Complete(part, f.Go.Type))
		}
	}
	return out
}

// defaultJSON turns the text of a tag, written as in YAML, into JSON of the field's type.
func defaultJSON(text string, t reflect.Type) json.RawMessage {
	if t.Kind() == reflect.String {
		return encode(text)
	}
	// Lists of numbers, numbers and truth values are JSON already, but for blanks.
	return json.RawMessage(strings.ReplaceAll(text, " ", ""))
}
