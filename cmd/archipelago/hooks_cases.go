package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/internal/hooktest"
)

// caseList is the output of "archipelago hooks test --json".
type caseList struct {
	Passed int          `json:"passed"`
	Failed int          `json:"failed"`
	Cases  []caseResult `json:"cases"`
}

type caseResult struct {
	hooktest.Result
	// Rewritten says that --update wrote what the hooks do now.
	Rewritten bool `json:"rewritten,omitempty"`
}

func (a *app) hooksTestCommand() *cobra.Command {
	var asJSON, update bool
	c := &cobra.Command{
		Use:   "test [PATTERN...]",
		Short: "Check hooks against their cases: an account goes in, changes or an error come out",
		Long: `Test runs the cases below tests/hooks: txtar files that say which hook runs for which account, and the
changes, the draft or the error that must come of it. A pattern names cases by directory or file; * stands
for anything. With --update, cases that do not hold are rewritten with what the hooks do now: read the
difference before you keep it.`,
		Example: `  archipelago hooks test
  archipelago hooks test cost-center
  archipelago hooks test 'owner/*' --update`,
		RunE: func(c *cobra.Command, args []string) error {
			list, err := a.hookCases(c.Context(), args, update)
			if err != nil {
				return err
			}
			if asJSON {
				err = a.json(list)
			} else {
				a.printCases(list)
			}
			if err == nil && list.Failed > 0 {
				err = &exitError{exitFailed}
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the results as JSON")
	c.Flags().BoolVar(&update, "update", false, "rewrite what the cases want with what the hooks do")
	return c
}

func (a *app) hookCases(ctx context.Context, patterns []string, update bool) (*caseList, error) {
	dir, err := a.home()
	if err != nil {
		return nil, err
	}
	results, err := hooktest.Run(ctx, os.DirFS(dir), patterns)
	var none *hooktest.NoMatchError
	if errors.As(err, &none) {
		return nil, &usageError{"archipelago hooks test", err}
	}
	if err != nil {
		return nil, err
	}
	list := &caseList{Cases: []caseResult{}}
	for _, r := range results {
		it := caseResult{Result: r}
		if update && r.Updated != nil {
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(r.File)), r.Updated, 0o644); err != nil {
				return nil, fmt.Errorf("update case: %w", err)
			}
			it.Passed, it.Problem, it.Rewritten = true, "", true
		}
		if it.Passed {
			list.Passed++
		} else {
			list.Failed++
		}
		list.Cases = append(list.Cases, it)
	}
	return list, nil
}

func (a *app) printCases(list *caseList) {
	w := a.stdout
	if len(list.Cases) == 0 {
		fmt.Fprintf(w, "there is no case below %s; archipelago hooks new NAME makes a hook with one\n", hooktest.Dir)
		return
	}
	longest := 0
	for _, r := range list.Cases {
		longest = max(longest, len(r.File))
	}
	for _, r := range list.Cases {
		word := "ok"
		switch {
		case r.Rewritten:
			word = "wrote"
		case !r.Passed:
			word = "FAIL"
		}
		fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-5s  %-*s  %s", word, longest, r.File, r.Title), " "))
		if r.Problem != "" {
			fmt.Fprintln(w, "    "+strings.ReplaceAll(r.Problem, "\n", "\n    "))
		}
	}
	fmt.Fprintf(w, "\n%s: %d passed, %d failed\n", count(len(list.Cases), "case"), list.Passed, list.Failed)
}
