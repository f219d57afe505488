package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

func account(t *testing.T, p *plan.Plan, organization, key string) *plan.Account {
	t.Helper()
	for _, acc := range p.Organization(organization).Accounts {
		if acc.Key == key {
			return acc
		}
	}
	require.Failf(t, "no such account", "%s/%s", organization, key)
	return nil
}

func unit(t *testing.T, p *plan.Plan, organization, path string) *plan.Unit {
	t.Helper()
	for _, u := range p.Organization(organization).Units {
		if u.Path == path {
			return u
		}
	}
	require.Failf(t, "no such unit", "%s/%s", organization, path)
	return nil
}

// attached writes the attachments of an organization as "policy@kind:target (because)".
func attached(p *plan.Plan, organization string) []string {
	var out []string
	for _, at := range p.Organization(organization).Attachments {
		out = append(out, fmt.Sprintf("%s@%s (%s)", at.Policy, strings.TrimSuffix(string(at.Kind)+":"+at.Target, ":"), at.Because))
	}
	return out
}

const spoke = `
-- organizations/payments.yaml --
name: payments
kind: workload
management: { accountId: "222222222222", email: aws+payments@acme.example }
`

// Everything has a default.
func TestDefaults(t *testing.T) {
	t.Parallel()
	p, warnings := resolve(t, "")
	require.Empty(t, warnings)
	require.Equal(t, "acme", p.Name)
	require.Equal(t, "core", p.Hub)
	o := p.Organization("core")
	require.Equal(t, topology.FeaturesAll, o.Features, "A01")
	require.Equal(t, 24, o.ProviderBudget)
	require.Equal(t, "core-management", o.Management.Name)
	require.Equal(t, []plan.Provider{{Region: "eu-west-1", Reasons: []string{
		"the organization, its units, accounts and policies are managed from the management account"}}}, o.Providers)
	acc := account(t, p, "core", "audit")
	require.Equal(t, "audit", acc.Name)
	require.Equal(t, "OrganizationAccountAccessRole", acc.Role)
	require.Equal(t, "ALLOW", acc.BillingAccess, "A12")
	require.Equal(t, topology.StateActive, acc.State)
	require.False(t, acc.AllowClose)
	require.Equal(t, "organizations/core.yaml:7:7", acc.Source)
}

// What the file says goes before every default.
func TestExplicit(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, `
-- archipelago.yaml --
name: acme
hub: core
regions: [us-east-2]
providerBudget: 7
requiredTags: []
emailDomains: [acme.example]
access: { profile: x, role: y }
-- organizations/core.yaml --
name: core
kind: hub
id: o-abcdefghij
management: { accountId: "111111111111", email: aws+core@acme.example, name: Acme Core }
access: { role: "{archipelago}-{organization}-deploy" }
email: "{account}@acme.example"
units:
  Security:
    name: Security and audit
    id: ou-abcd-12345678
    accounts:
      audit: { name: Audit, id: "333333333333", email: audit-root@acme.example, role: Admin, billingAccess: deny }
      logs: {}
`)
	o := p.Organization("core")
	require.Equal(t, "o-abcdefghij", o.ID)
	require.Equal(t, 7, o.ProviderBudget)
	require.Equal(t, "Acme Core", o.Management.Name)
	require.Empty(t, o.Management.Profile, "an organization's access replaces the archipelago's")
	require.Equal(t, "acme-core-deploy", o.Management.Role)
	require.Equal(t, "us-east-2", o.Management.Region)
	u := unit(t, p, "core", "Security")
	require.Equal(t, "Security and audit", u.Name)
	require.Equal(t, "ou-abcd-12345678", u.ID)
	acc := account(t, p, "core", "audit")
	require.Equal(t, []string{"Audit", "333333333333", "audit-root@acme.example", "Admin", "DENY"},
		[]string{acc.Name, acc.ID, acc.Email, acc.Role, acc.BillingAccess}, "A12")
	require.Equal(t, "logs@acme.example", account(t, p, "core", "logs").Email)
}

