package topology

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// Setting is a part of a baseline as one layer wrote it: named parts, a value, or the removal of what
// an outer layer set.
type Setting struct {
	// Position is where it was written; empty in a model built by hand.
	Position Position
	// Removed says that it was written as null.
	Removed bool
	// Fields are the parts by name; nil for a value. Lists and documents are values.
	Fields map[string]*Setting
	// Value is the value in JSON.
	Value json.RawMessage
}

// Settings returns what the layer wrote, nil where it wrote nothing.
func (b *Baseline) Settings() *Setting {
	if b == nil {
		return nil
	}
	return settings(reflect.ValueOf(*b), b.Source)
}

// settings lays out a struct of the baseline. Every struct has a source of its own, whose node says
// what was written; without one, what is not zero was.
func settings(v reflect.Value, at Source) *Setting {
	out := &Setting{Position: at.Position(), Fields: map[string]*Setting{}}
	for _, f := range Fields(v.Type()) {
		value := v.FieldByIndex(f.Index)
		var e *entry
		if at.node != nil {
			if e = at.node.get(f.Name); e == nil {
				continue
			}
		} else if value.IsZero() {
			continue
		}
		out.Fields[f.Name] = setting(value, at.file, e)
	}
	return out
}

// setting lays out one value, e being how it was written, nil where that is not known.
func setting(v reflect.Value, file *File, e *entry) *Setting {
	pos := Position{}
	if e != nil {
		pos = file.at(e.line, e.col, e.width)
		if e.value.kind == kindNull {
			return &Setting{Position: pos, Removed: true}
		}
	}
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		return &Setting{Position: pos, Removed: true}
	case v.Type() == reflect.PointerTo(documentType):
	case v.Kind() == reflect.Struct, v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct:
		out := settings(reflect.Indirect(v), sourceOf(reflect.Indirect(v)))
		out.Position = pos
		return out
	case v.Kind() == reflect.Map:
		out := &Setting{Position: pos, Fields: map[string]*Setting{}}
		for it := v.MapRange(); it.Next(); {
			var child *entry
			if e != nil {
				child = e.value.get(it.Key().String())
			}
			out.Fields[it.Key().String()] = setting(it.Value(), file, child)
		}
		return out
	}
	text, err := json.Marshal(v.Interface())
	if err != nil {
		panic(fmt.Sprintf("baseline value of type %s is not JSON: %v; this is a bug in package topology", v.Type(), err))
	}
	return &Setting{Position: pos, Value: text}
}

func sourceOf(v reflect.Value) Source {
	s, _ := v.FieldByName("Source").Interface().(Source)
	return s
}

// draft is a baseline as hooks see it: with what the layers say elsewhere.
type draft struct {
	Source   `json:"-"`
	Tags     map[string]string `json:"tags"`
	Contacts *Contacts         `json:"contacts"`
	Regions  []string          `json:"regions"`
	Baseline
}

// ReadDraft reads a baseline as hooks see it, tags, contacts and regions included, from YAML. The
// diagnostics name the file as given.
func ReadDraft(name string, text []byte) (*Setting, Diagnostics) {
	l := &loader{sink: &collector{}}
	d := &draft{}
	if len(bytes.TrimSpace(text)) > 0 {
		decodeFile(&File{Path: name, content: text, sink: l.sink}, d)
	}
	return settings(reflect.ValueOf(*d), d.Source), l.diagnostics()
}
