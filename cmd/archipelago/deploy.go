package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
)

// deployFlags are the flags that the deploying commands share.
type deployFlags struct {
	parallel int
	json     bool
	yes      bool
	release  bool
	expect   bool
}

func (a *app) deployCommands() []*cobra.Command {
	return []*cobra.Command{
		a.deployCommand(deploy.Preview, "Show what would change in AWS",
			`Preview asks Pulumi what a deployment would change, for the organizations that are named or for all.
It needs credentials to read, and changes nothing.`,
			"  archipelago preview\n  archipelago preview payments --expect-no-changes"),
		a.deployCommand(deploy.Up, "Deploy organizations",
			`Up deploys the organizations that are named, or all of them: the hub first, then the others side by
side, as many as memory allows. The files are validated first; where they are not valid, nothing is
touched. Where one stack fails, those that do not depend on it still finish.

A deployment that was killed is put right by the next: what AWS created without Pulumi being able to
note it down is found and taken over, so no account is created twice.`,
			"  archipelago up\n  archipelago up core payments\n  archipelago up --json | jq '.stacks[] | select(.status != \"succeeded\")'"),
		a.deployCommand(deploy.Refresh, "Read the state of AWS into Pulumi",
			`Refresh compares what Pulumi knows with what AWS has and corrects what Pulumi knows. It changes
nothing in AWS.`,
			"  archipelago refresh payments"),
		a.deployCommand(deploy.Destroy, "Take organizations out of Pulumi's hands",
			`Destroy deletes what can be deleted: policies, attachments, contacts, delegations. Organizations,
units that hold accounts, and accounts are protected, and the command refuses to begin as long as they
are. With --release-protected the protection is lifted, and they stay in AWS, without their policies: only
Pulumi forgets them. Accounts are closed one by one, by their state in the file, never by this command,
those with allowClose included.`,
			"  archipelago destroy sandbox --release-protected --yes"),
	}
}

func (a *app) deployCommand(op deploy.Operation, short, long, example string) *cobra.Command {
	var f deployFlags
	c := &cobra.Command{
		Use:     string(op) + " [ORGANIZATION...]",
		Short:   short,
		Long:    long,
		Example: example,
		RunE: func(c *cobra.Command, args []string) error {
			return a.deploy(c.Context(), op, args, f)
		},
	}
	c.Flags().IntVarP(&f.parallel, "parallel", "p", 0, "how many stacks at once (default: as many as memory allows, at most 4)")
	c.Flags().BoolVar(&f.json, "json", false, "print a summary as JSON")
	switch op {
	case deploy.Destroy:
		c.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
		c.Flags().BoolVar(&f.release, "release-protected", false, "lift protection first; organizations, units and accounts stay in AWS")
	case deploy.Preview:
		c.Flags().BoolVar(&f.expect, "expect-no-changes", false, "fail where anything would change")
	}
	return c
}

// summary is the output of --json.
type summary struct {
	Operation deploy.Operation `json:"operation"`
	Succeeded bool             `json:"succeeded"`
	Stacks    []deploy.Result  `json:"stacks"`
}

func (a *app) deploy(ctx context.Context, op deploy.Operation, names []string, f deployFlags) error {
	dir, p, err := a.load(ctx)
	if err != nil {
		return err
	}
	selected, err := deploy.Select(p, names)
	if err != nil {
		return &usageError{"archipelago " + string(op), err}
	}
	if op == deploy.Destroy && !f.yes {
		var list []string
		for _, o := range selected {
			list = append(list, o.Name)
		}
		return &usageError{"archipelago destroy", fmt.Errorf("this deletes policies, attachments, contacts and delegations of %s; say --yes if that is meant", strings.Join(list, ", "))}
	}
	return a.runStacks(ctx, op, f, deploy.Options{
		Dir: dir, Plan: p, Organizations: names, Program: stacks.Program(p), Parallel: f.parallel, ReleaseProtected: f.release,
	})
}

// runStacks runs the operation with progress on standard error and the outcome on standard output.
func (a *app) runStacks(ctx context.Context, op deploy.Operation, f deployFlags, o deploy.Options) error {
	if o.Parallel < 0 {
		return &usageError{"archipelago " + string(op), fmt.Errorf("--parallel %d: at least one stack runs at once", o.Parallel)}
	}
	view := newProgress(a.stderr, op)
	o.Watch = view.see
	results, err := deploy.Run(ctx, op, o)
	view.close()
	if err != nil && !errors.Is(err, deploy.ErrFailed) {
		return err
	}
	if f.json {
		if err := a.json(summary{Operation: op, Succeeded: err == nil, Stacks: results}); err != nil {
			return err
		}
	} else {
		a.printResults(op, o.Plan, results)
	}
	if err != nil {
		if ctx.Err() != nil {
			return context.Canceled
		}
		return &exitError{exitFailed}
	}
	if f.expect {
		return a.expectNoChanges(results)
	}
	return nil
}

