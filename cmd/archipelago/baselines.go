package main

import (
	"cmp"
	"context"
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

// baselineList is the output of "archipelago baselines --json".
type baselineList struct {
	Classes []baselineClass `json:"classes"`
	// Providers are those of each organization's stack.
	Providers []providerCount `json:"providers"`
	Parity    []parityGroup   `json:"parity"`
}

// baselineClass is the accounts that are set up the same.
type baselineClass struct {
	Class string `json:"class"`
	// Accounts are ORGANIZATION/ACCOUNT, sorted.
	Accounts  []string `json:"accounts"`
	Roles     int      `json:"roles"`
	Settings  int      `json:"settings"`
	Resources int      `json:"resources"`
	// Providers is how many AWS providers all the accounts need together.
	Providers int `json:"providers"`
}

type providerCount struct {
	Organization string `json:"organization"`
	Providers    int    `json:"providers"`
	Budget       int    `json:"budget"`
}

// parityGroup is accounts that must be set up the same.
type parityGroup struct {
	Organization string         `json:"organization"`
	Name         string         `json:"name"`
	Members      []parityMember `json:"members"`
	Except       []string       `json:"except"`
}

type parityMember struct {
	Account string `json:"account"`
	Class   string `json:"class"`
}

func (a *app) baselinesCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "baselines [ORGANIZATION...]",
		Short: "Show which accounts are set up the same",
		Long: `Baselines groups accounts by class: accounts of a class have the same baseline, tags and contacts aside,
hooks included. Each class says what is set up and how many AWS providers it takes; then follow the
providers of each organization and the groups that parity keeps equal. No network, no credentials.`,
		Example: `  archipelago baselines
  archipelago baselines payments
  archipelago baselines --json | jq '.classes[0].accounts'`,
		RunE: func(c *cobra.Command, args []string) error {
			list, err := a.baselines(c.Context(), args)
			if err != nil {
				return err
			}
			if asJSON {
				return a.json(list)
			}
			printBaselines(a.stdout, list, columns(a.stdout))
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the classes as JSON")
	return c
}

func (a *app) baselines(ctx context.Context, names []string) (*baselineList, error) {
	p, archipelago, err := a.loadAll(ctx)
	if err != nil {
		return nil, err
	}
	selected, err := deploy.Select(p, names)
	if err != nil {
		return nil, &usageError{"archipelago baselines", err}
	}
	list := &baselineList{Classes: []baselineClass{}, Providers: []providerCount{}, Parity: []parityGroup{}}
	classes := map[string]*baselineClass{}
	for _, o := range selected {
		list.Providers = append(list.Providers, providerCount{o.Name, len(o.Providers), o.ProviderBudget})
		if err := classify(p, o, classes); err != nil {
			return nil, err
		}
		list.Parity = append(list.Parity, parityOf(archipelago, o)...)
	}
	for _, it := range classes {
		slices.Sort(it.Accounts)
		list.Classes = append(list.Classes, *it)
	}
	slices.SortFunc(list.Classes, func(x, y baselineClass) int {
		return cmp.Or(cmp.Compare(len(y.Accounts), len(x.Accounts)), cmp.Compare(x.Class, y.Class))
	})
	return list, nil
}

// classify adds the accounts of an organization to their classes.
func classify(p *plan.Plan, o *plan.Organization, classes map[string]*baselineClass) error {
	needed := map[string]int{}
	for _, p := range o.Providers {
		needed[p.Account]++
	}
	add := func(key, provider string, s *plan.Setup) error {
		if s == nil {
			return nil
		}
		it := classes[s.Class]
		if it == nil {
			settings, err := p.Explain(o.Name, key)
			if err != nil {
				return err
			}
			it = &baselineClass{Class: s.Class, Roles: len(s.Roles), Resources: len(s.Resources), Settings: countSettings(settings)}
			classes[s.Class] = it
		}
		it.Accounts = append(it.Accounts, o.Name+"/"+key)
		if provider != "" {
			it.Providers += needed[provider]
		}
		return nil
	}
	if err := add(management, "", o.Management.Setup); err != nil {
		return err
	}
	for _, acc := range o.Accounts {
		if err := add(acc.Key, acc.Key, acc.Setup); err != nil {
			return err
		}
	}
	return nil
}

// apart are the parts of a baseline that are no settings: they are counted by themselves, or say whose the
// account is.
var apart = []string{"tags", "contacts", "regions", "roles", "resources"}

// countSettings counts what was set, defaults aside.
func countSettings(all []plan.Explained) int {
	n := 0
	for _, s := range all {
		top, _, _ := strings.Cut(s.Path, ".")
		top, _, _ = strings.Cut(top, "[")
		if s.Origin.Layer != "default" && !slices.Contains(apart, top) {
			n++
		}
	}
	return n
}

// parityOf lists the parity groups of an organization by name.
func parityOf(archipelago *topology.Archipelago, o *plan.Organization) []parityGroup {
	var out []parityGroup
	for _, file := range archipelago.Organizations {
		if file.Name != o.Name {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(file.Parity)) {
			g := parityGroup{Organization: o.Name, Name: name, Members: []parityMember{}, Except: slices.Concat([]string{}, file.Parity[name].Except)}
			for _, key := range file.Parity[name].Accounts {
				for _, acc := range o.Accounts {
					if acc.Key == key && acc.Setup != nil {
						g.Members = append(g.Members, parityMember{key, acc.Setup.Class})
					}
				}
			}
			out = append(out, g)
		}
	}
	return out
}

func printBaselines(w io.Writer, list *baselineList, width int) {
	for _, c := range list.Classes {
		fmt.Fprintf(w, "%s  %s: %s\n", c.Class, count(len(c.Accounts), "account"), summarize(c))
		fmt.Fprint(w, wrap("    ", c.Accounts, width))
	}
	fmt.Fprintln(w, "\nproviders")
	for _, p := range list.Providers {
		fmt.Fprintf(w, "  %-16s %d of %d\n", p.Organization, p.Providers, p.Budget)
	}
	if len(list.Parity) == 0 {
		return
	}
	fmt.Fprintln(w, "\nparity")
	for _, g := range list.Parity {
		fmt.Fprintf(w, "  %s/%s", g.Organization, g.Name)
		if len(g.Except) > 0 {
			fmt.Fprintf(w, ", but for %s", strings.Join(g.Except, ", "))
		}
		fmt.Fprintln(w)
		for _, m := range g.Members {
			fmt.Fprintf(w, "    %s  %s\n", m.Class, m.Account)
		}
	}
}

// summarize says what a class sets up.
func summarize(c baselineClass) string {
	var parts []string
	for _, part := range []struct {
		n    int
		noun string
	}{{c.Roles, "role"}, {c.Settings, "setting"}, {c.Resources, "resource"}} {
		if part.n > 0 {
			parts = append(parts, count(part.n, part.noun))
		}
	}
	if parts == nil {
		parts = []string{"nothing is set up"}
	}
	if c.Providers > 0 {
		parts = append(parts, count(c.Providers, "provider"))
	}
	return strings.Join(parts, ", ")
}

// wrap writes words with commas between them, each line at an indent and as wide as the terminal at most.
func wrap(indent string, words []string, width int) string {
	var b strings.Builder
	line := ""
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		switch {
		case line == "":
			line = indent + word
		case len(line)+1+len(word) > width:
			b.WriteString(line + "\n")
			line = indent + word
		default:
			line += " " + word
		}
	}
	if line != "" {
		b.WriteString(line + "\n")
	}
	return b.String()
}
