package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/internal/deploy"
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
		RunE: func(_ *cobra.Command, args []string) error {
			_, p, err := a.load()
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
	t := newTree(o)
	fmt.Fprintf(w, "  root%s\n", suffix(t.attached["root:"]))
	t.print(w, "", "  ")
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

// tree indexes an organization's plan by unit, so that drawing it costs what it prints.
type tree struct {
	accounts map[string][]*plan.Account
	units    map[string][]*plan.Unit
	// attached are the policies by "kind:target".
	attached map[string][]string
}

func newTree(o *plan.Organization) *tree {
	t := &tree{accounts: map[string][]*plan.Account{}, units: map[string][]*plan.Unit{}, attached: map[string][]string{}}
	for _, acc := range o.Accounts {
		t.accounts[acc.Unit] = append(t.accounts[acc.Unit], acc)
	}
	for _, u := range o.Units {
		t.units[u.Parent] = append(t.units[u.Parent], u)
	}
	for _, at := range o.Attachments {
		key := string(at.Kind) + ":" + at.Target
		t.attached[key] = append(t.attached[key], at.Policy)
	}
	return t
}

// print draws the accounts and units below the unit at path.
func (t *tree) print(w io.Writer, path, indent string) {
	left := len(t.accounts[path]) + len(t.units[path])
	branch := func() (string, string) {
		if left--; left == 0 {
			return "└─ ", "   "
		}
		return "├─ ", "│  "
	}
	for _, acc := range t.accounts[path] {
		text := fmt.Sprintf("%s  %s", acc.Key, acc.Email)
		switch acc.State {
		case topology.StateActive:
		case topology.StateSuspended:
			// Nothing in AWS stops: whoever reads "suspended" should know.
			text += "  [suspended: what runs there keeps running and costing]"
		default:
			text += "  [" + string(acc.State) + "]"
		}
		if len(acc.OptInRegions) > 0 {
			text += "  opt-in: " + strings.Join(acc.OptInRegions, ", ")
		}
		at, _ := branch()
		fmt.Fprintf(w, "%s%s%s%s\n", indent, at, text, suffix(t.attached["account:"+acc.Key]))
	}
	for _, u := range t.units[path] {
		at, below := branch()
		fmt.Fprintf(w, "%s%s%s/%s\n", indent, at, u.Name, suffix(t.attached["unit:"+u.Path]))
		t.print(w, u.Path, indent+below)
	}
}

func suffix(policies []string) string {
	if len(policies) == 0 {
		return ""
	}
	return "  <" + strings.Join(policies, ", ") + ">"
}

func tagList(tags map[string]string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, k+"="+tags[k])
	}
	return out
}
