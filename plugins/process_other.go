//go:build !linux

package plugins

import (
	"os"
	"syscall"
)

func executable() (string, error) { return os.Executable() }

// attributes are none: a worker ends when its pipe does.
func attributes() *syscall.SysProcAttr { return nil }
