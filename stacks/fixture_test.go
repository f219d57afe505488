package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
	"github.com/archipelago-iac/archipelago/topology"
)

const (
	organizationType = "aws:organizations/organization:Organization"
	unitType         = "aws:organizations/organizationalUnit:OrganizationalUnit"
	accountType      = "aws:organizations/account:Account"
	policyType       = "aws:organizations/policy:Policy"
	attachmentType   = "aws:organizations/policyAttachment:PolicyAttachment"
	providerType     = "pulumi:providers:aws"
	referenceType    = "pulumi:pulumi:StackReference"
)

const (
	coreStack     = "organization/archipelago/core"
	paymentsStack = "organization/archipelago/payments"
)

// acme is a hub, a workload organization that uses everything, and a break-glass organization that
// uses next to nothing.
func acme() *plan.Plan {
	return &plan.Plan{Name: "acme", Hub: "core", Organizations: []*plan.Organization{core(), breakGlass(), payments()}}
}

func empty(name string, kind topology.Kind, accountID string) *plan.Organization {
	return &plan.Organization{
		Archipelago: "acme", Name: name, Kind: kind, Features: topology.FeaturesAll,
		Management: plan.Management{
			AccountID: accountID, Name: name + "-management", Email: "aws+" + name + "@acme.example",
			Region: "eu-west-1", Profile: "acme-" + name,
		},
		Providers:      []plan.Provider{{Region: "eu-west-1", Reasons: []string{"the organization is managed from the management account"}}},
		ProviderBudget: 24,
	}
}

func core() *plan.Organization {
	o := empty("core", topology.KindHub, "111111111111")
	o.PolicyTypes = []string{"SERVICE_CONTROL_POLICY"}
	o.Accounts = []*plan.Account{account("automation", "")}
	o.Policies = []*plan.Policy{{
		Key: "only-the-hub", Name: "only-the-hub", Type: "SERVICE_CONTROL_POLICY",
		Content: `{"Hub":"{{hub.organization.id}} {{hub.management.account.id}}"}`,
		Source:  "archipelago.yaml:12:3",
	}}
	o.Attachments = []plan.Attachment{{Policy: "only-the-hub", Kind: plan.TargetRoot, Because: "organization"}}
	return o
}

func breakGlass() *plan.Organization {
	return empty("break-glass", topology.KindBreakGlass, "333333333333")
}

func payments() *plan.Organization {
	o := empty("payments", topology.KindWorkload, "222222222222")
	o.DependsOn = []string{"core"}
	o.Management.Contacts.Billing = contact("billing")
	o.PolicyTypes = []string{"RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"}
	o.TrustedAccess = []plan.TrustedAccess{
		{Principal: "account.amazonaws.com", Because: []string{"contacts"}},
		{Principal: "guardduty.amazonaws.com", Because: []string{"delegated administrator"}},
		{Principal: "iam.amazonaws.com", Because: []string{"rootAccess"}},
	}
	o.RootAccess = []string{"RootCredentialsManagement", "RootSessions"}
	o.Units = []*plan.Unit{
		unit("Security", true),
		unit("Suspended", false),
		unit("Workloads", true),
		unit("Workloads/NonProd", false),
		unit("Workloads/Prod", true),
	}
	o.Accounts = []*plan.Account{account("audit", "Security"), account("payments-prod", "Workloads/Prod")}
	o.Accounts[1].Contacts.Security = contact("security")
	o.Accounts[1].OptInRegions = []string{"ap-east-1"}
	o.Policies = []*plan.Policy{
		{Key: "deny-leave", Name: "deny-leave-organization", Description: "Nobody leaves.", Type: "SERVICE_CONTROL_POLICY",
			Content: `{"Version":"2012-10-17"}`, Tags: map[string]string{"company": "acme"}, Source: "archipelago.yaml:20:3"},
		{Key: "perimeter", Name: "perimeter", Type: "RESOURCE_CONTROL_POLICY",
			Content: `{"Only":["{{organization.id}}","{{hub.organization.id}}"]}`, Source: "organizations/payments.yaml:9:3"},
	}
	o.Attachments = []plan.Attachment{
		{Policy: "deny-leave", Kind: plan.TargetRoot, Because: "archipelago"},
		{Policy: "perimeter", Kind: plan.TargetAccount, Target: "payments-prod", Because: "account"},
		{Policy: "perimeter", Kind: plan.TargetUnit, Target: "Workloads/Prod", Because: "unit"},
	}
	o.DelegatedAdministrators = []plan.DelegatedAdministrator{{Service: "guardduty.amazonaws.com", Account: "audit"}}
	o.DelegationPolicy = `{"Principal":"{{management.account.id}}"}`
	return o
}

func unit(path string, holdsAccounts bool) *plan.Unit {
	u := &plan.Unit{Path: path, HoldsAccounts: holdsAccounts, Tags: map[string]string{"company": "acme"}, Source: "organizations/payments.yaml:30:3"}
	u.Name = path
	for i, r := range path {
		if r == '/' {
			u.Parent, u.Name = path[:i], path[i+1:]
		}
	}
	return u
}

func account(key, unit string) *plan.Account {
	return &plan.Account{
		Key: key, Unit: unit, Name: key, Email: "aws+" + key + "@acme.example", Owner: "team@acme.example",
		Role: "OrganizationAccountAccessRole", BillingAccess: "ALLOW", State: topology.StateActive,
		Tags: map[string]string{"owner": "team@acme.example"}, Regions: []string{"eu-west-1"},
		Source: "organizations/payments.yaml:40:7",
	}
}

func contact(name string) *plan.Contact {
	return &plan.Contact{Name: name, Title: "Team", Email: name + "@acme.example", Phone: "+1 555 0100"}
}

// hubOutputs are what the hub's stack exported.
func hubOutputs() map[string]any {
	return map[string]any{"version": 1.0, "organizationId": "o-core000000", "managementAccountId": "111111111111"}
}

// with returns a plan whose organization payments was edited.
func with(edit func(*plan.Organization)) *plan.Plan {
	p := acme()
	edit(p.Organization("payments"))
	return p
}

// deploy runs the stack payments with a deployed hub.
func deploy(t *testing.T, p *plan.Plan, options ...func(*recorder.Options)) (*recorder.Recording, error) {
	t.Helper()
	o := recorder.Options{Stack: "payments", Stacks: map[string]map[string]any{coreStack: hubOutputs(), paymentsStack: {}}}
	for _, set := range options {
		set(&o)
	}
	return recorder.Run(o, stacks.Program(p))
}

func mustDeploy(t *testing.T, p *plan.Plan, options ...func(*recorder.Options)) *recorder.Recording {
	t.Helper()
	got, err := deploy(t, p, options...)
	require.NoError(t, err)
	return got
}

// after says that the stack exported these outputs before.
func after(last map[string]any) func(*recorder.Options) {
	return func(o *recorder.Options) { o.Stacks[paymentsStack] = last }
}

func configured(key, value string) func(*recorder.Options) {
	return func(o *recorder.Options) { o.Config = map[string]string{key: value} }
}

func preview(o *recorder.Options) { o.Preview = true }

// deployed returns the outputs of a first deployment of payments.
func deployed(t *testing.T, p *plan.Plan, options ...func(*recorder.Options)) map[string]any {
	t.Helper()
	last := mustDeploy(t, p, options...).Outputs
	// The emulated organization belongs to an account of the recorder's.
	last["managementAccountId"] = "222222222222"
	return last
}
