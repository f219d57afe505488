package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

func (a *app) hooksCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "hooks",
		Short: "Write, try and test hooks, which customize any account in TypeScript",
		Long: `Hooks are TypeScript or JavaScript files below hooks/ that change how accounts are set up: budgets, roles,
regions, further resources. The YAML says which layer uses which hook. They run here, offline, with no
access to anything, before anything is deployed.`,
		Example: `  archipelago hooks new cost-center     a hook that works, with a test, to start from
  archipelago hooks run                 what all hooks do to all accounts
  archipelago hooks test                whether they do what their cases say`,
	}
	c.AddCommand(a.hooksNewCommand(), a.hooksListCommand(), a.hooksRunCommand(), a.hooksTestCommand(), a.hooksTypesCommand())
	return c
}

// noHook says that there is nothing to say.
const noHook = "no hook is used; archipelago hooks new NAME makes one"

// selection is the accounts that a command line names.
type selection struct {
	// names are ORGANIZATION/ACCOUNT or ORGANIZATION; none means all.
	names []string
}

// selectAccounts checks the arguments of a command against the accounts that there are.
func selectAccounts(command string, a *topology.Archipelago, args []string) (selection, error) {
	var organizations, accounts []string
	for _, o := range a.Organizations {
		organizations = append(organizations, o.Name)
	}
	for _, acc := range plan.HookTargets(a) {
		accounts = append(accounts, acc.Name)
	}
	for _, arg := range args {
		organization, _, one := strings.Cut(arg, "/")
		switch {
		case !slices.Contains(organizations, organization):
			return selection{}, &usageError{command, fmt.Errorf("there is no organization %q; there are %s", organization, strings.Join(organizations, ", "))}
		case one && arg == organization+"/"+management:
			return selection{}, &usageError{command, fmt.Errorf("no hook runs for a management account such as %s", arg)}
		case one && !slices.Contains(accounts, arg):
			return selection{}, &usageError{command, fmt.Errorf("there is no account %q that is not closed%s", arg, near(arg, accounts))}
		}
	}
	return selection{args}, nil
}

func (s selection) has(account string) bool {
	organization, _, _ := strings.Cut(account, "/")
	return len(s.names) == 0 || slices.Contains(s.names, account) || slices.Contains(s.names, organization)
}

// near words which of the known names was likely meant: `; did you mean "x"?`, or nothing.
func near(name string, known []string) string {
	best, distance := "", len(name)/3+1
	for _, k := range known {
		if d := levenshtein.ComputeDistance(name, k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// home is [app.root] where there is an archipelago.
func (a *app) home() (string, error) {
	dir, err := a.root()
	if err != nil {
		return "", err
	}
	if !exists(dir, topology.RootFile) {
		return "", a.missing(dir, topology.ErrNoArchipelago)
	}
	return dir, nil
}

// loadAll is [app.load] with the files in the place of their directory.
func (a *app) loadAll(ctx context.Context) (*plan.Plan, *topology.Archipelago, error) {
	dir, err := a.root()
	if err != nil {
		return nil, nil, err
	}
	p, archipelago, found, err := plan.Load(ctx, os.DirFS(dir))
	if err := a.complain(dir, found, err); err != nil {
		return nil, nil, err
	}
	return p, archipelago, nil
}

// complain prints warnings to standard error and returns errors.
func (a *app) complain(dir string, found topology.Diagnostics, err error) error {
	if err = a.missing(dir, err); err != nil {
		return err
	}
	if err := found.Err(); err != nil {
		return err
	}
	for _, d := range found {
		fmt.Fprint(a.stderr, d.Render())
	}
	return nil
}

// widest is how wide a table is where nobody's terminal says otherwise.
const widest = 120

// columns is the width of the terminal that w is.
func columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width >= 40 {
			return width
		}
	}
	return widest
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}

// cut shortens a text to a width, with a mark where something is missing.
func cut(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	return string(runes[:max(0, width-1)]) + "…"
}
