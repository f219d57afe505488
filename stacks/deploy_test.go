package stacks_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
	"github.com/archipelago-iac/archipelago/topology"
)

// C01, C02: one program, one stack for each organization; the whole graph of each.
func TestResourceGraphsC02(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"core", "payments", "break-glass"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := mustDeploy(t, acme(), func(o *recorder.Options) { o.Stack = name })
			recorder.Golden(t, filepath.Join("testdata", name+".golden"), got.String())
			explicitProviders(t, got)
		})
	}
}

// explicitProviders checks that no resource falls to whatever credentials the environment has.
func explicitProviders(t *testing.T, got *recorder.Recording) {
	t.Helper()
	for _, r := range got.Resources {
		component := r.Parent == "" && r.Type != providerType
		if r.Type == providerType || r.Read || component {
			continue
		}
		require.NotEmpty(t, r.Provider, "%s %s has no explicit provider", r.Type, r.Name)
	}
}

// Everything can be previewed before anything exists.
func TestFirstPreview(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, acme(), preview)
	up := mustDeploy(t, acme())
	require.Equal(t, up.Names(accountType), got.Names(accountType))
	require.Equal(t, up.Names(attachmentType), got.Names(attachmentType))
	require.Equal(t, "<unknown>", got.Find(accountType, "payments/audit").Inputs["parentId"])
}

// The order of lists changes nothing.
func TestOrderOfListsIsNothing(t *testing.T) {
	t.Parallel()
	want := mustDeploy(t, acme()).String()
	got := mustDeploy(t, with(func(o *plan.Organization) {
		slices.Reverse(o.Units)
		slices.Reverse(o.Accounts)
		slices.Reverse(o.Policies)
		slices.Reverse(o.Attachments)
		slices.Reverse(o.TrustedAccess)
		slices.Reverse(o.PolicyTypes)
	})).String()
	require.Equal(t, want, got)
}

func TestSelection(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, acme(), func(o *recorder.Options) { o.Stack = "prod" }, configured("archipelago:organization", "break-glass"))
	require.NotNil(t, got.Find(organizationType, "break-glass"))

	_, err := deploy(t, acme(), func(o *recorder.Options) { o.Stack = "prod" })
	require.ErrorContains(t, err, `select organization: the stack's name is "prod", and the archipelago has core, break-glass, payments: set archipelago:organization to one of them`)
}

// D02: AWS creates at most five accounts at a time.
func TestLanesD02(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, with(func(o *plan.Organization) {
		o.Accounts = o.Accounts[:1]
		o.Attachments, o.Policies = nil, nil
		for i := range 23 {
			o.Accounts = append(o.Accounts, account(fmt.Sprintf("shop-%02d", i), "Workloads/Prod"))
		}
	}))
	names := got.Names(accountType)
	require.Len(t, names, 24)
	for i, name := range names {
		var wait []string
		for _, d := range got.Find(accountType, name).After {
			if len(d) > len(accountType) && d[:len(accountType)] == accountType {
				wait = append(wait, d)
			}
		}
		if i < 5 {
			require.Empty(t, wait)
			continue
		}
		require.Equal(t, []string{accountType + " " + names[i-5]}, wait)
	}
}

// A guardrail is attached before the account that it guards exists.
func TestGuardrailsComeFirst(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, acme())
	prod, audit := got.Find(accountType, "payments/payments-prod"), got.Find(accountType, "payments/audit")
	root, unit := attachmentType+" payments/deny-leave@root", attachmentType+" payments/perimeter@unit:Workloads/Prod"
	require.Contains(t, prod.After, root)
	require.Contains(t, prod.After, unit)
	require.Contains(t, audit.After, root)
	require.NotContains(t, audit.After, unit)
	require.Contains(t, got.Find(attachmentType, "payments/perimeter@account:payments-prod").After, accountType+" payments/payments-prod")
}

// A renamed unit keeps its state, its accounts and its attachments.
func TestRenamedUnit(t *testing.T) {
	t.Parallel()
	p := with(func(o *plan.Organization) {
		o.Units[4].Formerly, o.Units[4].Name = []string{"Workloads/Live"}, "Production"
		o.Attachments[2].Formerly = []string{"Workloads/Live"}
	})
	got := mustDeploy(t, p)
	prod := got.Find(unitType, "payments/Workloads/Prod")
	require.Equal(t, []string{"payments/Workloads/Live"}, prod.Aliases)
	require.Equal(t, "Production", prod.Inputs["name"])
	require.Equal(t, []string{"payments/perimeter@unit:Workloads/Live"}, got.Find(attachmentType, "payments/perimeter@unit:Workloads/Prod").Aliases)
}

