package settings

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/archipelago-iac/archipelago/topology"
)

// Origin is where a value was set.
type Origin struct {
	// Layer words who set it: "archipelago", "organization payments", "unit Workloads/Prod", "account ledger-dev",
	// "hook hooks/cost-center.ts", "default".
	Layer string `json:"layer"`
	// Position is the place in the file or hook; line 0 where it is not known.
	Position topology.Position `json:"position,omitzero"`
}

// String words the origin by its place, else by its layer.
func (o Origin) String() string {
	if o.Position.File == "" {
		return o.Layer
	}
	return o.Position.String()
}

// Value is a part of a baseline: named parts, or a value in JSON. It is never changed once made.
type Value struct {
	// Fields are the parts by name; nil for a leaf.
	Fields map[string]*Value
	// Leaf is a text, number, truth value, list or document in compact JSON.
	Leaf json.RawMessage
	// Origin is where the leaf was set; for named parts, where they were last set as a whole.
	Origin Origin
	// Gone is where parts were removed that had been there, by name.
	Gone map[string]Origin
}

// Leaf returns a leaf.
func Leaf(value any, o Origin) *Value {
	return &Value{Leaf: encode(value), Origin: o}
}

// encode returns JSON as trees have it: compact, keys sorted, nothing escaped that need not be.
func encode(value any) json.RawMessage {
	if s, ok := value.(string); ok && plainText(s) {
		return json.RawMessage(`"` + s + `"`)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		// Callers pass texts, lists of texts and what was JSON before.
		panic("encode setting: " + err.Error())
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// plainText reports whether a text is in JSON as it is. Most are: names, tags, regions.
func plainText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// isSimple reports whether JSON can be written in one way only, as whole numbers, truth values and plain
// texts.
func isSimple(text json.RawMessage) bool {
	switch n := len(text); {
	case n < 2:
		return n == 1
	case text[0] == '"':
		return plainText(string(text[1 : n-1]))
	}
	return !bytes.ContainsAny(text, ".eE+{[ \t\r\n") || text[0] == 't' || text[0] == 'f'
}

// Text returns the value of a leaf that is a text.
func (v *Value) Text() string {
	if n := len(v.Leaf); n >= 2 && bytes.IndexByte(v.Leaf, '\\') < 0 {
		return string(v.Leaf[1 : n-1])
	}
	var s string
	_ = json.Unmarshal(v.Leaf, &s) // a leaf is JSON; what is no text is ""
	return s
}

// canonical rewrites JSON as trees have it, so that equal values are equal bytes. What is not JSON
// stays as it is.
func canonical(text json.RawMessage) json.RawMessage {
	if isSimple(text) {
		return text
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return text
	}
	return encode(value)
}

// Object returns named parts.
func Object(fields map[string]*Value, o Origin) *Value {
	return &Value{Fields: fields, Origin: o}
}

// With returns the tree with one part replaced, or removed where part is nil.
func (v *Value) With(name string, part *Value) *Value {
	out := &Value{Fields: map[string]*Value{}, Origin: Origin{}}
	if v != nil {
		out.Fields, out.Origin, out.Gone = maps.Clone(v.Fields), v.Origin, v.Gone
		if out.Fields == nil {
			out.Fields = map[string]*Value{}
		}
	}
	if part == nil {
		delete(out.Fields, name)
	} else {
		out.Fields[name] = part
	}
	return out
}

// Get returns the part that the path leads to, nil where there is none.
func (v *Value) Get(path Path) *Value {
	for _, name := range path {
		if v == nil {
			return nil
		}
		v = v.Fields[name]
	}
	return v
}

// Blame returns where the part that the path leads to was set, or removed; where neither is known, the
// origin of what is around it.
func (v *Value) Blame(path Path) Origin {
	at, removed := v, Origin{}
	for _, name := range path {
		if o, gone := at.Gone[name]; gone {
			removed = o
		}
		next := at.Fields[name]
		if next == nil {
			return cmp.Or(removed, at.Origin)
		}
		at = next
	}
	return at.Origin
}

// Remove returns the tree without a part that a hook removed.
func (v *Value) Remove(name string, edits []Edit) *Value {
	out := v.With(name, nil)
	out.gone(name, originOf(Path{name}, edits))
	return out
}

// gone notes where a part was removed. The value must not be shared yet.
func (v *Value) gone(name string, o Origin) {
	v.Gone = maps.Clone(v.Gone)
	if v.Gone == nil {
		v.Gone = map[string]Origin{}
	}
	v.Gone[name] = o
}

// Keys returns the names of the parts, sorted.
func (v *Value) Keys() []string {
	if v == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(v.Fields))
}

// JSON returns the part in compact JSON with sorted keys.
func (v *Value) JSON() json.RawMessage { return v.appendJSON(nil) }

func (v *Value) appendJSON(b []byte) []byte {
	if v.Fields == nil {
		return append(b, v.Leaf...)
	}
	b = append(b, '{')
	for i, name := range v.Keys() {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, encode(name)...), ':')
		b = v.Fields[name].appendJSON(b)
	}
	return append(b, '}')
}

// Walk visits every leaf, and every empty set of named parts, sorted by path. The path is only valid
// during the call.
func (v *Value) Walk(visit func(Path, *Value)) {
	v.walk(nil, visit)
}

func (v *Value) walk(path Path, visit func(Path, *Value)) {
	if len(v.Fields) == 0 {
		visit(path, v)
		return
	}
	for _, name := range v.Keys() {
		v.Fields[name].walk(append(path, name), visit)
	}
}

// Equal reports whether two parts hold the same, wherever it comes from. Absent parts are nil.
func Equal(a, b *Value) bool {
	switch {
	case a == b:
		return true
	case a == nil || b == nil || (a.Fields == nil) != (b.Fields == nil) || len(a.Fields) != len(b.Fields):
		return false
	case a.Fields == nil:
		return bytes.Equal(a.Leaf, b.Leaf)
	}
	for name, part := range a.Fields {
		if !Equal(part, b.Fields[name]) {
			return false
		}
	}
	return true
}