// A04: e-mail addresses come from the pattern of the innermost layer that has one.
func TestEmailPattern(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, spoke+`email: "root+{archipelago}-{organization}-{account}@acme.example"
units:
  Prod: { accounts: { web: {}, db: { email: aws+db@acme.example } } }
`)
	require.Equal(t, "aws+core.audit@acme.example", account(t, p, "core", "audit").Email)
	require.Equal(t, "root+acme-payments-web@acme.example", account(t, p, "payments", "web").Email)
	require.Equal(t, "aws+db@acme.example", account(t, p, "payments", "db").Email)
}

const layered = spoke + `
tags: { a: organization, b: organization, c: organization, owner: organization@acme.example }
regions: [eu-central-1, eu-south-1]
contacts:
  security: &security { name: Organization, title: x, email: o@acme.example, phone: "+44 1" }
units:
  Outer:
    tags: { b: outer, c: outer }
    units:
      Inner:
        tags: { c: inner }
        regions: [ap-east-1, eu-west-1, af-south-1]
        contacts:
          billing: { name: Inner, title: x, email: i@acme.example, phone: "+44 2" }
        accounts:
          web:
            tags: { d: account }
            owner: web@acme.example
            contacts:
              billing: { name: Account, title: x, email: a@acme.example, phone: "+44 3" }
          db: { regions: [eu-west-2] }
    accounts:
      plain: { tags: { owner: plain@acme.example } }
`

// A17, C22: tags are merged from the outside in, and the owner is one of them.
func TestTags(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, layered)
	require.Equal(t, map[string]string{"a": "organization", "b": "outer", "c": "inner", "d": "account",
		"owner": "web@acme.example", "cost-center": "4711", "environment": "production"}, account(t, p, "payments", "web").Tags)
	require.Equal(t, "web@acme.example", account(t, p, "payments", "web").Owner)
	require.Equal(t, "plain@acme.example", account(t, p, "payments", "plain").Owner)
	require.Equal(t, "organization@acme.example", account(t, p, "payments", "db").Owner)
	require.Equal(t, "inner", unit(t, p, "payments", "Outer/Inner").Tags["c"])
	require.Equal(t, "outer", unit(t, p, "payments", "Outer").Tags["c"])
	require.Equal(t, "organization", p.Organization("payments").Management.Tags["c"])
}

// A04: contacts are inherited one by one, each as a whole.
func TestContacts(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, layered)
	names := func(c plan.Contacts) []string { return []string{c.Billing.Name, c.Operations.Name, c.Security.Name} }
	require.Equal(t, []string{"Account", "Cloud team", "Organization"}, names(account(t, p, "payments", "web").Contacts))
	require.Equal(t, []string{"Inner", "Cloud team", "Organization"}, names(account(t, p, "payments", "db").Contacts))
	require.Equal(t, []string{"Cloud team", "Cloud team", "Organization"}, names(account(t, p, "payments", "plain").Contacts))
	require.Equal(t, []string{"Cloud team", "Cloud team", "Organization"}, names(p.Organization("payments").Management.Contacts))
	require.Equal(t, []string{"Cloud team", "Cloud team", "Cloud team"}, names(account(t, p, "core", "audit").Contacts))
}

// Regions are replaced as a whole; those that are off in a new account are to be enabled.
func TestRegions(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, layered)
	web := account(t, p, "payments", "web")
	require.Equal(t, []string{"ap-east-1", "eu-west-1", "af-south-1"}, web.Regions, "the home region first")
	require.Equal(t, []string{"af-south-1", "ap-east-1"}, web.OptInRegions, "sorted")
	require.Equal(t, []string{"eu-west-2"}, account(t, p, "payments", "db").Regions)
	require.Empty(t, account(t, p, "payments", "db").OptInRegions)
	require.Equal(t, []string{"eu-south-1"}, account(t, p, "payments", "plain").OptInRegions)
	require.Equal(t, "eu-central-1", p.Organization("payments").Management.Region)
	require.Equal(t, "eu-west-1", p.Organization("core").Management.Region)
}

