// Package guard ties the life of a child process, and of everything that child starts, to the
// life of its parent.
//
// The operating system does not do that: a child outlives a parent that was killed with SIGKILL,
// and a grandchild outlives almost anything. So a guarded command runs below one more process, the
// guard, which is this very program started again. The guard is in a process group of its own, so
// that a signal sent to the parent's group (a terminal's Ctrl-C, an engine that kills its plugins)
// cannot take the guard away before it has cleaned up. It gives its child a second group, and
// when the parent is gone it ends that group as a whole.
package guard

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

const (
	// ReexecEnv is the variable that makes this program run as one of its own helpers. The value
	// names the helper.
	ReexecEnv = "ARCHIPELAGO_REEXEC"

	// reexecName is the value of ReexecEnv that selects the guard.
	reexecName = "guard"

	// pollInterval is how often the guard looks whether its parent still lives. It bounds how long
	// an orphan can last, and costs one system call each time.
	pollInterval = 200 * time.Millisecond

	// grace is how long the children have to end by themselves between SIGTERM and SIGKILL.
	grace = 2 * time.Second
)

// Init turns this process into a guard if it was started as one, and then does not return. Call
// it first thing in main and in TestMain, before anything that has a side effect.
func Init() {
	if os.Getenv(ReexecEnv) != reexecName {
		return
	}
	// What runs below the guard must not become a guard.
	if err := os.Unsetenv(ReexecEnv); err != nil {
		exit(err)
	}
	code, err := run(os.Args)
	if err != nil {
		exit(err)
	}
	os.Exit(code)
}

// exitGuard is the exit code for a failure of the guard itself, as opposed to one of its child.
const exitGuard = 125

func exit(err error) {
	fmt.Fprintf(os.Stderr, "guard: %v\n", err)
	os.Exit(exitGuard)
}

// Command returns a command that runs name with args below a guard. The caller may set Dir, Stdin,
// Stdout and Stderr, and append to Env, which already holds this process's environment; replacing
// Env would lose the variable that makes the guard.
//
// SIGINT and SIGTERM sent to the command reach the child, which may take its time. When ctx ends,
// the children have the grace period. The exit code is the child's, or 128 plus the signal's
// number if a signal ended the child.
func Command(ctx context.Context, name string, args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own executable: %w", err)
	}
	// Looked up here, so that a missing program is the caller's error and not an exit code.
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", name, err)
	}

	cmd := exec.CommandContext(ctx, self)
	// The parent's id is passed on because a parent that is gone before the guard first looks
	// would otherwise go unnoticed.
	cmd.Args = append([]string{"archipelago-guard", strconv.Itoa(os.Getpid()), path}, args...)
	cmd.Env = append(os.Environ(), ReexecEnv+"="+reexecName)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGHUP) }
	// Longer than the grace period: killing the guard itself would orphan what it guards.
	cmd.WaitDelay = 2 * grace
	return cmd, nil
}
