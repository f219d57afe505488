// Package filelock is an advisory lock on a file between processes. The kernel releases it when its
// holder ends, whatever way it ends, so a lock can never be stale.
package filelock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// pollInterval is how often Wait looks again. The wait is for builds that take minutes.
const pollInterval = 200 * time.Millisecond

// HeldError says that another process holds the lock.
type HeldError struct {
	// Path is the lock's file.
	Path string
	// PID is the holder; 0 if it did not leave its number.
	PID int
}

func (e *HeldError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("lock %s: held by another process", e.Path)
	}
	return fmt.Sprintf("lock %s: held by process %d", e.Path, e.PID)
}

// Lock is a held lock.
type Lock struct{ file *os.File }

// Try takes the lock or returns a *HeldError at once. The file is created if need be and stays:
// removing it would let two processes hold locks on two files of one name.
func Try(path string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	held, err := lockFile(f)
	if err == nil && !held {
		err = &HeldError{Path: path, PID: holder(f)}
	}
	if err == nil {
		err = sign(f)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Lock{file: f}, nil
}

// Wait takes the lock, waiting for its holder to end. It calls waiting once if there is a wait.
func Wait(ctx context.Context, path string, waiting func(*HeldError)) (*Lock, error) {
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	told := false
	for {
		l, err := Try(path)
		var held *HeldError
		if !errors.As(err, &held) {
			return l, err
		}
		if !told && waiting != nil {
			waiting(held)
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for lock %s: %w", path, ctx.Err())
		case <-tick.C:
		}
	}
}

// Unlock releases the lock.
func (l *Lock) Unlock() error {
	if err := errors.Join(unlockFile(l.file), l.file.Close()); err != nil {
		return fmt.Errorf("release lock: %w", err)
	}
	return nil
}

// sign leaves our number in the file for the message of those who find it held.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("sign lock: %w", err)
	}
	if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return fmt.Errorf("sign lock: %w", err)
	}
	return nil
}

// holder reads the number that the holder left.
func holder(f *os.File) int {
	b, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return pid
}
