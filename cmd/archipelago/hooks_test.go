package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/internal/tsc"
	"github.com/archipelago-iac/archipelago/plan"
)

// hooked writes the archipelago of testdata/hooks.txtar, in which the first text of each pair is replaced by
// the second. Its cases are txtar themselves: their lines "-- name --" have a bar before them.
func hooked(t *testing.T, pairs ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "hooks.txtar"))
	require.NoError(t, err)
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, string(text), pairs[i])
		text = bytes.Replace(text, []byte(pairs[i]), []byte(pairs[i+1]), 1)
	}
	dir := t.TempDir()
	for _, f := range txtar.Parse(text).Files {
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, bytes.ReplaceAll(f.Data, []byte("|-- "), []byte("-- ")), 0o600))
	}
	return dir
}

// unowned is the warning that every command about the sample repeats.
const unowned = "hooks/owner.js:9:7: warning: nobody answers for this account (payments/payments-old) [hook-warning]\n"

// golden compares an output with testdata/NAME. Times, which no two runs share, are blanked out.
func golden(t *testing.T, name, got string) {
	t.Helper()
	for _, r := range [][2]string{
		{`\d+\.\d ms +\d+\.\d ms`, "0.0 ms  0.0 ms"},
		{`TIME +SLOWEST`, "TIME    SLOWEST"},
		{`\d+\.\d\d s\n`, "0.00 s\n"},
		{`("(?:milliseconds|slowestMilliseconds|seconds)": )[\d.e-]+`, "${1}0"},
	} {
		got = regexp.MustCompile(r[0]).ReplaceAllString(got, r[1])
	}
	recorder.Golden(t, filepath.Join("testdata", name), got)
}

// both runs a command for people and for programs, and keeps both.
func both(t *testing.T, name, dir string, args ...string) {
	t.Helper()
	args = append(args, "-C", dir)
	r := archipelago(t, args...)
	require.Equal(t, exitOK, r.code, r.stderr)
	golden(t, name+".golden.txt", r.stdout)
	j := archipelago(t, append(args, "--json")...)
	require.Equal(t, exitOK, j.code, j.stderr)
	require.True(t, json.Valid([]byte(j.stdout)))
	require.NotContains(t, j.stdout, "null", "a list is never null")
	golden(t, name+".golden.json", j.stdout)
}

func TestExplain(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	both(t, "explain", dir, "explain", "payments/payments-prod")
	both(t, "explain-role", dir, "explain", "payments/payments-prod", "roles.break-glass.trust")
	both(t, "explain-management", dir, "explain", "core/management", "parameters")
	both(t, "explain-quarantined", dir, "explain", "payments/payments-old", "tags")
	require.Equal(t, unowned, archipelago(t, "explain", "core/audit", "-C", dir).stderr)
}

// A narrow terminal gets the same in two lines a setting.
func TestExplainNarrow(t *testing.T) {
	t.Parallel()
	a := &app{dir: hooked(t), stderr: &bytes.Buffer{}}
	e, err := a.explain(t.Context(), "payments/payments-prod", "")
	require.NoError(t, err)
	for _, width := range []int{80, 200} {
		var b bytes.Buffer
		printExplained(&b, e, width)
		requireWidth(t, b.String(), width)
		golden(t, fmt.Sprintf("explain-%d.golden.txt", width), b.String())
	}
}

func requireWidth(t *testing.T, text string, width int) {
	t.Helper()
	for _, line := range strings.Split(text, "\n") {
		require.LessOrEqual(t, len([]rune(line)), width, line)
		require.Equal(t, strings.TrimRight(line, " "), line)
	}
}

func TestBaselines(t *testing.T) {
	t.Parallel()
	dir := hooked(t, "audit: {}", "audit: {}\n      security: {}\n      network: {}")
	both(t, "baselines", dir, "baselines")
	both(t, "baselines-payments", dir, "baselines", "payments")
	// An archipelago without a baseline has accounts all the same.
	r := archipelago(t, "baselines", "transit", "-C", sample)
	require.Equal(t, exitOK, r.code, r.stderr)
	require.Contains(t, r.stdout, "\nproviders\n  transit ")
}

func TestHooksList(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	both(t, "hooks-list", dir, "hooks", "list")
	a := &app{dir: dir, stderr: &bytes.Buffer{}}
	uses, err := a.hookUses(t.Context())
	require.NoError(t, err)
	var b bytes.Buffer
	printHookUses(&b, uses, true, 80)
	requireWidth(t, b.String(), 80)
	golden(t, "hooks-list-accounts.golden.txt", b.String())
}

