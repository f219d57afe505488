// Package tooltest gives tests the tools of a lab, by the one rule for all of them: what is not there is
// made, and a test whose tools cannot be had fails in CI, where a test that does not run says nothing,
// and is skipped elsewhere.
package tooltest

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/archipelago-iac/archipelago/internal/lab/toolchain"
)

// Each is found once for all tests of a binary.
var (
	tools = sync.OnceValues(func() (*toolchain.Tools, error) {
		return toolchain.Ensure(context.Background(), toolchain.Options{Out: os.Stderr})
	})
	emulator = sync.OnceValues(func() ([]string, error) {
		return toolchain.EnsureEmulator(context.Background(), toolchain.Options{Out: os.Stderr})
	})
)

// Need returns everything that a lab runs.
func Need(t testing.TB) *toolchain.Tools {
	t.Helper()
	return need(t, tools)
}

// Emulator returns the command of the emulator, for tests that need nothing else.
func Emulator(t testing.TB) []string {
	t.Helper()
	return need(t, emulator)
}

func need[T any](t testing.TB, get func() (T, error)) T {
	t.Helper()
	tool, err := get()
	if err == nil {
		return tool
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("tests of the lab do not skip in CI: %v", err)
	}
	t.Skipf("no lab can start here: %v", err)
	return tool
}
