package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
)

// D02, D04: the outputs have all ids by key, and read back into the type that documents them.
func TestOutputsD04(t *testing.T) {
	t.Parallel()
	raw := mustDeploy(t, acme()).Outputs
	got, err := stacks.DecodeOutputs(raw)
	require.NoError(t, err)
	require.Equal(t, stacks.OutputsVersion, got.Version)
	require.Equal(t, "payments", got.Organization)
	require.Regexp(t, `^o-`, got.OrganizationID)
	require.Regexp(t, `^r-`, got.RootID)
	require.Regexp(t, `^ou-`, got.Units["Workloads/Prod"].ID)
	require.True(t, got.Units["Workloads/Prod"].HoldsAccounts)
	require.Regexp(t, `^\d{12}$`, got.Accounts["audit"].ID)
	require.Equal(t, "Security", got.Accounts["audit"].Unit)
	require.Equal(t, "RESOURCE_CONTROL_POLICY", got.Policies["perimeter"].Type)
	require.Equal(t, map[string][]string{"guardduty.amazonaws.com": {"audit"}}, got.DelegatedAdministrators)
	require.Equal(t, &stacks.HubOutputs{OrganizationID: "o-core000000", ManagementAccountID: "111111111111"}, got.Hub)
}

func TestDecodeOutputs(t *testing.T) {
	t.Parallel()
	got, err := stacks.DecodeOutputs(map[string]any{})
	require.NoError(t, err)
	require.Equal(t, &stacks.Outputs{}, got)

	_, err = stacks.DecodeOutputs(map[string]any{"accounts": "none"})
	require.ErrorContains(t, err, "read outputs: ")
	_, err = stacks.DecodeOutputs(map[string]any{"version": 2.0})
	require.EqualError(t, err, "read outputs: they have version 2 and this archipelago knows 1: use the newer archipelago that deployed the stack")
}

// What is in use is an output of its own each: Pulumi keeps those that a failed deployment no longer has.
func TestOutputsUses(t *testing.T) {
	t.Parallel()
	raw := mustDeploy(t, acme()).Outputs
	require.Equal(t, true, raw["uses:SERVICE_CONTROL_POLICY"])
	got, err := stacks.DecodeOutputs(raw)
	require.NoError(t, err)
	require.Equal(t, []string{"RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "account.amazonaws.com", "guardduty.amazonaws.com", "iam.amazonaws.com"}, got.Uses)

	listed := mustDeploy(t, with(func(o *plan.Organization) {
		o.TrustedAccess = append(o.TrustedAccess, plan.TrustedAccess{Principal: "ram.amazonaws.com", Because: []string{"trustedAccess"}})
	})).Outputs
	require.NotContains(t, listed, "uses:ram.amazonaws.com", "what only the user lists goes at once")
}
