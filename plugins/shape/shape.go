// Package shape ties the drafts that hooks change to the Go types that they become: it checks JSON
// strictly against a type ([Shape]) and writes the types down for editors ([Declarations]).
//
// A type is made of structs with json tags, maps by text, lists, texts, booleans and numbers. Pointers and
// omitempty make a field optional. A text type with a method Values() []string has these values only.
package shape

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Option says what a type does not.
type Option func(*builder)

// AnyJSON names types that stand for any JSON value. json.RawMessage and empty interfaces always do.
func AnyJSON(types ...reflect.Type) Option {
	return func(b *builder) { b.free(anyValue, types) }
}

// AnyObject names types that stand for any JSON object, such as a policy document.
func AnyObject(types ...reflect.Type) Option {
	return func(b *builder) { b.free(anyObject, types) }
}

// Shape is what JSON must look like to become a value of a Go type. It is safe for concurrent use.
type Shape struct{ root *node }

// New returns the shape of a struct. It panics where the type holds what JSON or this package does not
// have, such as a channel: that is a mistake in the program and no input's.
func New(t reflect.Type, options ...Option) *Shape {
	root := newBuilder(options).node(t)
	if root.kind != object {
		panic(fmt.Sprintf("shape of %s: is no struct", t))
	}
	return &Shape{root: root}
}

// kind is what a JSON value must be.
type kind int

const (
	object kind = iota
	mapping
	list
	text
	enumeration
	boolean
	integer
	number
	anyValue
	anyObject
)

// node is one type of a shape. A type that holds itself is a node that leads to itself.
type node struct {
	kind kind
	// is is the Go type without pointers.
	is reflect.Type
	// fields are those of an object, in the order of the Go struct.
	fields []field
	// item is what a list or a mapping holds.
	item *node
	// values are those of an enumeration.
	values []string
}

// field is one field of an object.
type field struct {
	name string
	*node
	// of is the Go struct that declares it; an embedded one is not that of the object.
	of reflect.Type
	// goName is its name there.
	goName string
	tag    reflect.StructTag
	// required says that the tag required is set.
	required bool
	// optional says that it may be left out in TypeScript.
	optional bool
}

func (n *node) field(name string) *field {
	for i := range n.fields {
		if n.fields[i].name == name {
			return &n.fields[i]
		}
	}
	return nil
}

func (n *node) names() []string {
	names := make([]string, 0, len(n.fields))
	for _, f := range n.fields {
		names = append(names, f.name)
	}
	return names
}

// builder makes nodes out of types.
type builder struct{ nodes map[reflect.Type]*node }

func newBuilder(options []Option) *builder {
	b := &builder{nodes: map[reflect.Type]*node{}}
	AnyJSON(reflect.TypeFor[json.RawMessage](), reflect.TypeFor[any]())(b)
	for _, o := range options {
		o(b)
	}
	return b
}

func (b *builder) free(k kind, types []reflect.Type) {
	for _, t := range types {
		b.nodes[t] = &node{kind: k, is: t}
	}
}

// valued is a text type that has a few values only.
type valued interface{ Values() []string }

func (b *builder) node(t reflect.Type) *node {
	if n, ok := b.nodes[t]; ok {
		return n
	}
	if t.Kind() == reflect.Pointer {
		return b.node(t.Elem())
	}
	n := &node{is: t}
	// The place is taken before the fields are looked at: a type may hold itself.
	b.nodes[t] = n
	if v, ok := reflect.Zero(t).Interface().(valued); ok && t.Kind() == reflect.String {
		n.kind, n.values = enumeration, v.Values()
		return n
	}
	for _, own := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[json.Unmarshaler]()} {
		if t.Implements(own) || reflect.PointerTo(t).Implements(own) {
			panic(fmt.Sprintf("shape of %s: it has JSON of its own; pass it as AnyJSON or AnyObject", t))
		}
	}
	b.fill(n, t)
	return n
}

func (b *builder) fill(n *node, t reflect.Type) {
	switch t.Kind() {
	case reflect.Struct:
		n.kind, n.fields = object, b.fields(t)
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			panic(fmt.Sprintf("shape of %s: its keys are no texts", t))
		}
		n.kind, n.item = mapping, b.node(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			panic(fmt.Sprintf("shape of %s: hooks have no bytes", t))
		}
		n.kind, n.item = list, b.node(t.Elem())
	case reflect.String:
		n.kind = text
	case reflect.Bool:
		n.kind = boolean
	case reflect.Float32, reflect.Float64:
		n.kind = number
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n.kind = integer
	default:
		panic(fmt.Sprintf("shape of %s: JSON has no %s", t, t.Kind()))
	}
}

// fields lists the fields of a struct as encoding/json does, for structs in which no two have one name.
func (b *builder) fields(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" && options == "" {
			continue
		}
		if f.Anonymous && name == "" {
			out = append(out, b.embedded(f.Type)...)
			continue
		}
		if !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		required := f.Tag.Get("required") == "true"
		empty := strings.Contains(","+options+",", ",omitempty,") || strings.Contains(","+options+",", ",omitzero,")
		out = append(out, field{
			name: name, node: b.node(f.Type), of: t, goName: f.Name, tag: f.Tag,
			required: required, optional: !required && (empty || f.Type.Kind() == reflect.Pointer),
		})
	}
	return out
}

func (b *builder) embedded(t reflect.Type) []field {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("shape of %s: embedded, and no struct", t))
	}
	return b.fields(t)
}
