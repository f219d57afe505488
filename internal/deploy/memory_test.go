package deploy

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
)

func TestParallel(t *testing.T) {
	t.Parallel()
	const gib = 1 << 30
	with := func(providers ...int) []*plan.Organization {
		var out []*plan.Organization
		for _, n := range providers {
			out = append(out, &plan.Organization{Providers: make([]plan.Provider, n)})
		}
		return out
	}
	for name, c := range map[string]struct {
		organizations []*plan.Organization
		free          uint64
		want          int
	}{
		"unknown":                           {with(1), 0, 4},
		"hardly any":                        {with(1), 100 << 20, 1},
		"just the reserve":                  {with(1), reserve, 1},
		"one":                               {with(1), reserve + engineMemory + providerMemory, 1},
		"almost two":                        {with(1), reserve + 2*(engineMemory+providerMemory) - 1, 1},
		"two":                               {with(1), reserve + 2*(engineMemory+providerMemory), 2},
		"plenty":                            {with(1), 64 * gib, 4},
		"the largest counts":                {with(1, 10, 2), reserve + 2*(engineMemory+10*providerMemory), 2},
		"one that is too large runs, alone": {with(1, 100), 8 * gib, 1},
		"none chosen":                       {nil, 8 * gib, 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, parallel(c.organizations, c.free))
		})
	}
}

func TestFreeMemoryIsPlausible(t *testing.T) {
	t.Parallel()
	// 0 means that the system does not say; no machine has a pebibyte.
	require.Less(t, freeMemory(), uint64(1<<50))
}
