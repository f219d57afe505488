//go:build !linux

package guard

import "syscall"

// childAttributes puts the child into a group of its own.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
