package guardrail

import (
	"bytes"
	"encoding/json"
	"slices"
)

// texter is a list of texts, of which one alone is written without brackets: it is shorter.
type texter []string

// MarshalJSON writes one text as a text.
func (t texter) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return marshal(t[0]), nil
	}
	return marshal([]string(t)), nil
}

// statement is a statement of a service or resource control policy, in the order in which AWS's
// documentation writes its elements.
type statement struct {
	Sid         string                       `json:"Sid"`
	Effect      string                       `json:"Effect"`
	Principal   string                       `json:"Principal,omitempty"`
	Action      texter                       `json:"Action,omitempty"`
	NotAction   texter                       `json:"NotAction,omitempty"`
	Resource    texter                       `json:"Resource,omitempty"`
	NotResource texter                       `json:"NotResource,omitempty"`
	Condition   map[string]map[string]texter `json:"Condition,omitempty"`
}

func (s *statement) setConditions(c conditions) {
	if len(c) == 0 {
		return
	}
	s.Condition = map[string]map[string]texter{}
	for operator, keys := range c {
		s.Condition[operator] = map[string]texter{}
		for key, list := range keys {
			slices.Sort(list)
			s.Condition[operator][key] = slices.Compact(list)
		}
	}
}

// marshal writes JSON as policies want it: "<" stays as it is. What it is given can always be written.
func marshal(v any) json.RawMessage {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("guardrail: " + err.Error())
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
