package recovery

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPending(t *testing.T) {
	t.Parallel()
	deployment, err := os.ReadFile(filepath.Join("testdata", "deployment.json"))
	require.NoError(t, err)
	got, err := Pending(deployment)
	require.NoError(t, err)
	require.Len(t, got, 2, "what was being created, and no other operation")
	require.Equal(t, "urn:pulumi:payments::archipelago::archipelago:organization:Organization$archipelago:organization:Account$aws:organizations/account:Account::payments/payments-prod", got[0].URN)
	require.Equal(t, "aws:organizations/account:Account", got[0].Type)
	require.Equal(t, "aws+payments.payments-prod@acme.example", got[0].Input("email"))
	require.Empty(t, got[0].Input("tags"), "not a text")
	require.Empty(t, got[0].Input("nothing"))
	require.Empty(t, got[1].Input("name"), "a secret is not a text")
}

func TestPendingOfNothing(t *testing.T) {
	t.Parallel()
	for _, deployment := range []string{"", "{}", "null", `{"pending_operations": null}`, `{"pending_operations": []}`} {
		got, err := Pending(json.RawMessage(deployment))
		require.NoError(t, err)
		require.Empty(t, got)
	}
	_, err := Pending(json.RawMessage(`{"pending_operations": {}}`))
	require.ErrorContains(t, err, "read pending operations: ")
}

// Two exports are of one state unless it was written in between.
func TestSame(t *testing.T) {
	t.Parallel()
	const before = `{"manifest": {"time": "1"}, "resources": [{"urn": "a", "secret": "x"}], "pending_operations": [{"type": "creating", "resource": {"urn": "b"}}]}`
	for other, want := range map[string]bool{
		before: true,
		`{"manifest": {"time": "1"}, "resources": [{"urn": "a", "secret": "y"}], "pending_operations": [{"type": "creating", "resource": {"urn": "b"}}]}`: true,
		`{"manifest": {"time": "2"}, "resources": [{"urn": "a"}], "pending_operations": [{"type": "creating", "resource": {"urn": "b"}}]}`:                false,
		`{"manifest": {"time": "1"}, "resources": [{"urn": "a"}, {"urn": "b"}]}`:                                                                          false,
		``: false,
	} {
		same, err := Same(json.RawMessage(before), json.RawMessage(other))
		require.NoError(t, err)
		require.Equal(t, want, same, other)
	}
	_, err := Same(json.RawMessage("["), nil)
	require.ErrorContains(t, err, "compare states: ")
}