// A05, D07: any tree, parents before children, each unit with its parent.
func TestUnits(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, spoke+`
units:
  B: { units: { Z: { accounts: { one: {} } }, A: { formerly: [Q] } } }
  A-0: {}
  A: { units: { B: {} } }
accounts: { top: {} }
`)
	var got []string
	for _, u := range p.Organization("payments").Units {
		got = append(got, fmt.Sprintf("%s below %q", u.Path, u.Parent))
	}
	require.Equal(t, []string{`A below ""`, `A/B below "A"`, `A-0 below ""`, `B below ""`, `B/A below "B"`, `B/Z below "B"`}, got)
	require.Empty(t, account(t, p, "payments", "top").Unit)
	for path, holds := range map[string]bool{"A": false, "A/B": false, "B": true, "B/A": false, "B/Z": true} {
		require.Equal(t, holds, unit(t, p, "payments", path).HoldsAccounts, path)
	}
}

// A renamed unit is found under every name that it or the units above it may have had.
func TestFormerly(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, spoke+`
policies: { p: { type: tag, document: { tags: {} } } }
units:
  Workloads:
    formerly: [Apps]
    units:
      Prod: { formerly: [Production, Live], attach: [p], accounts: { web: {} } }
      Dev: {}
`)
	require.Equal(t, []string{"Apps"}, unit(t, p, "payments", "Workloads").Formerly)
	want := []string{"Workloads/Production", "Workloads/Live", "Apps/Prod", "Apps/Production", "Apps/Live"}
	require.Equal(t, want, unit(t, p, "payments", "Workloads/Prod").Formerly)
	require.Equal(t, []string{"Apps/Dev"}, unit(t, p, "payments", "Workloads/Dev").Formerly)
	require.Equal(t, want, p.Organization("payments").Attachments[0].Formerly)
	require.Empty(t, unit(t, p, "core", "Security").Formerly)
}

const states = `
-- archipelago.yaml --
name: acme
hub: core
email: aws+{organization}.{account}@acme.example
regions: [eu-west-1]
requiredTags: []
policies:
  deny: { type: scp, document: { Version: "2012-10-17", Statement: { Effect: Deny, Action: "*", Resource: "*" } } }
  shut: { type: scp, document: { Version: "2012-10-17", Statement: { Effect: Deny, Action: "*", Resource: "*" } } }
  tags: { type: tag, document: { tags: {} } }
quarantinePolicy: deny
` + spoke + `
units:
  Prod:
    regions: [ap-east-1]
    accounts:
      web: {}
      leaked: { state: quarantined, attach: [tags] }
      idle: { state: suspended, attach: [tags], allowClose: true }
      gone: { state: closed, attach: [tags], name: Gone, email: aws+old@acme.example }
  Attic:
    units:
      Suspended: { suspended: true, attach: [shut] }
`

// A06: a suspended account is moved to the unit for it and keeps what it inherits where it is written.
func TestSuspended(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, states)
	idle := account(t, p, "payments", "idle")
	require.Equal(t, "Attic/Suspended", idle.Unit)
	require.True(t, idle.AllowClose)
	require.Equal(t, []string{"ap-east-1"}, idle.Regions)
	require.True(t, unit(t, p, "payments", "Attic/Suspended").Suspended)
	require.True(t, unit(t, p, "payments", "Attic/Suspended").HoldsAccounts)
	require.True(t, unit(t, p, "payments", "Attic").HoldsAccounts)
	require.Equal(t, "Prod", account(t, p, "payments", "leaked").Unit)
	require.Contains(t, attached(p, "payments"), "shut@unit:Attic/Suspended (unit)")
}

// A closed account is a tombstone: it keeps its key and its address, and nothing else reaches it.
func TestClosed(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, states)
	require.Equal(t, []plan.Tombstone{{Key: "gone", Name: "Gone", Email: "aws+old@acme.example", Source: "organizations/payments.yaml:12:7"}},
		p.Organization("payments").Closed)
	for _, acc := range p.Organization("payments").Accounts {
		require.NotEqual(t, "gone", acc.Key)
	}
	for _, at := range attached(p, "payments") {
		require.NotContains(t, at, "gone")
	}
}