// The accounts that a use hits are those that it runs for.
func TestHooksListAgreesWithRun(t *testing.T) {
	t.Parallel()
	a := &app{dir: hooked(t, "state: quarantined, tags", "state: suspended, tags", "      Prod:", "      Suspended: { suspended: true }\n      Prod:"), stderr: &bytes.Buffer{}}
	uses, err := a.hookUses(t.Context())
	require.NoError(t, err)
	report, err := a.hookReport(t.Context(), nil, "")
	require.NoError(t, err)
	hits := map[string]int{}
	for _, use := range uses {
		hits[use.Hook] += len(use.Accounts)
	}
	for _, h := range report.Hooks {
		require.Equal(t, h.Accounts, hits[h.Hook], h.Hook)
	}
}

func TestHooksRun(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	both(t, "hooks-run", dir, "hooks", "run")
	both(t, "hooks-run-selected", dir, "hooks", "run", "payments/payments-old", "core")
	both(t, "hooks-run-one", dir, "hooks", "run", "payments", "--hook", "cost-center")
	both(t, "hooks-run-nothing", dir, "hooks", "run", "core/audit")
	require.Empty(t, archipelago(t, "hooks", "run", "-C", dir).stderr, "the log says the same as the warnings")
	// A hook is meant by its file or its name.
	name := archipelago(t, "hooks", "run", "core", "--hook", "log-bucket", "-C", dir)
	require.Equal(t, exitOK, name.code)
	file := archipelago(t, "hooks", "run", "core", "--hook", "hooks/log-bucket.ts", "-C", dir)
	cut := func(r result) string { return strings.Split(r.stdout, "HOOK ")[0] }
	require.Equal(t, cut(name), cut(file))
}

// A narrow terminal gets the lines that fit, and JSON laid out where it does not.
func TestHooksRunNarrow(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	a := &app{dir: hooked(t), stdout: &b, stderr: &b}
	report, err := a.hookReport(t.Context(), []string{"core/log-archive", "payments/payments-prod"}, "")
	require.NoError(t, err)
	a.printHookReport(report, 80)
	requireWidth(t, b.String(), 80)
	golden(t, "hooks-run-80.golden.txt", b.String())
}

// failing are the fixture's hooks with one that fails for some accounts and one that fails for one.
func failing(t *testing.T) string {
	return hooked(t,
		"if (draft.budget && limit) draft", "if (account.tags[\"cost-center\"] === \"4712\") fail(\"nobody pays for 4712\", { hint: \"use 4711\" });\n    if (draft.budget && limit) draft",
		"import { hook } from", "import { fail, hook } from",
		"draft.tags.owner = \"cloud", "draft.tags.onwer.name = \"cloud")
}

func TestHooksRunFailing(t *testing.T) {
	t.Parallel()
	dir := failing(t)
	r := archipelago(t, "hooks", "run", "-C", dir)
	require.Equal(t, exitInvalid, r.code)
	golden(t, "hooks-run-failing.golden.txt", r.stdout+"--- standard error\n"+r.stderr)
	j := archipelago(t, "hooks", "run", "--json", "-C", dir)
	require.Equal(t, exitInvalid, j.code)
	require.Empty(t, j.stderr)
	golden(t, "hooks-run-failing.golden.json", j.stdout)

	// Of accounts that nothing fails for, nothing is said.
	r = archipelago(t, "hooks", "run", "core", "-C", dir)
	require.Equal(t, exitOK, r.code)
	require.Empty(t, r.stderr)
	// One hook shows why it changed nothing where another failed before.
	r = archipelago(t, "hooks", "run", "payments/ledger-prod", "--hook", "production", "-C", dir)
	require.Equal(t, exitInvalid, r.code)
	require.Contains(t, r.stderr, "hooks/cost-center.ts:")

	// Every other command stops there.
	for _, command := range [][]string{{"explain", "core/audit"}, {"baselines"}, {"validate"}} {
		r := archipelago(t, append(command, "-C", dir)...)
		require.Equal(t, exitInvalid, r.code)
		require.Empty(t, r.stdout)
		require.Contains(t, r.stderr, "nobody pays for 4712")
	}
}

