package deploy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"github.com/archipelago-iac/archipelago/internal/state"
)

// kept are the types of what a destroy never deletes, protected or not. An account that may be closed
// (allowClose) is neither protected nor retained, and a destroy would close it. A unit without accounts in
// the files is not either, and yet may hold closed ones, for 90 days: AWS would refuse to delete it.
var kept = map[string]bool{
	"aws:organizations/organization:Organization": true,
	accountType: true,
	"aws:organizations/organizationalUnit:OrganizationalUnit": true,
}

// spare keeps a destroy from what must not be lost. Pulumi does not look for protected resources before it
// begins: it deletes the rest, the guardrails of accounts in use among it, and fails then. So a stack
// with protected resources is refused here, before anything is deleted; where they are released, the state
// is told to forget them instead of deleting them.
func (r *runner) spare(ctx context.Context, s *auto.Stack) error {
	export, err := s.Export(ctx)
	if err != nil {
		return fmt.Errorf("read the stack's state: %w", err)
	}
	released, protected, err := release(export.Deployment)
	if err != nil {
		return err
	}
	if len(protected) > 0 && !r.ReleaseProtected {
		return &protectedError{stack: s.Name(), names: protected}
	}
	if bytes.Equal(released, export.Deployment) {
		return nil
	}
	export.Deployment = released
	if err := s.Import(ctx, export); err != nil {
		return fmt.Errorf("release protected resources: %w", err)
	}
	return nil
}

// protectedError says what keeps a stack from being destroyed.
type protectedError struct {
	stack string
	names []string
}

func (e *protectedError) Error() string {
	const shown = 5
	names, more := e.names, ""
	if len(names) > shown {
		more = fmt.Sprintf(" and %d more", len(names)-shown)
		names = names[:shown]
	}
	return fmt.Sprintf("destroy %s: %s%s are protected, so nothing was deleted: with --release-protected they stay in AWS, without policies, and Pulumi forgets them",
		e.stack, strings.Join(names, ", "), more)
}

// release lifts the protection of every resource in the deployment part of a state and has those that are
// kept retained. It returns the names of the protected ones, and the deployment as it was where there is
// nothing to change.
func release(deployment json.RawMessage) (json.RawMessage, []string, error) {
	if len(deployment) == 0 {
		return deployment, nil, nil
	}
	var protected []string
	released, err := state.Edit(deployment, func(deployment map[string]any) (changed bool) {
		for _, x := range state.Resources(deployment) {
			resource, _ := x.(map[string]any)
			urn, _ := resource["urn"].(string)
			if resource["protect"] == true {
				protected = append(protected, resourceName(urn))
				delete(resource, "protect")
				changed = true
			}
			if kind, _ := resource["type"].(string); kept[kind] && resource["retainOnDelete"] != true {
				resource["retainOnDelete"] = true
				changed = true
			}
		}
		return changed
	})
	return released, protected, err
}
