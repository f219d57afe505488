package hooktest_test

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/hooktest"
	"github.com/archipelago-iac/archipelago/internal/recorder"
)

// hooks are what the cases of these tests run.
var hooks = map[string]string{
	"limit.ts": `import { hook, warn } from "archipelago";
export default hook<{ limit: number }>({
  name: "limit",
  match: { state: "active" },
  baseline(draft, { account, params }) {
    if (!account.tags.owner) warn("no owner");
    if (draft.budget) draft.budget.monthlyLimit = params.limit;
    else draft.budget = { monthlyLimit: params.limit, recipients: [account.email] };
  },
});
`,
	"double.js": `module.exports = { name: "double", baseline(draft) { draft.budget.monthlyLimit *= 2; } };
`,
	"remove.js": `module.exports = { name: "remove", baseline(draft) { delete draft.budget; draft.regions.push("eu-west-1"); } };
`,
	"refuse.ts": `import { fail, hook } from "archipelago";
export default hook({
  name: "refuse",
  baseline(draft, { account, organization, archipelago, stack }) {
    fail([account.key, account.name, account.email, account.unit, account.units.join("+"), account.state, organization.name,
      organization.kind, organization.regions[0], archipelago.hub, stack].join(" "), { hint: "this is what a hook sees" });
  },
});
`,
	"wrong.ts": `import { hook } from "archipelago";
export default hook({
  name: "wrong",
  baseline(draft) {
    draft.budget = { monthlyLimit: "much", recipients: [], limt: 1 } as any;
  },
});
`,
	"broken.ts": `import { hook } from "archipelago";
export default hook({ name: "broken", baseline(draft) { draft. } });
`,
	"imports.ts":    "import { x } from \"./lib/broken\";\nexport default { name: \"imports\", baseline() { return x; } };\n",
	"lib/broken.ts": "export const x = ;\n",
}

// archipelago has the hooks and the given cases, by their names below tests/hooks.
func archipelago(cases map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range hooks {
		fsys["hooks/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range cases {
		fsys[path.Join(hooktest.Dir, name)] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// run runs one case.
func run(t *testing.T, text string) hooktest.Result {
	t.Helper()
	results, err := hooktest.Run(t.Context(), archipelago(map[string]string{"it.txtar": text}), nil)
	require.NoError(t, err)
	require.Len(t, results, 1)
	require.Equal(t, results[0].Problem == "", results[0].Passed)
	return results[0]
}

// passing are cases that hold.
var passing = map[string]string{
	"changes": `# one limit
hook: hooks/limit.ts
-- account.yaml --
tags: { owner: me@acme.example }
-- params.yaml --
limit: 250
-- baseline.yaml --
budget: { monthlyLimit: 100, recipients: [a@acme.example] }
-- want.changes --
budget.monthlyLimit: 100 → 250
-- want.log --
`,
	"two hooks in their order": `# twice
# the limit

hook: hooks/limit.ts
hook: hooks/double.js
-- params.yaml --
limit: 250
-- want.changes --
budget: not set → {"monthlyLimit":250,"recipients":["aws+example.example@example.com"]}
budget.monthlyLimit: 250 → 500
-- want.log --
warn: no owner
`,
	"removed": `hook: hooks/remove.js
-- baseline.yaml --
budget: { monthlyLimit: 100, recipients: [] }
regions: [us-east-1]
-- want.changes --
budget: {"actual":[80,100],"currency":"USD","forecast":[100],"monthlyLimit":100,"recipients":[]} → not set
regions: ["us-east-1"] → ["us-east-1","eu-west-1"]
`,
	"no match, no change": `hook: hooks/limit.ts
-- account.yaml --
state: quarantined
-- want.changes --
`,
	"a draft, however it is written": `hook: hooks/limit.ts
-- account.yaml --
tags: { owner: 4711 }
-- params.yaml --
limit: 250
-- baseline.yaml --
budget: { monthlyLimit: 100, recipients: [a@acme.example] }
-- want.yaml --
tags:
  owner: "4711"
alias:
budget: { recipients: [a@acme.example], forecast: [100], actual: [80, 100], currency: USD, monthlyLimit: 250 }
roles: {}
`,
	"an error": `hook: hooks/refuse.ts
-- account.yaml --
organization: payments
kind: sandbox
unit: Workloads/Prod
key: payments-prod
name: Payments Prod
email: p@acme.example
state: suspended
-- baseline.yaml --
regions: [eu-central-1]
-- want.err --
hooks/refuse.ts:5:5: error: payments-prod Payments Prod p@acme.example Workloads/Prod Workloads+Prod suspended payments sandbox eu-central-1 payments payments [hook-rejected]
    5 |     fail([account.key, account.name, account.email, account.unit, account.units.join("+"), account.state, organization.name,
      |     ^
      = help: this is what a hook sees
`,
}

func TestPassing(t *testing.T) {
	t.Parallel()
	for name, text := range passing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, text)
			require.Empty(t, r.Problem)
			require.Nil(t, r.Updated)
		})
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	require.Equal(t, "twice the limit", run(t, passing["two hooks in their order"]).Title)
	require.Empty(t, run(t, passing["removed"]).Title)
}

