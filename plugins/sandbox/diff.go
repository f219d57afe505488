package sandbox

import "encoding/json"

// Change is one difference that a hook made to the draft. Path has keys of objects alone: a list is one
// value, and so is an object that was not there before.
type Change struct {
	Path  []string        `json:"path"`
	Use   int             `json:"use"`
	Place Place           `json:"at"`
	From  json.RawMessage `json:"from,omitempty"` // nil: was not there
	To    json.RawMessage `json:"to,omitempty"`   // nil: is not there
}

// differ compares the draft before and after a hook.
type differ struct {
	walker  *walker
	use     int
	path    []step
	changes []Change
}

// compare adds the changes at a key and below, in the order of keys.
func (d *differ) compare(key string, before, after any) {
	d.path = append(d.path, step{key: key})
	defer func() { d.path = d.path[:len(d.path)-1] }()
	was, ok1 := before.(*object)
	is, ok2 := after.(*object)
	if ok1 && ok2 {
		if was != is {
			d.members(was, is)
		}
		return
	}
	if equal(before, after) {
		return
	}
	c := Change{Use: d.use, Place: d.walker.at(d.path).place(), From: text(before), To: text(after)}
	for _, s := range d.path {
		c.Path = append(c.Path, s.key)
	}
	d.changes = append(d.changes, c)
}

// members merges two sorted lists of keys.
func (d *differ) members(was, is *object) {
	i, j := 0, 0
	for i < len(was.keys) || j < len(is.keys) {
		switch {
		case j == len(is.keys) || i < len(was.keys) && was.keys[i] < is.keys[j]:
			d.compare(was.keys[i], was.values[i], absent{})
			i++
		case i == len(was.keys) || is.keys[j] < was.keys[i]:
			d.compare(is.keys[j], absent{}, is.values[j])
			j++
		default:
			d.compare(was.keys[i], was.values[i], is.values[j])
			i, j = i+1, j+1
		}
	}
}

// text is the canonical JSON of data, nil for absent.
func text(data any) json.RawMessage {
	if data == (absent{}) {
		return nil
	}
	return appendJSON(nil, data)
}
