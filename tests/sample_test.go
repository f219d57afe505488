package tests

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
)

// Management accounts of the sample.
const (
	coreManagement     = "100000000001"
	paymentsManagement = "200000000001"
	platformManagement = "300000000001"
	transitManagement  = "700000000001"
)

// TestSample deploys the sample archipelago, seven organizations, and lives with it: the steps build
// on each other.
// Covers A01, A02, A04, A05, A06, A07, A12, A22, A27, A28, A30, A32, C01, C02, C19, D01, D02, D03, D06, D07, D09
// end to end.
func TestSample(t *testing.T) {
	w := newWorld(t, "..")
	step := func(name string, f func(*testing.T)) {
		t.Helper()
		if !t.Run(name, f) {
			t.FailNow()
		}
	}
	step("preview of nothing deployed", func(t *testing.T) {
		results := w.must(t, deploy.Preview)
		for _, r := range results {
			require.Positive(t, r.Changes["create"], r.Stack)
		}
	})
	step("up", func(t *testing.T) {
		results := w.must(t, deploy.Up)
		require.Len(t, results, 7)
		stats, err := w.lab.Stats()
		require.NoError(t, err)
		for _, o := range stats.Organizations {
			require.Positive(t, o.Applied, o.Name)
			require.Zero(t, o.Planned, "%s: everything here can be applied", o.Name)
		}
	})
	step("second up changes nothing", func(t *testing.T) {
		for _, r := range w.must(t, deploy.Up) {
			require.Empty(t, steps(r), r.Stack)
			require.Zero(t, r.Changed(), "%s: %v", r.Stack, r.Changes)
		}
	})
	step("refresh finds nothing changed", func(t *testing.T) {
		for _, r := range w.must(t, deploy.Refresh) {
			require.Empty(t, steps(r), r.Stack)
		}
	})
	step("the emulator holds what was written", w.readBack)
	step("the accounts are set up", w.baselines)
	step("a hook edit changes the accounts it should", w.hookEdit)
	step("undone", func(t *testing.T) { w.must(t, deploy.Up, "core", "payments") })
	step("a frozen account stays as it is", w.frozen)
	step("an account is moved in place", func(t *testing.T) {
		before := accountsByName(t, w.client(paymentsManagement))
		w.edit(t, "organizations/payments.yaml", "              ledger-staging: { tags: { cost-center: \"4712\" } }\n", "")
		w.edit(t, "organizations/payments.yaml", "            accounts:\n              payments-dev: {}\n", "            accounts:\n              ledger-staging: { tags: { cost-center: \"4712\", environment: staging } }\n              payments-dev: {}\n")
		r := w.must(t, deploy.Up, "payments")[0]
		require.Equal(t, []string{"update Account payments/ledger-staging (parentId)"}, steps(r))
		require.Equal(t, before["ledger-staging"], accountsByName(t, w.client(paymentsManagement))["ledger-staging"])
		require.Equal(t, "Dev", parentName(t, w.client(paymentsManagement), before["ledger-staging"]))
	})
	step("a unit is renamed and keeps its accounts", func(t *testing.T) {
		before := accountsByName(t, w.client(platformManagement))
		w.edit(t, "organizations/platform.yaml", "      Prod:\n", "      Production:\n        formerly: [Prod]\n")
		r := w.must(t, deploy.Up, "platform")[0]
		require.Equal(t, []string{"update OrganizationalUnit platform/Workloads/Production (name)"}, steps(r))
		require.Equal(t, before, accountsByName(t, w.client(platformManagement)))
		require.Equal(t, "Production", parentName(t, w.client(platformManagement), before["data-prod"]))
	})
	step("a policy is edited", func(t *testing.T) {
		w.edit(t, "organizations/sandbox.yaml", `["t3.*", "t4g.*"]`, `["t3.*", "t4g.*", "m7g.large"]`)
		results := byStack(w.must(t, deploy.Up, "core", "sandbox", "transit"))
		require.Equal(t, []string{"update Policy sandbox/small-instances (content)"}, steps(results["sandbox"]))
		for name, r := range results {
			if name != "sandbox" {
				require.Empty(t, steps(r), name)
			}
		}
	})
	step("an account is quarantined and released", func(t *testing.T) {
		w.undo(t, "organizations/transit.yaml")
		w.edit(t, "organizations/transit.yaml", "reseller-portal: {", "reseller-portal: { state: quarantined,")
		r := w.must(t, deploy.Up, "transit")[0]
		require.Equal(t, []string{
			"create Policy transit/quarantine",
			"create PolicyAttachment transit/quarantine@account:reseller-portal",
		}, steps(r))
		require.Contains(t, policyNames(t, w.client(transitManagement), accountsByName(t, w.client(transitManagement))["reseller-portal"]), "quarantine")
	})
	step("released", func(t *testing.T) {
		r := w.must(t, deploy.Up, "transit")[0]
		require.Equal(t, []string{
			"delete Policy transit/quarantine",
			"delete PolicyAttachment transit/quarantine@account:reseller-portal",
		}, steps(r))
	})
	step("what AWS would replace is refused", w.refusals)
	step("a throttled AWS is waited for", w.throttled)
	step("an account is closed in two deployments", w.closing)
	step("a spoke is destroyed and the hub untouched", w.destroySpoke)
}

func accountsByName(t *testing.T, c *organizations.Client) map[string]string {
	t.Helper()
	out := map[string]string{}
	pages := organizations.NewListAccountsPaginator(c, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(t, err)
		for _, a := range page.Accounts {
			out[aws.ToString(a.Name)] = aws.ToString(a.Id)
		}
	}
	return out
}

// parentName returns the name of the unit that an account or unit is in, "" for the root.
func parentName(t *testing.T, c *organizations.Client, id string) string {
	t.Helper()
	parents, err := c.ListParents(background(), &organizations.ListParentsInput{ChildId: &id})
	require.NoError(t, err)
	require.Len(t, parents.Parents, 1)
	if parents.Parents[0].Type == "ROOT" {
		return ""
	}
	unit, err := c.DescribeOrganizationalUnit(background(), &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: parents.Parents[0].Id})
	require.NoError(t, err)
	return aws.ToString(unit.OrganizationalUnit.Name)
}
