package plugins_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/match"
)

// baseline is a draft of the size that accounts have.
const baseline = `{
	"tags": {"environment": "production", "owner": "payments", "cost-center": "1700", "company": "acme"},
	"contacts": {"billing": {"name": "Finance", "email": "finance@acme.example"}, "security": {"name": "Security", "email": "security@acme.example"}},
	"budget": {"monthlyLimit": 100, "thresholds": [80, 100], "forecast": [100], "recipients": ["a@acme.example"]},
	"regions": ["eu-west-1", "eu-central-1"],
	"roles": {"read-only": {"trust": {"accounts": ["111111111111"]}, "managedPolicies": ["ReadOnlyAccess"], "maxSession": 3600},
		"break-glass": {"trust": {"accounts": ["222222222222"], "mfa": true}, "managedPolicies": ["AdministratorAccess"], "maxSession": 3600}},
	"passwordPolicy": {"minimumLength": 16, "requireSymbols": true, "reuse": 24, "maxAge": 90},
	"s3": {"blockPublicAccess": true}, "ebs": {"encryption": true, "blockPublicSnapshots": true}, "ec2": {"imdsv2": true, "serialConsole": false},
	"vpc": {"removeDefault": true}, "accessAnalyzer": {"enabled": true}, "parameters": {"/account/name": "x"}, "resources": {}
}`

var small = map[string]string{
	"budget.ts":  hookFile("budget", `    if (context.account.tags.environment === "production") draft.budget.monthlyLimit = 250;`),
	"regions.ts": hookFile("regions", `    if (!draft.regions.includes("eu-north-1")) draft.regions.push("eu-north-1");`),
	"roles.ts":   hookFile("roles", `    for (const role of Object.values(draft.roles)) role.maxSession = 7200;`),
}

// accounts are n accounts in ten classes of equal drafts, each with a context of its own.
func accounts(b *testing.B, n int, hooks ...string) []plugins.Account {
	b.Helper()
	drafts := make([]map[string]*plugins.Part, 10)
	for i := range drafts {
		drafts[i] = parts(b, baseline)
	}
	organization := plugins.NewPart([]byte(`{"name":"payments","kind":"workload","regions":["eu-west-1","eu-central-1"]}`))
	archipelago := plugins.NewPart([]byte(`{"name":"acme","organizations":["core","payments","platform","sandbox"]}`))
	out := make([]plugins.Account, n)
	for i := range out {
		name := "account-" + strconv.Itoa(i)
		out[i] = plugins.Account{Name: "payments/" + name, Subject: match.Subject{Account: name}, Draft: drafts[i%10], Uses: uses(hooks...),
			Context: map[string]*plugins.Part{"organization": organization, "archipelago": archipelago,
				"account": plugins.NewPart([]byte(`{"name":"` + name + `","email":"aws+` + name + `@acme.example","unit":"Workloads/Prod","state":"active",` +
					`"tags":{"environment":"production","owner":"payments","cost-center":"1700"},"regions":["eu-west-1"]}`))}}
	}
	return out
}

func bench(b *testing.B, content map[string]string, n int, hooks ...string) {
	b.Helper()
	fsys, names := files(content)
	s, errs, err := plugins.Load(context.Background(), fsys, "hooks", names, plugins.Options{})
	require.NoError(b, err)
	require.Empty(b, errs)
	defer s.Close()
	all := accounts(b, n, hooks...)
	for b.Loop() {
		results, err := s.Run(context.Background(), all)
		require.NoError(b, err)
		for i := range results {
			require.Nil(b, results[i].Err, "%v", results[i].Err)
		}
	}
	peak := resident(os.Getpid())
	for _, pid := range s.WorkerPIDs() {
		peak += resident(pid)
	}
	b.ReportMetric(float64(peak)/(1<<20), "MiB")
}

// resident is the most memory that a process had, in bytes; 0 where nobody knows.
func resident(pid int) int64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// BenchmarkSmallHooks: 10,000 accounts, three hooks of one line each. Budget: 4 s and 300 MiB.
func BenchmarkSmallHooks(b *testing.B) {
	bench(b, small, 10_000, "budget.ts", "regions.ts", "roles.ts")
}

// BenchmarkLongHook: 10,000 accounts, one hook of 100 lines that reads and writes all of the draft. Budget: 12 s.
func BenchmarkLongHook(b *testing.B) {
	bench(b, map[string]string{"long.ts": longHook()}, 10_000, "long.ts")
}

