package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// app carries what every command needs.
type app struct {
	stdout, stderr io.Writer
	// dir is the archipelago's directory; "" means the current one or the nearest above it.
	dir string
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "archipelago",
		Short: "Many AWS organizations as one system",
		Long: `Archipelago validates, plans and deploys many AWS organizations as one system.

archipelago.yaml and organizations/*.yaml say what there is; one Pulumi stack per organization
deploys it. What can be known before AWS is known before AWS: validate and plan need no credentials.

Exit codes: 0 all went well, 1 something failed, 2 wrong usage, 3 the files are invalid, 130 interrupted.`,
		Example: `  archipelago validate              check every file, offline
  archipelago plan payments         what one organization will be
  archipelago preview               what would change in AWS, for all organizations
  archipelago up core payments      deploy two organizations, the hub first
  archipelago lab up                try it all on this machine, without AWS`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.Version = version()
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.PersistentFlags().StringVarP(&a.dir, "directory", "C", "", "the archipelago's directory (default: the nearest one, from here upwards, with an archipelago.yaml)")
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.AddCommand(a.validateCommand(), a.planCommand(), a.stacksCommand(), a.outputsCommand(), a.schemaCommand(), a.quotasCommand(), a.labCommand())
	root.AddCommand(a.explainCommand(), a.policiesCommand(), a.baselinesCommand(), a.hooksCommand())
	root.AddCommand(a.deployCommands()...)
	wrapUsage(root)
	return root
}

// wrapUsage makes mistakes in flags and arguments recognizable, for the exit code.
func wrapUsage(c *cobra.Command) {
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return &usageError{c.CommandPath(), err} })
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return &usageError{c.CommandPath(), err}
			}
			return nil
		}
	}
	if c.HasSubCommands() && c.Run == nil && c.RunE == nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			err := fmt.Errorf("there is no command %q", args[0])
			if near := c.SuggestionsFor(args[0]); len(near) > 0 {
				err = fmt.Errorf("%w; did you mean %q?", err, near[0])
			}
			return &usageError{c.CommandPath(), err}
		}
		c.Args = cobra.ArbitraryArgs
		c.SuggestionsMinimumDistance = 2
	}
	for _, sub := range c.Commands() {
		wrapUsage(sub)
	}
}

// root returns the archipelago's directory, absolute.
func (a *app) root() (string, error) {
	if a.dir != "" {
		return filepath.Abs(a.dir)
	}
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the current directory: %w", err)
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, topology.RootFile)); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return here, nil
		}
	}
}

// load reads the archipelago. Warnings go to standard error; errors come back as an
// [topology.InvalidError] that holds everything that was found.
func (a *app) load(ctx context.Context) (dir string, p *plan.Plan, err error) {
	dir, p, found, err := a.read(ctx)
	if err != nil {
		return dir, nil, err
	}
	if err := found.Err(); err != nil {
		return dir, nil, err
	}
	for _, d := range found {
		fmt.Fprint(a.stderr, d.Render())
	}
	return dir, p, nil
}

func (a *app) read(ctx context.Context) (dir string, p *plan.Plan, found topology.Diagnostics, err error) {
	if dir, err = a.root(); err != nil {
		return
	}
	p, _, found, err = plan.Load(ctx, os.DirFS(dir))
	return dir, p, found, a.missing(dir, err)
}

// missing words that there is no archipelago in dir; other errors stay as they are.
func (a *app) missing(dir string, err error) error {
	switch {
	case errors.Is(err, topology.ErrNoArchipelago) && a.dir != "":
		return fmt.Errorf("no %s in %s", topology.RootFile, dir)
	case errors.Is(err, topology.ErrNoArchipelago):
		return fmt.Errorf("no %s in %s or above it; name the directory with -C", topology.RootFile, dir)
	}
	return err
}

func (a *app) json(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// count words a number of things: "1 account", "35 accounts", "7 policies".
func count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(noun, "y"))
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// version returns the version of the module that the program was built from: a tag where it was installed
// as a module, else the revision of the checkout where Go has noted it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (info.Main.Version == "" || info.Main.Version == "(devel)") {
			return "development, revision " + s.Value
		}
	}
	if info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "development"
	}
	return info.Main.Version
}
