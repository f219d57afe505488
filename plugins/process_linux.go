package plugins

import "syscall"

// executable is this program, even if its file was replaced or removed since it started.
func executable() (string, error) { return "/proc/self/exe", nil }

// attributes make a worker die with its parent. The signal comes when the thread ends that started the
// worker, and Go keeps its threads. Ctrl-C is for the parent alone, which ends its workers itself.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}
