package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/internal/awsenv"
	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/lab"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
)

// labFlags are the flags that the lab's commands share.
type labFlags struct {
	name     string
	parallel int
	empty    bool
}

func (a *app) labCommand() *cobra.Command {
	var f labFlags
	c := &cobra.Command{
		Use:   "lab",
		Short: "Try everything on this machine, on an emulated AWS",
		Long: `The lab deploys the archipelago with the real Pulumi engine and real AWS provider code onto an AWS
emulator on this machine. It needs no account and no credentials, and everything it makes is in one
directory, .lab/NAME. The tools that are not installed are built once and kept in a cache.

docs/lab.md says how it works and where the emulator differs from AWS.`,
		Example: `  archipelago lab doctor            what is there, what will be built, what is missing
  archipelago lab up                deploy everything, show it, check that nothing is left to change, stop
  archipelago lab exec -- aws organizations list-accounts --profile acme-payments`,
	}
	c.PersistentFlags().StringVar(&f.name, "name", "default", "the lab's name; labs of different names can run side by side")
	c.PersistentFlags().IntVarP(&f.parallel, "parallel", "p", 0, "how many stacks at once (default: as many as memory allows, at most 4)")
	c.AddCommand(a.labUp(&f), a.labServe(&f), a.labExec(&f), a.labDoctor())
	return c
}

func (a *app) labUp(f *labFlags) *cobra.Command {
	return &cobra.Command{
		Use:   "up",
		Short: "Deploy everything in a fresh lab, show it, check it, stop",
		Long: `Up starts a fresh lab, deploys every organization, shows what the emulator then holds, and checks that
a second deployment would change nothing. Then the lab stops. It fails where anything of this fails.`,
		Example: `  archipelago lab up`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withLab(c.Context(), f, func(ctx context.Context, l *lab.Lab, p *plan.Plan) error {
				if err := a.labDeploy(ctx, l, p, f); err != nil {
					return err
				}
				fmt.Fprintln(a.stderr, "\npreviewing once more: nothing may be left to change")
				o := a.labOptions(l, p, f)
				return a.runStacks(ctx, deploy.Preview, deployFlags{expect: true}, o)
			})
		},
	}
}

func (a *app) labServe(f *labFlags) *cobra.Command {
	c := &cobra.Command{
		Use:   "serve",
		Short: "Deploy everything in a fresh lab and keep it running",
		Long: `Serve does what "lab up" does and keeps the lab running in the foreground until it is interrupted. It
prints the variables that point the AWS CLI, the SDKs and pulumi at it, as commands of a shell, and leaves
them in the file env of its directory.`,
		Example: `  archipelago lab serve
  archipelago lab serve --empty     an empty AWS, with nothing deployed`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withLab(c.Context(), f, func(ctx context.Context, l *lab.Lab, p *plan.Plan) error {
				if !f.empty {
					if err := a.labDeploy(ctx, l, p, f); err != nil {
						return err
					}
				}
				return a.labWait(ctx, l)
			})
		},
	}
	c.Flags().BoolVar(&f.empty, "empty", false, "deploy nothing")
	return c
}

// labWait tells how to work with the lab from another terminal, and keeps it running.
func (a *app) labWait(ctx context.Context, l *lab.Lab) error {
	file := filepath.Join(l.Dir(), "env")
	if err := os.WriteFile(file, []byte(l.Export()), 0o600); err != nil {
		return fmt.Errorf("write the lab's variables: %w", err)
	}
	fmt.Fprintf(a.stdout, "\n%s\n", l.Export())
	fmt.Fprintf(a.stderr, "# in another terminal: . %s\n# pulumi works in %s; the lab runs until it is interrupted (Ctrl-C)\n", file, l.WorkDir())
	select {
	case <-ctx.Done():
		return nil
	case <-l.Done():
		return errors.New("the emulator has ended; its log is in " + l.Logs())
	}
}

