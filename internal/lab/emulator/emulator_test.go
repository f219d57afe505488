package emulator

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain/tooltest"
)

func TestMain(m *testing.M) {
	guard.Init()
	os.Exit(m.Run())
}

func TestStartAnswersAndCloseStops(t *testing.T) {
	t.Parallel()
	command := tooltest.Emulator(t)

	log := filepath.Join(t.TempDir(), "moto.log")
	e, err := Start(t.Context(), Options{Command: command, LogFile: log})
	require.NoError(t, err)

	res, err := http.Get(e.URL() + "/moto-api/")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())

	require.NoError(t, e.Close())
	require.NoError(t, e.Close(), "a second Close does nothing")
	_, err = http.Get(e.URL())
	require.Error(t, err, "nobody listens any more")
	require.FileExists(t, log)
}

func TestTwoAtATime(t *testing.T) {
	t.Parallel()
	command := tooltest.Emulator(t)

	a, err := Start(t.Context(), Options{Command: command})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	b, err := Start(t.Context(), Options{Command: command})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	require.NotEqual(t, a.URL(), b.URL())
}

func TestFailureShowsTheLog(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Command: []string{"sh", "-c", "echo no module named moto; exit 3"}})
	require.ErrorIs(t, err, errExited)
	require.ErrorContains(t, err, "start emulator: emulator ended before it answered; the end of its log:\nno module named moto")
}

func TestMissingProgram(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Command: []string{"no-such-moto-server"}})
	require.ErrorIs(t, err, exec.ErrNotFound)
}
