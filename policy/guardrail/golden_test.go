package guardrail_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/policy/guardrail"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// exempt is who is exempt in the golden files.
func exempt() guardrail.Exempt {
	return guardrail.Exempt{
		Automation: []string{"arn:aws:iam::*:role/automation"},
		BreakGlass: []string{"arn:aws:iam::*:role/break-glass"},
		AccessRole: []string{"arn:aws:iam::*:role/OrganizationAccountAccessRole"},
	}
}

// given returns the parameters of a golden document: what must be given and no more, or every example.
func given(g guardrail.Guardrail, examples bool) map[string]any {
	params := map[string]any{}
	for _, p := range g.Parameters {
		if examples || p.Required && p.Default == nil {
			params[p.Name] = p.Example
		}
	}
	return params
}

func document(t *testing.T, id string, params map[string]any) string {
	t.Helper()
	doc, problems := guardrail.Document(id, params, exempt())
	require.Empty(t, problems, "%s %v", id, params)
	minified, err := policy.Minify(doc)
	require.NoError(t, err)
	require.Equal(t, minified, string(doc), "%s is minified", id)
	return minified
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "run go test -update")
	require.Equal(t, string(want), string(got))
}

// TestGolden compares each guardrail, with what must be given and with every example, with its golden
// file. The document must pass the grammar of its type.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, g := range guardrail.All() {
		t.Run(g.ID, func(t *testing.T) {
			t.Parallel()
			archive := &txtar.Archive{Comment: fmt.Appendf(nil, "%s. %s\n", g.Title, g.Type)}
			for _, name := range []string{"default", "example"} {
				doc := document(t, g.ID, given(g, name == "example"))
				checkGrammar(t, g.Type, doc)
				var pretty bytes.Buffer
				require.NoError(t, json.Indent(&pretty, []byte(doc), "", "  "))
				archive.Files = append(archive.Files, txtar.File{Name: name + ".json", Data: append(pretty.Bytes(), '\n')})
			}
			golden(t, filepath.Join("golden", g.ID+".txtar"), txtar.Format(archive))
		})
	}
}

func checkGrammar(t *testing.T, kind policy.Type, doc string) {
	t.Helper()
	problems := policy.Check(kind, []byte(doc))
	for _, p := range problems {
		require.Fail(t, "grammar", "%s at %d: %s\n%s", p.Code, p.Offset, p.Message, doc)
	}
	require.Empty(t, policy.CheckPlaceholders([]byte(doc), nil))
}

// No golden file stays that no guardrail has.
func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(filepath.Join("testdata", "golden"))
	require.NoError(t, err)
	for _, f := range files {
		_, ok := guardrail.Get(strings.TrimSuffix(f.Name(), ".txtar"))
		require.True(t, ok, f.Name())
	}
}

// TestSizes keeps the size of each guardrail, as AWS counts it, with the document around it.
func TestSizes(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%-28s %-26s %10s %9s %9s\n", "guardrail", "type", "statements", "default", "example")
	for _, g := range guardrail.All() {
		parts, problems := guardrail.Build(g.ID, given(g, false), exempt())
		require.Empty(t, problems)
		sizes := []int{policy.Size(document(t, g.ID, given(g, false))), policy.Size(document(t, g.ID, given(g, true)))}
		for _, size := range sizes {
			require.LessOrEqual(t, size, maxSize(g.Type), g.ID)
		}
		fmt.Fprintf(&b, "%-28s %-26s %10d %9d %9d\n", g.ID, g.Type, len(parts), sizes[0], sizes[1])
	}
	golden(t, "sizes.txt", b.Bytes())
}

// maxSize is how large a guardrail may be: half of what AWS allows a service control policy since
// May 2026, its limit before, and less for the rest, so that several fit one policy.
func maxSize(kind policy.Type) int {
	switch kind {
	case policy.ServiceControl:
		return 5120
	case policy.ResourceControl:
		return 2048
	}
	return 2500
}
