package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// disk writes files and symbolic links (name to target) to a directory of its own.
func disk(t *testing.T, files, links map[string]string) fs.FS {
	dir := t.TempDir()
	place := func(name string) string {
		full := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(full), 0o755))
		return full
	}
	for name, text := range files {
		require.NoError(t, os.WriteFile(place(name), []byte(text), 0o644))
	}
	for name, target := range links {
		require.NoError(t, os.Symlink(target, place(name)))
	}
	return os.DirFS(dir)
}

// memory is the same in memory.
func memory(_ *testing.T, files, links map[string]string) fs.FS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, target := range links {
		out[name] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink}
	}
	return out
}

func TestSymbolicLinks(t *testing.T) {
	files := map[string]string{
		"hooks/a.ts":             "import { x } from \"./lib/x\"; export default { name: \"a\", baseline(d: any) { d.x = x } }",
		"hooks/shared/x.ts":      "import { y } from \"./y\"; export const x = y",
		"hooks/shared/y.ts":      "export const y = 1",
		"outside/x.ts":           "export const x = 2",
		"hooks/shared/deep/z.ts": "export const x = 3",
	}
	const leads = `is a symbolic link that leads out of hooks/ | copy what the hook needs below hooks/`
	for _, test := range []struct {
		name  string
		links map[string]string
		want  string
	}{
		{"to a file", map[string]string{"hooks/lib/x.ts": "../shared/x.ts"}, ``},
		{"to a directory", map[string]string{"hooks/lib": "shared"}, ``},
		{"to a link", map[string]string{"hooks/lib/x.ts": "../other/x.ts", "hooks/other": "shared"}, ``},
		{"out and in again", map[string]string{"hooks/lib": "../hooks/shared"}, ``},
		{"from a directory to a file above it", map[string]string{"hooks/lib": "shared/deep/..", "hooks/shared/deep/w.ts": "../y.ts"}, ``},
		{"out by a file", map[string]string{"hooks/lib/x.ts": "../../outside/x.ts"}, `"./lib/x" ` + leads},
		{"out by a directory", map[string]string{"hooks/lib": "../outside"}, `"./lib/x" ` + leads},
		{"out by a link to a link", map[string]string{"hooks/lib": "other", "hooks/other": "../outside"}, `"./lib/x" ` + leads},
		{"out by an absolute path", map[string]string{"hooks/lib/x.ts": "/etc/hostname"}, `"./lib/x" ` + leads},
		{"to itself", map[string]string{"hooks/lib/x.ts": "x.ts"}, `"./lib/x" is a symbolic link that leads to itself`},
		{"to nothing", map[string]string{"hooks/lib/x.ts": "../shared/gone.ts"}, `there is no file "./lib/x" | looked for hooks/lib/x.ts, hooks/lib/x.mts, hooks/lib/x.js, hooks/lib/x.mjs`},
	} {
		for kind, system := range map[string]func(*testing.T, map[string]string, map[string]string) fs.FS{"disk": disk, "memory": memory} {
			t.Run(test.name+" on "+kind, func(t *testing.T) {
				modules, problems := Load(system(t, files, test.links), "hooks", []string{"hooks/a.ts"})
				if test.want != "" {
					require.Len(t, problems, 1)
					require.Equal(t, "hooks/a.ts:1:19", problems[0].String())
					require.Equal(t, test.want, describe(problems[0]))
					return
				}
				require.Empty(t, problems)
				got, _ := baseline(t, modules[0])
				require.JSONEq(t, `{"x":1}`, got)
			})
		}
	}
}

func TestSymbolicLinkAsHook(t *testing.T) {
	files := map[string]string{"hooks/shared/a.ts": sound, "outside.ts": sound}
	fsys := disk(t, files, map[string]string{"hooks/a.ts": "shared/a.ts", "hooks/b.ts": "../outside.ts"})
	modules, problems := Load(fsys, "hooks", []string{"hooks/a.ts", "hooks/b.ts"})
	require.Len(t, modules, 1)
	require.Equal(t, "hooks/a.ts", modules[0].File)
	require.Len(t, problems, 1)
	require.Equal(t, "hooks/b.ts: this is a symbolic link that leads out of hooks/", problems[0].Error())
}

// Where the file system hides files, their reasons are told.
func TestUnreadable(t *testing.T) {
	fsys := unreadable{memory(t, map[string]string{"hooks/a.ts": "import \"./b\"; " + sound, "hooks/b.ts": ""}, nil)}
	_, problems := Load(fsys, "hooks", []string{"hooks/a.ts"})
	require.Len(t, problems, 1)
	require.Equal(t, "hooks/b.ts: read the file: permission denied", problems[0].Error())
}

type unreadable struct{ fs.FS }

func (u unreadable) Open(name string) (fs.File, error) {
	if name == "hooks/b.ts" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.FS.Open(name)
}

func (u unreadable) Stat(name string) (fs.FileInfo, error) { return fs.Stat(u.FS, name) }