func (a *app) labExec(f *labFlags) *cobra.Command {
	c := &cobra.Command{
		Use:   "exec -- COMMAND [ARGUMENT...]",
		Short: "Run a command against a lab just deployed",
		Long: `Exec deploys every organization in a fresh lab, runs the command with the environment that points the
AWS CLI, the SDKs and pulumi at it, and stops the lab. The exit code is the command's. The command runs
in the lab's view of the project, so that what pulumi writes does not touch the project itself.`,
		Example: `  archipelago lab exec -- aws organizations list-accounts --profile acme-payments
  archipelago lab exec -- pulumi preview --stack payments
  archipelago lab exec --empty -- make integration-test`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withLab(c.Context(), f, func(ctx context.Context, l *lab.Lab, p *plan.Plan) error {
				// First of all, for a misspelt command to fail at once.
				cmd, err := l.Exec(ctx, args[0], args[1:]...)
				if err != nil {
					return err
				}
				if !f.empty {
					// Standard output is the command's alone, for pipes.
					aside := *a
					aside.stdout = a.stderr
					if err := aside.labRun(ctx, deploy.Up, l, p, f); err != nil {
						return err
					}
				}
				return a.labCommandLine(cmd)
			})
		},
	}
	c.Flags().BoolVar(&f.empty, "empty", false, "deploy nothing before the command")
	return c
}

func (a *app) labCommandLine(cmd *exec.Cmd) error {
	cmd.Stdout, cmd.Stderr = a.stdout, a.stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return &exitError{exit.ExitCode()}
	}
	if err != nil {
		return fmt.Errorf("run %s: %w", cmd.Path, err)
	}
	return nil
}

func (a *app) labDoctor() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what the lab needs: what is there, what will be built, what is missing",
		Long: `Doctor looks for everything that the lab needs and makes nothing. It fails where something is missing
that the lab cannot make by itself, and says how to get it.`,
		Example: `  archipelago lab doctor`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := a.root()
			if err != nil {
				return err
			}
			report, err := toolchain.Doctor(c.Context(), toolchain.Options{Dir: dir})
			if err != nil {
				return err
			}
			if asJSON {
				err = a.json(report)
			} else {
				err = report.Render(a.stdout)
			}
			return errors.Join(err, report.Err())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return c
}

// labName keeps labs in .lab.
var labName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

// withLab starts a fresh lab for the archipelago and stops it when f is done.
func (a *app) withLab(ctx context.Context, f *labFlags, do func(context.Context, *lab.Lab, *plan.Plan) error) (err error) {
	dir, p, err := a.load(ctx)
	if err != nil {
		return err
	}
	if !labName.MatchString(f.name) {
		return &usageError{"archipelago lab", fmt.Errorf("--name %q: a lab's name has lower-case letters, digits and hyphens", f.name)}
	}
	l, err := lab.Start(ctx, lab.Options{
		Dir: filepath.Join(dir, ".lab", f.name), Project: dir, Organizations: targets(p), Out: a.stderr,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	return do(ctx, l, p)
}

func targets(p *plan.Plan) []lab.Target {
	var out []lab.Target
	for _, o := range p.Organizations {
		m := o.Management
		out = append(out, lab.Target{Name: o.Name, AccountID: m.AccountID, Profile: m.Profile, Role: m.Role, AccountQuota: o.AccountQuota})
	}
	return out
}

// labDeploy deploys everything and shows what the emulator holds.
func (a *app) labDeploy(ctx context.Context, l *lab.Lab, p *plan.Plan, f *labFlags) error {
	start := time.Now()
	if err := a.labRun(ctx, deploy.Up, l, p, f); err != nil {
		return err
	}
	trees, err := l.Tree(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout)
	for _, t := range trees {
		if err := t.Render(a.stdout); err != nil {
			return err
		}
		fmt.Fprintln(a.stdout)
	}
	stats, err := l.Stats()
	if err != nil {
		return err
	}
	if err := stats.Render(a.stdout); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "deployed in %.0fs\n", time.Since(start).Seconds())
	return err
}

func (a *app) labRun(ctx context.Context, op deploy.Operation, l *lab.Lab, p *plan.Plan, f *labFlags) error {
	return a.runStacks(ctx, op, deployFlags{}, a.labOptions(l, p, f))
}

func (a *app) labOptions(l *lab.Lab, p *plan.Plan, f *labFlags) deploy.Options {
	return deploy.Options{
		Dir: l.WorkDir(), Plan: p, Program: stacks.Program(p, stacks.WithAWS(awsenv.Options(l.EnvMap())...)), Parallel: f.parallel,
		Command: l.Command, Env: l.EnvMap(), PulumiHome: l.PulumiHome(),
	}
}
