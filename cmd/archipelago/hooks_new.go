package main

import (
	_ "embed"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/internal/hooktest"
	"github.com/archipelago-iac/archipelago/plan"
)

//go:embed starter/hook.ts
var starterTS string

//go:embed starter/hook.js
var starterJS string

//go:embed starter/first.txtar
var starterCase string

// hookName is what a hook, and so its file, may be called.
var hookName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

func (a *app) hooksNewCommand() *cobra.Command {
	var js bool
	c := &cobra.Command{
		Use:   "new NAME",
		Short: "Write a hook that works, with a case, to start from",
		Long: `New writes hooks/NAME.ts and a case for it, tests/hooks/NAME/first.txtar, and the types for your editor where
there are none. It overwrites nothing, and says what to add to which file so that the hook runs.`,
		Example: `  archipelago hooks new cost-center
  archipelago hooks new cost-center --js`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.newHook(args[0], js) },
	}
	c.Flags().BoolVar(&js, "js", false, "write JavaScript in the place of TypeScript")
	return c
}

func (a *app) newHook(name string, js bool) error {
	if !hookName.MatchString(name) {
		return &usageError{"archipelago hooks new", fmt.Errorf("%q: a hook's name has lower-case letters, digits and hyphens, a letter first", name)}
	}
	dir, err := a.home()
	if err != nil {
		return err
	}
	for _, ext := range []string{".ts", ".mts", ".js", ".mjs"} {
		if file := path.Join(plan.HooksDir, name+ext); exists(dir, file) {
			return fmt.Errorf("make hook: there is %s already", file)
		}
	}
	file, text := path.Join(plan.HooksDir, name+".ts"), starterTS
	if js {
		file, text = path.Join(plan.HooksDir, name+".js"), starterJS
	}
	test := path.Join(hooktest.Dir, name, "first.txtar")
	if exists(dir, test) {
		return fmt.Errorf("make hook: there is %s already", test)
	}
	fill := strings.NewReplacer("NAME", name, "FILE", file)
	if err := a.writeFiles(dir, map[string]string{file: fill.Replace(text), test: fill.Replace(starterCase)}); err != nil {
		return err
	}
	types, err := staleTypes(dir)
	if err != nil {
		return err
	}
	for name := range types {
		if exists(dir, name) {
			delete(types, name) // it is another version's; "hooks types" brings it up to date
		}
	}
	if err := a.writeFiles(dir, types); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, `
It runs once a file says for whom. For every account, add to archipelago.yaml:

  hooks:
    - %s

An organization's file, a unit and an account can have the same lines, for their accounts. Then:

  archipelago hooks run --hook %s     what it does
  archipelago hooks test %s           whether its cases hold
`, file, name, name)
	return nil
}

func exists(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil
}
