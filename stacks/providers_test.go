package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
)

// C18: one provider leads to the management account, and to no other.
func TestManagementProviderC18(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile, role, region string
		want                  map[string]any
	}{
		"profile": {"acme-payments", "", "eu-west-1", map[string]any{
			"profile": "acme-payments", "region": "eu-west-1", "allowedAccountIds": []any{"222222222222"},
		}},
		"role": {"", "automation", "eu-west-1", map[string]any{
			"region": "eu-west-1", "allowedAccountIds": []any{"222222222222"},
			"assumeRole": map[string]any{"roleArn": "arn:aws:iam::222222222222:role/automation", "sessionName": "archipelago"},
		}},
		"role in GovCloud": {"base", "automation", "us-gov-west-1", map[string]any{
			"profile": "base", "region": "us-gov-west-1", "allowedAccountIds": []any{"222222222222"},
			"assumeRole": map[string]any{"roleArn": "arn:aws-us-gov:iam::222222222222:role/automation", "sessionName": "archipelago"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := mustDeploy(t, with(func(o *plan.Organization) {
				o.Management.Profile, o.Management.Role, o.Management.Region = c.profile, c.role, c.region
				o.Providers[0].Region = c.region
			}))
			require.Equal(t, []string{"payments/management"}, got.Names(providerType))
			provider := got.Find(providerType, "payments/management")
			// The SDK sets these two; they are no business of the stack.
			delete(provider.Inputs, "skipCredentialsValidation")
			delete(provider.Inputs, "skipRegionValidation")
			require.Equal(t, c.want, provider.Inputs)
			require.Equal(t, []string{"region"}, provider.IgnoreChanges)
		})
	}
}

// The budget is checked before the first provider is started.
func TestProviderBudget(t *testing.T) {
	t.Parallel()
	got, err := deploy(t, with(func(o *plan.Organization) {
		o.ProviderBudget = 2
		o.Providers = append(o.Providers,
			plan.Provider{Account: "audit", Region: "eu-west-1", Reasons: []string{"baseline"}},
			plan.Provider{Account: "audit", Region: "us-east-1", Reasons: []string{"baseline", "alarm on sign-in"}})
	}))
	require.ErrorContains(t, err, `deploy payments: 3 AWS providers are needed and 2 are allowed:
  the management account in eu-west-1: the organization is managed from the management account
  audit in eu-west-1: baseline
  audit in us-east-1: baseline; alarm on sign-in
each is a process of 200-400 MB: drop what needs them, or raise providerBudget in archipelago.yaml if the machine has the memory`)
	require.Empty(t, got.Resources)
}

func TestProviderNotInThePlan(t *testing.T) {
	t.Parallel()
	_, err := deploy(t, with(func(o *plan.Organization) { o.Providers = nil }))
	require.ErrorContains(t, err, `start provider for account "" in eu-west-1: it is not in the plan; this is a mistake in archipelago`)
}
