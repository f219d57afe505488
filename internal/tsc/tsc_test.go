package tsc

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	found := Check(t, map[string]string{
		"tsconfig.json": `{"compilerOptions": {"strict": true, "lib": ["es2015"], "types": []}}`,
		"lib/good.ts":   "export const good: number = 1;\n",
		"lib/wrong.ts":  "import { good } from \"./good\";\n\nexport const o: { a: { b: string } } = { a: { b: good } };\nexport const p: { a: string } = o;\n",
		"a.ts":          "setTimeout();\n",
	})
	require.Equal(t, []Diagnostic{
		{File: "a.ts", Line: 1, Column: 1, Code: "TS2304", Message: "Cannot find name 'setTimeout'."},
		{File: "lib/wrong.ts", Line: 3, Column: 47, Code: "TS2322", Message: "Type 'number' is not assignable to type 'string'."},
		{File: "lib/wrong.ts", Line: 4, Column: 14, Code: "TS2322", Message: "Type '{ a: { b: string; }; }' is not assignable to type '{ a: string; }'.\n  Types of property 'a' are incompatible.\n    Type '{ b: string; }' is not assignable to type 'string'."},
	}, found)
	require.Equal(t, "a.ts:1:1: TS2304: Cannot find name 'setTimeout'.", found[0].String())
}

func TestCheckOfNothingIsAnError(t *testing.T) {
	t.Parallel()
	found := Check(t, map[string]string{"tsconfig.json": `{"compilerOptions": {"types": []}}`})
	require.Len(t, found, 1)
	require.Equal(t, "TS18003", found[0].Code)
	require.True(t, strings.HasPrefix(found[0].String(), "TS18003: No inputs were found"), found[0].String())
}

func TestParse(t *testing.T) {
	t.Parallel()
	found, err := parse("")
	require.NoError(t, err)
	require.Empty(t, found)

	found, err = parse("b (1).ts(10,2): error TS1: x\r\na.ts(2,1): error TS2: y\r\na.ts(1,9): error TS3: z\r\n  more\r\n")
	require.NoError(t, err)
	require.Equal(t, []Diagnostic{
		{File: "a.ts", Line: 1, Column: 9, Code: "TS3", Message: "z\n  more"},
		{File: "a.ts", Line: 2, Column: 1, Code: "TS2", Message: "y"},
		{File: "b (1).ts", Line: 10, Column: 2, Code: "TS1", Message: "x"},
	}, found)

	_, err = parse("Segmentation fault\n")
	require.EqualError(t, err, `read tsc's output: do not know what this line is: "Segmentation fault"`)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{"node", "npm"} {
		err := needed(func(name string) (string, error) {
			if name == missing {
				return "", exec.ErrNotFound
			}
			return name, nil
		})
		require.EqualError(t, err, "check the types of hooks: there is no "+missing+" on PATH; install Node.js 18 or newer, which brings npm")
	}
}

// An installation that was killed leaves a directory behind; a package of other bytes than those that were
// pinned is refused.
func TestInstallation(t *testing.T) {
	from, err := findPins()
	require.NoError(t, err)
	t.Setenv("ARCHIPELAGO_CACHE", t.TempDir())
	dir := filepath.Join(os.Getenv("ARCHIPELAGO_CACHE"), "typescript-1")
	require.NoError(t, os.MkdirAll(filepath.Join(dir+".part", "node_modules", "left-over"), 0o755))
	require.NoError(t, fill(t.Context(), from, dir))
	require.FileExists(t, filepath.Join(dir, "node_modules", "typescript", "bin", "tsc"))
	require.NoDirExists(t, filepath.Join(dir, "node_modules", "left-over"))
	require.NoDirExists(t, dir+".part")

	other := t.TempDir()
	for _, name := range pins {
		text, err := os.ReadFile(filepath.Join(from, name))
		require.NoError(t, err)
		text = []byte(strings.Replace(string(text), "sha512-", "sha512-AAAA", 1))
		require.NoError(t, os.WriteFile(filepath.Join(other, name), text, 0o644))
	}
	err = fill(t.Context(), other, dir+"-2")
	require.ErrorContains(t, err, "EINTEGRITY")
	require.NoDirExists(t, dir+"-2")
}

// The lock says what to install and not where from: that is the machine's to say.
func TestLockNamesNoHost(t *testing.T) {
	t.Parallel()
	from, err := findPins()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(from, "package-lock.json"))
	require.NoError(t, err)
	require.NotContains(t, string(text), "://")
	require.Contains(t, string(text), `"integrity": "sha512-`)
}
