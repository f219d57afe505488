package topology

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// enum is a text type with a fixed set of values.
type enum interface{ Values() []string }

var (
	documentType   = reflect.TypeFor[Document]()
	stringListType = reflect.TypeFor[StringList]()
	enumType       = reflect.TypeFor[enum]()
	baselineType   = reflect.TypeFor[Baseline]()
)

// decoder fills the model from nodes. It reports every mismatch and goes on, so that one pass finds
// all of them; what could not be read keeps its zero value.
type decoder struct {
	file *File
	// removal says that null removes what an outer layer set: so it is within a baseline.
	removal bool
	// fields caches [Fields]: 10,000 accounts have one type.
	fields map[reflect.Type][]Field
}

func newDecoder(file *File) *decoder {
	return &decoder{file: file, fields: map[reflect.Type][]Field{}}
}

func (d *decoder) fieldsOf(t reflect.Type) []Field {
	fields, ok := d.fields[t]
	if !ok {
		fields = Fields(t)
		d.fields[t] = fields
	}
	return fields
}

func (d *decoder) report(n *node, code, message, hint string) *Diagnostic {
	return d.file.report(d.file.at(n.line, n.col, n.width), code, message, hint)
}

// decode stores the value of node n, found under the given key, in v.
func (d *decoder) decode(e entry, v reflect.Value) {
	n := e.value
	if n.kind == kindNull && (d.removal || v.Kind() != reflect.Pointer && v.Kind() != reflect.Struct) {
		return
	}
	switch {
	case v.Type() == stringListType && n.kind != kindSequence:
		var s string
		if d.text(n, e.key, &s) {
			v.Set(reflect.ValueOf(StringList{s}))
		}
		return
	case v.Type() == reflect.PointerTo(documentType) && n.kind != kindMapping:
		d.mismatch(n, e.key, "a mapping")
		return
	case v.Type() == documentType:
		d.document(e, v)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		target := reflect.New(v.Type().Elem())
		v.Set(target)
		d.decode(e, target.Elem())
	case reflect.Struct:
		d.structure(e, v)
	case reflect.Map:
		d.mapping(e, v)
	case reflect.Slice:
		d.sequence(e, v)
	case reflect.String:
		var s string
		if d.text(n, e.key, &s) && d.allowed(n, e.key, s, v.Type()) {
			v.SetString(s)
		}
	case reflect.Bool:
		if n.kind != kindBool {
			d.mismatch(n, e.key, "true or false")
			return
		}
		v.SetBool(n.text == "true")
	case reflect.Int:
		d.integer(n, e.key, v)
	default:
		panic(fmt.Sprintf("model type %s has no decoding; this is a bug in package topology", v.Type()))
	}
}

func (d *decoder) structure(e entry, v reflect.Value) {
	n := e.value
	t := v.Type()
	source := Source{file: d.file, node: n, line: e.line, col: e.col, width: e.width}
	v.FieldByName("Source").Set(reflect.ValueOf(source))
	fields := d.fieldsOf(t)
	if i := slices.IndexFunc(fields, Field.shorthand); i >= 0 && !n.kind.structured() && n.kind != kindNull {
		d.decode(e, v.FieldByIndex(fields[i].Index))
		return
	}
	if n.kind != kindMapping && n.kind != kindNull {
		d.mismatch(n, e.key, "a mapping")
		return
	}
	if t == baselineType {
		defer func(before bool) { d.removal = before }(d.removal)
		d.removal = true
	}
	d.required(source, t, fields)
	for _, child := range n.entries {
		i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == child.key })
		if i < 0 {
			d.unknown(child, t, fields)
			continue
		}
		d.decode(child, v.FieldByIndex(fields[i].Index))
	}
}

// required reports the fields that the user must set and did not, all in one.
func (d *decoder) required(s Source, t reflect.Type, fields []Field) {
	var missing, choices []string
	for _, f := range fields {
		if e := s.node.get(f.Name); !f.Required || e != nil && (e.value.kind != kindNull || f.Go.Type.Kind() == reflect.Pointer) {
			continue
		}
		missing = append(missing, f.Name)
		if f.Go.Type.Implements(enumType) {
			values := reflect.Zero(f.Go.Type).Interface().(enum).Values()
			choices = append(choices, f.Name+" is one of "+strings.Join(values, ", "))
		}
	}
	if len(missing) > 0 {
		d.file.report(s.Position(), "missing-field", fmt.Sprintf("%s needs %s", article(t), list(missing)), strings.Join(choices, "; "))
	}
}

