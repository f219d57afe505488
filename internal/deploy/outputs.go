package deploy

import (
	"context"
	"fmt"
)

// Outputs reads the outputs of the selected stacks, by stack. Secrets are replaced by "[secret]".
func Outputs(ctx context.Context, o Options) (map[string]map[string]any, error) {
	selected, err := Select(o.Plan, o.Organizations)
	if err != nil {
		return nil, err
	}
	r := &runner{Options: o, emit: serialize(nil), results: map[string]Result{}}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	out := map[string]map[string]any{}
	for _, org := range selected {
		s, err := r.open(ctx, org.Name)
		if err != nil {
			return nil, err
		}
		values, err := s.Outputs(ctx)
		if err != nil {
			return nil, fmt.Errorf("read outputs of %s: %w", org.Name, err)
		}
		plain := map[string]any{}
		for name, v := range values {
			plain[name] = v.Value
			if v.Secret {
				plain[name] = "[secret]"
			}
		}
		out[org.Name] = plain
	}
	return out, nil
}
