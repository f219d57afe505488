//go:build unix

package plugins

import "golang.org/x/sys/unix"

// maxDescriptor is how far inherited descriptors are looked for.
const maxDescriptor = 1024

// closeInherited closes what the parent had from its own parent. Go marks everything that it opens
// itself as close-on-exec, here too, so what has no mark was inherited.
func closeInherited() {
	for fd := 3; fd < maxDescriptor; fd++ {
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			_ = unix.Close(fd)
		}
	}
}
