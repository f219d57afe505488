package tests

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
)

// pulumi runs the Pulumi CLI as a user of the lab does, with what Env sets and in the project's view.
func (w *world) pulumi(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(w.lab.PulumiRoot(), "bin", "pulumi"), args...)
	cmd.Dir, cmd.Env = w.lab.WorkDir(), append(os.Environ(), w.lab.Env()...)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil {
		require.ErrorAs(t, err, &exit)
		require.NoError(t, err, "pulumi %v\n%s\n%s", args, out, exit.Stderr)
	}
	return string(out)
}

// withProgram makes a directory that has the archipelago's files a Pulumi project: a Go module of its own
// with the program of the repository.
func withProgram(t *testing.T, dir string) {
	t.Helper()
	repository, err := filepath.Abs("..")
	require.NoError(t, err)
	copyAll(t, filepath.Join(repository, "main.go"), filepath.Join(dir, "main.go"))
	copyAll(t, filepath.Join(repository, "go.sum"), filepath.Join(dir, "go.sum"))
	module, err := os.ReadFile(filepath.Join(repository, "go.mod"))
	require.NoError(t, err)
	const ours = "github.com/archipelago-iac/archipelago"
	text := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(string(module), "module small.example/archipelago")
	text += "\nrequire " + ours + " v0.0.0\n\nreplace " + ours + " => " + repository + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o600))
}

// TestPulumi takes turns between archipelago and pulumi on the same stacks: neither finds anything to do
// after the other.
func TestPulumi(t *testing.T) {
	w := newWorld(t, "testdata/small", withProgram)
	outputs := func(stack string) string { return w.pulumi(t, "stack", "output", "--json", "--stack", stack) }
	settled := func(stack string) {
		t.Helper()
		before := outputs(stack)
		r := w.must(t, deploy.Up, stack)[0]
		require.Empty(t, steps(r))
		require.Zero(t, r.Changed(), "%v", r.Changes)
		require.JSONEq(t, before, outputs(stack))
	}

	w.must(t, deploy.Up, "core")
	w.pulumi(t, "preview", "--stack", "core", "--expect-no-changes")

	w.edit(t, "organizations/core.yaml", "      e: {}\n", "")
	w.edit(t, "organizations/core.yaml", "      audit: {}\n", "      audit: {}\n      e: {}\n")
	out := w.pulumi(t, "up", "--yes", "--skip-preview", "--stack", "core")
	require.Regexp(t, `1 updated`, out)
	core := w.client(smallManagement)
	require.Equal(t, "Security", parentName(t, core, accountsByName(t, core)["e"]))
	settled("core")

	// A stack that pulumi has created, and that reads another.
	w.pulumi(t, "stack", "init", "shop")
	w.pulumi(t, "up", "--yes", "--skip-preview", "--stack", "shop")
	settled("shop")
}
