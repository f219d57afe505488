package tests

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/lab/front"
	"github.com/archipelago-iac/archipelago/internal/recorder"
)

// readBack compares what the emulator holds with files that a person has read against the sample.
func (w *world) readBack(t *testing.T) {
	hub, err := w.client(coreManagement).DescribeOrganization(background(), &organizations.DescribeOrganizationInput{})
	require.NoError(t, err)
	for _, o := range w.plan(t).Organizations {
		t.Run(o.Name, func(t *testing.T) {
			text := strings.ReplaceAll(w.dump(t, o.Management.AccountID), aws.ToString(hub.Organization.Id), "o-hub")
			recorder.Golden(t, filepath.Join("testdata", o.Name+".aws.txt"), text)
		})
	}
}

// refusals are edits that AWS could only carry out by replacing something.
func (w *world) refusals(t *testing.T) {
	const file = "organizations/payments.yaml"
	cases := []struct{ name, old, replacement, want string }{
		{"e-mail", "payments-staging: {}", "payments-staging: { email: other@acme.example }", `email of account payments-staging`},
		{"name", "payments-staging: {}", "payments-staging: { name: staging }", `payments-staging.*name`},
		{"role", "payments-staging: {}", "payments-staging: { role: Admin }", `payments-staging.*role`},
		{"billing access", "payments-staging: {}", "payments-staging: { billingAccess: deny }", `payments-staging.*billing`},
		{"entry removed", "              payments-staging: {}\n", "", `payments-staging`},
		{"closed at once", "payments-staging: {}", "payments-staging: { state: closed }", `payments-staging`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w.undo(t, file)
			w.edit(t, file, c.old, c.replacement)
			results, err := w.run(t, deploy.Up, "payments")
			require.ErrorIs(t, err, deploy.ErrFailed)
			require.Regexp(t, regexp.MustCompile(`(?is)`+c.want), results[0].Error)
			require.Empty(t, steps(results[0]), "nothing may be half done")
		})
	}
	t.Run("nothing was touched", func(t *testing.T) {
		require.Empty(t, steps(w.must(t, deploy.Up, "payments")[0]))
	})
}

// throttled deploys a change while AWS answers every third call that it is too busy.
func (w *world) throttled(t *testing.T) {
	w.lab.Front.Inject(front.Fault{Service: "organizations", Action: "MoveAccount", Kind: front.FaultThrottle, Count: 2})
	w.edit(t, "organizations/transit.yaml", "      initech-web: { owner: integration@acme.example }\n", "")
	w.edit(t, "organizations/transit.yaml", "      reseller-portal:", "      initech-web: { owner: integration@acme.example }\n      reseller-portal:")
	r := w.must(t, deploy.Up, "transit")[0]
	require.Equal(t, []string{"update Account transit/initech-web (parentId)"}, steps(r))
}

// closing closes an account the way it is meant to be: suspended and allowed, then closed.
func (w *world) closing(t *testing.T) {
	const file = "organizations/platform.yaml"
	w.edit(t, file, "search-dev: { state: suspended }", "search-dev: { state: suspended, allowClose: true }")
	w.must(t, deploy.Up, "platform")
	w.edit(t, file, "search-dev: { state: suspended, allowClose: true }", "search-dev: { state: closed }")
	r := w.must(t, deploy.Up, "platform")[0]
	require.Contains(t, steps(r), "delete Account platform/search-dev")
	accounts, err := w.client(platformManagement).ListAccounts(background(), &organizations.ListAccountsInput{})
	require.NoError(t, err)
	for _, a := range accounts.Accounts {
		if aws.ToString(a.Name) == "search-dev" {
			require.NotEqual(t, "ACTIVE", string(a.State))
			return
		}
	}
	t.Fatal("AWS lists a closed account for 90 days, and so does the emulator")
}

// destroySpoke takes a spoke out of Pulumi's hands and looks at the hub before and after.
func (w *world) destroySpoke(t *testing.T) {
	state := filepath.Join(w.lab.Dir(), "state", ".pulumi", "stacks", "archipelago", "core.json")
	hubState, err := os.ReadFile(state)
	require.NoError(t, err)
	hub := w.dump(t, coreManagement)
	accounts := accountsByName(t, w.client(transitManagement))

	results, err := w.run(t, deploy.Destroy, "transit")
	require.ErrorIs(t, err, deploy.ErrFailed, "accounts are protected")
	require.Contains(t, results[0].Error, "protect")

	_, err = w.runOptions(t, deploy.Destroy, deploy.Options{Organizations: []string{"transit"}, ReleaseProtected: true})
	require.NoError(t, err)
	require.Equal(t, accounts, accountsByName(t, w.client(transitManagement)), "accounts stay in AWS")
	require.NotContains(t, w.dump(t, transitManagement), "policy deny-root-user")

	require.Equal(t, hub, w.dump(t, coreManagement))
	after, err := os.ReadFile(state)
	require.NoError(t, err)
	require.Equal(t, string(hubState), string(after), "the hub's stack was not opened for writing")
}

func policyNames(t *testing.T, c *organizations.Client, target string) []string {
	t.Helper()
	out, err := c.ListPoliciesForTarget(background(), &organizations.ListPoliciesForTargetInput{TargetId: &target, Filter: "SERVICE_CONTROL_POLICY"})
	require.NoError(t, err)
	var names []string
	for _, p := range out.Policies {
		names = append(names, aws.ToString(p.Name))
	}
	return names
}
