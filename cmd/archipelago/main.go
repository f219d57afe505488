// Command archipelago validates, plans and deploys many AWS organizations as one system.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/archipelago-iac/archipelago/internal/lab/awsplugin"
	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/langhost"
	_ "github.com/archipelago-iac/archipelago/internal/quietterm"
	"github.com/archipelago-iac/archipelago/topology"
)

// Exit codes, for scripts.
const (
	exitOK = 0
	// exitFailed: a deployment or a command failed.
	exitFailed = 1
	// exitUsage: the command line makes no sense.
	exitUsage = 2
	// exitInvalid: the files are not a valid archipelago; nothing was touched.
	exitInvalid = 3
	// exitInterrupted: the user stopped the command, as a shell would report it.
	exitInterrupted = 130
)

func main() {
	// Helper processes of the lab are this program again.
	guard.Init()
	awsplugin.Init()
	langhost.Init()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr *os.File) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{stdout: stdout, stderr: stderr}
	root := a.command()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return a.exit(ctx, err)
}

// exit prints what went wrong, once, and chooses the exit code.
func (a *app) exit(ctx context.Context, err error) int {
	var invalid *topology.InvalidError
	var usage *usageError
	var code *exitError
	switch {
	case err == nil:
		return exitOK
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(a.stderr, "archipelago: interrupted")
		return exitInterrupted
	case errors.As(err, &invalid):
		fmt.Fprintln(a.stderr, invalid)
		return exitInvalid
	case errors.As(err, &usage):
		fmt.Fprintf(a.stderr, "archipelago: %v\narchipelago: run '%s --help' for how it is used\n", usage.err, usage.command)
		return exitUsage
	case errors.As(err, &code):
		return code.code
	}
	fmt.Fprintf(a.stderr, "archipelago: %v\n", err)
	return exitFailed
}

// usageError is a mistake in the command line.
type usageError struct {
	command string
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }

// exitError ends the program with a code; what there is to say has been said.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit code %d", e.code) }