// failing are cases that do not hold.
var failing = map[string]string{
	"changes": strings.Replace(passing["changes"], "100 → 250", "100 → 300", 1),
	"changes and log": strings.Replace(passing["two hooks in their order"],
		"budget.monthlyLimit: 250 → 500\n-- want.log --\n", "-- want.log --\ninfo: fine\n", 1),
	"draft": strings.Replace(passing["a draft, however it is written"], "currency: USD, monthlyLimit: 250", "currency: EUR, monthlyLimit: 250", 1),
	"draft, a part that changed is not named": "hook: hooks/limit.ts\n-- params.yaml --\nlimit: 3\n-- want.yaml --\nroles: {}\n",
	"draft, a part is not there":              "hook: hooks/remove.js\n-- want.yaml --\nbudget: { monthlyLimit: 1 }\nregions: [eu-west-1]\n",
	"error":                                   strings.Replace(passing["an error"], "state: suspended", "state: active", 1),
	"error unexpected":                        strings.Split(passing["an error"], "-- want.err")[0] + "-- want.changes --\n",
	"error that does not come":                strings.Split(passing["changes"], "-- want.changes")[0] + "-- want.err --\nno\n",
	"nothing wanted":                          strings.Split(passing["changes"], "-- want.changes")[0],
	"nothing wanted, nothing done":            "hook: hooks/limit.ts\n-- account.yaml --\nstate: suspended\n",
	"a draft that is not valid":               "hook: hooks/wrong.ts\n-- want.changes --\n",
	"syntax":                                  "hook: hooks/broken.ts\n-- want.changes --\n",
	"syntax of what it imports":               "hook: hooks/imports.ts\n-- want.changes --\n",
}

// What a case does not get is shown, and --update makes the case one that holds.
func TestFailing(t *testing.T) {
	t.Parallel()
	for name, text := range failing {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, text)
			require.False(t, r.Passed)
			require.NotNil(t, r.Updated)
			file := strings.NewReplacer(" ", "-", ",", "").Replace(name)
			recorder.Golden(t, path.Join("testdata", file+".golden.txt"), r.Problem+"\n=== updated\n"+string(r.Updated))
			require.Empty(t, run(t, string(r.Updated)).Problem)
		})
	}
}

