package stacks

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/organization"
	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// registry runs a program with the provider registry of an organization that has one member.
func registry(t *testing.T, edit func(*plan.Organization), program func(*providers) error) (*recorder.Recording, error) {
	t.Helper()
	o := &plan.Organization{
		Name:       "payments",
		Management: plan.Management{AccountID: "222222222222", Region: "eu-west-1", Profile: "acme-payments"},
		Accounts:   []*plan.Account{{Key: "audit", Role: "Access"}},
		Providers: []plan.Provider{
			{Region: "eu-west-1"}, {Region: "us-east-1"}, {Account: "audit", Region: "eu-west-1"}, {Account: "audit", Region: "us-east-1"},
		},
	}
	edit(o)
	return recorder.Run(recorder.Options{}, func(ctx *pulumi.Context) error {
		return program(newProviders(ctx, o, func(key string) (pulumi.StringInput, bool) {
			return pulumi.String("444444444444"), key == "audit"
		}))
	})
}

func unchanged(*plan.Organization) {}

// A27, C18: one provider for each account and region, however often it is asked for.
func TestOneProviderForEachPlace(t *testing.T) {
	t.Parallel()
	got, err := registry(t, unchanged, func(p *providers) error {
		for range 3 {
			for _, at := range []place{{"audit", "us-east-1", false}, {"audit", "eu-west-1", false}, {"", "us-east-1", false}} {
				if _, err := p.get(at.account, at.region); err != nil {
					return err
				}
			}
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"payments/audit/eu-west-1", "payments/audit/us-east-1", "payments/management/us-east-1"}, got.Names("pulumi:providers:aws"))
	require.Equal(t, map[string]any{
		"profile": "acme-payments", "region": "us-east-1", "skipCredentialsValidation": false, "skipRegionValidation": true, "allowedAccountIds": []any{"444444444444"},
		"assumeRole": map[string]any{"roleArn": "arn:aws:iam::444444444444:role/Access", "sessionName": "archipelago"},
	}, got.Find("pulumi:providers:aws", "payments/audit/us-east-1").Inputs)
	require.Empty(t, got.Find("pulumi:providers:aws", "payments/management/us-east-1").IgnoreChanges)
}

func TestProviderErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*plan.Organization)
		at   place
		want string
	}{
		"two roles": {
			func(o *plan.Organization) { o.Management.Role = "automation" }, place{"audit", "eu-west-1", false},
			"start provider payments/audit/eu-west-1: a provider can assume one role, and access.role of payments takes it for the management account: lead there with access.profile instead",
		},
		"account not deployed": {
			func(o *plan.Organization) { o.Providers = []plan.Provider{{Account: "shop", Region: "eu-west-1"}} }, place{"shop", "eu-west-1", false},
			"start provider payments/shop/eu-west-1: account shop is not deployed",
		},
		"not in the plan": {
			unchanged, place{"audit", "ap-east-1", false},
			`start provider for account "audit" in ap-east-1: it is not in the plan`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := registry(t, c.edit, func(p *providers) error {
				_, err := p.get(c.at.account, c.at.region)
				return err
			})
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A member's provider waits for the member's id, which is there once the account is registered.
func TestAccountID(t *testing.T) {
	t.Parallel()
	d := &deployment{accounts: map[string]*organization.Account{"audit": {AccountID: pulumi.String("444444444444").ToStringOutput()}}}
	id, ok := d.accountID("audit")
	require.True(t, ok)
	require.NotNil(t, id)
	_, ok = d.accountID("shop")
	require.False(t, ok)
}

// Warnings about the files are passed on; errors are not logged, they end the run.
func TestWarnings(t *testing.T) {
	t.Parallel()
	got, err := recorder.Run(recorder.Options{}, func(ctx *pulumi.Context) error {
		return warn(ctx, topology.Diagnostics{
			{Severity: topology.Warning, Code: "plain-tag", Position: topology.Position{File: "archipelago.yaml", Line: 3, Column: 1}, Message: "this looks odd"},
			{Severity: topology.Error, Code: "other", Message: "this is wrong"},
		})
	})
	require.NoError(t, err)
	require.Equal(t, []string{"warning: archipelago.yaml:3:1: warning: this looks odd [plain-tag]"}, got.Log)
}