func (d *decoder) unknown(e entry, t reflect.Type, fields []Field) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name
	}
	hint := "known fields: " + strings.Join(names, ", ")
	if guess := closest(e.key, names); guess != "" {
		hint = fmt.Sprintf("did you mean %q?", guess)
	}
	d.file.report(d.file.at(e.line, e.col, e.width), "unknown-field", fmt.Sprintf("%s has no field %q", article(t), e.key), hint)
}

func (d *decoder) mapping(e entry, v reflect.Value) {
	n := e.value
	if n.kind != kindMapping {
		d.mismatch(n, e.key, "a mapping of names")
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.entries)))
	for _, child := range n.entries {
		value := reflect.New(v.Type().Elem()).Elem()
		d.decode(child, value)
		v.SetMapIndex(reflect.ValueOf(child.key), value)
	}
}

func (d *decoder) sequence(e entry, v reflect.Value) {
	n := e.value
	if n.kind != kindSequence {
		hint := ""
		if !n.kind.structured() && n.kind != kindNull {
			hint = fmt.Sprintf("write it as a list: [%s]", n.text)
		}
		d.mismatch(n, e.key, "a list").Hint = hint
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		d.decode(entry{key: e.key, line: item.line, col: item.col, width: item.width, value: item}, v.Index(i))
	}
}

// text accepts any scalar: an account id or a cost center without quotes is still text, taken as
// it was written.
func (d *decoder) text(n *node, key string, s *string) bool {
	switch n.kind {
	case kindString, kindInt, kindFloat, kindBool:
		*s = n.text
		return true
	}
	d.mismatch(n, key, "text")
	return false
}

func (d *decoder) allowed(n *node, key, s string, t reflect.Type) bool {
	if !t.Implements(enumType) {
		return true
	}
	choices := reflect.Zero(t).Interface().(enum).Values()
	if slices.Contains(choices, s) {
		return true
	}
	hint := "one of " + strings.Join(choices, ", ")
	if guess := closest(s, choices); guess != "" {
		hint = fmt.Sprintf("did you mean %q? Choices: %s", guess, strings.Join(choices, ", "))
	}
	d.report(n, "unknown-value", fmt.Sprintf("%s cannot be %q", key, s), hint)
	return false
}

func (d *decoder) integer(n *node, key string, v reflect.Value) {
	i, err := strconv.Atoi(strings.ReplaceAll(n.text, "_", ""))
	if n.kind != kindInt || err != nil {
		d.mismatch(n, key, "a whole number")
		return
	}
	v.SetInt(int64(i))
}

func (d *decoder) mismatch(n *node, key, want string) *Diagnostic {
	got := n.kind.String()
	if n.kind != kindMapping && n.kind != kindSequence && n.kind != kindNull {
		got = fmt.Sprintf("%q", n.text)
	}
	return d.report(n, "wrong-type", fmt.Sprintf("%s must be %s, not %s", key, want, got), "")
}

// document keeps a JSON document written in YAML as JSON text, its keys in the order written.
func (d *decoder) document(e entry, v reflect.Value) {
	var b bytes.Buffer
	e.value.json(&b)
	v.Set(reflect.ValueOf(Document{
		Source: Source{file: d.file, node: e.value, line: e.line, col: e.col, width: e.width},
		Text:   b.Bytes(),
	}))
}

func (n *node) json(b *bytes.Buffer) {
	switch n.kind {
	case kindNull:
		b.WriteString("null")
	case kindBool:
		b.WriteString(n.text)
	case kindInt, kindFloat:
		if json.Valid([]byte(n.text)) {
			b.WriteString(n.text)
		} else {
			jsonString(b, n.text)
		}
	case kindString:
		jsonString(b, n.text)
	case kindSequence:
		b.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.json(b)
		}
		b.WriteByte(']')
	case kindMapping:
		b.WriteByte('{')
		for i, e := range n.entries {
			if i > 0 {
				b.WriteByte(',')
			}
			jsonString(b, e.key)
			b.WriteByte(':')
			e.value.json(b)
		}
		b.WriteByte('}')
	}
}

func jsonString(b *bytes.Buffer, s string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	// A string always encodes.
	_ = enc.Encode(s)
	b.Truncate(b.Len() - 1)
}
