package stacks_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
	"github.com/archipelago-iac/archipelago/topology"
)

const readState = "pulumi:pulumi:readStackResourceOutputs"

// stateOf says that the state of the stack is what a deployment registered, without the resources whose
// names have one of the texts in them.
func stateOf(got *recorder.Recording, without ...string) func(*recorder.Options) {
	types := map[string]string{}
	for _, r := range got.Resources {
		types[r.Type+" "+r.Name] = r.Type
		if parent := r.Parent; parent != "" {
			types[r.Type+" "+r.Name] = types[parent] + "$" + r.Type
		}
	}
	state := map[string]any{}
	for _, r := range got.Resources {
		if slices.ContainsFunc(without, func(text string) bool { return strings.Contains(r.Name, text) }) {
			continue
		}
		urn := "urn:pulumi:payments::archipelago::" + types[r.Type+" "+r.Name] + "::" + r.Name
		state[urn] = map[string]any{"type": r.Type, "outputs": map[string]any{"name": r.Name, "o.k": 1.0, "__meta": "{}"}}
	}
	return func(o *recorder.Options) {
		o.Answers = map[string]map[string]any{readState: {"name": paymentsStack, "outputs": state}}
	}
}

// frozen is the plan once payments-prod is quarantined: the plan lists no providers for it.
func frozen(o *plan.Organization) {
	o.Accounts[1].State, o.Accounts[1].Frozen = topology.StateQuarantined, true
	o.Providers = slices.DeleteFunc(o.Providers, func(p plan.Provider) bool { return p.Account == "payments-prod" })
}

// inside returns what is in payments-prod.
func inside(got *recorder.Recording) []recorder.Resource {
	var out []recorder.Resource
	for _, r := range got.Resources {
		if r.Provider == "payments/payments-prod/eu-west-1" || r.Provider == "payments/payments-prod/us-east-1" {
			out = append(out, r)
		}
	}
	return out
}

// What is in a frozen account is registered as it is, where it is and with nothing that could change it.
func TestFrozenAccountIsHeld(t *testing.T) {
	t.Parallel()
	before := mustDeploy(t, settled(), hubAccount)
	last := deployed(t, settled(), hubAccount)
	// Whatever the file says of the baseline meanwhile.
	got := mustDeploy(t, settled(frozen, func(o *plan.Organization) {
		o.Accounts[1].Setup.Roles, o.Accounts[1].Setup.Resources = nil, nil
		o.Accounts[1].Setup.Baseline.Budget.MonthlyLimit = 1
	}), after(last), stateOf(before), hubAccount)
	recorder.Golden(t, filepath.Join("testdata", "held.golden"), got.String())
	explicitProviders(t, got)

	was, is := inside(before), inside(got)
	require.Len(t, is, len(was))
	for i, r := range is {
		require.Equal(t, []string{was[i].Type, was[i].Name, was[i].Parent, was[i].Provider}, []string{r.Type, r.Name, r.Parent, r.Provider})
		require.Empty(t, r.Inputs)
		require.Equal(t, []string{"*", "name", `["o.k"]`}, r.IgnoreChanges)
		require.True(t, r.RetainOnDelete)
		require.False(t, r.Protect)
	}
	for _, name := range before.Names(providerType) {
		require.Equal(t, before.Find(providerType, name).Inputs, got.Find(providerType, name).Inputs, "another provider would replace what is held")
	}
	require.Contains(t, got.Log, "warning: account payments-prod is quarantined: what its baseline deployed stays as it is (31 resources)")
	require.Equal(t, "1", got.Find(budgetType, "payments/payments-prod/budget").Inputs["limitAmount"], "the budget is in the management account")

	// The next deployment finds the same record.
	again, err := stacks.DecodeOutputs(got.Outputs)
	require.NoError(t, err)
	first, err := stacks.DecodeOutputs(last)
	require.NoError(t, err)
	require.Equal(t, first.Accounts["payments-prod"].SetupOutputs, again.Accounts["payments-prod"].SetupOutputs)
	require.Equal(t, []string{"payments-prod"}, again.Frozen)
}

// A deployment that failed made a part of the baseline: just that is held.
func TestHoldWhatIsThere(t *testing.T) {
	t.Parallel()
	before := mustDeploy(t, settled(), hubAccount)
	got := mustDeploy(t, settled(frozen), after(deployed(t, settled(), hubAccount)), stateOf(before, "/role/", "us-east-1", "/resource/"), hubAccount)
	require.Empty(t, got.Find(roleType, "payments/payments-prod/role/audit"))
	require.Nil(t, got.Find(providerType, "payments/payments-prod/us-east-1"))
	require.NotNil(t, got.Find(encryptionType, "payments/payments-prod/eu-west-1/ebs-encryption"))
}