// A32: a quarantined account gets the quarantine policy, whatever else it has, and only while it is.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, states)
	require.Equal(t, []string{
		"deny@account:leaked (quarantine)",
		"shut@unit:Attic/Suspended (unit)",
		"tags@account:idle (account)",
		"tags@account:leaked (account)",
	}, attached(p, "payments"))

	own, _ := resolve(t, states+"quarantinePolicy: shut\n")
	require.Contains(t, attached(own, "payments"), "shut@account:leaked (quarantine)", "an organization's own policy goes first")

	back, _ := resolve(t, strings.Replace(states, "state: quarantined, ", "", 1))
	require.NotContains(t, attached(back, "payments"), "deny@account:leaked (quarantine)")

	both, _ := resolve(t, strings.Replace(states, "state: quarantined, attach: [tags]", "state: quarantined, attach: [deny]", 1))
	require.Equal(t, []string{"deny@account:leaked (account)"}, attached(both, "payments")[:1], "attached once where both ask for it")
	require.Len(t, attached(both, "payments"), 3)
}

// A27: delegated administrators, by principal, whatever form the service is written in.
func TestDelegatedAdministrators(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, spoke+`
delegatedAdministrators:
  guardduty: audit
  config.amazonaws.com: [logs, audit]
units: { Security: { accounts: { audit: {}, logs: {} } } }
`)
	require.Equal(t, []plan.DelegatedAdministrator{
		{Service: "config.amazonaws.com", Account: "audit"},
		{Service: "config.amazonaws.com", Account: "logs"},
		{Service: "guardduty.amazonaws.com", Account: "audit"},
	}, p.Organization("payments").DelegatedAdministrators)
}

// Trusted access is what the user lists and what features need, each with its reasons.
func TestTrustedAccess(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, spoke+`
trustedAccess: [cloudtrail.amazonaws.com, iam, account.amazonaws.com]
rootAccess: [sessions, credentials]
delegatedAdministrators: { guardduty: audit }
regions: [eu-west-1, ap-east-1]
units: { Security: { accounts: { audit: {} } } }
`)
	o := p.Organization("payments")
	require.Equal(t, []plan.TrustedAccess{
		{Principal: "account.amazonaws.com", Because: []string{"contacts", "regions", "trustedAccess"}},
		{Principal: "cloudtrail.amazonaws.com", Because: []string{"trustedAccess"}},
		{Principal: "guardduty.amazonaws.com", Because: []string{"delegated administrator"}},
		{Principal: "iam.amazonaws.com", Because: []string{"rootAccess", "trustedAccess"}},
	}, o.TrustedAccess)
	require.Equal(t, []string{"RootCredentialsManagement", "RootSessions"}, o.RootAccess)

	plain, _ := resolve(t, strings.Replace(states, "regions: [ap-east-1]", "tags: {}", 1))
	require.Empty(t, plain.Organization("payments").TrustedAccess, "nothing needs any")
}

// D06: a policy exists in the organizations that attach it, and its type is enabled there.
func TestPolicies(t *testing.T) {
	t.Parallel()
	p, warnings := resolve(t, `
-- archipelago.yaml --
name: acme
hub: core
email: aws+{organization}.{account}@acme.example
regions: [eu-west-1]
tags: { owner: cloud@acme.example, cost-center: "4711", environment: production }
policies:
  everywhere: { type: scp, file: policies/deny.json }
  same-file: { type: scp, name: Same, description: x, file: policies/deny.json, tags: { environment: none } }
  unused: { type: tag, document: { tags: {} } }
attach: [everywhere]
-- policies/deny.json --
{ "Version": "2012-10-17",
  "Statement": [ { "Effect": "Deny", "Action": "iam:*", "Resource": "*" } ] }
`+spoke+`
policyTypes: [backup]
policies: { mine: { type: ai-opt-out, document: { services: {} } } }
attach: [mine]
units:
  A: { attach: [same-file], accounts: { web: {} } }
  B: { attach: [same-file] }
`)
	require.Contains(t, warnings, "policy unused is attached nowhere")
	const deny = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}`
	tags := func(environment string) map[string]string {
		return map[string]string{"owner": "cloud@acme.example", "cost-center": "4711", "environment": environment}
	}
	o := p.Organization("payments")
	require.Equal(t, []*plan.Policy{
		{Key: "everywhere", Name: "everywhere", Type: "SERVICE_CONTROL_POLICY", Content: deny, Tags: tags("production"), Source: "archipelago.yaml:7:3"},
		{Key: "mine", Name: "mine", Type: "AISERVICES_OPT_OUT_POLICY", Content: `{"services":{}}`, Tags: tags("production"), Source: "organizations/payments.yaml:6:13"},
		{Key: "same-file", Name: "Same", Description: "x", Type: "SERVICE_CONTROL_POLICY", Content: deny, Tags: tags("none"), Source: "archipelago.yaml:8:3"},
	}, o.Policies)
	require.Equal(t, []string{"AISERVICES_OPT_OUT_POLICY", "BACKUP_POLICY", "SERVICE_CONTROL_POLICY"}, o.PolicyTypes)
	require.Equal(t, []string{"everywhere@root (archipelago)", "mine@root (organization)", "same-file@unit:A (unit)", "same-file@unit:B (unit)"},
		attached(p, "payments"))
	require.Equal(t, []string{"everywhere@root (archipelago)"}, attached(p, "core"))
	require.Equal(t, []string{"SERVICE_CONTROL_POLICY"}, p.Organization("core").PolicyTypes)
}

// A01: an organization that only shares its bill gets nothing that needs all features, and hears of it.
func TestConsolidatedBilling(t *testing.T) {
	t.Parallel()
	p, warnings := resolve(t, strings.Replace(states, "quarantinePolicy: deny", "attach: [tags]\ncontacts: { billing: { name: x, title: x, email: x@acme.example, phone: \"+44 1\" } }", 1)+`
