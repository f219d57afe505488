//go:build !unix

package filelock

import (
	"errors"
	"fmt"
	"os"
)

func lockFile(f *os.File) (bool, error) {
	return false, fmt.Errorf("lock %s: %w", f.Name(), errors.ErrUnsupported)
}

func unlockFile(*os.File) error { return nil }
