package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStacksAreCounted(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	path := filepath.Join(state, ".pulumi", "stacks", "archipelago", "payments.json")
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(`{"version": 3, "checkpoint": {"latest": {"resources": [
		{"urn": "s", "type": "pulumi:pulumi:Stack"},
		{"urn": "p", "type": "pulumi:providers:aws", "custom": true, "id": "x"},
		{"urn": "c", "type": "archipelago:organization:Organization"},
		{"urn": "a", "type": "aws:organizations/account:Account", "custom": true, "id": "444444444444"},
		{"urn": "r", "type": "aws:ram/resourceShare:ResourceShare", "custom": true, "id": "y"},
		{"urn": "o", "type": "aws:iam/role:Role", "custom": true, "id": "z", "delete": true}
	]}}}`), 0o600))

	c := counter{planned: map[string]bool{"r": true}, owner: map[string]string{}}
	require.NoError(t, c.stacks(state))
	require.Equal(t, []OrganizationStats{{Name: "payments", Applied: 1, Planned: 1}}, c.stats.Organizations)
	require.Equal(t, map[string]string{"444444444444": "payments"}, c.owner)
}

func TestStatsRender(t *testing.T) {
	t.Parallel()
	s := Stats{
		Organizations: []OrganizationStats{{"core", 12, 1, 340, 2}, {"payments", 7, 0, 99, 0}},
		OtherCalls:    3, PeakMemory: 700 << 20, PeakMemoryKnown: true,
	}
	var b strings.Builder
	require.NoError(t, s.Render(&b))
	require.Equal(t, `  ORGANIZATION  APPLIED  PLANNED ONLY  API CALLS  ERRORS
          core       12             1        340       2
      payments        7             0         99       0
         total       19             1        439       2
calls from the automation account: 3
peak memory: 700 MB
`, b.String())
	s.PeakMemoryKnown = false
	b.Reset()
	require.NoError(t, s.Render(&b))
	require.Contains(t, b.String(), "peak memory: not known on this system\n")
}

func TestTreeRender(t *testing.T) {
	t.Parallel()
	tree := Tree{Name: "payments", ID: "o-1", ManagementAccount: "222222222222", Root: &Node{
		ID: "r-1", Name: "Root", Policies: []string{"deny-leave"},
		Accounts: []TreeAccount{{ID: "222222222222", Name: "master", Status: "ACTIVE"}},
		Units: []*Node{
			{Name: "Security", Policies: []string{"a", "b"}, Accounts: []TreeAccount{
				{ID: "333333333333", Name: "audit", Status: "ACTIVE", Administers: []string{"guardduty.amazonaws.com"}},
				{ID: "444444444444", Name: "log-archive", Status: "SUSPENDED", Policies: []string{"c"}},
			}},
			{Name: "Workloads", Units: []*Node{{Name: "Prod"}}},
		},
	}}
	var b strings.Builder
	require.NoError(t, tree.Render(&b))
	require.Equal(t, `payments  o-1  management account 222222222222  [deny-leave]
├── Security/  [a, b]
│   ├── audit  333333333333  administers guardduty.amazonaws.com
│   └── log-archive  444444444444  SUSPENDED  [c]
└── Workloads/
    └── Prod/
`, b.String())

	b.Reset()
	require.NoError(t, (&Tree{Name: "core", ManagementAccount: "111111111111"}).Render(&b))
	require.Equal(t, "core  not deployed (management account 111111111111)\n", b.String())
}