// mistakes are cases that make no sense, with what is said about them.
var mistakes = []struct{ text, want string }{
	{"", "it.txtar:1: it says no hook; write hook: hooks/NAME.ts above the files"},
	{"# only a title\n-- want.changes --\n", "it.txtar:1: it says no hook; write hook: hooks/NAME.ts above the files"},
	{"# a\nhok: hooks/limit.ts\n", `it.txtar:2: there is no directive "hok"; write hook: hooks/NAME.ts, or a # before a remark`},
	{"a remark\n", `it.txtar:1: there is no directive "a remark"; write hook: hooks/NAME.ts, or a # before a remark`},
	{"hook: limit.ts\n", "it.txtar:1: hook: wants a file of the directory hooks, such as hooks/cost-center.ts"},
	{"hook: hooks/../limit.ts\n", "it.txtar:1: hook: wants a file of the directory hooks, such as hooks/cost-center.ts"},
	{"\nhook: hooks/limits.ts\n", "it.txtar:2: there is no hooks/limits.ts"},
	{"hook: hooks/limit.ts\n-- params.yaml --\nlimit: 1\n\n-- want.yml --\n", `it.txtar:5: a case has no file "want.yml"; it has account.yaml, params.yaml, baseline.yaml, want.yaml, want.changes, want.err, want.log`},
	{"hook: hooks/limit.ts\n-- want.log --\n-- want.log --\n", "it.txtar:3: want.log is there twice"},
	{"hook: hooks/limit.ts\n-- want.err --\nno\n-- want.yaml --\n", "it.txtar:4: want.yaml is there beside want.err; a case wants one of them"},
	{"hook: hooks/limit.ts\n-- account.yaml --\nkey: a\nownr: me\n", `it.txtar:4: unknown field "ownr"; it has organization, kind, unit, key, name, email, state, tags`},
	{"hook: hooks/limit.ts\n-- account.yaml --\ntags: [a]\n", "it.txtar:3: "},
	{"hook: hooks/limit.ts\n-- account.yaml --\nkey: a\nkind: hubs\n", `it.txtar:4: kind cannot be "hubs"; choices: hub, workload, `},
	{"hook: hooks/limit.ts\n-- account.yaml --\n{ state: closed }\n", `it.txtar:3: state cannot be "closed"; choices: active, quarantined, suspended`},
	{"hook: hooks/limit.ts\n-- params.yaml --\n[a, b]\n", "it.txtar:3: "},
	{"hook: hooks/limit.ts\n-- params.yaml --\nlimit: .nan\n", "it.txtar:3: params are not JSON: json: unsupported value: NaN"},
	{"hook: hooks/limit.ts\n-- params.yaml --\nlimit: {\n", "it.txtar:3: "},
	{"hook: hooks/limit.ts\n-- baseline.yaml --\n\nbudgt: {}\n", "it.txtar:4:1: error: "},
	{"hook: hooks/remove.js\n-- want.yaml --\na: b\nc: [\n", "it.txtar:4: "},
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range mistakes {
		r := run(t, c.text)
		require.False(t, r.Passed, c.text)
		require.Contains(t, r.Problem, hooktest.Dir+"/"+c.want)
		if !strings.Contains(c.text, "want.yaml --\na: b") {
			require.Nil(t, r.Updated)
		}
		t.Log(r.Problem)
	}
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	cases := map[string]string{}
	for _, name := range []string{"a.txtar", "limit/first.txtar", "limit/second.txtar", "deep/er/first.txtar"} {
		cases[name] = passing["changes"]
	}
	cases["README.md"] = "Cases."
	fsys := archipelago(cases)
	for _, c := range []struct {
		patterns []string
		want     []string
	}{
		{nil, []string{"a.txtar", "deep/er/first.txtar", "limit/first.txtar", "limit/second.txtar"}},
		{[]string{"limit"}, []string{"limit/first.txtar", "limit/second.txtar"}},
		{[]string{"limit/"}, []string{"limit/first.txtar", "limit/second.txtar"}},
		{[]string{"limit/second", "a.txtar", "a"}, []string{"a.txtar", "limit/second.txtar"}},
		{[]string{"*/first"}, []string{"limit/first.txtar"}},
		{[]string{"de*"}, []string{"deep/er/first.txtar"}},
		{[]string{"tests/hooks/limit/first.txtar"}, []string{"limit/first.txtar"}},
		{[]string{"tests/hooks"}, []string{"a.txtar", "deep/er/first.txtar", "limit/first.txtar", "limit/second.txtar"}},
	} {
		results, err := hooktest.Run(t.Context(), fsys, c.patterns)
		require.NoError(t, err)
		var got []string
		for _, r := range results {
			require.Empty(t, r.Problem)
			got = append(got, strings.TrimPrefix(r.File, hooktest.Dir+"/"))
		}
		require.Equal(t, c.want, got, c.patterns)
	}
	_, err := hooktest.Run(t.Context(), fsys, []string{"limit", "limt"})
	require.EqualError(t, err, `no case is like "limt"; there are a.txtar, deep/er/first.txtar, limit/first.txtar, limit/second.txtar`)
	_, err = hooktest.Run(t.Context(), archipelago(nil), []string{"limit"})
	require.EqualError(t, err, `no case is like "limit": there are none below tests/hooks`)
	results, err := hooktest.Run(t.Context(), archipelago(nil), nil)
	require.NoError(t, err)
	require.Empty(t, results)
}

