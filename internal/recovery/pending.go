package recovery

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Creation is a resource whose creation began and was never confirmed.
type Creation struct {
	URN    string
	Type   string
	Inputs map[string]any
}

// Input returns an input that is a text, "" where it is not.
func (c Creation) Input(name string) string {
	s, _ := c.Inputs[name].(string)
	return s
}

// Same reports whether two exports are of the same state. Pulumi notes the time whenever it writes one; the
// rest may differ without a change, because secrets are encrypted anew.
func Same(a, b json.RawMessage) (bool, error) {
	var states [2]struct {
		Manifest struct {
			Time string `json:"time"`
		} `json:"manifest"`
		Resources  []struct{} `json:"resources"`
		Operations []struct {
			Type     string `json:"type"`
			Resource struct {
				URN string `json:"urn"`
			} `json:"resource"`
		} `json:"pending_operations"`
	}
	for i, deployment := range []json.RawMessage{a, b} {
		if len(deployment) == 0 {
			continue
		}
		if err := json.Unmarshal(deployment, &states[i]); err != nil {
			return false, fmt.Errorf("compare states: %w", err)
		}
	}
	return reflect.DeepEqual(states[0], states[1]), nil
}

// Pending reads the interrupted creations from the deployment part of a Pulumi state export.
// Other interrupted operations need no help: Pulumi repeats them.
func Pending(deployment json.RawMessage) ([]Creation, error) {
	var state struct {
		Operations []struct {
			Type     string `json:"type"`
			Resource struct {
				URN    string         `json:"urn"`
				Type   string         `json:"type"`
				Inputs map[string]any `json:"inputs"`
			} `json:"resource"`
		} `json:"pending_operations"`
	}
	if len(deployment) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(deployment, &state); err != nil {
		return nil, fmt.Errorf("read pending operations: %w", err)
	}
	var out []Creation
	for _, o := range state.Operations {
		if o.Type == "creating" {
			out = append(out, Creation{URN: o.Resource.URN, Type: o.Resource.Type, Inputs: o.Resource.Inputs})
		}
	}
	return out, nil
}