// Files or hooks that cannot be read are said as validate says it.
func TestHooksUnreadable(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{
		hooked(t, "draft.regions.push(", "draft.regions.push(("),
		hooked(t, "kind: workload", "kind: workloads"),
		hooked(t, "hooks/log-bucket.ts]", "hooks/log-buckets.ts]"),
	} {
		want := archipelago(t, "validate", "-C", dir)
		require.Equal(t, exitInvalid, want.code)
		for _, command := range []string{"run", "list"} {
			r := archipelago(t, "hooks", command, "-C", dir)
			require.Equal(t, exitInvalid, r.code)
			require.Empty(t, r.stdout)
			require.Equal(t, want.stderr, r.stderr)
		}
	}
}

func TestNoHooks(t *testing.T) {
	t.Parallel()
	dir := hooked(t,
		"hooks:\n  - file: hooks/cost-center.ts\n    params: { limits: { \"4711\": 250, \"4712\": 500 } }\n  - hooks/owner.js\n", "",
		"{ hooks: [hooks/log-bucket.ts] }", "{}", "        hooks: [hooks/production.ts]\n", "", "tags: { owner: \"\" }", "tags: {}")
	for _, command := range []string{"list", "run"} {
		r := archipelago(t, "hooks", command, "-C", dir)
		require.Equal(t, exitOK, r.code, r.stderr)
		require.Equal(t, "no hook is used; archipelago hooks new NAME makes one\n", r.stdout)
		r = archipelago(t, "hooks", command, "--json", "-C", dir)
		require.Equal(t, exitOK, r.code)
		require.NotContains(t, r.stdout, "null")
	}
	r := archipelago(t, "hooks", "run", "--hook", "x", "-C", dir)
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, `no hook is used, so there is none like "x"`)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, "tests")))
	r = archipelago(t, "hooks", "test", "-C", dir)
	require.Equal(t, result{exitOK, "there is no case below tests/hooks; archipelago hooks new NAME makes a hook with one\n", ""}, r)
}

func TestHooksTest(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	both(t, "hooks-test", dir, "hooks", "test")

	dir = hooked(t, "100 → 250", "100 → 300", "# an account without owner", "hok: an account without owner")
	r := archipelago(t, "hooks", "test", "-C", dir)
	require.Equal(t, exitFailed, r.code)
	require.Empty(t, r.stderr)
	golden(t, "hooks-test-failing.golden.txt", r.stdout)
	r = archipelago(t, "hooks", "test", "--json", "-C", dir)
	require.Equal(t, exitFailed, r.code)
	golden(t, "hooks-test-failing.golden.json", r.stdout)

	// The case that is only out of date is rewritten, the one that makes no sense is not.
	r = archipelago(t, "hooks", "test", "--update", "-C", dir)
	require.Equal(t, exitFailed, r.code)
	golden(t, "hooks-test-update.golden.txt", r.stdout)
	r = archipelago(t, "hooks", "test", "cost-center", "-C", dir)
	require.Equal(t, exitOK, r.code, r.stdout)
	require.Contains(t, r.stdout, "\n1 case: 1 passed, 0 failed\n")
}

