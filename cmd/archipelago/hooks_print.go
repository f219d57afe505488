package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"github.com/archipelago-iac/archipelago/internal/hooktest"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/topology"
)

// hookDiagnostics words why a hook failed like every other problem in the user's files.
func hookDiagnostics(e *plugins.Error) topology.Diagnostics {
	out := topology.Diagnostics{plan.HookDiagnostic(e)}
	for _, also := range e.Also {
		out = append(out, plan.HookDiagnostic(also))
	}
	return out
}

// printHookReport writes what hooks did to standard output, and why some failed to standard error.
func (a *app) printHookReport(r *hookReport, width int) {
	w, quiet := a.stdout, 0
	if len(r.Hooks) == 0 {
		fmt.Fprintln(w, noHook)
		return
	}
	for _, acc := range r.Accounts {
		if len(acc.Changes)+len(acc.Log)+len(acc.Problems) == 0 {
			quiet++
			continue
		}
		fmt.Fprintln(w, acc.Account)
		for _, change := range acc.Changes {
			printChange(w, change, width)
		}
		for _, e := range acc.Log {
			fmt.Fprintf(w, "  %s: %s  (%s)\n", e.Level, strings.ReplaceAll(e.Message, "\n", "\n    "), e.Source)
		}
		for _, d := range acc.Problems {
			fmt.Fprintf(w, "  failed: %s  (%s)\n", d.Message, d.Position)
		}
		fmt.Fprintln(w)
	}
	for _, d := range append(groupProblems(r.Accounts), r.Problems...) {
		fmt.Fprintln(a.stderr, d.Render())
	}
	if quiet > 0 {
		fmt.Fprintf(w, "%s without changes\n\n", count(quiet, "account"))
	}
	printTotals(w, r)
}

// printChange writes a change in one line where there is room, else as a difference: of the values in a line
// each, or of the values laid out.
func printChange(w io.Writer, c plan.Change, width int) {
	line := fmt.Sprintf("  %s  %s → %s  (%s)", c.Path, hooktest.Wording(c.From), hooktest.Wording(c.To), c.Source)
	if utf8.RuneCountInString(line) <= width {
		fmt.Fprintln(w, line)
		return
	}
	const sign = "    + "
	from, to := string(c.From), string(c.To)
	if room := width - len(sign); max(utf8.RuneCountInString(from), utf8.RuneCountInString(to)) > room {
		from, to = spread(c.From), spread(c.To)
	}
	fmt.Fprintf(w, "  %s  (%s)\n", c.Path, c.Source)
	for _, l := range strings.Split(strings.TrimSuffix(hooktest.Difference(from, to), "\n"), "\n") {
		fmt.Fprintf(w, "    %s\n", l)
	}
}

// spread lays JSON out over lines; nothing for a value that is not there.
func spread(value json.RawMessage) string {
	if value == nil {
		return ""
	}
	var b bytes.Buffer
	if json.Indent(&b, value, "", "  ") != nil {
		return string(value)
	}
	return b.String()
}

// groupProblems says a problem that many accounts have once, with the accounts.
func groupProblems(accounts []hookedReport) topology.Diagnostics {
	var out topology.Diagnostics
	who := map[string][]string{}
	key := func(d topology.Diagnostic) string { return d.String() + " " + d.Message }
	for _, acc := range accounts {
		for _, d := range acc.Problems {
			if who[key(d)] == nil {
				out = append(out, d)
			}
			who[key(d)] = append(who[key(d)], acc.Account)
		}
	}
	for i, d := range out {
		out[i].Message += " (" + several(who[key(d)]) + ")"
	}
	return out
}

// named is how many accounts of many are named.
const named = 3

// several names the first of many accounts.
func several(accounts []string) string {
	if len(accounts) <= named {
		return strings.Join(accounts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(accounts[:named], ", "), len(accounts)-named)
}

// printTotals writes a table of the hooks and a line with the sums.
func printTotals(w io.Writer, r *hookReport) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "HOOK\tACCOUNTS\tCHANGES\tFAILURES\tTIME\tSLOWEST")
	changed, changes, failed, runs := 0, 0, 0, 0
	for _, h := range r.Hooks {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%.1f ms\t%.1f ms\n", h.Hook, h.Accounts, h.Changes, h.Failures, h.Milliseconds, h.Slowest)
		runs += h.Accounts
	}
	_ = t.Flush() // a terminal that is gone is nobody's problem
	for _, acc := range r.Accounts {
		if len(acc.Changes) > 0 {
			changed++
		}
		if len(acc.Problems) > 0 {
			failed++
		}
		changes += len(acc.Changes)
	}
	sums := []string{count(len(r.Accounts), "account"), count(runs, "run"), "no changes"}
	if changes > 0 {
		sums[2] = count(changes, "change") + " in " + count(changed, "account")
	}
	if failed > 0 {
		sums = append(sums, "failures in "+count(failed, "account"))
	}
	fmt.Fprintf(w, "\n%s, %.2f s\n", strings.Join(sums, ", "), r.Seconds)
}
