package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"

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