func TestHooksTypes(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	r := archipelago(t, "hooks", "types", "--check", "-C", dir)
	require.Equal(t, result{exitInvalid, "", "hooks/archipelago.d.ts is out of date; run archipelago hooks types\n" +
		"hooks/tsconfig.json is out of date; run archipelago hooks types\n"}, r)
	r = archipelago(t, "hooks", "types", "-C", dir)
	require.Equal(t, result{exitOK, "wrote hooks/archipelago.d.ts\nwrote hooks/tsconfig.json\n", ""}, r)
	for _, args := range [][]string{{"hooks", "types"}, {"hooks", "types", "--check"}} {
		r = archipelago(t, append(args, "-C", dir)...)
		require.Equal(t, result{exitOK, "the types are up to date\n", ""}, r)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hooks", "tsconfig.json"), []byte("{}"), 0o600))
	r = archipelago(t, "hooks", "types", "-C", dir)
	require.Equal(t, "wrote hooks/tsconfig.json\n", r.stdout)
	texts, err := plan.HookTypes()
	require.NoError(t, err)
	written, err := os.ReadFile(filepath.Join(dir, "hooks", "archipelago.d.ts"))
	require.NoError(t, err)
	require.Equal(t, texts["hooks/archipelago.d.ts"], string(written))
}

// What new writes works: its case holds, and the hook runs where its last lines say how.
func TestHooksNew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file string
		args []string
	}{{"hooks/environment.ts", nil}, {"hooks/environment.js", []string{"--js"}}} {
		dir := hooked(t)
		args := append([]string{"hooks", "new", "environment", "-C", dir}, c.args...)
		r := archipelago(t, args...)
		require.Equal(t, exitOK, r.code, r.stderr)
		golden(t, "hooks-new-"+filepath.Ext(c.file)[1:]+".golden.txt", r.stdout)
		r = archipelago(t, "hooks", "test", "environment", "-C", dir)
		require.Equal(t, exitOK, r.code, r.stdout)
		require.Equal(t, exitOK, archipelago(t, "hooks", "types", "--check", "-C", dir).code)

		file := filepath.Join(dir, "archipelago.yaml")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, bytes.Replace(text, []byte("hooks:\n"), []byte("hooks:\n  - "+c.file+"\n"), 1), 0o600))
		r = archipelago(t, "hooks", "run", "payments/payments-prod", "--hook", "environment", "-C", dir)
		require.Equal(t, exitOK, r.code, r.stderr)
		require.Contains(t, r.stdout, `tags.unit  not set → "Workloads/Prod"`)

		// It overwrites nothing, in whatever language it is written.
		for _, again := range [][]string{nil, {"--js"}} {
			r = archipelago(t, append([]string{"hooks", "new", "environment", "-C", dir}, again...)...)
			require.Equal(t, result{exitFailed, "", "archipelago: make hook: there is " + c.file + " already\n"}, r)
		}
		require.NoError(t, os.Remove(filepath.Join(dir, filepath.FromSlash(c.file))))
		r = archipelago(t, args...)
		require.Equal(t, result{exitFailed, "", "archipelago: make hook: there is tests/hooks/environment/first.txtar already\n"}, r)
	}
}

// What new writes is what the compiler and editors like, in both languages.
func TestHooksNewTypes(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	for _, args := range [][]string{{"ts"}, {"js", "--js"}} {
		r := archipelago(t, append([]string{"hooks", "new", "-C", dir}, args...)...)
		require.Equal(t, exitOK, r.code, r.stderr)
	}
	files := map[string]string{}
	for _, name := range []string{"ts.ts", "js.js", "archipelago.d.ts", "tsconfig.json"} {
		text, err := os.ReadFile(filepath.Join(dir, "hooks", name))
		require.NoError(t, err)
		files[name] = string(text)
	}
	require.Contains(t, files["js.js"], "export default")
	files["js.js"] = "// @ts-check\n" + files["js.js"]
	require.Empty(t, tsc.Check(t, files))
}

// Types of another version are left for "hooks types".
func TestHooksNewKeepsTypes(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	file := filepath.Join(dir, "hooks", "tsconfig.json")
	require.NoError(t, os.WriteFile(file, []byte("{}"), 0o600))
	r := archipelago(t, "hooks", "new", "x", "-C", dir)
	require.Contains(t, r.stdout, "wrote hooks/archipelago.d.ts\n")
	require.NotContains(t, r.stdout, "tsconfig")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "{}", string(text))
}