-- organizations/old.yaml --
name: old
kind: divestiture
features: CONSOLIDATED_BILLING
management: { accountId: "333333333333", email: aws+old-management@acme.example }
regions: [eu-west-1, ap-east-1]
units: { All: { accounts: { web: {} } } }
-- organizations/payments.yaml --
name: payments
kind: workload
management: { accountId: "222222222222", email: aws+payments@acme.example }
units: { All: { accounts: { web: {} } } }
`)
	o := p.Organization("old")
	require.Equal(t, topology.FeaturesConsolidatedBilling, o.Features)
	require.Empty(t, o.Attachments)
	require.Empty(t, o.Policies)
	require.Empty(t, o.PolicyTypes)
	require.Empty(t, o.TrustedAccess)
	web := account(t, p, "old", "web")
	require.False(t, web.Contacts.Any())
	require.Empty(t, web.OptInRegions)
	require.NotNil(t, o.Management.Contacts.Billing, "the management account sets its own")
	require.Contains(t, warnings, "organizations/old.yaml:3:11: warning: contacts and opt-in regions of the member accounts of organization old are not set: that needs all features [needs-all-features]")

	require.True(t, account(t, p, "payments", "web").Contacts.Any())
	require.Equal(t, []string{"tags@root (archipelago)"}, attached(p, "payments"))
}

// C01, C02: the hub first; every spoke after it, but the way in for the day when the hub is down.
func TestDependencies(t *testing.T) {
	t.Parallel()
	var files strings.Builder
	files.WriteString("-- archipelago.yaml --\nname: acme\nhub: middle\nemail: aws+{organization}.{account}@acme.example\nregions: [eu-west-1]\nrequiredTags: []\n")
	for i, kind := range []string{"workload", "sandbox", "break-glass", "back-office", "transit", "acquisition", "divestiture"} {
		fmt.Fprintf(&files, "-- organizations/%s.yaml --\nname: %s\nkind: %s\nmanagement: { accountId: \"%012d\", email: aws+%s@acme.example }\n", kind, kind, kind, i+1, kind)
	}
	files.WriteString("-- organizations/core.yaml --\nname: middle\nkind: hub\nmanagement: { accountId: \"999999999999\", email: aws+middle@acme.example }\n")
	p, _ := resolve(t, files.String())
	got := map[string][]string{}
	var names []string
	for _, o := range p.Organizations {
		names = append(names, o.Name)
		got[o.Name] = o.DependsOn
	}
	hub := []string{"middle"}
	require.Equal(t, map[string][]string{"middle": {}, "break-glass": {}, "workload": hub, "sandbox": hub, "back-office": hub,
		"transit": hub, "acquisition": hub, "divestiture": hub}, got)
	require.Equal(t, []string{"middle", "acquisition", "back-office", "break-glass", "divestiture", "sandbox", "transit", "workload"}, names)
}

// The delegation policy is minified and may name ids that only AWS knows.
func TestDelegationPolicy(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, spoke+`
delegationPolicy:
  file: ../delegate.json
