package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"golang.org/x/term"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

// After its context ended, an engine may finish the operations that it has begun, as after one Ctrl-C;
// then it is told to stop at once, and the guard needs a few seconds for that.
const (
	enginePatience = 30 * time.Second
	guardPatience  = 10 * time.Second
)

// Command is the lab's engine for the Automation API. It runs under guard, in a process group of its own:
// a Ctrl-C in the terminal reaches it once, by way of the context, and not a second time, which the engine
// would take for the order to drop everything.
func (l *Lab) Command() (auto.PulumiCommand, error) {
	v, err := semver.ParseTolerant(l.Tools.Pulumi.Version)
	if err != nil {
		return nil, fmt.Errorf("read version of the Pulumi CLI: %w", err)
	}
	return &command{lab: l, version: v}, nil
}

type command struct {
	lab     *Lab
	version semver.Version
}

var _ auto.PulumiCommand = (*command)(nil)

func (c *command) Version() semver.Version { return c.version }

// Run follows the contract of the Automation API's own command. The lab's environment is below what the
// caller adds.
func (c *command) Run(ctx context.Context, workdir string, stdin io.Reader, stdouts, stderrs []io.Writer,
	env []string, args ...string,
) (string, string, int, error) {
	const unknown = -2
	if !slices.Contains(args, "--non-interactive") {
		args = append([]string{"--non-interactive"}, args...)
	}
	cmd, err := guard.Command(ctx, c.lab.Tools.Pulumi.Path, args...)
	if err != nil {
		return "", "", unknown, err
	}
	cmd.Dir, cmd.Stdin = workdir, stdin
	cmd.Env = append(cmd.Env, c.lab.Env()...)
	cmd.Env = append(cmd.Env, env...)
	cmd.Env = append(cmd.Env, "PULUMI_AUTOMATION_API=true", c.lab.mark())
	cmd.WaitDelay = enginePatience + guardPatience
	cmd.Cancel = func() error {
		time.AfterFunc(enginePatience, func() { _ = cmd.Process.Signal(syscall.SIGHUP) })
		return cmd.Process.Signal(syscall.SIGINT)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout = io.MultiWriter(append(slices.Clone(stdouts), &stdout)...)
	cmd.Stderr = io.MultiWriter(append(slices.Clone(stderrs), &stderr)...)
	code := 0
	var exit *exec.ExitError
	if err = cmd.Run(); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		code = unknown
	}
	return stdout.String(), stderr.String(), code, err
}

// Exec returns a command that runs any program as a user of the lab: in its environment and view of the
// project, with this process's standard input. It is looked up where the lab's PATH leads, so that pulumi
// is the lab's own.
//
// The program runs under guard, except at a terminal: there it may ask something, which it could not from
// a process group of its own, and it ends with the terminal.
func (l *Lab) Exec(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	path, err := l.lookPath(name)
	if err != nil {
		return nil, err
	}
	var cmd *exec.Cmd
	if term.IsTerminal(int(os.Stdin.Fd())) {
		cmd = exec.CommandContext(ctx, path, args...)
		// A Ctrl-C has reached the program as well, which may want to put something away.
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = guardPatience
		cmd.Env = os.Environ()
	} else if cmd, err = guard.Command(ctx, path, args...); err != nil {
		return nil, err
	}
	cmd.Dir, cmd.Stdin = l.WorkDir(), os.Stdin
	cmd.Env = append(cmd.Env, l.Env()...)
	return cmd, nil
}

// lookPath looks in the lab before it looks where this process's PATH leads. A path is one in the view.
func (l *Lab) lookPath(name string) (string, error) {
	switch {
	case filepath.IsAbs(name):
		return name, nil
	case filepath.Base(name) != name:
		return filepath.Join(l.WorkDir(), name), nil
	}
	if path, err := exec.LookPath(filepath.Join(l.dir.bin(), name)); err == nil {
		return path, nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("find command: %w", err)
	}
	return path, nil
}