func TestHooksUsage(t *testing.T) {
	t.Parallel()
	dir := hooked(t)
	for _, c := range []struct {
		args []string
		want string
		help string
	}{
		{[]string{"hooks", "rnu"}, `there is no command "rnu"; did you mean "run"?`, "archipelago hooks"},
		{[]string{"explain"}, "accepts between 1 and 2 arg(s), received 0", "archipelago explain"},
		{[]string{"explain", "payments"}, `"payments" names no account; write ORGANIZATION/ACCOUNT`, "archipelago explain"},
		{[]string{"explain", "payment/x"}, `there is no organization "payment"; there are core, payments`, "archipelago explain"},
		{[]string{"explain", "payments/payment-prod"}, `organization payments has no account "payment-prod" that is not closed; did you mean "payments-prod"?`, "archipelago explain"},
		{[]string{"explain", "payments/x"}, `organization payments has no account "x" that is not closed`, "archipelago explain"},
		{[]string{"explain", "core/audit", "budget..x"}, `read path "budget..x": a name is missing`, "archipelago explain"},
		{[]string{"explain", "core/audit", "budgets"}, "nothing is set at budgets; the account has budget, contacts, ec2, parameters, regions, roles, s3, tags", "archipelago explain"},
		{[]string{"baselines", "x"}, `there is no organization "x"; there are core, payments`, "archipelago baselines"},
		{[]string{"hooks", "run", "x"}, `there is no organization "x"; there are core, payments`, "archipelago hooks run"},
		{[]string{"hooks", "run", "core/audits"}, `there is no account "core/audits" that is not closed; did you mean "core/audit"?`, "archipelago hooks run"},
		{[]string{"hooks", "run", "core/management"}, "no hook runs for a management account such as core/management", "archipelago hooks run"},
		{[]string{"hooks", "run", "--hook", "x"}, `no hook like "x" is used; there are hooks/cost-center.ts, hooks/log-bucket.ts, hooks/owner.js, hooks/production.ts`, "archipelago hooks run"},
		{[]string{"hooks", "test", "x"}, `no case is like "x"; there are cost-center/limit.txtar, owner/nobody.txtar`, "archipelago hooks test"},
		{[]string{"hooks", "new"}, "accepts 1 arg(s), received 0", "archipelago hooks new"},
		{[]string{"hooks", "new", "Cost Center"}, `"Cost Center": a hook's name has lower-case letters, digits and hyphens, a letter first`, "archipelago hooks new"},
		{[]string{"hooks", "new", "../x"}, `"../x": a hook's name has lower-case letters, digits and hyphens, a letter first`, "archipelago hooks new"},
	} {
		r := archipelago(t, append(c.args, "-C", dir)...)
		r.stderr = strings.TrimPrefix(r.stderr, unowned)
		require.Equal(t, result{exitUsage, "", "archipelago: " + c.want + "\narchipelago: run '" + c.help + " --help' for how it is used\n"}, r)
	}
	empty := t.TempDir()
	for _, args := range [][]string{{"explain", "a/b"}, {"baselines"}, {"hooks", "list"}, {"hooks", "run"}, {"hooks", "test"}, {"hooks", "types"}, {"hooks", "new", "x"}} {
		r := archipelago(t, append(args, "-C", empty)...)
		require.Equal(t, result{exitFailed, "", "archipelago: no archipelago.yaml in " + empty + "\n"}, r)
	}
}

// A preview says what hooks changed in the accounts that it touches.
func TestPreviewOfHooks(t *testing.T) {
	t.Parallel()
	r := archipelago(t, "plan", "payments", "--json", "-C", hooked(t))
	var p plan.Plan
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &p))
	var b bytes.Buffer
	a := &app{stdout: &b, stderr: &b}
	result := deploy.Result{Stack: "payments", Status: deploy.Succeeded, Seconds: 2, Changes: map[string]int{"create": 1, "update": 3}, Steps: []deploy.Step{
		{Operation: "update", Type: "aws:budgets/budget:Budget", Resource: "payments/payments-prod/budget", Properties: []string{"limitAmount"}},
		{Operation: "update", Type: "aws:budgets/budget:Budget", Resource: "payments/payments-dev/budget", Properties: []string{"limitAmount"}},
		{Operation: "update", Type: "aws:organizations/account:Account", Resource: "payments/payments-old", Properties: []string{"tags.owner"}},
		{Operation: "create", Type: "aws:iam/role:Role", Resource: "payments/payments-prod/role/break-glass"},
	}}
	a.printResults(deploy.Preview, &p, []deploy.Result{result})
	golden(t, "preview-hooks.golden.txt", b.String())

	b.Reset()
	a.printResults(deploy.Up, &p, []deploy.Result{result})
	require.NotContains(t, b.String(), "hook", "what was deployed is not news")
	b.Reset()
	printHookChanges(&b, p.Organizations[0], []deploy.Step{{Resource: "payments/deny-all"}, {Resource: "payments/payments-production"}})
	require.Empty(t, b.String())
}

// There is an end to what a preview says of hooks.
func TestPreviewOfManyHooks(t *testing.T) {
	t.Parallel()
	acc := &plan.Account{Key: "a"}
	for i := range maxHookLines + 5 {
		acc.Changes = append(acc.Changes, plan.Change{Path: fmt.Sprintf("tags.t%d", i), Hook: "hooks/tags.ts", From: json.RawMessage(`"x"`)})
	}
	var b bytes.Buffer
	printHookChanges(&b, &plan.Organization{Name: "o", Accounts: []*plan.Account{acc}}, []deploy.Step{{Resource: "o/a"}})
	require.Equal(t, maxHookLines+1, strings.Count(b.String(), "\n"))
	require.Contains(t, b.String(), `  hook tags removed tags.t0 "x" (o/a)`+"\n")
	require.True(t, strings.HasSuffix(b.String(), "  and 5 more changes by hooks: archipelago hooks run o\n"))
}
