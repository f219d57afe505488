package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// refused is one edit after a first deployment, and what is said about it.
type refused struct {
	edit func(*plan.Organization)
	want string
}

func refusedAccounts() map[string]refused {
	return map[string]refused{
		"email": {
			func(o *plan.Organization) { o.Accounts[0].Email = "new@acme.example" },
			`organizations/payments.yaml:40:7: error: the email of account audit is new@acme.example in the file and aws+audit@acme.example in AWS, and a change would replace the account [account-email-changed]
      = help: put it back; or change it in AWS first, run pulumi refresh, and deploy once with archipelago:accept set to account:audit
`,
		},
		"name": {
			func(o *plan.Organization) { o.Accounts[0].Name = "Audit" },
			`organizations/payments.yaml:40:7: error: the name of account audit is Audit in the file and audit in AWS, and a change would replace the account [account-name-changed]
      = help: put it back; or change it in AWS first, run pulumi refresh, and deploy once with archipelago:accept set to account:audit
`,
		},
		"role": {
			func(o *plan.Organization) { o.Accounts[0].Role = "Admin" },
			`organizations/payments.yaml:40:7: error: the role of account audit is Admin in the file and OrganizationAccountAccessRole in AWS, and a change would replace the account [account-role-changed]
      = help: put it back: AWS creates this role once, with the account; another role is made in the account
`,
		},
		"billing access": {
			func(o *plan.Organization) { o.Accounts[0].BillingAccess = "DENY" },
			`organizations/payments.yaml:40:7: error: the billing access of account audit is DENY in the file and ALLOW in AWS, and a change would replace the account [account-billing-access-changed]
      = help: put it back: after creation only the account's root user changes it, on the account's own page
`,
		},
		"other account": {
			func(o *plan.Organization) { o.Accounts[0].ID = "555555555555" },
			`organizations/payments.yaml:40:7: error: account audit has id 555555555555 in the file and 0123456789 in AWS [account-id-changed]
      = help: put the id back; another account needs another key
`,
		},
		"removed": {
			func(o *plan.Organization) { o.Accounts, o.DelegatedAdministrators = o.Accounts[1:], nil },
			`stack payments: error: account audit (0123456789, aws+audit@acme.example) is deployed and no longer in the files [account-gone]
      = help: put the entry back; to close the account set state: suspended and allowClose: true, deploy, then set state: closed and keep the entry
`,
		},
		"closed too early": {
			func(o *plan.Organization) {
				o.Accounts, o.DelegatedAdministrators = o.Accounts[1:], nil
				o.Closed = []plan.Tombstone{{Key: "audit", Source: "organizations/payments.yaml:40:7"}}
			},
			`organizations/payments.yaml:40:7: error: account audit (0123456789) is closed in the file, but its last deployment did not allow closing it [account-not-closable]
      = help: set state: suspended and allowClose: true, deploy, then set state: closed; if it is closed in AWS already, run pulumi refresh, and deploy once with archipelago:accept set to account:audit
`,
		},
	}
}

func refusedRest() map[string]refused {
	return map[string]refused{
		"policy type": {
			func(o *plan.Organization) { o.Policies[0].Type = "TAG_POLICY" },
			`archipelago.yaml:20:3: error: the type of policy deny-leave is TAG_POLICY in the file and SERVICE_CONTROL_POLICY in AWS, and a change would replace the policy [policy-type-changed]
      = help: put it back, and give the policy of the other type a key of its own
`,
		},
		"unit moved": {
			func(o *plan.Organization) {
				o.Units[4] = unit("Prod", true)
				o.Accounts[1].Unit, o.Attachments[2].Target = "Prod", "Prod"
			},
			`organizations/payments.yaml:30:3: error: unit Workloads/Prod (ou-1) holds accounts and has become Prod, but AWS cannot move a unit to another parent [unit-gone]
      = help: put it back and make the new unit beside it, move the accounts, deploy, then remove the empty unit; to rename a unit where it is, name its former key in formerly
`,
		},
		"unit removed": {
			func(o *plan.Organization) {
				o.Units = o.Units[:4]
				o.Accounts[1].Unit, o.Attachments = "Workloads", o.Attachments[:2]
			},
			`stack payments: error: unit Workloads/Prod (ou-1) holds accounts and is no longer in the files [unit-gone]
      = help: put it back and make the new unit beside it, move the accounts, deploy, then remove the empty unit; to rename a unit where it is, name its former key in formerly
`,
		},
		"unit merged into another": {
			func(o *plan.Organization) {
				o.Units = o.Units[:4]
				o.Units[3].Formerly = []string{"Workloads/Prod"}
				o.Accounts[1].Unit, o.Attachments = "Workloads/NonProd", o.Attachments[:2]
			},
			`stack payments: error: unit Workloads/Prod (ou-1) holds accounts and is no longer in the files [unit-gone]
      = help: put it back and make the new unit beside it, move the accounts, deploy, then remove the empty unit; to rename a unit where it is, name its former key in formerly
`,
		},
		"unit with another's id": {
			func(o *plan.Organization) { o.Units[3].ID = "ou-1" },
			`organizations/payments.yaml:30:3: error: unit Workloads/NonProd has id ou-1 in the file, but Workloads/NonProd is deployed with ou-2 [unit-id-changed]
      = help: put the id back; AWS cannot move a unit to another parent
`,
		},
		"management account": {
			func(o *plan.Organization) { o.Management.AccountID = "666666666666" },
			`stack payments: error: organization payments has management account 666666666666 in the file and 222222222222 in the last deployment [management-account-changed]
      = help: an organization cannot change its management account: put the id back, or give the other organization a name of its own
`,
		},
		"organization": {
			func(o *plan.Organization) { o.ID = "o-other00000" },
			`stack payments: error: organization payments has id o-other00000 in the file and o-payments00 in the last deployment [organization-id-changed]
      = help: put the id back, or give the other organization a name of its own
`,
		},
		"features": {
			func(o *plan.Organization) { o.Features = topology.FeaturesConsolidatedBilling },
			`stack payments: error: organization payments was deployed with all features and cannot go back to CONSOLIDATED_BILLING [features-reduced]
      = help: AWS switches all features on once and for good: set features to ALL
`,
		},
	}
}

