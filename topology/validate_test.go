package topology_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/topology"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// archive returns the files of a case. What a case does not have itself is taken from testdata/base,
// an archipelago without any problem, unless the case says that it is not there.
func archive(t *testing.T, a *txtar.Archive) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	base := os.DirFS(filepath.Join("testdata", "base"))
	require.NoError(t, fs.WalkDir(base, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(base, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	}))
	for _, f := range a.Files {
		switch {
		case f.Name == "want":
		case strings.HasPrefix(f.Name, "without "):
			delete(files, strings.TrimPrefix(f.Name, "without "))
		default:
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return files
}

func render(ds topology.Diagnostics) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.Render())
	}
	return b.String()
}

// TestBad loads each archipelago of testdata/bad and compares the diagnostics, as a user reads them,
// with the section "want".
func TestBad(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("testdata", "bad", "*.txtar"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(names), 55)
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(name)
			require.NoError(t, err)
			_, found, err := topology.Load(archive(t, a))
			require.NoError(t, err)
			require.NotEmpty(t, found)
			requireInside(t, archive(t, a), found)
			got := render(found)
			if *update {
				setSection(a, "want", got)
				require.NoError(t, os.WriteFile(name, txtar.Format(a), 0o644))
				return
			}
			require.Equal(t, string(section(a, "want")), got)
		})
	}
}

// TestGood loads each archipelago of testdata/good, and the base of all cases: nothing to say.
func TestGood(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("testdata", "good", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range append(names, "") {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a := &txtar.Archive{}
			if name != "" {
				var err error
				a, err = txtar.ParseFile(name)
				require.NoError(t, err)
			}
			_, found, err := topology.Load(archive(t, a))
			require.NoError(t, err)
			require.Empty(t, render(found))
		})
	}
}

// requireInside checks that every position lies within the file that it names.
func requireInside(t *testing.T, files fstest.MapFS, found topology.Diagnostics) {
	t.Helper()
	inside := func(p topology.Position) {
		f := files[p.File]
		require.NotNil(t, f, "%s is no file", p.File)
		if p.Line == 0 {
			return
		}
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(f.Data)), "\n")
		require.LessOrEqual(t, p.Line, len(lines), "%s", p)
		require.GreaterOrEqual(t, p.Column, 1, "%s", p)
		require.LessOrEqual(t, p.Column, utf8.RuneCountInString(lines[p.Line-1])+1, "%s", p)
	}
	for _, d := range found {
		inside(d.Position)
		for _, r := range d.Related {
			inside(r.Position)
		}
	}
}

func section(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func setSection(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}
