// Package state edits the deployment part of an exported Pulumi state, without a notion of what it does
// not touch: fields stay, known or not, and numbers stay as they are written.
package state

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Edit hands the deployment to the function and returns what it has made of it; the deployment itself,
// byte for byte, where the function reports that it changed nothing.
func Edit(deployment json.RawMessage, edit func(map[string]any) (changed bool)) (json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(deployment))
	decoder.UseNumber()
	var state map[string]any
	if err := decoder.Decode(&state); err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	if !edit(state) {
		return deployment, nil
	}
	out, err := json.Marshal(state)
	if err != nil {
		return nil, fmt.Errorf("write state: %w", err)
	}
	return out, nil
}

// Resources returns the resources of a deployment that [Edit] hands out.
func Resources(state map[string]any) []any {
	resources, _ := state["resources"].([]any)
	return resources
}