func (a *app) expectNoChanges(results []deploy.Result) error {
	changed := 0
	for _, r := range results {
		changed += r.Changed()
	}
	if changed > 0 {
		return fmt.Errorf("no changes were expected, but %s would change", count(changed, "resource"))
	}
	return nil
}

// printResults prints what happens to each resource, then a table of stacks.
func (a *app) printResults(op deploy.Operation, p *plan.Plan, results []deploy.Result) {
	for _, r := range results {
		if op == deploy.Preview || op == deploy.Refresh {
			a.printSteps(r)
		}
		if op == deploy.Preview {
			printHookChanges(a.stdout, p.Organization(r.Stack), r.Steps)
		}
		if r.Error != "" {
			fmt.Fprintf(a.stderr, "\n%s failed:\n%s\n", r.Stack, indent(r.Error))
		}
	}
	fmt.Fprintln(a.stdout)
	for _, r := range results {
		switch r.Status {
		case deploy.Blocked:
			fmt.Fprintf(a.stdout, "%-16s not run, because of %s\n", r.Stack, r.BlockedBy)
		default:
			line := fmt.Sprintf("%-16s %-10s %6.1fs  %s", r.Stack, r.Status, r.Seconds, changes(r))
			fmt.Fprintln(a.stdout, strings.TrimRight(line, " "))
		}
	}
}

// signs shows the operations of the engine as Pulumi does.
var signs = map[string]string{"create": "+", "import": "=", "update": "~", "delete": "-", "replace": "!", "create-replacement": "+", "delete-replaced": "-", "refresh": "~", "discard": "<"}

func (a *app) printSteps(r deploy.Result) {
	if len(r.Steps) == 0 {
		return
	}
	fmt.Fprintf(a.stdout, "\n%s\n", r.Stack)
	for _, s := range r.Steps {
		sign := signs[s.Operation]
		if sign == "" {
			sign = "*"
		}
		text := fmt.Sprintf("  %s %-18s %s", sign, shortType(s.Type), s.Resource)
		if len(s.Properties) > 0 {
			text += "  (" + strings.Join(s.Properties, ", ") + ")"
		}
		fmt.Fprintln(a.stdout, text)
	}
}

// shortType returns the last word of a type token: Account of aws:organizations/account:Account.
func shortType(token string) string {
	return token[strings.LastIndex(token, ":")+1:]
}

func changes(r deploy.Result) string {
	if r.Changed() == 0 && r.Status == deploy.Succeeded {
		return fmt.Sprintf("no changes (%s)", count(r.Changes["same"], "resource"))
	}
	var parts []string
	for _, op := range slices.Sorted(maps.Keys(r.Changes)) {
		parts = append(parts, fmt.Sprintf("%d %s", r.Changes[op], op))
	}
	return strings.Join(parts, ", ")
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(s, "\n", "\n  ")
}

func (a *app) outputsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "outputs [ORGANIZATION...]",
		Short: "Show the outputs of deployed stacks",
		Long: `Outputs prints what each stack tells other programs: the ids of the organization, its units, accounts
and policies. docs/outputs.md describes them.`,
		Example: `  archipelago outputs payments
  archipelago outputs --json | jq -r '.payments.accounts["payments-prod"].id'`,
		RunE: func(c *cobra.Command, args []string) error {
			dir, p, err := a.load(c.Context())
			if err != nil {
				return err
			}
			if _, err := deploy.Select(p, args); err != nil {
				return &usageError{"archipelago outputs", err}
			}
			values, err := deploy.Outputs(c.Context(), deploy.Options{Dir: dir, Plan: p, Organizations: args, Program: stacks.Program(p)})
			if err != nil {
				return err
			}
			if asJSON {
				return a.json(values)
			}
			for _, name := range slices.Sorted(maps.Keys(values)) {
				fmt.Fprintf(a.stdout, "%s\n", name)
				printOutputs(a.stdout, "  ", values[name])
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the outputs as JSON")
	return c
}
