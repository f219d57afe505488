package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// result is what a user and a script see of a command.
type result struct {
	code           int
	stdout, stderr string
}

// archipelago runs a command in this process.
func archipelago(t *testing.T, args ...string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{stdout: &stdout, stderr: &stderr}
	root := a.command()
	root.SetArgs(args)
	code := a.exit(t.Context(), root.ExecuteContext(t.Context()))
	return result{code, stdout.String(), stderr.String()}
}

// sample is the archipelago at the root of this repository.
var sample = filepath.Join("..", "..")

// edited returns a copy of the sample in which the first text of each pair is replaced by the second, in
// the file that leads.
func edited(t *testing.T, file string, pairs ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, pattern := range []string{"archipelago.yaml", "Pulumi.yaml", "organizations/*.yaml", "policies/*.json", "hooks/*.[jt]s", "hooks/lib/*.ts"} {
		names, err := filepath.Glob(filepath.Join(sample, pattern))
		require.NoError(t, err)
		for _, name := range names {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			rel, err := filepath.Rel(sample, name)
			require.NoError(t, err)
			if filepath.ToSlash(rel) == file {
				for i := 0; i < len(pairs); i += 2 {
					require.Contains(t, string(data), pairs[i])
					data = bytes.Replace(data, []byte(pairs[i]), []byte(pairs[i+1]), 1)
				}
			}
			require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, rel)), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, rel), data, 0o600))
		}
	}
	return dir
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"validate"}, {"validate", "--strict"}} {
		r := archipelago(t, append(args, "-C", sample)...)
		require.Equal(t, exitOK, r.code, r.stderr)
		require.Empty(t, r.stderr)
		require.Regexp(t, `^acme is valid: 7 organizations, \d+ units, \d+ accounts \(and 1 closed\), \d+ policies in \d+ attachments\n$`, r.stdout)
	}
	r := archipelago(t, "validate", "--json", "-C", sample)
	require.Equal(t, exitOK, r.code)
	require.JSONEq(t, `{"valid": true, "diagnostics": []}`, r.stdout)
}

func TestValidateInvalid(t *testing.T) {
	t.Parallel()
	dir := edited(t, "organizations/payments.yaml", "kind: workload", "kind: workloads", "shared-services: {}", "shared-services: { ownr: x@acme.example }")
	r := archipelago(t, "validate", "-C", dir)
	require.Equal(t, exitInvalid, r.code)
	require.Empty(t, r.stdout)
	recorder.Golden(t, filepath.Join("testdata", "invalid.golden.txt"), r.stderr)

	r = archipelago(t, "validate", "--json", "-C", dir)
	require.Equal(t, exitInvalid, r.code)
	require.Empty(t, r.stderr)
	var got struct {
		Valid       bool
		Diagnostics []struct {
			Severity, Code, File, Message, Hint string
			Line, Column                        int
		}
	}
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got))
	require.False(t, got.Valid)
	require.Len(t, got.Diagnostics, 2)
	require.Equal(t, "error", got.Diagnostics[0].Severity)
	require.Equal(t, "unknown-value", got.Diagnostics[0].Code)
	require.Equal(t, "organizations/payments.yaml", got.Diagnostics[0].File)
	require.Equal(t, 5, got.Diagnostics[0].Line)
	require.Equal(t, 7, got.Diagnostics[0].Column)

	for _, command := range []string{"plan", "stacks", "preview", "up", "refresh", "destroy", "outputs"} {
		r := archipelago(t, command, "-C", dir)
		require.Equal(t, exitInvalid, r.code, "%s does nothing where the files are invalid", command)
		require.Contains(t, r.stderr, "2 errors, 0 warnings")
		require.Empty(t, r.stdout)
	}
}

