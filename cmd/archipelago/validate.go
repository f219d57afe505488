package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

func (a *app) validateCommand() *cobra.Command {
	var asJSON, strict bool
	c := &cobra.Command{
		Use:   "validate",
		Short: "Check every file of the archipelago, offline",
		Long: `Validate reads archipelago.yaml, organizations/*.yaml and the policy documents that they name, and
checks them as one system: spelling, types, references, AWS's limits, e-mail addresses that are used
twice in whatever organization, policies that AWS would refuse. Everything that is wrong is listed,
not only the first. No network, no credentials.`,
		Example: `  archipelago validate
  archipelago validate --json | jq '.diagnostics[] | select(.severity == "error")'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.validate(cmd.Context(), asJSON, strict) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	c.Flags().BoolVar(&strict, "strict", false, "treat warnings as errors")
	return c
}

func (a *app) validate(ctx context.Context, asJSON, strict bool) error {
	_, p, found, err := a.read(ctx)
	if err != nil {
		return err
	}
	if strict {
		for i := range found {
			found[i].Severity = topology.Error
		}
	}
	if asJSON {
		if found == nil {
			found = topology.Diagnostics{}
		}
		if err := a.json(map[string]any{"valid": !found.HasErrors(), "diagnostics": found}); err != nil {
			return err
		}
		if found.HasErrors() {
			return &exitError{exitInvalid}
		}
		return nil
	}
	if err := found.Err(); err != nil {
		return err
	}
	for _, d := range found {
		fmt.Fprint(a.stderr, d.Render())
	}
	_, warnings := found.Count()
	fmt.Fprintf(a.stdout, "%s is valid: %s", p.Name, figures(p))
	if warnings > 0 {
		fmt.Fprintf(a.stdout, "; %s", count(warnings, "warning"))
	}
	fmt.Fprintln(a.stdout)
	return nil
}

// figures counts what a plan holds.
func figures(p *plan.Plan) string {
	var units, accounts, closed, policies, attachments int
	for _, o := range p.Organizations {
		units += len(o.Units)
		accounts += len(o.Accounts)
		closed += len(o.Closed)
		policies += len(o.Policies)
		attachments += len(o.Attachments)
	}
	text := fmt.Sprintf("%s, %s, %s", count(len(p.Organizations), "organization"), count(units, "unit"), count(accounts, "account"))
	if closed > 0 {
		text += fmt.Sprintf(" (and %d closed)", closed)
	}
	return text + fmt.Sprintf(", %s in %s", count(policies, "policy"), count(attachments, "attachment"))
}
