package guard

import "syscall"

// childAttributes puts the child into a group of its own. Linux can also end the child when
// the guard itself is killed outright, which is all that can be done about that case.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
