package shape

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxDepth is how deep JSON may nest. It bounds the stack; no draft comes near it.
const maxDepth = 128

// value is JSON that was read but not yet given a meaning. Unlike what encoding/json makes of it, it keeps
// members that are given twice, and numbers as they are written.
type value struct {
	// token is the value itself: nil, bool, json.Number or string; '{' or '[' for what has parts.
	token   json.Token
	items   []value
	members []member
}

type member struct {
	name string
	value
}

// read reads one JSON value and nothing after it.
func read(text []byte) (value, error) {
	if !json.Valid(text) {
		return value{}, json.Unmarshal(text, new(json.RawMessage))
	}
	r := &reader{text: text}
	return r.value(0)
}

// reader reads JSON that is known to be valid, which is what makes it short. It is a fifth of the time of
// [json.Decoder.Token], and all changes of all accounts come through here.
type reader struct {
	text []byte
	at   int
}

func (r *reader) value(depth int) (value, error) {
	if depth > maxDepth {
		return value{}, fmt.Errorf("nests deeper than %d levels", maxDepth)
	}
	r.skip(" \t\r\n")
	switch c := r.text[r.at]; c {
	case '{', '[':
		r.at++
		return r.parts(json.Delim(c), depth)
	case '"':
		s, err := r.string()
		return value{token: s}, err
	case 't', 'f', 'n':
		word := r.skip("truefalsn")
		if string(word) == "null" {
			return value{}, nil
		}
		return value{token: string(word) == "true"}, nil
	}
	return value{token: json.Number(r.skip("+-.0123456789eE"))}, nil
}

// parts reads up to the bracket that closes an object or a list.
func (r *reader) parts(open json.Delim, depth int) (value, error) {
	v := value{token: open}
	for {
		r.skip(" \t\r\n,")
		if c := r.text[r.at]; c == '}' || c == ']' {
			r.at++
			return v, nil
		}
		var m member
		var err error
		if open == '{' {
			if m.name, err = r.string(); err != nil {
				return value{}, err
			}
			r.skip(" \t\r\n:")
		}
		if m.value, err = r.value(depth + 1); err != nil {
			return value{}, err
		}
		if open == '{' {
			v.members = append(v.members, m)
		} else {
			v.items = append(v.items, m.value)
		}
	}
}

// skip moves on over characters of a set and returns them.
func (r *reader) skip(set string) []byte {
	start := r.at
	for r.at < len(r.text) && strings.IndexByte(set, r.text[r.at]) >= 0 {
		r.at++
	}
	return r.text[start:r.at]
}

func (r *reader) string() (string, error) {
	start, escaped := r.at, false
	for r.at++; r.text[r.at] != '"'; r.at++ {
		if r.text[r.at] == '\\' {
			escaped = true
			r.at++
		}
	}
	r.at++
	quoted := r.text[start:r.at]
	if !escaped {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err
}

func (v value) isObject() bool { return v.token == json.Delim('{') }

func (v value) has(name string) bool {
	return slices.ContainsFunc(v.members, func(m member) bool { return m.name == name })
}

// excerptLength is how much of a text a message quotes.
const excerptLength = 40

// String words the value for a message: `"abc"`, 12, true, null, a list.
func (v value) String() string {
	switch t := v.token.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(t)
	case json.Number:
		return t.String()
	case string:
		if r := []rune(t); len(r) > excerptLength {
			return strconv.Quote(string(r[:excerptLength])) + "..."
		}
		return strconv.Quote(t)
	case json.Delim:
		if t == '[' {
			return "a list"
		}
	}
	return "an object"
}