// BenchmarkNoMatch: 10,000 accounts that no hook is for.
func BenchmarkNoMatch(b *testing.B) {
	bench(b, map[string]string{"none.ts": `export default { name: "none", match: { account: "other-*" }, baseline() {} }`}, 10_000, "none.ts")
}

// BenchmarkLoad: 20 hooks of 100 lines, the worker included. Budget: 200 ms.
func BenchmarkLoad(b *testing.B) {
	content := map[string]string{}
	for i := range 20 {
		name := fmt.Sprintf("long%02d", i)
		content[name+".ts"] = strings.Replace(longHook(), `name: "long"`, `name: "`+name+`"`, 1)
	}
	fsys, names := files(content)
	for b.Loop() {
		s, errs, err := plugins.Load(context.Background(), fsys, "hooks", names, plugins.Options{})
		require.NoError(b, err)
		require.Empty(b, errs)
		s.Close()
	}
}

// longHook is what a team's whole policy looks like in one file.
func longHook() string {
	var b strings.Builder
	b.WriteString(`import { hook, fail, warn } from "archipelago";

interface Center { limit: number; owners: string[]; regions?: string[] }

const centers: Record<string, Center> = {
`)
	for i := range 20 {
		fmt.Fprintf(&b, "  \"%d\": { limit: %d, owners: [\"payments\", \"team-%d\"], regions: [\"eu-west-%d\"] },\n", 1690+i, 100+i, i, i%3+1)
	}
	b.WriteString(`};

function unique<T>(items: T[]): T[] {
  return [...new Set(items)].sort();
}

class Thresholds {
  #values: number[];
  constructor(values: number[]) {
    this.#values = values.filter((v) => v > 0 && v <= 200);
  }
  with(...more: number[]): number[] {
    return unique([...this.#values, ...more]).sort((a, b) => a - b);
  }
}

function emailOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") + "@acme.example";
}

export default hook({
  name: "long",
  description: "everything that production accounts need",
  baseline(draft, { account, organization, archipelago }) {
    const center = centers[account.tags["cost-center"]];
    if (!center) fail("unknown cost center " + account.tags["cost-center"], { path: "tags.cost-center" });
    if (!center.owners.includes(account.tags.owner)) {
      warn("the owner is not one of the cost center's");
    }

    draft.budget.monthlyLimit = Math.max(center.limit, draft.budget.monthlyLimit ?? 0) * 2;
    draft.budget.thresholds = new Thresholds(draft.budget.thresholds).with(50, 80, 120);
    draft.budget.recipients = unique([...draft.budget.recipients, emailOf(account.tags.owner)]);

    draft.regions = unique([...draft.regions, ...(center.regions ?? []), ...organization.regions]);
    for (const region of draft.regions) {
      draft.parameters["/regions/" + region] = region.startsWith("eu-") ? "europe" : "elsewhere";
    }

    for (const [name, role] of Object.entries<any>(draft.roles)) {
      role.maxSession = name === "break-glass" ? 3600 : 14400;
      role.path = "/" + archipelago.name + "/";
      role.trust.accounts = role.trust.accounts.map((a: string) => a.padStart(12, "0"));
      if (role.managedPolicies.includes("AdministratorAccess")) {
        role.trust.mfa = true;
      }
    }
    draft.roles["audit-" + account.name] = {
      trust: { accounts: ["333333333333"], externalId: organization.name + ":" + account.name },
      managedPolicies: ["SecurityAudit"],
      maxSession: 3600,
    };

    draft.passwordPolicy = { ...draft.passwordPolicy, minimumLength: 20, maxAge: undefined };
    draft.contacts.operations = { name: account.tags.owner, email: emailOf("ops " + account.tags.owner) };
    draft.tags = Object.fromEntries(Object.entries<string>(draft.tags).map(([k, v]) => [k, v.trim()]));
    draft.tags["managed-by"] ??= "archipelago";

    const [first, ...others] = draft.regions;
    for (const [index, region] of [first, ...others].entries()) {
      draft.resources["logs-" + region] = {
        type: "aws:s3/bucket:Bucket",
        properties: { bucket: [account.name, "logs", region].join("-"), tags: { index: String(index) } },
        options: { protect: index === 0, dependsOn: index === 0 ? [] : ["logs-" + first] },
      };
    }
    delete draft.vpc.removeDefault;
    draft.ec2.serialConsole = false;
  },
});
`)
	return b.String()
}
