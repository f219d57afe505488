package lab

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab/toolchain/tooltest"
)

func TestKilledLabLeavesNoProcess(t *testing.T) {
	t.Parallel()
	tooltest.Need(t)
	d := directory(filepath.Join(t.TempDir(), "lab"))
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), envHold+"="+string(d))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != held {
	}
	require.Equal(t, held, lines.Text(), "the holder ended early")
	running := programs(marked(d))
	require.Subset(t, running, []string{"pulumi"})
	require.GreaterOrEqual(t, len(running), 5, "emulator, engine and plugin, the first two guarded: %v", running)

	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.Eventually(t, func() bool { return len(marked(d)) == 0 }, time.Minute, sweepPoll,
		"guards end what a killed lab leaves")

	l, err := Start(t.Context(), Options{Dir: string(d), Tools: tooltest.Need(t)})
	require.NoError(t, err, "the directory is free again")
	require.NoError(t, l.Close())
}

func programs(pids []int) []string {
	var names []string
	for _, pid := range pids {
		if b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm"); err == nil {
			names = append(names, strings.TrimSpace(string(b)))
		}
	}
	return names
}

func TestSweepEndsOnlyWhatIsMarked(t *testing.T) {
	t.Parallel()
	d := directory(filepath.Join(t.TempDir(), "lab"))
	sleeper := func(env ...string) (*exec.Cmd, <-chan error) {
		cmd := exec.CommandContext(t.Context(), "sleep", "600")
		cmd.Env = append(os.Environ(), env...)
		require.NoError(t, cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		return cmd, ended
	}
	_, marked := sleeper(envMark + "=" + string(d))
	other, otherEnded := sleeper(envMark + "=" + string(d) + "-2")
	require.NoError(t, sweep(t.Context(), d))
	require.Error(t, <-marked)
	require.Empty(t, otherEnded)
	require.NoError(t, other.Process.Kill())
	<-otherEnded
}

func TestTreeMemory(t *testing.T) {
	t.Parallel()
	before, known := treeMemory(os.Getpid())
	require.True(t, known)
	require.Positive(t, before)
	_, known = treeMemory(1 << 30) // nobody's number
	require.True(t, known)
	s := newSampler(os.Getpid())
	peak, known := s.highest()
	require.NoError(t, s.close())
	require.True(t, known)
	require.Positive(t, peak)
}