func TestValidateWarnings(t *testing.T) {
	t.Parallel()
	dir := edited(t, "organizations/sandbox.yaml", "regions: [eu-west-1]", "regions: [eu-west-1, eu-west-2]")
	r := archipelago(t, "validate", "-C", dir)
	require.Equal(t, exitOK, r.code)
	require.Contains(t, r.stdout, "acme is valid: ")
	require.Contains(t, r.stdout, "; 1 warning\n")
	require.Contains(t, r.stderr, "organizations/sandbox.yaml:12:1: warning: a sandbox organization has one region, this has 2 [sandbox-regions]")

	r = archipelago(t, "validate", "--strict", "-C", dir)
	require.Equal(t, exitInvalid, r.code)
	require.Empty(t, r.stdout)
	require.Contains(t, r.stderr, ": error: a sandbox organization has one region")
	require.Contains(t, r.stderr, "1 error, 0 warnings")

	r = archipelago(t, "stacks", "-C", dir)
	require.Equal(t, exitOK, r.code)
	require.Contains(t, r.stderr, ": warning: a sandbox organization has one region", "other commands say it, and go on")
}

func TestPlan(t *testing.T) {
	t.Parallel()
	r := archipelago(t, "plan", "payments", "-C", sample)
	require.Equal(t, exitOK, r.code, r.stderr)
	recorder.Golden(t, filepath.Join("testdata", "plan-payments.golden.txt"), r.stdout)

	two := archipelago(t, "plan", "payments", "core", "-C", sample)
	require.Equal(t, exitOK, two.code)
	require.True(t, strings.HasPrefix(two.stdout, "core (hub)"), "the hub first")
	require.True(t, strings.HasSuffix(two.stdout, "\n\n"+r.stdout))

	all := archipelago(t, "plan", "-C", sample)
	require.Len(t, regexp.MustCompile(`(?m)^\S+ \(\S+\), management account \d{12} \S+$`).FindAllString(all.stdout, -1), 7)
	require.Contains(t, all.stdout, "── search-dev  aws+platform.search-dev@acme.example  (suspended: what runs there keeps running and costing)\n", "A06")
	require.Contains(t, all.stdout, "── erp  aws+back-office.erp@acme.example  opts in to eu-central-2\n")
}

func TestPlanJSON(t *testing.T) {
	t.Parallel()
	r := archipelago(t, "plan", "--json", "-C", sample)
	require.Equal(t, exitOK, r.code, r.stderr)
	var got plan.Plan
	decoder := json.NewDecoder(strings.NewReader(r.stdout))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&got))
	want, _, _, err := plan.Load(t.Context(), os.DirFS(sample))
	require.NoError(t, err)
	wanted, err := json.Marshal(want)
	require.NoError(t, err)
	require.JSONEq(t, string(wanted), r.stdout, "what the command prints is the whole plan")
	require.Equal(t, r, archipelago(t, "plan", "--json", "-C", sample), "the same files give the same bytes")

	r = archipelago(t, "plan", "--json", "transit", "-C", sample)
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got))
	require.Len(t, got.Organizations, 1)
	require.Equal(t, "transit", got.Organizations[0].Name)
}

func TestStacks(t *testing.T) {
	t.Parallel()
	r := archipelago(t, "stacks", "-C", sample)
	require.Equal(t, exitOK, r.code, r.stderr)
	recorder.Golden(t, filepath.Join("testdata", "stacks.golden.txt"), r.stdout)
	r = archipelago(t, "stacks", "--json", "-C", sample)
	require.Equal(t, exitOK, r.code)
	recorder.Golden(t, filepath.Join("testdata", "stacks.golden.json"), r.stdout)
}

// A list is never null, even of a plan that cannot be deployed.
func TestListStacksOfNothing(t *testing.T) {
	t.Parallel()
	for _, p := range []*plan.Plan{{}, {Organizations: []*plan.Organization{{Name: "a", DependsOn: []string{"b"}}}}} {
		b, err := json.Marshal(listStacks(p))
		require.NoError(t, err)
		require.JSONEq(t, `{"stacks": [], "waves": []}`, string(b))
	}
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	r := archipelago(t, "quotas")
	require.Equal(t, exitOK, r.code)
	for _, q := range topology.Quotas() {
		require.Regexp(t, `(?m)^`+regexp.QuoteMeta(q.Name)+` +\d+ `, r.stdout)
	}
	r = archipelago(t, "quotas", "--json")
	var got []topology.Quota
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got))
	require.Equal(t, topology.Quotas(), got)
}

