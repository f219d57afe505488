package state

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	const before = `{"resources": [{"urn": "a"}], "n": 12345678901234567890, "unknown": {"x": null}}`
	same, err := Edit(json.RawMessage(before), func(s map[string]any) bool { return false })
	require.NoError(t, err)
	require.Equal(t, before, string(same))
	changed, err := Edit(json.RawMessage(before), func(s map[string]any) bool {
		s["resources"] = append(Resources(s), map[string]any{"urn": "b"})
		return true
	})
	require.NoError(t, err)
	require.JSONEq(t, `{"resources": [{"urn": "a"}, {"urn": "b"}], "n": 12345678901234567890, "unknown": {"x": null}}`, string(changed))
	require.Contains(t, string(changed), "12345678901234567890")
	_, err = Edit(json.RawMessage("["), nil)
	require.ErrorContains(t, err, "read state: ")
	require.Empty(t, Resources(map[string]any{}))
}
