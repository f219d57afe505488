package topology

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

type kind uint8

const (
	kindNull kind = iota
	kindString
	kindBool
	kindInt
	kindFloat
	kindMapping
	kindSequence
)

func (k kind) String() string {
	return [...]string{"nothing", "text", "true or false", "a whole number", "a number", "a mapping", "a list"}[k]
}

func (k kind) structured() bool { return k == kindMapping || k == kindSequence }

// node is a YAML value reduced to what decoding and diagnostics need: aliases and merge keys are
// resolved, comments are gone. It is small, since an archipelago of 10,000 accounts has some 200,000.
type node struct {
	kind      kind
	line, col int32
	width     int32
	text      string
	entries   []entry
	items     []*node
}

type entry struct {
	key string
	// The place of the key, quotes included.
	line, col, width int32
	value            *node
}

func (n *node) get(key string) *entry {
	if n == nil {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return &n.entries[i]
		}
	}
	return nil
}

// maxNodes bounds what aliases may expand to, so that a few lines of nested aliases cannot exhaust
// memory. A hundred thousand accounts stay below it.
const maxNodes = 4_000_000

// maxDepth bounds nesting. AWS allows five levels of units, which is a depth of about 15.
const maxDepth = 64

type reducer struct {
	file    *File
	anchors map[string]anchor
	count   int
	full    bool
}

// anchor is a value that aliases may repeat, with how many nodes each repetition adds.
type anchor struct {
	value *node
	size  int
}

// parse turns YAML text into nodes. A file holds one document; nil means that it was empty or
// could not be read as YAML at all.
func parse(f *File) *node {
	file, err := parser.ParseBytes(f.content, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		f.syntaxError(err)
		return nil
	}
	r := &reducer{file: f, anchors: map[string]anchor{}}
	var root *node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			f.report(r.pos(doc.Body), "syntax", "this file holds more than one YAML document", "put each organization into a file of its own")
			break
		}
		root = r.reduce(doc.Body, 0)
	}
	if r.full {
		// What was cut off must not be taken for missing.
		return nil
	}
	return root
}

func (f *File) syntaxError(err error) {
	pos := f.at(1, 1, 1)
	message := err.Error()
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		message = syntax.Message
		if t := syntax.Token; t != nil && t.Position != nil {
			pos = f.at(int32(t.Position.Line), int32(t.Position.Column), 1)
		}
	}
	message, _, _ = strings.Cut(message, "\n")
	f.report(pos, "syntax", "this is not valid YAML: "+message, "")
}

