package filelock

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTryIsExclusive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Try(path)
	require.NoError(t, err)

	_, err = Try(path)
	var held *HeldError
	require.ErrorAs(t, err, &held)
	require.Equal(t, os.Getpid(), held.PID)
	require.ErrorContains(t, err, path)

	require.NoError(t, first.Unlock())
	second, err := Try(path)
	require.NoError(t, err)
	require.NoError(t, second.Unlock())
}

func TestWaitTakesOver(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Try(path)
	require.NoError(t, err)

	told := 0
	second, err := Wait(t.Context(), path, func(*HeldError) {
		told++
		require.NoError(t, first.Unlock())
	})
	require.NoError(t, err)
	require.Equal(t, 1, told)
	require.NoError(t, second.Unlock())
}

func TestWaitEndsWithContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Try(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, first.Unlock()) }()

	ctx, cancel := context.WithCancel(t.Context())
	_, err = Wait(ctx, path, func(*HeldError) { cancel() })
	require.ErrorIs(t, err, context.Canceled)
}