// lastOutputs are the outputs of a deployment of payments, with ids that can be read.
func lastOutputs(t *testing.T) map[string]any {
	t.Helper()
	last := deployed(t, acme())
	last["organizationId"] = "o-payments00"
	last["accounts"].(map[string]any)["audit"].(map[string]any)["id"] = "0123456789"
	units := last["units"].(map[string]any)
	units["Workloads/Prod"].(map[string]any)["id"] = "ou-1"
	units["Workloads/NonProd"].(map[string]any)["id"] = "ou-2"
	return last
}

// Every edit that would lose something is refused before the first resource is registered.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, cases := range []map[string]refused{refusedAccounts(), refusedRest()} {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got, err := deploy(t, with(c.edit), after(lastOutputs(t)))
				var invalid *topology.InvalidError
				require.ErrorAs(t, err, &invalid)
				require.Equal(t, c.want+"1 error, 0 warnings", invalid.Error())
				require.Empty(t, got.Resources)
			})
		}
	}
}

func TestRefusalsAreListedTogether(t *testing.T) {
	t.Parallel()
	_, err := deploy(t, with(func(o *plan.Organization) {
		o.Accounts[0].Email, o.Accounts[1].Role = "new@acme.example", "Admin"
		o.Policies[0].Type = "TAG_POLICY"
	}), after(lastOutputs(t)))
	require.ErrorContains(t, err, "the email of account audit")
	require.ErrorContains(t, err, "the role of account payments-prod")
	require.ErrorContains(t, err, "the type of policy deny-leave")
	require.ErrorContains(t, err, "3 errors, 0 warnings")
}

// What the user has done in AWS by hand can be deployed.
func TestAcceptedRefusal(t *testing.T) {
	t.Parallel()
	edit := with(func(o *plan.Organization) { o.Accounts[0].Email = "new@acme.example" })
	mustDeploy(t, edit, after(lastOutputs(t)), configured("archipelago:accept", "policy:x, account:audit"))
	_, err := deploy(t, edit, after(lastOutputs(t)), configured("archipelago:accept", "account:payments-prod"))
	require.ErrorContains(t, err, "the email of account audit")
}

// Another management account is another organization: what is in the state does not exist there.
func TestManagementAccountIsNeverAccepted(t *testing.T) {
	t.Parallel()
	edit := with(func(o *plan.Organization) { o.Management.AccountID = "666666666666" })
	_, err := deploy(t, edit, after(lastOutputs(t)), configured("archipelago:accept", "organization"))
	require.ErrorContains(t, err, "management-account-changed")
}

// Role and billing access of an imported account are not known, so they are not compared; its id
// stays in the file.
func TestImportedAccount(t *testing.T) {
	t.Parallel()
	imported := lastOutputs(t)
	imported["accounts"].(map[string]any)["audit"].(map[string]any)["imported"] = true
	mustDeploy(t, with(func(o *plan.Organization) {
		o.Accounts[0].ID, o.Accounts[0].Role, o.Accounts[0].BillingAccess = "0123456789", "Admin", "DENY"
	}), after(imported))
	_, err := deploy(t, acme(), after(imported))
	require.ErrorContains(t, err, `account audit was imported, and without its id it would be replaced [account-id-dropped]
      = help: keep id: "0123456789" in the file`)
}

// An edit that AWS follows in place is no business of the refusals.
func TestNotRefused(t *testing.T) {
	t.Parallel()
	mustDeploy(t, with(func(o *plan.Organization) {
		o.Units[3] = unit("Workloads/Test", false)
		o.Units[4].Name = "Production"
		o.Accounts[1].Unit, o.Accounts[1].State = "Suspended", topology.StateSuspended
		o.Accounts[1].Tags = map[string]string{"owner": "other"}
		o.Policies[0].Name, o.Policies[0].Content = "stay", `{"Version":"2012-10-17","Id":"x"}`
		o.Accounts = append(o.Accounts, account("new", ""))
	}), after(lastOutputs(t)))
}
