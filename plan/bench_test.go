package plan_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// generate writes an archipelago of seven organizations with the given number of accounts in all, in
// units of 25 accounts, with layers, policies and contacts as in the sample.
func generate(accounts int) fstest.MapFS {
	files := fstest.MapFS{
		"archipelago.yaml": {Data: []byte(`name: acme
hub: core
email: "aws+{organization}.{account}@acme.example"
regions: [eu-west-1, us-east-1]
tags: { company: acme, managed-by: archipelago }
contacts:
  billing: { name: Accounts Payable, title: Finance, email: billing@acme.example, phone: "+44 20 7946 0100" }
  operations: { name: Cloud Platform, title: Operations, email: cloud-ops@acme.example, phone: "+44 20 7946 0101" }
  security: { name: Security Response, title: Security, email: security@acme.example, phone: "+44 20 7946 0102" }
access: { profile: "acme-{organization}" }
quotas: { accounts: 20000 }
policies:
  deny-all: { type: scp, file: policies/deny-all.json }
  region-lock: { type: scp, file: policies/region-lock.json }
  tags: { type: tag, document: { tags: { owner: { tag_key: { "@@assign": owner } } } } }
attach: [region-lock]
quarantinePolicy: deny-all
`)},
		"policies/deny-all.json": {Data: []byte(`{ "Version": "2012-10-17", "Statement": [ { "Effect": "Deny", "Action": "*", "Resource": "*" } ] }`)},
		"policies/region-lock.json": {Data: []byte(`{ "Version": "2012-10-17", "Statement": [ { "Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*",
  "Condition": { "StringNotEquals": { "aws:RequestedRegion": ["eu-west-1"] } } } ] }`)},
	}
	names := []string{"core", "a", "b", "c", "d", "e", "f"}
	for i, name := range names {
		n := accounts / len(names)
		if i < accounts%len(names) {
			n++
		}
		files["organizations/"+name+".yaml"] = &fstest.MapFile{Data: []byte(organization(i, name, n))}
	}
	return files
}

func organization(i int, name string, accounts int) string {
	var b strings.Builder
	kind := "workload"
	if i == 0 {
		kind = "hub"
	}
	fmt.Fprintf(&b, `name: %s
kind: %s
management: { accountId: "%012d", email: aws+%s@acme.example, owner: platform@acme.example, tags: { environment: shared } }
tags: { cost-center: "1000", owner: platform@acme.example }
units:
  Suspended: { suspended: true, tags: { environment: shared }, attach: [deny-all] }
`, name, kind, i+1, name)
	for k := range accounts {
		if k%25 == 0 {
			fmt.Fprintf(&b, "  Team %04d:\n    tags: { team: t%04d }\n    attach: [tags]\n    units:\n      Prod:\n        tags: { environment: production }\n        accounts:\n", k/25, k/25)
		}
		state := ""
		switch {
		case k%100 == 99:
			state = ", state: suspended"
		case k%50 == 49:
			state = ", state: quarantined"
		case k%200 == 7:
			state = ", state: closed"
		}
		fmt.Fprintf(&b, "          %s-%05d: { owner: team-%04d@acme.example, tags: { cost-center: \"%d\", service: s%05d }%s }\n", name, k, k/25, 1000+k, k, state)
	}
	return b.String()
}

var sizes = []int{100, 1_000, 10_000}

// BenchmarkResolve is the work of this package alone. Issue 2: 10,000 accounts in 2 s and 500 MB, loading
// included.
func BenchmarkResolve(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a, found, err := topology.Load(generate(n))
			require.NoError(b, err)
			require.False(b, found.HasErrors())
			b.ReportAllocs()
			for b.Loop() {
				p, _, _ := plan.Resolve(b.Context(), a, nil)
				require.Len(b, p.Organizations, 7)
			}
			report(b, n)
		})
	}
}

// BenchmarkLoadAndResolve is what every command does first.
func BenchmarkLoadAndResolve(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			files := generate(n)
			b.ReportAllocs()
			for b.Loop() {
				p, _, found, err := plan.Load(b.Context(), files)
				require.NoError(b, err)
				require.NotNil(b, p)
				require.Empty(b, found)
			}
			report(b, n)
		})
	}
}

// hooked adds a baseline, a lock and three hooks for every account.
func hooked(files fstest.MapFS) fstest.MapFS {
	files["archipelago.yaml"].Data = append(files["archipelago.yaml"].Data, `
baseline:
  roles:
    audit: { trust: { accounts: ["000000000001"] }, managedPolicies: [SecurityAudit] }
  s3: { blockPublicAccess: true }
locks: { s3: {} }
hooks: [hooks/budget.ts, hooks/contact.ts, hooks/tags.ts]
`...)
	for name, body := range map[string]string{
		"budget":  `draft.budget = { monthlyLimit: 100 + Number(context.account.tags["cost-center"]) % 7, recipients: [context.account.tags.owner] };`,
		"contact": `draft.contacts.operations = { ...draft.contacts.operations, email: context.account.tags.owner };`,
		"tags":    `draft.tags.unit = context.account.unit;`,
	} {
		files["hooks/"+name+".ts"] = &fstest.MapFile{Data: []byte(`import { hook } from "archipelago";
export default hook({ name: "` + name + `", baseline(draft, context) { ` + body + ` } });
`)}
	}
	return files
}

// BenchmarkLoadWithHooks is the same with three small hooks for every account, their processes included.
func BenchmarkLoadWithHooks(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			files := hooked(generate(n))
			b.ReportAllocs()
			for b.Loop() {
				p, _, found, err := plan.Load(b.Context(), files)
				require.NoError(b, err)
				require.NotNil(b, p, render(found[:min(3, len(found))]))
			}
			report(b, n)
		})
	}
}

func report(b *testing.B, accounts int) {
	b.Helper()
	b.ReportMetric(float64(accounts), "accounts/op")
	b.ReportMetric(float64(accounts)*float64(b.N)/b.Elapsed().Seconds(), "accounts/s")
}

// The benchmarks' archipelago is what it claims to be.
func TestGenerated(t *testing.T) {
	t.Parallel()
	p, found := load(t, generate(1_000))
	require.Empty(t, render(found))
	accounts, closed := 0, 0
	for _, o := range p.Organizations {
		accounts += len(o.Accounts)
		closed += len(o.Closed)
	}
	require.Equal(t, 1_000, accounts+closed)
	require.NotZero(t, closed)
	require.Len(t, p.Organizations, 7)
}

// Ten times the accounts take ten times the memory, not more. Time is not measured here: it depends on
// the machine.
func TestMemoryGrowsLinearly(t *testing.T) {
	bytes := func(n int) float64 {
		a, _, err := topology.Load(generate(n))
		require.NoError(t, err)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, _, _ := plan.Resolve(t.Context(), a, nil)
		runtime.ReadMemStats(&after)
		require.NotEmpty(t, p.Organizations)
		return float64(after.TotalAlloc - before.TotalAlloc)
	}
	require.Less(t, bytes(5_000)/bytes(500), 12.0)
}
