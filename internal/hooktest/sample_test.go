package hooktest_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/hooktest"
)

// The cases of the sample's hooks hold, and every hook has some.
func TestSampleCases(t *testing.T) {
	t.Parallel()
	results, err := hooktest.Run(t.Context(), os.DirFS("../.."), nil)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(results), 6)
	for _, r := range results {
		require.True(t, r.Passed, "%s: %s", r.File, r.Problem)
	}
}