func TestSchema(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"archipelago", "organization"} {
		r := archipelago(t, "schema", name)
		require.Equal(t, exitOK, r.code)
		require.True(t, json.Valid([]byte(r.stdout)))
	}
	dir := edited(t, "")
	r := archipelago(t, "schema", "--write", "-C", dir)
	require.Equal(t, exitOK, r.code, r.stderr)
	written, err := os.ReadFile(filepath.Join(dir, "schema", "organization.schema.json"))
	require.NoError(t, err)
	require.Equal(t, archipelago(t, "schema", "organization").stdout, string(written))
}

// Mistakes in the command line say what is wrong and how to go on, with an exit code of their own.
func TestUsage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
		help string
	}{
		"unknown command":         {[]string{"vaildate"}, `there is no command "vaildate"; did you mean "validate"?`, "archipelago"},
		"nothing like it":         {[]string{"explode"}, `there is no command "explode"`, "archipelago"},
		"unknown command of lab":  {[]string{"lab", "sreve"}, `there is no command "sreve"; did you mean "serve"?`, "archipelago lab"},
		"unknown flag":            {[]string{"plan", "--jsn"}, "unknown flag: --jsn", "archipelago plan"},
		"argument too many":       {[]string{"validate", "payments"}, `unknown command "payments" for "archipelago validate"`, "archipelago validate"},
		"no schema":               {[]string{"schema"}, "say which schema: archipelago or organization, or --write for both", "archipelago schema"},
		"unknown schema":          {[]string{"schema", "stack"}, `invalid argument "stack" for "archipelago schema"`, "archipelago schema"},
		"no command for the lab":  {[]string{"lab", "exec"}, "requires at least 1 arg(s), only received 0", "archipelago lab exec"},
		"no stack at once":        {[]string{"up", "-C", sample, "--parallel", "-1"}, "--parallel -1: at least one stack runs at once", "archipelago up"},
		"lab outside":             {[]string{"lab", "up", "-C", sample, "--name", "../x"}, `--name "../x": a lab's name has lower-case letters, digits and hyphens`, "archipelago lab"},
		"wrong value of a flag":   {[]string{"up", "--parallel", "many"}, `invalid argument "many" for "-p, --parallel" flag: strconv.ParseInt: parsing "many": invalid syntax`, "archipelago up"},
		"destroy without --yes":   {[]string{"destroy", "sandbox", "transit", "-C", sample}, "this deletes policies, attachments, contacts and delegations of sandbox, transit; say --yes if that is meant", "archipelago destroy"},
		"unknown organization":    {[]string{"plan", "payment", "-C", sample}, `there is no organization "payment"; there are core, back-office, break-glass, payments, platform, sandbox, transit`, "archipelago plan"},
		"one unknown, deployed":   {[]string{"up", "core", "payment", "-C", sample}, `there is no organization "payment"; there are core, back-office, break-glass, payments, platform, sandbox, transit`, "archipelago up"},
		"unknown, outputs":        {[]string{"outputs", "payment", "-C", sample}, `there is no organization "payment"; there are core, back-office, break-glass, payments, platform, sandbox, transit`, "archipelago outputs"},
		"unknown, destroy, --yes": {[]string{"destroy", "payment", "--yes", "-C", sample}, `there is no organization "payment"; there are core, back-office, break-glass, payments, platform, sandbox, transit`, "archipelago destroy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := archipelago(t, c.args...)
			require.Equal(t, exitUsage, r.code)
			require.Empty(t, r.stdout)
			require.Equal(t, "archipelago: "+c.want+"\narchipelago: run '"+c.help+" --help' for how it is used\n", r.stderr)
		})
	}
}

func TestNoArchipelago(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, command := range []string{"validate", "plan", "stacks", "up", "outputs"} {
		r := archipelago(t, command, "-C", dir)
		require.Equal(t, exitFailed, r.code)
		require.Empty(t, r.stdout)
		require.Equal(t, "archipelago: no archipelago.yaml in "+dir+"\n", r.stderr)
	}
}