// A file that cannot be read is nobody's mistake in a case.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	fsys := archipelago(map[string]string{"a.txtar": passing["changes"]})
	fsys[hooktest.Dir+"/b.txtar"] = &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("nowhere")}
	_, err := hooktest.Run(t.Context(), fsys, nil)
	require.ErrorContains(t, err, "read case: ")
}

// All cases run at once, and one that fails or makes no sense leaves the others alone.
func TestTogether(t *testing.T) {
	t.Parallel()
	cases := map[string]string{}
	for name, text := range passing {
		cases["passing/"+name+".txtar"] = text
	}
	for name, text := range failing {
		cases["failing/"+name+".txtar"] = text
	}
	for i, c := range mistakes {
		cases["mistakes/"+string(rune('a'+i))+".txtar"] = c.text
	}
	results, err := hooktest.Run(t.Context(), archipelago(cases), nil)
	require.NoError(t, err)
	require.Len(t, results, len(cases))
	require.True(t, slices.IsSortedFunc(results, func(a, b hooktest.Result) int { return strings.Compare(a.File, b.File) }))
	for _, r := range results {
		require.Equal(t, strings.Contains(r.File, "/passing/"), r.Passed, r.Problem)
	}
	again, err := hooktest.Run(t.Context(), archipelago(maps.Clone(cases)), nil)
	require.NoError(t, err)
	require.Equal(t, results, again, "the same files give the same bytes")
}

func TestDifference(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"a\n", "", "- a\n"},
		{"", "a", "+ a\n"},
		{"a\nb\nc\n", "a\nc\nd\n", "  a\n- b\n  c\n+ d\n"},
		{"a\n\nb", "a\nb", "  a\n- \n  b\n"},
		{"x", "y", "- x\n+ y\n"},
	} {
		require.Equal(t, c.want, hooktest.Difference(c.before, c.after))
	}
}

// A case whose hook does not run at all says so: nothing else would tell why nothing happened.
func TestHookThatDoesNotMatch(t *testing.T) {
	t.Parallel()
	fsys := archipelago(map[string]string{"it.txtar": "# none\nhook: hooks/prod.js\n-- want.changes --\nalias: not set → \"x\"\n"})
	fsys["hooks/prod.js"] = &fstest.MapFile{Data: []byte(`module.exports = { name: "prod", match: { kind: "hub" }, baseline(draft) { draft.alias = "x"; } };`)}
	results, err := hooktest.Run(t.Context(), fsys, nil)
	require.NoError(t, err)
	require.Contains(t, results[0].Problem, "hooks/prod.js did not run: its match leaves the account of the case out")
}

// What a hook leaves must be something that can be deployed.
func TestDraftThatCannotBeDeployed(t *testing.T) {
	t.Parallel()
	fsys := archipelago(map[string]string{"it.txtar": "# half\nhook: hooks/half.js\n-- want.changes --\n"})
	fsys["hooks/half.js"] = &fstest.MapFile{Data: []byte(`module.exports = { name: "half", baseline(draft) { draft.budget = { monthlyLimit: 5 }; } };`)}
	results, err := hooktest.Run(t.Context(), fsys, nil)
	require.NoError(t, err)
	require.False(t, results[0].Passed)
	require.Contains(t, results[0].Problem, "hooks/half.js:1:58: error: budget.recipients is missing")
}
