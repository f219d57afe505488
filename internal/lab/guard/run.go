package guard

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// run is the guard's life. argv is as Command makes it: own name, parent's id, program, arguments.
func run(argv []string) (int, error) {
	if len(argv) < 3 {
		return 0, errors.New("read arguments: want PARENT PROGRAM [ARGUMENT...]")
	}
	parent, err := strconv.Atoi(argv[1])
	if err != nil {
		return 0, fmt.Errorf("read parent's process id: %w", err)
	}

	// Subscribed before the child exists: a signal in between must not end the guard alone.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)

	// The signal that ends the child with the guard is tied to the thread that starts the child.
	runtime.LockOSThread()
	child := exec.Command(argv[2], argv[3:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.SysProcAttr = childAttributes()
	if err := child.Start(); err != nil {
		return 0, fmt.Errorf("start %s: %w", argv[2], err)
	}
	done := make(chan struct{})
	go func() {
		// The outcome is read from ProcessState.
		_ = child.Wait()
		close(done)
	}()

	watch(child.Process.Pid, parent, signals, done)
	// Whatever the child has left behind in its group ends with it.
	_ = syscall.Kill(-child.Process.Pid, syscall.SIGKILL)
	<-done
	return exitCode(child.ProcessState), nil
}

// watch returns when the child has ended, or had to be ended but did not do so in time.
func watch(child, parent int, signals <-chan os.Signal, done <-chan struct{}) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	// deadline stays nil, and so blocks for ever, until something asks the child to end.
	var deadline <-chan time.Time
	for {
		select {
		case <-done:
			return
		case <-deadline:
			return
		case s := <-signals:
			sig, ok := s.(syscall.Signal)
			if !ok {
				continue
			}
			// An interrupt or a termination is a request that the child answers at its leisure,
			// as the Pulumi engine does when it finishes what is in flight. A hang-up, which
			// is what Command sends when its context ends, is not a request.
			if sig != syscall.SIGHUP {
				_ = syscall.Kill(-child, sig)
				continue
			}
			deadline = end(child, deadline)
		case <-tick.C:
			if os.Getppid() != parent {
				deadline = end(child, deadline)
			}
		}
	}
}

// end asks the group of child to end and returns when its grace period is over, which is the
// deadline given if it was asked before.
func end(child int, deadline <-chan time.Time) <-chan time.Time {
	if deadline != nil {
		return deadline
	}
	_ = syscall.Kill(-child, syscall.SIGTERM)
	return time.After(grace)
}

// exitCode follows the shells: a child that a signal ended has 128 plus the signal's number.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
