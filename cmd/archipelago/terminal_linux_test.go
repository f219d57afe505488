package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// The program does not ask its terminal anything by itself: one that does not answer made every command wait
// five seconds. The test is run again as a program of its own on a terminal; what it links is the same.
func TestTerminalIsNotAsked(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	defer terminal.Close()
	require.NoError(t, unix.IoctlSetPointerInt(int(terminal.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	other, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	defer other.Close()

	program, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(program, "-test.run", "^$")
	c.Env = append(os.Environ(), "TERM=xterm-256color")
	c.Stdin, c.Stdout, c.Stderr = other, other, other
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, c.Run())

	said := make([]byte, 4096)
	n, _ := unix.Read(int(terminal.Fd()), said)
	require.Contains(t, string(said[:max(n, 0)]), "PASS")
	require.False(t, bytes.Contains(said[:max(n, 0)], []byte("\x1b]11")), "%q", said[:max(n, 0)])
}
