package shape

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Doc returns the comment of a type (field is ""), of a field by its Go name, or of a value of an
// enumeration; "" for none. What is embedded is asked for by the type that declares it.
type Doc func(typeName, field string) string

// The names of the two types that hooks get, in [Declarations].
const (
	// Baseline is the draft, which hooks change.
	Baseline = "Baseline"
	// Context is what they know and cannot change.
	Context = "Context"
)

//go:embed archipelago.template.d.ts
var template string

//go:embed tsconfig.template.json
var tsconfig string

// generated is the line of the template that the types of the program replace.
const generated = "  //generated\n"

// reserved are the names of the template.
var reserved = []string{"About", "DeepReadonly", "Hook", "Match", "Params", "Patterns", "Unavailable"}

// Tsconfig returns the tsconfig.json of a directory of hooks. archipelago.d.ts lies beside it.
func Tsconfig() string { return tsconfig }

// Declarations returns the text of archipelago.d.ts. The roots are the structs [Baseline] and [Context],
// both of which are needed. A type keeps its Go name; what is reached from the context is readonly, and gets
// the prefix Readonly if the baseline has it, too. Fields are optional where they are pointers or omitempty,
// unless their tag says required.
//
// Comments say what doc says, and what the tags do: default, pattern, minimum, maximum, minLength, maxLength.
func Declarations(roots map[string]reflect.Type, doc Doc, options ...Option) (string, error) {
	names := slices.Sorted(maps.Keys(roots))
	if !slices.Equal(names, []string{Baseline, Context}) {
		return "", fmt.Errorf("declare types of hooks: the roots are %s and %s, not %s", Baseline, Context, strings.Join(names, ", "))
	}
	b := newBuilder(options)
	w := &writer{doc: doc, names: map[reflect.Type]string{}, taken: map[string]reflect.Type{}}
	for _, root := range names {
		n := b.node(roots[root])
		if n.kind != object {
			return "", fmt.Errorf("declare types of hooks: %s is no struct", n.is)
		}
		w.name(n.is, root)
	}
	w.reach(b.node(roots[Baseline]), false)
	w.reach(b.node(roots[Context]), true)
	if err := errors.Join(w.errs...); err != nil {
		return "", fmt.Errorf("declare types of hooks: %w", err)
	}
	for _, d := range w.declared {
		w.declare(d)
	}
	return strings.Replace(template, generated, strings.TrimPrefix(w.out.String(), "\n"), 1), nil
}

// declaration is one type of the file: a node, and whether it is the readonly one.
type declaration struct {
	*node
	readonly bool
}

// writer writes types down. First all of them are reached, so that their names are known.
type writer struct {
	doc      Doc
	declared []declaration
	names    map[reflect.Type]string
	taken    map[string]reflect.Type
	errs     []error
	out      strings.Builder
}

// reach notes the types that a node leads to, each before those that it holds.
func (w *writer) reach(n *node, readonly bool) {
	switch n.kind {
	case mapping, list:
		w.reach(n.item, readonly)
	case enumeration:
		// A text cannot be changed anyway: there is one type for both.
		w.note(declaration{n, false})
	case object:
		if w.note(declaration{n, readonly}) {
			for _, f := range n.fields {
				w.reach(f.node, readonly)
			}
		}
	}
}

// note adds a declaration unless it is there.
func (w *writer) note(d declaration) bool {
	if slices.Contains(w.declared, d) {
		return false
	}
	w.declared = append(w.declared, d)
	if w.names[d.is] == "" {
		w.name(d.is, d.is.Name())
	}
	return true
}

func (w *writer) name(t reflect.Type, name string) {
	if name == "" {
		w.errs = append(w.errs, fmt.Errorf("type %s has no name", t))
	}
	if slices.Contains(reserved, name) {
		w.errs = append(w.errs, fmt.Errorf("type %s has the name of a type that every hook has", t))
	}
	if other, ok := w.taken[name]; ok {
		w.errs = append(w.errs, fmt.Errorf("types %s and %s have one name", other, t))
	}
	w.names[t], w.taken[name] = name, t
}

// nameOf is the name of a declaration in TypeScript.
func (w *writer) nameOf(d declaration) string {
	if d.readonly && slices.Contains(w.declared, declaration{d.node, false}) {
		return "Readonly" + w.names[d.is]
	}
	return w.names[d.is]
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.out, format+"\n", args...) }

func (w *writer) declare(d declaration) {
	w.line("")
	doc := w.doc(d.is.Name(), "")
	if d.kind == enumeration {
		w.comment("  ", doc, w.valueDocs(d.node), "")
		w.line("  export type %s = %s;", w.nameOf(d), union(d.values))
		return
	}
	w.comment("  ", doc, nil, "")
	name, context := w.nameOf(d), w.names[d.is] == Context
	if context {
		name += "<P extends object = Params>"
	}
	w.line("  export interface %s {", name)
	for _, f := range d.fields {
		if context && f.name == "params" {
			continue // its type is P
		}
		w.comment("    ", w.doc(f.of.Name(), f.goName), limits(f), defaultOf(f))
		w.line("    %s%s%s: %s;", prefix(d.readonly), property(f.name), mark(f.optional), w.typeOf(f.node, d.readonly))
	}
	if context {
		w.comment("    ", "The params that this use of the hook is given.", nil, "")
		w.line("    readonly params: DeepReadonly<P>;")
	}
	w.line("  }")
}

// typeOf writes the type of a value.
func (w *writer) typeOf(n *node, readonly bool) string {
	switch n.kind {
	case object:
		return w.nameOf(declaration{n, readonly})
	case enumeration:
		return w.nameOf(declaration{n, false})
	case mapping:
		return "{ " + prefix(readonly) + "[name: string]: " + w.typeOf(n.item, readonly) + " }"
	case list:
		item := w.typeOf(n.item, readonly)
		if strings.HasPrefix(item, "readonly ") {
			item = "(" + item + ")"
		}
		return prefix(readonly) + item + "[]"
	case text:
		return "string"
	case boolean:
		return "boolean"
	case integer, number:
		return "number"
	case anyObject:
		return "{ " + prefix(readonly) + "[name: string]: any }"
	}
	return "any"
}

func prefix(readonly bool) string {
	if readonly {
		return "readonly "
	}
	return ""
}

func mark(optional bool) string {
	if optional {
		return "?"
	}
	return ""
}

func property(name string) string {
	if isIdentifier(name) {
		return name
	}
	return quote(name)
}

func union(values []string) string {
	quoted := make([]string, 0, len(values))
	for _, v := range values {
		quoted = append(quoted, quote(v))
	}
	return strings.Join(quoted, " | ")
}
