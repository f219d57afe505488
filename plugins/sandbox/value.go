package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Value is a JSON value that never changes, decoded when it is first needed. It must not be used by
// several goroutines at a time.
type Value struct {
	raw     []byte
	decoded bool
	data    any
}

// NewValue returns the value that a JSON text stands for. The text must be valid and stay as it is.
func NewValue(raw []byte) *Value { return &Value{raw: raw} }

// The data of a value is nil, bool, float64, string, []any or *object.

// object is a JSON object. Its keys are sorted: the order in which hooks see them and in which they
// are written never depends on a Go map.
type object struct {
	keys   []string
	values []any
}

// absent stands for a key that is not there, which is not the same as null.
type absent struct{}

// load returns the data of the value. It panics where the host gave something that is not JSON.
func (v *Value) load() any {
	if !v.decoded {
		var data any
		if err := json.Unmarshal(v.raw, &data); err != nil {
			panic(fmt.Errorf("decode a part: %w", err))
		}
		v.data, v.decoded, v.raw = order(data), true, nil
	}
	return v.data
}

// order turns the maps of encoding/json into objects with sorted keys.
func order(data any) any {
	switch data := data.(type) {
	case []any:
		for i, item := range data {
			data[i] = order(item)
		}
	case map[string]any:
		o := &object{keys: slices.Sorted(maps.Keys(data)), values: make([]any, len(data))}
		for i, key := range o.keys {
			o.values[i] = order(data[key])
		}
		return o
	}
	return data
}

// equal reports whether two data are the same JSON.
func equal(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, equal)
	case *object:
		b, ok := b.(*object)
		return ok && (a == b || slices.Equal(a.keys, b.keys) && slices.EqualFunc(a.values, b.values, equal))
	}
	switch b.(type) {
	case []any, *object:
		return false
	}
	return a == b
}

// appendJSON writes data in its one canonical form: sorted keys, no spaces, numbers as JavaScript
// writes them, no escapes that JSON does not ask for.
func appendJSON(out []byte, data any) []byte {
	switch data := data.(type) {
	case nil:
		return append(out, "null"...)
	case bool:
		return strconv.AppendBool(out, data)
	case float64:
		return appendNumber(out, data)
	case string:
		return appendText(out, data)
	case []any:
		out = append(out, '[')
		for i, item := range data {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendJSON(out, item)
		}
		return append(out, ']')
	case *object:
		out = append(out, '{')
		for i, key := range data.keys {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendText(out, key), ':')
			out = appendJSON(out, data.values[i])
		}
		return append(out, '}')
	}
	panic(fmt.Sprintf("%T is no JSON", data))
}

func appendNumber(out []byte, n float64) []byte {
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return strconv.AppendInt(out, int64(n), 10)
	}
	// encoding/json writes floats as ECMAScript does.
	text, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return append(out, text...)
}

func appendText(out []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x80 {
			return appendEscaped(out, s)
		}
	}
	out = append(out, '"')
	out = append(out, s...)
	return append(out, '"')
}

func appendEscaped(out []byte, s string) []byte {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic(err)
	}
	return append(out, strings.TrimSuffix(b.String(), "\n")...)
}
