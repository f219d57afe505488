package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// hookReport is the output of "archipelago hooks run --json".
type hookReport struct {
	// Accounts are those that hooks are used for, as far as they were asked for.
	Accounts []hookedReport `json:"accounts"`
	Hooks    []hookTotal    `json:"hooks"`
	// Problems are what is wrong with the baselines that the hooks left, of all accounts.
	Problems topology.Diagnostics `json:"problems,omitempty"`
	// Seconds is how long all of it took, loading the files included.
	Seconds float64 `json:"seconds"`
}

// hookedReport is what hooks did for an account.
type hookedReport struct {
	Account string        `json:"account"`
	Changes []plan.Change `json:"changes"`
	Log     []logLine     `json:"log"`
	Times   []hookTime    `json:"times"`
	// Problems are why a hook failed.
	Problems topology.Diagnostics `json:"problems,omitempty"`
}

type logLine struct {
	Level   string `json:"level"`
	Message string `json:"message"`
	Hook    string `json:"hook"`
	// Source is the place in the hook.
	Source string `json:"source"`
}

// hookTime is how long a hook took for an account that it matches.
type hookTime struct {
	Hook         string  `json:"hook"`
	Milliseconds float64 `json:"milliseconds"`
}

// hookTotal is what a hook did for all accounts together.
type hookTotal struct {
	Hook string `json:"hook"`
	// Accounts is how many it matched.
	Accounts int `json:"accounts"`
	Changes  int `json:"changes"`
	Failures int `json:"failures"`
	// Milliseconds is its time for all accounts, Slowest that for the slowest.
	Milliseconds float64 `json:"milliseconds"`
	Slowest      float64 `json:"slowestMilliseconds"`
}

func (a *app) hooksRunCommand() *cobra.Command {
	var asJSON bool
	var hook string
	c := &cobra.Command{
		Use:   "run [ORGANIZATION | ORGANIZATION/ACCOUNT...]",
		Short: "Run all hooks here and show what they change",
		Long: `Run runs the hooks of all accounts and shows, for those that are named or for all, what each hook changed
and where, what it wrote to the log and how long it took. Accounts without changes are only counted.
Where a hook fails, the others still run. Where one does, or where what the hooks left could not be deployed,
the exit code is 3. Nothing is deployed; no network, no
credentials.`,
		Example: `  archipelago hooks run
  archipelago hooks run payments/payments-prod
  archipelago hooks run payments --hook hooks/cost-center.ts
  archipelago hooks run --json | jq '.accounts[] | select(.problems)'`,
		RunE: func(c *cobra.Command, args []string) error {
			report, err := a.hookReport(c.Context(), args, hook)
			if err != nil {
				return err
			}
			if asJSON {
				err = a.json(report)
			} else {
				a.printHookReport(report, columns(a.stdout))
			}
			if err == nil && report.failed() {
				err = &exitError{exitInvalid}
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print all of it as JSON, accounts without changes included")
	c.Flags().StringVar(&hook, "hook", "", "show one hook only, by its file or name; the others run, too")
	return c
}

func (a *app) hookReport(ctx context.Context, args []string, hook string) (*hookReport, error) {
	started := time.Now()
	dir, err := a.root()
	if err != nil {
		return nil, err
	}
	run, archipelago, found, err := plan.RunHooks(ctx, os.DirFS(dir))
	if err := a.missing(dir, err); err != nil {
		return nil, err
	}
	if run == nil {
		return nil, found.Err()
	}
	which, err := selectAccounts("archipelago hooks run", archipelago, args)
	if err != nil {
		return nil, err
	}
	file, err := hookFile(archipelago, hook)
	if err != nil {
		return nil, err
	}
	report := &hookReport{Accounts: []hookedReport{}, Hooks: []hookTotal{}}
	shown := slices.DeleteFunc(run.Accounts, func(acc plan.HookedAccount) bool {
		return !which.has(acc.Name) || file != "" && !slices.Contains(acc.Uses, file)
	})
	for _, h := range run.Hooks {
		used := slices.ContainsFunc(shown, func(acc plan.HookedAccount) bool { return slices.Contains(acc.Uses, h.File) })
		if used && (file == "" || file == h.File) {
			report.Hooks = append(report.Hooks, hookTotal{Hook: h.File})
		}
	}
	for _, acc := range shown {
		report.add(acc, file)
	}
	report.Problems = run.Problems
	report.Seconds = time.Since(started).Seconds()
	return report, nil
}

// hookFile finds the hook that is meant by a file or a name; "" is none.
func hookFile(a *topology.Archipelago, hook string) (string, error) {
	if hook == "" {
		return "", nil
	}
	known := a.HookFiles()
	for _, file := range known {
		base := path.Base(file)
		if hook == file || hook == base || hook == strings.TrimSuffix(base, path.Ext(base)) {
			return file, nil
		}
	}
	if len(known) == 0 {
		return "", &usageError{"archipelago hooks run", fmt.Errorf("no hook is used, so there is none like %q", hook)}
	}
	return "", &usageError{"archipelago hooks run", fmt.Errorf("no hook like %q is used; there are %s", hook, strings.Join(known, ", "))}
}

// add takes an account into the report, of one hook or of all.
func (r *hookReport) add(acc plan.HookedAccount, file string) {
	it := hookedReport{Account: acc.Name, Changes: []plan.Change{}, Log: []logLine{}, Times: []hookTime{}}
	for _, change := range acc.Changes {
		if file == "" || file == change.Hook {
			it.Changes = append(it.Changes, change)
			r.total(change.Hook).Changes++
		}
	}
	for _, e := range acc.Log {
		if file == "" || file == e.Hook {
			it.Log = append(it.Log, logLine{e.Level, e.Message, e.Hook, place(e.Position.String(), e.Position.Line, e.Hook)})
		}
	}
	for _, t := range acc.Times {
		if t.Matched && (file == "" || file == t.Hook) {
			ms := float64(t.Duration.Microseconds()) / 1000
			it.Times = append(it.Times, hookTime{t.Hook, ms})
			total := r.total(t.Hook)
			total.Accounts++
			total.Milliseconds += ms
			total.Slowest = max(total.Slowest, ms)
		}
	}
	if e := acc.Err; e != nil {
		// The failure of another hook is why this one changed nothing.
		it.Problems = hookDiagnostics(e)
		if total := r.total(e.Hook); total != nil {
			total.Failures++
		}
	}
	r.Accounts = append(r.Accounts, it)
}

// total is the line of a hook; nil where another hook is shown.
func (r *hookReport) total(hook string) *hookTotal {
	for i := range r.Hooks {
		if r.Hooks[i].Hook == hook {
			return &r.Hooks[i]
		}
	}
	return nil
}

func (r *hookReport) failed() bool {
	return r.Problems.HasErrors() || slices.ContainsFunc(r.Accounts, func(acc hookedReport) bool { return len(acc.Problems) > 0 })
}

// place is a position, or the hook's file where it is not known.
func place(position string, line int, hook string) string {
	if line == 0 {
		return hook
	}
	return position
}
