package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/tree"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

func (a *app) planCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "plan [ORGANIZATION...]",
		Short: "Show what will be deployed, with every default applied",
		Long: `Plan resolves the files: layers merged, e-mail addresses formed, defaults applied, policy documents
minified, trusted access derived. It is what a deployment carries out, nothing more and nothing less.
The same files give the same bytes. No network, no credentials.`,
		Example: `  archipelago plan
  archipelago plan payments
  archipelago plan payments --json | jq '.organizations[0].accounts[] | {key, email}'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			_, p, err := a.load(cmd.Context())
			if err != nil {
				return err
			}
			selected, err := deploy.Select(p, args)
			if err != nil {
				return &usageError{"archipelago plan", err}
			}
			if asJSON {
				return a.json(&plan.Plan{Name: p.Name, Hub: p.Hub, Organizations: selected})
			}
			for i, o := range selected {
				if i > 0 {
					fmt.Fprintln(a.stdout)
				}
				printOrganization(a.stdout, o)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the plan as JSON")
	return c
}

// printOrganization draws the plan of one organization as a tree.
func printOrganization(w io.Writer, o *plan.Organization) {
	fmt.Fprintf(w, "%s (%s), management account %s %s\n", o.Name, o.Kind, o.Management.AccountID, o.Management.Email)
	line := func(name string, values []string) {
		if len(values) > 0 {
			fmt.Fprintf(w, "  %-18s %s\n", name, strings.Join(values, ", "))
		}
	}
	line("depends on", o.DependsOn)
	line("features", []string{string(o.Features)})
	line("root access", o.RootAccess)
	line("policy types", o.PolicyTypes)
	var trusted []string
	for _, t := range o.TrustedAccess {
		trusted = append(trusted, t.Principal)
	}
	line("trusted access", trusted)
	var administrators []string
	for _, d := range o.DelegatedAdministrators {
		administrators = append(administrators, fmt.Sprintf("%s by %s", d.Service, d.Account))
	}
	line("delegated", administrators)
	for _, p := range o.Providers {
		line("provider", []string{fmt.Sprintf("%s in %s (%d of %d)", providerAccount(p), p.Region, len(o.Providers), o.ProviderBudget)})
	}
	line("tags", tagList(o.Management.Tags))
	x := newIndex(o)
	fmt.Fprintf(w, "  root%s\n%s", tree.List(x.attached["root:"]), tree.Draw("  ", x.below("")))
	for _, t := range o.Closed {
		fmt.Fprintf(w, "  closed: %s %s\n", t.Key, t.Email)
	}
}

func providerAccount(p plan.Provider) string {
	if p.Account == "" {
		return "management account"
	}
	return p.Account
}

// index finds what is in a unit and attached to a target, so that drawing a plan costs what it prints.
type index struct {
	accounts map[string][]*plan.Account
	units    map[string][]*plan.Unit
	// attached are the policies by "kind:target".
	attached map[string][]string
}

func newIndex(o *plan.Organization) *index {
	x := &index{accounts: map[string][]*plan.Account{}, units: map[string][]*plan.Unit{}, attached: map[string][]string{}}
	for _, acc := range o.Accounts {
		x.accounts[acc.Unit] = append(x.accounts[acc.Unit], acc)
	}
	for _, u := range o.Units {
		x.units[u.Parent] = append(x.units[u.Parent], u)
	}
	for _, at := range o.Attachments {
		key := string(at.Kind) + ":" + at.Target
		x.attached[key] = append(x.attached[key], at.Policy)
	}
	return x
}

// below returns the accounts and units in the unit at path.
func (x *index) below(path string) []tree.Node {
	var nodes []tree.Node
	for _, acc := range x.accounts[path] {
		nodes = append(nodes, tree.Node{Text: accountLine(acc) + tree.List(x.attached["account:"+acc.Key])})
	}
	for _, u := range x.units[path] {
		nodes = append(nodes, tree.Node{Text: u.Name + "/" + tree.List(x.attached["unit:"+u.Path]), Children: x.below(u.Path)})
	}
	return nodes
}

func accountLine(acc *plan.Account) string {
	text := acc.Key + "  " + acc.Email
	switch acc.State {
	case topology.StateActive:
	case topology.StateSuspended:
		// Nothing in AWS stops: whoever reads "suspended" should know.
		text += "  (suspended: what runs there keeps running and costing)"
	default:
		text += "  (" + string(acc.State) + ")"
	}
	if len(acc.OptInRegions) > 0 {
		text += "  opts in to " + strings.Join(acc.OptInRegions, ", ")
	}
	return text
}

func tagList(tags map[string]string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, k+"="+tags[k])
	}
	return out
}
