package simulate

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is what is wrong with a document, and where.
type Error struct {
	// Offset is the byte in the document that the error is about.
	Offset  int
	Message string
}

func (e *Error) Error() string { return e.Message }

func fail(offset int, format string, args ...any) *Error {
	return &Error{Offset: offset, Message: fmt.Sprintf(format, args...)}
}

// node is a JSON value with its place in the text.
type node struct {
	offset int
	// kind is the first byte of the value: { [ " t f n, and 0 for every number.
	kind    byte
	text    string
	members []member
	items   []*node
}

type member struct {
	key    string
	offset int
	value  *node
}

// list returns the items of an array, or the value itself.
func (n *node) list() []*node {
	if n.kind == '[' {
		return n.items
	}
	return []*node{n}
}

// maxDepth bounds nesting, which the recursion follows; a policy needs five.
const maxDepth = 16

// reader walks through text that is known to be JSON.
type reader struct {
	text []byte
	at   int
}

func parseJSON(text []byte) (*node, *Error) {
	if !utf8.Valid(text) {
		return nil, fail(0, "this is not valid JSON: it is not UTF-8")
	}
	if !json.Valid(text) {
		var wrong *json.SyntaxError
		if errors.As(json.Unmarshal(text, new(json.RawMessage)), &wrong) {
			return nil, fail(max(0, min(int(wrong.Offset)-1, len(text))), "this is not valid JSON: %s", wrong)
		}
		return nil, fail(0, "this is not valid JSON")
	}
	r := &reader{text: text}
	return r.value(0)
}

func (r *reader) skip(also string) {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n"+also, r.text[r.at]) >= 0 {
		r.at++
	}
}

func (r *reader) value(depth int) (*node, *Error) {
	r.skip(",:")
	if depth > maxDepth {
		return nil, fail(r.at, "the document nests too deep")
	}
	n := &node{offset: r.at, kind: r.text[r.at]}
	switch n.kind {
	case '{':
		return n, r.object(n, depth)
	case '[':
		r.at++
		for r.skip(","); r.text[r.at] != ']'; r.skip(",") {
			item, err := r.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		r.at++
	case '"':
		n.text = r.quoted()
	default:
		end := r.at
		for end < len(r.text) && strings.IndexByte(" \t\r\n,:]}", r.text[end]) < 0 {
			end++
		}
		n.text = string(r.text[r.at:end])
		if n.kind == '-' || n.kind >= '0' && n.kind <= '9' {
			n.kind = '0'
		}
		r.at = end
	}
	return n, nil
}

func (r *reader) object(n *node, depth int) *Error {
	r.at++
	seen := map[string]bool{}
	for r.skip(","); r.text[r.at] != '}'; r.skip(",") {
		m := member{offset: r.at}
		m.key = r.quoted()
		if seen[m.key] {
			return fail(m.offset, "%q is set twice in the same object", m.key)
		}
		seen[m.key] = true
		var err *Error
		if m.value, err = r.value(depth + 1); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
	r.at++
	return nil
}

// quoted reads the text that starts at the reader's place.
func (r *reader) quoted() string {
	start := r.at
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			r.at++
		}
	}
	r.at++
	var s string
	if err := json.Unmarshal(r.text[start:r.at], &s); err != nil {
		return ""
	}
	return s
}
