package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/match"
	"github.com/archipelago-iac/archipelago/topology"
)

// hookUse is one use of a hook in the output of "archipelago hooks list --json".
type hookUse struct {
	// Layer is who uses it: "archipelago", "organization payments", "unit Workloads/Prod", "account erp".
	Layer string `json:"layer"`
	// Organization is where the layer is; empty for the archipelago.
	Organization string `json:"organization,omitempty"`
	// Source is the place in the file.
	Source      string          `json:"source"`
	Hook        string          `json:"hook"`
	Description string          `json:"description,omitempty"`
	Match       *match.Match    `json:"match,omitempty"`
	Params      json.RawMessage `json:"params,omitempty"`
	// Accounts are those it runs for, of those that the layer has.
	Accounts []string `json:"accounts"`
	// Reach is how many accounts the layer has.
	Reach int `json:"reach"`
}

func (a *app) hooksListCommand() *cobra.Command {
	var asJSON, accounts bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List every use of a hook in running order, with the accounts it hits",
		Long: `List shows where the YAML uses hooks, in the order in which they run for an account: the archipelago's, the
organization's, those of its units on the way down, its own; within a layer by file name. Each use comes
with what the hook matches and how many accounts of the layer that hits. No hook runs.`,
		Example: `  archipelago hooks list
  archipelago hooks list --accounts
  archipelago hooks list --json | jq -r '.[] | select(.accounts == []) | .source'     uses without effect`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			uses, err := a.hookUses(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return a.json(uses)
			}
			printHookUses(a.stdout, uses, accounts, columns(a.stdout))
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the uses as JSON")
	c.Flags().BoolVar(&accounts, "accounts", false, "name the accounts")
	return c
}

// hookUses reads the files and the hooks, and runs nothing but the match of each.
func (a *app) hookUses(ctx context.Context) ([]hookUse, error) {
	dir, err := a.root()
	if err != nil {
		return nil, err
	}
	archipelago, found, err := topology.Load(os.DirFS(dir))
	if err := a.complain(dir, found, err); err != nil {
		return nil, err
	}
	set, broken, err := plan.LoadHooks(ctx, os.DirFS(dir), archipelago)
	if err := a.complain(dir, broken, err); err != nil {
		return nil, err
	}
	hooks := map[string]plugins.Hook{}
	if set != nil {
		defer func() { _ = set.Close() }()
		for _, h := range set.Hooks() {
			hooks[h.File] = h
		}
	}
	hit, reach := map[*topology.HookUse][]string{}, map[*topology.HookUse]int{}
	for _, acc := range plan.HookTargets(archipelago) {
		for _, use := range acc.Uses {
			reach[use]++
			if hooks[use.File].Match.Matches(acc.Subject) {
				hit[use] = append(hit[use], acc.Name)
			}
		}
	}
	out := []hookUse{}
	eachUse(archipelago, func(layer, organization string, use *topology.HookUse) {
		h := hooks[use.File]
		it := hookUse{
			Layer: layer, Organization: organization, Source: use.Position().String(), Hook: use.File, Description: h.Description, Match: h.Match,
			Accounts: slices.Concat([]string{}, hit[use]), Reach: reach[use],
		}
		if use.Params != nil {
			it.Params = use.Params.Text
		}
		out = append(out, it)
	})
	return out, nil
}

// eachUse visits the uses of hooks in running order, layer by layer.
func eachUse(a *topology.Archipelago, visit func(layer, organization string, use *topology.HookUse)) {
	all := func(layer, organization string, uses []*topology.HookUse) {
		for _, use := range plan.HookOrder(uses) {
			visit(layer, organization, use)
		}
	}
	all("archipelago", "", a.Hooks)
	for _, o := range a.Organizations {
		all("organization "+o.Name, o.Name, o.Hooks)
		o.Walk(func(n topology.Node, u *topology.Unit) { all("unit "+n.Path, o.Name, u.Hooks) },
			func(n topology.Node, acc *topology.Account) { all("account "+n.Key, o.Name, acc.Hooks) })
	}
}

func printHookUses(w io.Writer, uses []hookUse, accounts bool, width int) {
	if len(uses) == 0 {
		fmt.Fprintln(w, noHook)
		return
	}
	for i, use := range uses {
		if i > 0 {
			fmt.Fprintln(w)
		}
		layer := use.Layer
		if use.Organization != "" && !strings.HasPrefix(layer, "organization ") {
			layer += " of " + use.Organization
		}
		title := fmt.Sprintf("%d. %s", i+1, use.Hook)
		switch about := use.Description; {
		case about == "":
			fmt.Fprintln(w, title)
		case utf8.RuneCountInString(title+about)+2 <= width:
			fmt.Fprintln(w, title+"  "+about)
		default:
			fmt.Fprintf(w, "%s\n   %s\n", title, cut(about, width-3))
		}
		line := func(name, text string) {
			if text != "" {
				fmt.Fprintf(w, "   %-9s%s\n", name, text)
			}
		}
		line("used by", fmt.Sprintf("%s (%s)", layer, use.Source))
		line("match", orEvery(matchText(use.Match)))
		line("params", cut(string(use.Params), width-12))
		line("hits", fmt.Sprintf("%d of %s", len(use.Accounts), count(use.Reach, "account")))
		if accounts {
			fmt.Fprint(w, wrap("            ", use.Accounts, width))
		}
	}
}

func orEvery(text string) string {
	if text == "" {
		return "every account"
	}
	return text
}

// matchText words a match in a line: unit Workloads/Prod/**, tag environment prod or production, not state
// suspended.
func matchText(m *match.Match) string {
	if m == nil {
		return ""
	}
	var parts []string
	add := func(name string, patterns match.Patterns) {
		if len(patterns) == 0 {
			return
		}
		texts := make([]string, len(patterns))
		for i, p := range patterns {
			texts[i] = patternText(p)
		}
		parts = append(parts, name+" "+strings.Join(texts, " or "))
	}
	add("organization", m.Organization)
	add("kind", m.Kind)
	add("unit", m.Unit)
	add("account", m.Account)
	add("state", m.State)
	for _, name := range slices.Sorted(maps.Keys(m.Tags)) {
		add("tag "+name, m.Tags[name])
	}
	if inner := matchText(m.Not); inner != "" {
		parts = append(parts, "not ("+inner+")")
	}
	return strings.Join(parts, ", ")
}

// patternText is a pattern as it was written, in quotes where it is empty or has blanks.
func patternText(p match.Pattern) string {
	if text := p.String(); text != "" && !strings.ContainsAny(text, " ,") {
		return text
	}
	return fmt.Sprintf("%q", p.String())
}
