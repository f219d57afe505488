package recovery

import (
	"encoding/json"
	"maps"

	"github.com/archipelago-iac/archipelago/internal/state"
)

// Resolve settles the interrupted creations in the deployment part of a Pulumi state: those that found
// names an id for, by URN, become resources; the others are forgotten, so that they are created again.
// Pulumi has a flag for the first (pulumi refresh --import-pending-creates), but its engine 3.220 notes
// such a resource without ever reading it.
//
// A resource so taken over has its inputs for outputs. What AWS never tells, such as the role that an
// account was created with, is known that way; the rest comes with the next refresh of the resource.
func Resolve(deployment json.RawMessage, found map[string]string) (json.RawMessage, error) {
	return state.Edit(deployment, func(deployment map[string]any) bool {
		settle(deployment, found)
		return true
	})
}

func settle(deployment map[string]any, found map[string]string) {
	resources := state.Resources(deployment)
	operations, _ := deployment["pending_operations"].([]any)
	var left []any
	for _, o := range operations {
		operation, _ := o.(map[string]any)
		resource, _ := operation["resource"].(map[string]any)
		if operation["type"] != "creating" || resource == nil {
			left = append(left, o)
			continue
		}
		urn, _ := resource["urn"].(string)
		if id := found[urn]; id != "" {
			// Last is a place that comes after everything that the resource needs: that was there before
			// its creation began.
			resources = append(resources, takenOver(resource, id))
		}
	}
	deployment["resources"] = resources
	delete(deployment, "pending_operations")
	if len(left) > 0 {
		deployment["pending_operations"] = left
	}
}

func takenOver(resource map[string]any, id string) map[string]any {
	out := maps.Clone(resource)
	out["id"] = id
	inputs, _ := resource["inputs"].(map[string]any)
	outputs := maps.Clone(inputs)
	if outputs == nil {
		outputs = map[string]any{}
	}
	// How the provider's schema numbers its versions is its own affair; inputs may carry a note of it.
	delete(outputs, "__defaults")
	outputs["id"] = id
	out["outputs"] = outputs
	return out
}
