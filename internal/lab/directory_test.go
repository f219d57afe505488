package lab

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClaim(t *testing.T) {
	t.Parallel()
	t.Run("makes, locks and reuses", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "lab", "acme")
		d, lock, err := claim(path)
		require.NoError(t, err)
		require.NoError(t, d.wipe())
		require.DirExists(t, d.state())

		_, _, err = claim(path)
		var used *InUseError
		require.ErrorAs(t, err, &used)
		require.Equal(t, InUseError{Dir: path, PID: os.Getpid()}, *used)

		require.NoError(t, os.WriteFile(filepath.Join(d.state(), "old"), nil, 0o600))
		require.NoError(t, lock.Unlock())
		d, lock, err = claim(path)
		require.NoError(t, err)
		require.NoError(t, d.wipe())
		require.NoFileExists(t, filepath.Join(d.state(), "old"))
		require.FileExists(t, filepath.Join(path, markerFile))
		require.NoError(t, lock.Unlock())
	})
	t.Run("refuses somebody's directory", func(t *testing.T) {
		t.Parallel()
		path := t.TempDir()
		file := filepath.Join(path, "thesis.tex")
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		_, _, err := claim(path)
		require.EqualError(t, err, "use "+path+": not empty, and not the directory of an earlier lab")
		require.FileExists(t, file)
	})
	t.Run("refuses none", func(t *testing.T) {
		t.Parallel()
		_, _, err := claim("")
		require.EqualError(t, err, "use directory: none given")
	})
}

func TestViewProject(t *testing.T) {
	t.Parallel()
	project := t.TempDir()
	for _, name := range []string{"Pulumi.yaml", "Pulumi.core.yaml", "archipelago.yaml", ".hidden", "organizations/core.yaml"} {
		path := filepath.Join(project, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(name), 0o600))
	}
	d, lock, err := claim(filepath.Join(project, "labs", "one"))
	require.NoError(t, err)
	defer func() { require.NoError(t, lock.Unlock()) }()
	require.NoError(t, d.wipe())
	require.NoError(t, d.viewProject(project))

	entries, err := os.ReadDir(d.project())
	require.NoError(t, err)
	kinds := map[string]bool{}
	for _, e := range entries {
		kinds[e.Name()] = e.Type()&os.ModeSymlink != 0
	}
	require.Equal(t, map[string]bool{
		"Pulumi.yaml": false, "Pulumi.core.yaml": false, "archipelago.yaml": true, "organizations": true,
	}, kinds)
	require.FileExists(t, filepath.Join(d.project(), "organizations", "core.yaml"))

	require.NoError(t, d.wipe())
	require.FileExists(t, filepath.Join(project, "organizations", "core.yaml"), "a wipe removes links, not what they lead to")
	require.NoError(t, d.viewProject(""))
	b, err := os.ReadFile(filepath.Join(d.project(), "Pulumi.yaml"))
	require.NoError(t, err)
	require.Equal(t, minimalProject, string(b))
}
