package stacks_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
)

// C01, C02: the sample archipelago, one resource graph for each organization.
func TestSampleC01(t *testing.T) {
	t.Parallel()
	p, _, found, err := plan.Load(t.Context(), os.DirFS(".."))
	require.NoError(t, err)
	require.NoError(t, found.Err())
	hub := hubOutputs()
	accounts := map[string]any{}
	for i, a := range p.Organization(p.Hub).Accounts {
		accounts[a.Key] = map[string]any{"id": fmt.Sprintf("1111%08d", i)}
	}
	hub["accounts"] = accounts
	for _, o := range p.Organizations {
		t.Run(o.Name, func(t *testing.T) {
			t.Parallel()
			options := recorder.Options{Stack: o.Name, Stacks: map[string]map[string]any{}}
			if o.Name != p.Hub {
				options.Stacks[coreStack] = hub
			}
			got, err := recorder.Run(options, stacks.Program(p))
			require.NoError(t, err)
			explicitProviders(t, got)
			recorder.Golden(t, filepath.Join("testdata", "sample", o.Name+".golden"), got.String())
		})
	}
}