// Nothing is made in an account that was frozen from the start.
func TestFrozenAccountWithNothing(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, settled(frozen), hubAccount)
	require.Empty(t, inside(got))
	require.NotNil(t, got.Find(budgetType, "payments/payments-prod/budget"))
	require.Empty(t, got.Log)

	again := mustDeploy(t, settled(frozen), after(deployed(t, settled(frozen), hubAccount)), stateOf(got), hubAccount)
	require.Empty(t, inside(again))
	require.Empty(t, again.Log)
}

// What denies everything is detached at the end of the deployment that releases an account, so its
// baseline is still held then, and follows with the next deployment.
func TestReleasedAccount(t *testing.T) {
	t.Parallel()
	before := mustDeploy(t, settled(), hubAccount)
	quarantined := mustDeploy(t, settled(frozen), after(deployed(t, settled(), hubAccount)), stateOf(before), hubAccount)
	last := quarantined.Outputs
	last["managementAccountId"] = "222222222222"

	released := mustDeploy(t, settled(), after(last), stateOf(quarantined), hubAccount)
	require.Contains(t, released.Log, "warning: account payments-prod is released by this deployment: its baseline follows with the next one")
	require.True(t, slices.ContainsFunc(inside(released), func(r recorder.Resource) bool { return r.RetainOnDelete }))
	require.NotContains(t, released.Outputs, "frozen:payments-prod")

	last = released.Outputs
	last["managementAccountId"] = "222222222222"
	next := mustDeploy(t, settled(), after(last), hubAccount)
	require.Equal(t, inside(before), inside(next))
	require.Empty(t, next.Log)
}

// An account that is closed takes along what is in it.
func TestClosedAccountIsForgotten(t *testing.T) {
	t.Parallel()
	before := mustDeploy(t, settled(), hubAccount)
	suspended := settled(frozen, func(o *plan.Organization) {
		o.Accounts[1].State, o.Accounts[1].Unit, o.Accounts[1].AllowClose = topology.StateSuspended, "Suspended", true
	})
	got := mustDeploy(t, suspended, after(deployed(t, settled(), hubAccount)), stateOf(before), hubAccount)
	last := got.Outputs
	last["managementAccountId"] = "222222222222"

	closed := settled(frozen, func(o *plan.Organization) {
		o.Accounts, o.Attachments = o.Accounts[:1], []plan.Attachment{o.Attachments[0], o.Attachments[2]}
		o.Closed = []plan.Tombstone{{Key: "payments-prod", Source: "organizations/payments.yaml:40:7"}}
	})
	after := mustDeploy(t, closed, after(last), hubAccount)
	require.Empty(t, inside(after))
	require.Nil(t, after.Find(budgetType, "payments/payments-prod/budget"))
	require.NotContains(t, after.Outputs, "frozen:payments-prod")
}

// What is held needs its providers as before, and they are counted.
func TestHeldProvidersAreCounted(t *testing.T) {
	t.Parallel()
	before := mustDeploy(t, settled(), hubAccount)
	_, err := deploy(t, settled(frozen, func(o *plan.Organization) { o.ProviderBudget = 4 }),
		after(deployed(t, settled(), hubAccount)), stateOf(before), hubAccount)
	require.ErrorContains(t, err, `deploy payments: 5 AWS providers are needed and 4 are allowed:
  the management account in eu-west-1: the organization is managed from the management account
  the management account in eu-west-1: the account's baseline
  the management account in us-east-1: the account's baseline
  payments-prod in eu-west-1: what the account's baseline deployed is held
  payments-prod in us-east-1: what the account's baseline deployed is held
`)
}

// What is held stays where it was deployed, whatever the file says is home now.
func TestHeldInItsHomeRegion(t *testing.T) {
	t.Parallel()
	before := mustDeploy(t, settled(), hubAccount)
	got := mustDeploy(t, settled(frozen, func(o *plan.Organization) { o.Accounts[1].Regions = []string{"ap-east-1"} }),
		after(deployed(t, settled(), hubAccount)), stateOf(before), hubAccount)
	require.Equal(t, "payments/payments-prod/eu-west-1", got.Find(roleType, "payments/payments-prod/role/audit").Provider)
}

func TestStateUnreadable(t *testing.T) {
	t.Parallel()
	_, err := deploy(t, settled(frozen), after(deployed(t, settled(), hubAccount)), hubAccount)
	require.ErrorContains(t, err, "find what is held: read state of stack organization/archipelago/payments: no answer recorded for "+readState)
}