// Without -C it is the nearest archipelago from here upwards.
func TestNearestArchipelago(t *testing.T) {
	dir := edited(t, "archipelago.yaml", "name: acme", "name: nearest")
	t.Chdir(filepath.Join(dir, "policies"))
	r := archipelago(t, "validate")
	require.Equal(t, exitOK, r.code, r.stderr)
	require.Contains(t, r.stdout, "nearest is valid")

	// The root of the file system: nothing is above it.
	t.Chdir(string(filepath.Separator))
	r = archipelago(t, "validate")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "no archipelago.yaml in ")
	require.Contains(t, r.stderr, " or above it; name the directory with -C\n")
}

func TestWithoutPulumi(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, args := range [][]string{{"preview"}, {"up", "core"}, {"refresh"}, {"destroy", "--yes"}, {"outputs"}} {
		r := archipelago(t, append(args, "-C", sample)...)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.stderr, "archipelago: find the Pulumi CLI (is pulumi installed and on PATH?): ")
	}
}

// Every command explains itself, with examples that work.
func TestHelp(t *testing.T) {
	t.Parallel()
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		t.Run(strings.ReplaceAll(c.CommandPath(), " ", "-"), func(t *testing.T) {
			require.NotEmpty(t, c.Short)
			require.NotRegexp(t, `\.$`, c.Short)
			require.NotEmpty(t, c.Long)
			require.Contains(t, c.Example, c.CommandPath())
			for _, line := range strings.Split(c.Example, "\n") {
				require.LessOrEqual(t, len(line), 110)
				requireExample(t, line)
			}
			r := archipelago(t, append(strings.Fields(c.CommandPath())[1:], "--help")...)
			require.Equal(t, exitOK, r.code)
			require.Empty(t, r.stderr)
			require.Contains(t, r.stdout, c.Long)
			require.Contains(t, r.stdout, c.Example)
		})
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit((&app{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}).command())
}

// requireExample checks that a line of an example names a command and flags that exist.
func requireExample(t *testing.T, line string) {
	t.Helper()
	line, _, _ = strings.Cut(strings.TrimSpace(line), " | ")
	line, _, _ = strings.Cut(line, "   ")
	words := strings.Fields(line)
	require.Equal(t, "archipelago", words[0], line)
	root := (&app{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}).command()
	c, rest, err := root.Find(words[1:])
	require.NoError(t, err, line)
	require.NotEqual(t, root, c, line)
	require.NoError(t, c.ParseFlags(rest), line)
	require.NoError(t, c.ValidateArgs(c.Flags().Args()), line)
}

func TestNoCommandIsHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"lab"}} {
		r := archipelago(t, args...)
		require.Equal(t, exitOK, r.code)
		require.Contains(t, r.stdout, "Available Commands:")
	}
}

func TestExit(t *testing.T) {
	t.Parallel()
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx  context.Context
		err  error
		code int
		text string
	}{
		"nothing wrong":       {t.Context(), nil, exitOK, ""},
		"an error":            {t.Context(), errors.New("wrong"), exitFailed, "archipelago: wrong\n"},
		"interrupted":         {interrupted, context.Canceled, exitInterrupted, "archipelago: interrupted\n"},
		"canceled by itself":  {t.Context(), context.Canceled, exitFailed, "archipelago: context canceled\n"},
		"a code of its own":   {t.Context(), errors.Join(&exitError{42}, nil), 42, ""},
		"wrong while leaving": {interrupted, errors.New("wrong"), exitFailed, "archipelago: wrong\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			require.Equal(t, c.code, (&app{stderr: &stderr}).exit(c.ctx, c.err))
			require.Equal(t, c.text, stderr.String())
		})
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"1 policy", "0 policies", "2 policies", "1 account", "35 accounts"},
		[]string{count(1, "policy"), count(0, "policy"), count(2, "policy"), count(1, "account"), count(35, "account")})
}
