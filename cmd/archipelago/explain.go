package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// management names the management account of an organization on the command line.
const management = "management"

// explained is the output of "archipelago explain --json".
type explained struct {
	// Account is ORGANIZATION/ACCOUNT.
	Account string `json:"account"`
	// Unit is the path of the account's unit, "" for the root.
	Unit string `json:"unit"`
	// State is where the account is in its life; empty for a management account.
	State topology.State `json:"state,omitempty"`
	// Class is what accounts with equal baselines share; empty where there is no baseline.
	Class string `json:"class,omitempty"`
	// Hooks are those used for the account, in their order.
	Hooks    []explainedHook  `json:"hooks"`
	Settings []plan.Explained `json:"settings"`
}

type explainedHook struct {
	File string `json:"file"`
	// Matched says that the hook ran for the account.
	Matched bool `json:"matched"`
	// Changes is how many settings the hook changed.
	Changes int `json:"changes"`
}

func (a *app) explainCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain ORGANIZATION/ACCOUNT [SETTING]",
		Short: "Show every setting of an account and the place that set it",
		Long: `Explain lists the baseline of an account, hooks included: each setting with its value, the place in a
file or a hook that set it, or "default", and the lock that holds for it. A setting narrows the list to
what is below it. ORGANIZATION/management is the management account. No network, no credentials.`,
		Example: `  archipelago explain payments/payments-prod
  archipelago explain payments/payments-prod roles.break-glass
  archipelago explain core/management --json | jq -r '.settings[].path'`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			below := ""
			if len(args) > 1 {
				below = args[1]
			}
			e, err := a.explain(c.Context(), args[0], below)
			if err != nil {
				return err
			}
			if asJSON {
				return a.json(e)
			}
			printExplained(a.stdout, e, columns(a.stdout))
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print all of it as JSON, values in full")
	return c
}

func (a *app) explain(ctx context.Context, name, below string) (*explained, error) {
	usage := func(format string, args ...any) error {
		return &usageError{"archipelago explain", fmt.Errorf(format, args...)}
	}
	_, p, err := a.load(ctx)
	if err != nil {
		return nil, err
	}
	o, key, err := organizationAndAccount(p, name)
	if err != nil {
		return nil, usage("%w", err)
	}
	e := &explained{Account: name, Hooks: []explainedHook{}}
	if key == management {
		if s := o.Management.Setup; s != nil {
			e.Class = s.Class
		}
	} else {
		i := slices.IndexFunc(o.Accounts, func(acc *plan.Account) bool { return acc.Key == key })
		acc := o.Accounts[i]
		e.Unit, e.State = acc.Unit, acc.State
		if acc.Setup != nil {
			e.Class = acc.Setup.Class
		}
		e.Hooks = hooksOf(acc)
	}
	all, err := p.Explain(o.Name, key)
	if err != nil {
		return nil, err
	}
	if e.Settings, err = narrow(all, below); err != nil {
		return nil, usage("%w", err)
	}
	return e, nil
}

// hooksOf lists the hooks used for an account with how much each changed.
func hooksOf(acc *plan.Account) []explainedHook {
	out := []explainedHook{}
	for _, applied := range acc.Hooks {
		if i := slices.IndexFunc(out, func(h explainedHook) bool { return h.File == applied.File }); i >= 0 {
			out[i].Matched = out[i].Matched || applied.Matched // a hook that is used twice changes what it changes
			continue
		}
		n := 0
		for _, change := range acc.Changes {
			if change.Hook == applied.File {
				n++
			}
		}
		out = append(out, explainedHook{applied.File, applied.Matched, n})
	}
	return out
}

// narrow keeps the settings at or below a path; "" keeps all.
func narrow(all []plan.Explained, below string) ([]plan.Explained, error) {
	if below == "" {
		return slices.Concat([]plan.Explained{}, all), nil
	}
	prefix, err := settings.ParsePath(below)
	if err != nil {
		return nil, err
	}
	var out []plan.Explained
	var top []string
	for _, s := range all {
		path, err := settings.ParsePath(s.Path)
		if err != nil {
			return nil, err
		}
		if path.Within(prefix) {
			out = append(out, s)
		}
		top = append(top, path[0])
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("nothing is set at %s; the account has %s", below, strings.Join(slices.Compact(top), ", "))
	}
	return out, nil
}

// organizationNames lists the organizations in the order of the plan.
func organizationNames(p *plan.Plan) []string {
	var names []string
	for _, o := range p.Organizations {
		names = append(names, o.Name)
	}
	return names
}

func accountKeys(o *plan.Organization) []string {
	var keys []string
	for _, acc := range o.Accounts {
		keys = append(keys, acc.Key)
	}
	return keys
}

// printExplained writes what the account is, then its settings.
func printExplained(w io.Writer, e *explained, width int) {
	line := func(name, value string) { fmt.Fprintf(w, "%-8s %s\n", name, value) }
	line("account", e.Account)
	if e.State != "" {
		line("unit", orNone(e.Unit))
		line("state", string(e.State))
	}
	line("class", orNone(e.Class))
	longest := 0
	for _, h := range e.Hooks {
		longest = max(longest, len(h.File))
	}
	for i, h := range e.Hooks {
		name := ""
		if i == 0 {
			name = "hooks"
		}
		did := "changed nothing here"
		switch {
		case !h.Matched:
			did = "does not match"
		case h.Changes > 0:
			did = "changed " + count(h.Changes, "setting")
		}
		line(name, fmt.Sprintf("%-*s  %s", longest, h.File, did))
	}
	fmt.Fprintln(w)
	printSettings(w, e.Settings, width)
}

// narrowest is what a row leaves of a value at least.
const narrowest = 20

// printSettings writes a row for each setting, the value cut so that it fits. Where little would be left, the
// value goes to a line of its own.
func printSettings(w io.Writer, all []plan.Explained, width int) {
	path, value, at := len("SETTING"), len("VALUE"), len("SET AT")
	for _, s := range all {
		path, at = max(path, utf8.RuneCountInString(s.Path)), max(at, len(s.Origin.String()))
		value = max(value, utf8.RuneCount(s.Value))
	}
	room := width - path - at - 4
	stacked := room < min(value, narrowest)
	if stacked {
		room = width - at - 6
	}
	room = max(min(value, room), narrowest)
	row := func(name, text, place string) {
		if text = pad(cut(text, room), room); stacked {
			fmt.Fprintf(w, "%s\n    %s  %s\n", name, text, place)
		} else {
			fmt.Fprintf(w, "%s  %s  %s\n", pad(name, path), text, place)
		}
	}
	if !stacked {
		row("SETTING", "VALUE", "SET AT")
	}
	for _, s := range all {
		row(s.Path, string(s.Value), s.Origin.String())
		if s.Lock != "" {
			fmt.Fprintf(w, "    locked: %s\n", s.Lock)
		}
	}
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
