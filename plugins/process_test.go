package plugins_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins"
)

func linux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("looks into /proc")
	}
}

// TestWorkerHasNothing looks at a worker from outside: its environment, directory and descriptors.
func TestWorkerHasNothing(t *testing.T) {
	linux(t)
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("PULUMI_ACCESS_TOKEN", "secret")
	// A descriptor without close-on-exec, as a careless parent leaves it.
	var pipe [2]int
	require.NoError(t, syscall.Pipe(pipe[:]))
	defer syscall.Close(pipe[0])
	defer syscall.Close(pipe[1])
	file, err := os.Open("/etc/hostname")
	require.NoError(t, err)
	defer file.Close()

	s := load(t, patient, map[string]string{"a.ts": hookFile("a", "")})
	pids := s.WorkerPIDs()
	require.Len(t, pids, 1)
	proc := fmt.Sprintf("/proc/%d", pids[0])
	environment, err := os.ReadFile(proc + "/environ")
	require.NoError(t, err)
	require.Equal(t, fmt.Sprintf("%s=%d\x00TZ=UTC\x00GOMAXPROCS=2\x00", plugins.WorkerVariable, os.Getpid()), string(environment))
	directory, err := os.Readlink(proc + "/cwd")
	require.NoError(t, err)
	require.Equal(t, "/", directory)
	fds, err := os.ReadDir(proc + "/fd")
	require.NoError(t, err)
	for _, fd := range fds {
		to, err := os.Readlink(filepath.Join(proc, "fd", fd.Name()))
		require.NoError(t, err)
		switch number, _ := strconv.Atoi(fd.Name()); {
		case number < 3:
			require.True(t, strings.HasPrefix(to, "pipe:"), "%s is %s", fd.Name(), to)
		default:
			// Go's own: for waiting, and to know how many processors it may use.
			require.Regexp(t, `^(anon_inode:|/sys/fs/cgroup/)`, to, fd.Name())
		}
	}
	limits, err := os.ReadFile(proc + "/limits")
	require.NoError(t, err)
	require.Regexp(t, `Max file size +0 +0`, string(limits))
	require.Regexp(t, `Max core file size +0 +0`, string(limits))
	require.NotRegexp(t, `Max data size +unlimited`, string(limits))
	require.NotRegexp(t, `Max address space +unlimited`, string(limits))
}

// TestStartedByHand: a process with the variable that nobody asked for says so and ends.
func TestStartedByHand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ value, input, reason string }{
		"not a number":  {"1x", "", "the parent is another process"},
		"other process": {"1", "", "the parent is another process"},
		"no hello":      {strconv.Itoa(os.Getpid()), "", "read hello: EOF"},
		"wrong hello":   {strconv.Itoa(os.Getpid()), "\x02\x00\x00\x00h\x00\x00\x00\x00{}", "the parent speaks another protocol"},
		"much":          {strconv.Itoa(os.Getpid()), "GET / HTTP/1.1\r\n", "read hello: a frame of 542393671 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "other process" && os.Getpid() == 1 {
				t.Skip("this is process 1")
			}
			cmd := exec.Command(os.Args[0])
			cmd.Env = []string{plugins.WorkerVariable + "=" + c.value}
			cmd.Stdin = strings.NewReader(c.input)
			out, err := cmd.CombinedOutput()
			require.ErrorContains(t, err, "exit status 2")
			require.Equal(t, "archipelago starts itself with "+plugins.WorkerVariable+" to run hooks, and this process was not started that way ("+c.reason+"): unset the variable\n", string(out))
		})
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{plugins.WorkerVariable + "=" + strconv.Itoa(os.Getpid())}
	out, err := cmd.CombinedOutput() // standard input is /dev/null
	require.ErrorContains(t, err, "exit status 2")
	require.Contains(t, string(out), "there is no pipe to a parent")
}

// TestWorkerDies kills workers from outside, idle and at work.
func TestWorkerDies(t *testing.T) {
	t.Parallel()
	linux(t)
	s := load(t, patient, map[string]string{"a.ts": hookFile("a", "    draft.x = 1; for (let i = 0; i < (context.account?.loops ?? 0); i++) if (i < 0) break;")})
	for _, pid := range s.WorkerPIDs() {
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	}
	results, err := s.Run(context.Background(), []plugins.Account{{Name: "a", Uses: uses("a.ts")}, {Name: "b", Uses: uses("a.ts")}})
	require.NoError(t, err)
	require.Nil(t, results[0].Err, "an idle worker that died is replaced")
	require.Nil(t, results[1].Err)

	pids := s.WorkerPIDs()
	time.AfterFunc(300*time.Millisecond, func() {
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	results, err = s.Run(context.Background(), []plugins.Account{{Name: "long", Context: parts(t, `{"account":{"loops":1e12}}`), Uses: uses("a.ts")}})
	require.NoError(t, err)
	require.NotNil(t, results[0].Err)
	require.Equal(t, plugins.OutOfMemory, results[0].Err.Kind, "%v", results[0].Err)
}

// TestWorkerDiesWithParent kills a process that has workers. The helper below is that process.
func TestWorkerDiesWithParent(t *testing.T) {
	t.Parallel()
	linux(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelperParent$")
	cmd.Env = append(os.Environ(), "HELPER_PARENT=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	var pid int
	_, err = fmt.Sscanf(line, "worker %d", &pid)
	require.NoError(t, err, line)
	require.NoError(t, syscall.Kill(pid, 0))
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool {
		state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || strings.Contains(string(state), ") Z ")
	}, 10*time.Second, 20*time.Millisecond, "the worker outlived its parent")
}

func TestHelperParent(t *testing.T) {
	if os.Getenv("HELPER_PARENT") == "" {
		t.Skip("run by TestWorkerDiesWithParent")
	}
	s := load(t, patient, map[string]string{"a.ts": hookFile("a", "    for (;;) ;")})
	pid := s.WorkerPIDs()[0]
	time.AfterFunc(200*time.Millisecond, func() { fmt.Printf("worker %d\n", pid) })
	_, _ = s.Run(context.Background(), []plugins.Account{{Name: "a", Uses: uses("a.ts")}})
}

// TestClosedWorkersEnd: after Close there is no process left.
func TestClosedWorkersEnd(t *testing.T) {
	t.Parallel()
	linux(t)
	s := load(t, patient, map[string]string{"a.ts": hookFile("a", "")})
	pids := s.WorkerPIDs()
	require.NoError(t, s.Close())
	for _, pid := range pids {
		require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
	}
}
