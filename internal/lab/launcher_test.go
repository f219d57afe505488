package lab

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab/front"
	"github.com/archipelago-iac/archipelago/internal/lab/langhost"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain"
)

// launched runs a launcher and returns what the program behind it prints.
func launched(t *testing.T, launcher string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "launcher")
	require.NoError(t, os.WriteFile(path, []byte(launcher), 0o755))
	out, err := exec.CommandContext(t.Context(), path, args...).Output()
	require.NoError(t, err)
	return string(out)
}

func TestLaunchersKeepArguments(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "it's a lab")
	require.NoError(t, os.Mkdir(dir, 0o755))
	program := filepath.Join(dir, "program")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\n"+
		`printf '<%s>' "$@" "$ARCHIPELAGO_LAB_PROCESS" "$ARCHIPELAGO_REEXEC" "$AWS_CONFIG_FILE"`+"\n"), 0o755))
	self, err := os.Executable()
	require.NoError(t, err)
	l := &Lab{dir: directory(dir), Front: &front.Front{}, Tools: &toolchain.Tools{
		Pulumi: toolchain.Tool{Path: program}, Plugin: toolchain.Tool{Path: program},
	}}

	require.Equal(t, "<up><--stack=a b><"+dir+"><><"+filepath.Join(dir, "aws", "config")+">",
		launched(t, l.launchPlugin(self), "up", "--stack=a b"))
	require.Equal(t, "<it's><"+dir+"><><"+os.Getenv("AWS_CONFIG_FILE")+">",
		launched(t, l.engineLauncher(self), "it's"))
}

func TestLanguageHostBesideTheEngine(t *testing.T) {
	t.Parallel()
	real, path := t.TempDir(), t.TempDir()
	pulumi := filepath.Join(path, "pulumi")
	require.NoError(t, os.WriteFile(filepath.Join(real, "pulumi"), nil, 0o755))
	require.NoError(t, os.Symlink(filepath.Join(real, "pulumi"), pulumi))
	require.False(t, hasLanguageHost(pulumi))
	require.False(t, hasLanguageHost(filepath.Join(path, "none")))

	host := filepath.Join(real, langhost.File)
	require.NoError(t, os.WriteFile(host, nil, 0o644))
	require.False(t, hasLanguageHost(pulumi), "not executable")
	require.NoError(t, os.Chmod(host, 0o755))
	require.True(t, hasLanguageHost(pulumi), "beside the engine itself, not beside a link to it")
}
