//go:build unix

package filelock

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFile reports whether the lock could be had. Go opens files close-on-exec, so no child inherits it.
func lockFile(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	return true, nil
}

// unlockFile gives the lock up at once. Closing the file is not enough: a process that another goroutine is
// just starting has a copy of it for a moment, and with that the lock.
func unlockFile(f *os.File) error {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_UN); err != nil {
		return fmt.Errorf("unlock %s: %w", f.Name(), err)
	}
	return nil
}