func (r *reducer) pos(n ast.Node) Position {
	switch m := n.(type) {
	case *ast.MappingNode:
		// The token of a mapping in block style is its first colon.
		if !m.IsFlowStyle && len(m.Values) > 0 {
			return r.pos(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return r.pos(m.Key)
	}
	return r.file.at(r.place(n.GetToken()))
}

func (r *reducer) place(t *token.Token) (line, col, width int32) {
	if t == nil || t.Position == nil {
		return 1, 1, 1
	}
	return int32(t.Position.Line), int32(t.Position.Column), int32(max(1, utf8.RuneCountInString(strings.TrimSpace(t.Origin))))
}

func (r *reducer) reduce(n ast.Node, depth int) *node {
	out := &node{}
	out.line, out.col, out.width = r.place(n.GetToken())
	if r.count++; r.count > maxNodes || depth > maxDepth {
		r.tooLarge(n)
		return out
	}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.BoolNode:
		out.kind, out.text = kindBool, fmt.Sprint(n.Value)
	case *ast.IntegerNode:
		// The token, not the value: an account id of twelve digits keeps its leading zeros.
		out.kind, out.text = kindInt, n.GetToken().Value
	case *ast.FloatNode:
		out.kind, out.text = kindFloat, n.GetToken().Value
	case *ast.InfinityNode, *ast.NanNode:
		out.kind, out.text = kindFloat, n.GetToken().Value
	case *ast.StringNode:
		out.kind, out.text = kindString, n.Value
	case *ast.LiteralNode:
		out.kind, out.text = kindString, n.Value.Value
	case *ast.AnchorNode:
		before := r.count
		value := r.reduce(n.Value, depth+1)
		r.anchors[n.Name.GetToken().Value] = anchor{value, r.count - before}
		return value
	case *ast.AliasNode:
		return r.alias(n, out)
	case *ast.TagNode:
		r.file.report(r.pos(n), "syntax", fmt.Sprintf("YAML tag %s is not supported", n.GetToken().Value), "write the value without the tag")
	case *ast.SequenceNode:
		out.kind = kindSequence
		for _, item := range n.Values {
			out.items = append(out.items, r.reduce(item, depth+1))
		}
	case *ast.MappingNode:
		r.mapping(out, n.Values, depth)
	case *ast.MappingValueNode:
		r.mapping(out, []*ast.MappingValueNode{n}, depth)
	default:
		r.file.report(r.pos(n), "syntax", fmt.Sprintf("YAML construct %s is not supported", n.Type()), "")
	}
	return out
}

// tooLarge reports once that the file was cut short.
func (r *reducer) tooLarge(n ast.Node) {
	if r.full {
		return
	}
	r.full = true
	r.file.report(r.pos(n), "too-large", "this file nests deeper or expands to more values than any archipelago needs",
		"look for an alias (*name) that includes itself or is repeated many times")
}

// alias returns a copy of the anchored value's top, placed where the alias stands, so that a
// diagnostic points to the line that used it.
func (r *reducer) alias(n *ast.AliasNode, out *node) *node {
	name := n.Value.GetToken().Value
	target, ok := r.anchors[name]
	if !ok {
		r.file.report(r.pos(n), "syntax", fmt.Sprintf("alias *%s has no anchor &%s above it", name, name), "")
		return out
	}
	if r.count += target.size; r.count > maxNodes {
		r.tooLarge(n)
		return out
	}
	v := target.value
	return &node{kind: v.kind, text: v.text, entries: v.entries, items: v.items,
		line: out.line, col: out.col, width: int32(1 + utf8.RuneCountInString(name))}
}

func (r *reducer) mapping(out *node, values []*ast.MappingValueNode, depth int) {
	out.kind = kindMapping
	var merged []*node
	seen := make(map[string]int, len(values))
	for i, v := range values {
		line, col, width := r.place(v.Key.GetToken())
		if i == 0 {
			out.line, out.col, out.width = line, col, width
		}
		value := r.reduce(v.Value, depth+1)
		if v.Key.IsMergeKey() {
			merged = append(merged, value)
			continue
		}
		key := r.key(v.Key)
		if first, twice := seen[key]; twice {
			d := r.file.report(r.file.at(line, col, width), "duplicate-key", fmt.Sprintf("%q is set twice in the same mapping", key), "keep one of the two")
			d.Related = append(d.Related, Related{r.file.at(out.entries[first].line, out.entries[first].col, width), "first set here"})
			continue
		}
		seen[key] = len(out.entries)
		out.entries = append(out.entries, entry{key: key, line: line, col: col, width: width, value: value})
	}
	for _, m := range merged {
		out.merge(m, seen)
	}
}

func (r *reducer) key(k ast.MapKeyNode) string {
	if s, ok := k.(*ast.StringNode); ok {
		return s.Value
	}
	return k.GetToken().Value
}

// merge adds the entries of a merge key (<<) whose keys are not there yet.
func (n *node) merge(from *node, seen map[string]int) {
	for _, item := range from.items {
		n.merge(item, seen)
	}
	for _, e := range from.entries {
		if _, there := seen[e.key]; !there {
			seen[e.key] = len(n.entries)
			n.entries = append(n.entries, e)
		}
	}
}