-- delegate.json --
{ "Version": "2012-10-17", "Statement": [
  { "Effect": "Allow", "Principal": { "AWS": "{{hub.management.account.id}}" }, "Action": "organizations:List*", "Resource": "*" } ] }
`)
	require.Equal(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"{{hub.management.account.id}}"},"Action":"organizations:List*","Resource":"*"}]}`,
		p.Organization("payments").DelegationPolicy)
	require.Empty(t, p.Organization("core").DelegationPolicy)
}

// sized is an archipelago whose policy has as many characters as asked once its white space is gone.
func sized(characters int, settings string) string {
	const frame = `{"services":{"default":{"opt_out_policy":{"@@assign":""}}}}`
	return strings.Replace(states, "quarantinePolicy: deny", "attach: [big]\n"+settings, 1) + `
-- organizations/payments.yaml --
name: payments
kind: workload
management: { accountId: "222222222222", email: aws+payments@acme.example }
policies:
  big2: { type: ai-opt-out, file: ../policies/big.json }
-- policies/big.json --
` + strings.Replace(frame, `""`, `"`+strings.Repeat("x", characters-len(frame))+`"`, 1) + "\n"
}

// A policy may be as large as the quota, which is data: overridden for all, or for one organization.
func TestPolicySize(t *testing.T) {
	t.Parallel()
	with := func(characters int, settings string) string {
		return strings.Replace(sized(characters, settings), "policies:\n  deny:", "policies:\n  big: { type: ai-opt-out, file: policies/big.json }\n  deny:", 1)
	}
	p, _ := resolve(t, with(2500, ""))
	require.Len(t, p.Organization("core").Policies[0].Content, 2500)

	_, found := load(t, archive(t, parse(with(2501, ""))))
	require.Contains(t, render(found), `archipelago.yaml:7:34: error: policy "big" has 2501 characters without white space; organization core allows 2500 [policy-size]`)
	require.Contains(t, render(found), "organization payments allows 2500")

	resolve(t, with(2600, "quotas: { ai-opt-out-size: 2600 }"))

	_, found = load(t, archive(t, parse(with(2501, "")+"-- organizations/core.yaml --\nname: core\nkind: hub\nmanagement: { accountId: \"111111111111\", email: aws+core@acme.example }\nquotas: { ai-opt-out-size: 2501 }\n")))
	require.NotContains(t, render(found), "organization core allows")
	require.Contains(t, render(found), "organization payments allows 2500")
}

// What belongs to a region of the management account has a provider of its own: the first one stays in the
// region where it was started. Members come sorted, and a removal of default VPCs needs none.
func TestProvidersOfBaselines(t *testing.T) {
	t.Parallel()
	p, _ := resolve(t, `
-- archipelago.yaml --
name: acme
hub: core
email: "aws+{organization}.{account}@acme.example"
requiredTags: []
regions: [eu-west-1, us-east-1]
-- organizations/core.yaml --
name: core
kind: hub
management:
  accountId: "111111111111"
  email: aws+core@acme.example
  baseline: { alias: acme-core, ec2: { encryptVolumes: true } }
units:
  Z: { accounts: { a: { baseline: { accessAnalyzer: {}, s3: { blockPublicAccess: true } } } } }
  A: { accounts: { z: { baseline: { ec2: { encryptVolumes: true } }, regions: [us-east-1] }, m: { baseline: { ec2: { defaultVpc: remove } } } } }
`)
	var got []string
	for _, x := range p.Organization("core").Providers {
		got = append(got, fmt.Sprintf("%s %s %t %d", x.Account, x.Region, x.Regional, len(x.Reasons)))
	}
	require.Equal(t, []string{
		" eu-west-1 false 2", " eu-west-1 true 1", " us-east-1 true 1", "a eu-west-1 false 2", "a us-east-1 false 1", "z us-east-1 false 1",
	}, got)
}
