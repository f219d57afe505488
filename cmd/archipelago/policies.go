package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/policy/guardrail"
)

func (a *app) policiesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "policies",
		Short: "Look guardrails up, and ask what policies allow",
		Long: `Policies has the catalogue of guardrails, which a policy of the files can name instead of writing a document,
and evaluates the service and resource control policies of any account, offline.`,
		Example: `  archipelago policies list
  archipelago policies show region-lock
  archipelago policies simulate payments/payments-prod ec2:RunInstances --region us-east-1`,
	}
	c.AddCommand(a.policiesListCommand(), a.policiesShowCommand(), a.policiesSimulateCommand())
	return c
}

func (a *app) policiesListCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the guardrails of the catalogue",
		Long: `List prints the guardrails that a policy of the files can name, with the policy type of each. To use one, write
guardrail: NAME in a policy, in the place of file or document.`,
		Example: `  archipelago policies list --json | jq -r '.[] | select(.type == "RESOURCE_CONTROL_POLICY").id'`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			all := guardrail.All()
			if asJSON {
				return a.json(all)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "GUARDRAIL\tTYPE\tWHAT IT DOES")
			for _, g := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\n", g.ID, plan.PolicyTypeName(string(g.Type)), g.Title)
			}
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print all of it as JSON")
	return c
}

func (a *app) policiesShowCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show GUARDRAIL",
		Short: "Show what a guardrail is for, what it can be given and what it becomes",
		Long: `Show prints purpose, owner, parameters and what a guardrail does not cover, and the document that it becomes
with its defaults, or with its examples where it needs to be given something.`,
		Example: `  archipelago policies show deny-root-user`,
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			g, ok := guardrail.Get(args[0])
			if !ok {
				_, problems := guardrail.Build(args[0], nil, guardrail.Exempt{})
				return &usageError{"archipelago policies show", fmt.Errorf("%s; %s", problems[0].Message, problems[0].Hint)}
			}
			if asJSON {
				return a.json(g)
			}
			return printGuardrail(a.stdout, g)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print all of it as JSON")
	return c
}

func printGuardrail(w io.Writer, g guardrail.Guardrail) error {
	fmt.Fprintf(w, "%s: %s\n\n%s\n\n", g.ID, g.Title, g.Purpose)
	fmt.Fprintf(w, "type       %s\nowner      %s\nreview by  %s\nattach     %s\n", plan.PolicyTypeName(string(g.Type)), g.Owner, g.ReviewBy, g.Attach)
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			fmt.Fprintf(w, "\n%s\n  %s\n", title, strings.Join(lines, "\n  "))
		}
	}
	var parameters, exempt []string
	given := map[string]any{}
	for _, p := range g.Parameters {
		line := fmt.Sprintf("%s (%s): %s", p.Name, p.Kind, p.What)
		switch {
		case p.Default != nil:
			line += fmt.Sprintf(" Default %v.", p.Default)
		case p.Required:
			line += " Required."
			given[p.Name] = p.Example
		}
		parameters = append(parameters, line)
	}
	for _, e := range g.Exceptions {
		exempt = append(exempt, string(e))
	}
	section("parameters", parameters)
	section("exempt by default", exempt)
	section("not covered", g.NotCovered)
	section("references", g.References)
	doc, _ := guardrail.Document(g.ID, given, guardrail.Exempt{AccessRole: []string{"arn:*:iam::*:role/OrganizationAccountAccessRole"}})
	var text bytes.Buffer
	if err := json.Indent(&text, doc, "", "  "); err != nil {
		return fmt.Errorf("show guardrail %s: %w", g.ID, err)
	}
	_, err := fmt.Fprintf(w, "\n%s\n", text.Bytes())
	return err
}

// organizationAndAccount splits ORGANIZATION/ACCOUNT.
func organizationAndAccount(p *plan.Plan, name string) (*plan.Organization, string, error) {
	organization, key, found := strings.Cut(name, "/")
	o := p.Organization(organization)
	switch {
	case !found:
		return nil, "", fmt.Errorf("%q names no account; write ORGANIZATION/ACCOUNT", name)
	case o == nil:
		return nil, "", fmt.Errorf("there is no organization %q; there are %s", organization, strings.Join(organizationNames(p), ", "))
	case key != management && !slices.ContainsFunc(o.Accounts, func(acc *plan.Account) bool { return acc.Key == key }):
		return nil, "", fmt.Errorf("organization %s has no account %q that is not closed%s", organization, key, near(key, accountKeys(o)))
	}
	return o, key, nil
}
