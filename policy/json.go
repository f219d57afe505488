package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// value is a JSON value with its place in the text.
type value struct {
	offset int
	// kind is one of '{' '[' '"' '0' 't' 'n': object, array, string, number, boolean, null.
	kind    byte
	text    string
	members []member
	items   []*value
}

type member struct {
	key    string
	offset int
	value  *value
}

func (v *value) get(key string) *value {
	for i := range v.members {
		if v.members[i].key == key {
			return v.members[i].value
		}
	}
	return nil
}

// list returns the items of an array, or the value itself: most elements of a policy may be written
// either way.
func (v *value) list() []*value {
	if v.kind == '[' {
		return v.items
	}
	return []*value{v}
}

// maxDepth bounds nesting, which the recursion follows.
const maxDepth = 64

type jsonParser struct {
	text     []byte
	dec      *json.Decoder
	problems []Problem
}

// parseJSON reads a document. Where it is not JSON, the value is nil and one problem says why.
func parseJSON(text []byte) (*value, []Problem) {
	if err := syntax(text); err != nil {
		return nil, []Problem{*err}
	}
	p := &jsonParser{text: text, dec: json.NewDecoder(bytes.NewReader(text))}
	p.dec.UseNumber()
	v, err := p.value(0)
	if err != nil {
		return nil, []Problem{{Offset: p.next(), Code: "policy-json", Message: "this is not valid JSON: " + err.Error()}}
	}
	return v, p.problems
}

// syntax checks the whole text first: a decoder that reads token by token does not count offsets across
// them.
func syntax(text []byte) *Problem {
	if at := invalidUTF8(text); at >= 0 {
		return &Problem{Offset: at, Code: "policy-json", Message: "this is not valid JSON: it is not UTF-8"}
	}
	var wrong *json.SyntaxError
	if !errors.As(json.Unmarshal(text, new(json.RawMessage)), &wrong) {
		return nil
	}
	p := &Problem{Offset: max(0, min(int(wrong.Offset)-1, len(text))), Code: "policy-json", Message: "this is not valid JSON: " + wrong.Error()}
	switch {
	case strings.HasPrefix(wrong.Error(), "unexpected end"):
		p.Offset, p.Message = len(bytes.TrimRight(text, " \t\r\n")), "this is not valid JSON: it ends in the middle"
	case strings.HasSuffix(wrong.Error(), "after top-level value"):
		p.Message = "there is more text after the end of the JSON document"
	}
	return p
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, -1 where there is none.
func invalidUTF8(text []byte) int {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
	return -1
}

// next returns the offset of the next token: InputOffset is the end of the one before.
func (p *jsonParser) next() int {
	at := int(p.dec.InputOffset())
	for at < len(p.text) && bytes.IndexByte([]byte(" \t\r\n,:"), p.text[at]) >= 0 {
		at++
	}
	return min(at, len(p.text))
}

var errTooDeep = errors.New("it nests too deep")

func (p *jsonParser) value(depth int) (*value, error) {
	if depth > maxDepth {
		return nil, errTooDeep
	}
	v := &value{offset: p.next()}
	t, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		v.kind = byte(t)
		if t == '{' {
			err = p.object(v, depth)
		} else {
			err = p.array(v, depth)
		}
	case string:
		v.kind, v.text = '"', t
	case json.Number:
		v.kind, v.text = '0', t.String()
	case bool:
		v.kind, v.text = 't', fmt.Sprint(t)
	default:
		v.kind = 'n'
	}
	return v, err
}

func (p *jsonParser) object(v *value, depth int) error {
	for p.dec.More() {
		at := p.next()
		t, err := p.dec.Token()
		if err != nil {
			return err
		}
		key := t.(string)
		child, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		if v.get(key) != nil {
			p.problems = append(p.problems, Problem{Offset: at, Code: "policy-duplicate-key",
				Message: fmt.Sprintf("%q is set twice in the same object; AWS would use only one of them", key)})
		}
		v.members = append(v.members, member{key: key, offset: at, value: child})
	}
	_, err := p.dec.Token()
	return err
}

func (p *jsonParser) array(v *value, depth int) error {
	for p.dec.More() {
		child, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.items = append(v.items, child)
	}
	_, err := p.dec.Token()
	return err
}

// Minify returns the document without white space between its tokens. AWS stores a policy as it is
// sent and counts every character against the size limit.
func Minify(doc []byte) (string, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, doc); err != nil {
		return "", fmt.Errorf("minify policy: %w", err)
	}
	return b.String(), nil
}
