package guard_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

// roleEnv makes the test binary play the parent of a guard, one that a test may kill.
const roleEnv = "GUARD_TEST_PARENT_OF"

func TestMain(m *testing.M) {
	guard.Init()
	if script := os.Getenv(roleEnv); script != "" {
		os.Exit(playParent(script))
	}
	os.Exit(m.Run())
}

// playParent runs script under guard and mirrors its exit code.
func playParent(script string) int {
	cmd, err := guard.Command(context.Background(), "sh", "-c", script)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}

func shell(t *testing.T, ctx context.Context, script string) *exec.Cmd {
	t.Helper()
	cmd, err := guard.Command(ctx, "sh", "-c", script)
	require.NoError(t, err)
	return cmd
}

// pids reads one process id from each of the next n lines.
func pids(t *testing.T, r io.Reader, n int) []int {
	t.Helper()
	lines := bufio.NewScanner(r)
	var ids []int
	for len(ids) < n && lines.Scan() {
		id, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
		require.NoError(t, err)
		ids = append(ids, id)
	}
	require.Len(t, ids, n)
	return ids
}

// requireGone waits for processes to end. The limit is only there to end a failing test.
func requireGone(t *testing.T, ids ...int) {
	t.Helper()
	for _, id := range ids {
		require.Eventually(t, func() bool { return !alive(id) }, time.Minute, 20*time.Millisecond, "process %d", id)
	}
}

// alive tells whether a process runs. One that has ended but was not yet waited for does not:
// whether an orphan is reaped depends on the machine's first process.
func alive(id int) bool {
	if syscall.Kill(id, 0) != nil {
		return false
	}
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(id)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}

func TestChildAndGrandchildDieWithAKilledParent(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"ordinary":        "sleep 600 & echo $$; echo $!; wait",
		"ignores SIGTERM": "trap '' TERM; sleep 600 & echo $$; echo $!; wait",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			self, err := os.Executable()
			require.NoError(t, err)
			parent := exec.Command(self)
			parent.Env = append(os.Environ(), roleEnv+"="+script)
			out, err := parent.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, parent.Start())

			ids := pids(t, out, 2)
			require.True(t, alive(ids[0]))
			require.NoError(t, parent.Process.Kill())
			require.Error(t, parent.Wait())
			requireGone(t, ids...)
		})
	}
}

func TestExitCodeIsMirrored(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]int{
		"exit 0":        0,
		"exit 7":        7,
		"kill -KILL $$": 128 + 9,
	} {
		cmd := shell(t, context.Background(), script)
		_ = cmd.Run()
		require.Equal(t, want, cmd.ProcessState.ExitCode(), script)
	}
}

func TestSignalIsForwarded(t *testing.T) {
	t.Parallel()
	for name, sig := range map[string]syscall.Signal{"TERM": syscall.SIGTERM, "INT": syscall.SIGINT} {
		// The background process keeps the shell from having to wait for a foreground one before
		// it runs the trap.
		cmd := shell(t, context.Background(), "trap 'exit 42' "+name+"; sleep 600 & echo $$; wait")
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		ids := pids(t, out, 1)
		require.NoError(t, cmd.Process.Signal(sig))
		_ = cmd.Wait()
		require.Equal(t, 42, cmd.ProcessState.ExitCode(), name)
		requireGone(t, ids...)
	}
}

func TestNothingOfTheGroupOutlivesTheChild(t *testing.T) {
	t.Parallel()
	cmd := shell(t, context.Background(), "sleep 600 >/dev/null 2>&1 & echo $!")
	out, err := cmd.Output()
	require.NoError(t, err)
	requireGone(t, pids(t, strings.NewReader(string(out)), 1)...)
}

func TestContextEndsEvenAStubbornChild(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := shell(t, ctx, "trap '' TERM INT; echo $$; while :; do sleep 1; done")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	ids := pids(t, out, 1)
	cancel()
	require.Error(t, cmd.Wait())
	requireGone(t, ids...)
}

func TestChildSeesStreamsAndNoTraceOfTheGuard(t *testing.T) {
	t.Parallel()
	cmd := shell(t, context.Background(), `cat; echo "${`+guard.ReexecEnv+`-unset} $EXTRA"`)
	cmd.Env = append(cmd.Env, "EXTRA=extra")
	cmd.Stdin = strings.NewReader("in\n")
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Equal(t, "in\nunset extra\n", string(out))
}

func TestMissingProgramIsTheCallersError(t *testing.T) {
	t.Parallel()
	_, err := guard.Command(context.Background(), "archipelago-no-such-program")
	require.ErrorContains(t, err, "find archipelago-no-such-program: ")
}
