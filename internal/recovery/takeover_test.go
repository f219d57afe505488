package recovery

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	state := `{
		"manifest": {"time": "2026-11-01T00:00:00Z"},
		"resources": [{"urn": "stack", "type": "pulumi:pulumi:Stack", "custom": false}],
		"pending_operations": [
			{"type": "creating", "resource": {"urn": "web", "custom": true, "type": "aws:organizations/account:Account", "parent": "stack",
				"protect": true, "customTimeouts": {"create": 1800}, "inputs": {"email": "web@acme.example", "roleName": "Admin", "__defaults": []}}},
			{"type": "creating", "resource": {"urn": "db", "type": "aws:organizations/account:Account", "inputs": {}}},
			{"type": "deleting", "resource": {"urn": "old", "type": "aws:organizations/policy:Policy"}}]}`
	cases := []struct {
		name  string
		found map[string]string
		want  string
	}{
		{"one of two", map[string]string{"web": "111122223333"}, `{
			"manifest": {"time": "2026-11-01T00:00:00Z"},
			"resources": [
				{"urn": "stack", "type": "pulumi:pulumi:Stack", "custom": false},
				{"urn": "web", "id": "111122223333", "custom": true, "type": "aws:organizations/account:Account", "parent": "stack",
				 "protect": true, "customTimeouts": {"create": 1800},
				 "inputs": {"email": "web@acme.example", "roleName": "Admin", "__defaults": []},
				 "outputs": {"id": "111122223333", "email": "web@acme.example", "roleName": "Admin"}}],
			"pending_operations": [{"type": "deleting", "resource": {"urn": "old", "type": "aws:organizations/policy:Policy"}}]}`},
		{"none", nil, `{
			"manifest": {"time": "2026-11-01T00:00:00Z"},
			"resources": [{"urn": "stack", "type": "pulumi:pulumi:Stack", "custom": false}],
			"pending_operations": [{"type": "deleting", "resource": {"urn": "old", "type": "aws:organizations/policy:Policy"}}]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Resolve(json.RawMessage(state), c.found)
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(got))
		})
	}
}

func TestResolveRefusesWhatIsNoState(t *testing.T) {
	t.Parallel()
	_, err := Resolve(json.RawMessage(`[`), nil)
	require.ErrorContains(t, err, "read state")
}