// An account moves by its parent id alone: no other resource is registered otherwise.
func TestMovedAccount(t *testing.T) {
	t.Parallel()
	before := mustDeploy(t, acme())
	moved := with(func(o *plan.Organization) { o.Accounts[1].Unit = "Workloads/NonProd" })
	got := mustDeploy(t, moved, after(deployed(t, acme())))
	for i, r := range got.Resources {
		was := before.Resources[i]
		require.Equal(t, was.Name, r.Name)
		if r.Type == accountType && r.Name == "payments/payments-prod" {
			require.NotEqual(t, was.Inputs["parentId"], r.Inputs["parentId"])
			r.Inputs["parentId"] = was.Inputs["parentId"]
		}
		require.Equal(t, was.Inputs, r.Inputs)
	}
}

// An account is closed in two deployments: the first lifts the protection, the second lets it go.
func TestClosingAnAccount(t *testing.T) {
	t.Parallel()
	suspended := with(func(o *plan.Organization) {
		a := o.Accounts[1]
		a.Unit, a.State, a.AllowClose = "Suspended", topology.StateSuspended, true
	})
	first := mustDeploy(t, suspended, after(deployed(t, acme()))).Find(accountType, "payments/payments-prod")
	require.False(t, first.Protect || first.RetainOnDelete)
	require.Equal(t, true, first.Inputs["closeOnDeletion"])

	closed := with(func(o *plan.Organization) {
		o.Accounts, o.Attachments = o.Accounts[:1], []plan.Attachment{o.Attachments[0], o.Attachments[2]}
		o.Closed = []plan.Tombstone{{Key: "payments-prod", Source: "organizations/payments.yaml:40:7"}}
	})
	second := mustDeploy(t, closed, after(deployed(t, suspended)))
	require.Nil(t, second.Find(accountType, "payments/payments-prod"))
	require.NotContains(t, second.Outputs["accounts"], "payments-prod")
}

// What AWS wants gone first stays on for one more deployment.
func TestLingering(t *testing.T) {
	t.Parallel()
	p := with(func(o *plan.Organization) {
		o.PolicyTypes, o.TrustedAccess = []string{"SERVICE_CONTROL_POLICY"}, o.TrustedAccess[:1]
		o.Policies, o.Attachments = o.Policies[:1], o.Attachments[:1]
		o.DelegatedAdministrators, o.RootAccess = nil, nil
	})
	got := mustDeploy(t, p, after(deployed(t, acme())))
	org := got.Find(organizationType, "payments")
	require.Equal(t, []any{"RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"}, org.Inputs["enabledPolicyTypes"])
	require.Equal(t, []any{"account.amazonaws.com", "guardduty.amazonaws.com", "iam.amazonaws.com"}, org.Inputs["awsServiceAccessPrincipals"])
	require.Equal(t, []string{
		"warning: policy type RESOURCE_CONTROL_POLICY stays enabled until the next deployment: this one deletes its last policy",
		"warning: trusted access of guardduty.amazonaws.com stays on until the next deployment: this one removes what needs it",
		"warning: trusted access of iam.amazonaws.com stays on until the next deployment: this one removes what needs it",
	}, got.Log)

	got = mustDeploy(t, p, after(deployed(t, p)))
	require.Equal(t, []any{"SERVICE_CONTROL_POLICY"}, got.Find(organizationType, "payments").Inputs["enabledPolicyTypes"])
	require.Empty(t, got.Log)
}

// C01: an organization that only shares its bill has no policies and no trusted access.
func TestConsolidatedBillingC01(t *testing.T) {
	t.Parallel()
	p := acme()
	p.Organization("break-glass").Features = topology.FeaturesConsolidatedBilling
	got := mustDeploy(t, p, func(o *recorder.Options) { o.Stack = "break-glass" })
	require.Equal(t, map[string]any{"featureSet": "CONSOLIDATED_BILLING"}, got.Find(organizationType, "break-glass").Inputs)
}

// Deploy loads the files of the current directory.
func TestDeploy(t *testing.T) {
	t.Chdir(t.TempDir())
	run := func() (*recorder.Recording, error) {
		return recorder.Run(recorder.Options{Stack: "core"}, stacks.Deploy)
	}
	_, err := run()
	require.ErrorIs(t, err, topology.ErrNoArchipelago)

	write(t, "archipelago.yaml", "name: acme\nhub: core\nregions: [eu-west-1]\nrequiredTags: []\n")
	write(t, "organizations/core.yaml", "name: core\nkind: hob\nmanagement: {accountId: \"111111111111\", email: root@acme.example}\n")
	_, err = run()
	require.ErrorContains(t, err, "organizations/core.yaml:2:7: error: ")
	require.ErrorContains(t, err, "hob")

	write(t, "organizations/core.yaml", "name: core\nkind: hub\nmanagement: {accountId: \"111111111111\", email: root@acme.example}\n")
	got, err := run()
	require.NoError(t, err)
	require.NotNil(t, got.Find(organizationType, "core"))
}

func write(t *testing.T, name, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
}
