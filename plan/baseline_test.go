package plan_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
)

// What every case of testdata/baselines begins with. A case adds to archipelago.yaml and core.yaml, and may
// bring organizations and hooks of its own.
const (
	baseArchipelago = `name: acme
hub: core
email: "aws+{organization}.{account}@acme.example"
regions: [eu-west-1]
requiredTags: []
access: { profile: "{organization}" }
contacts:
  billing: { name: Bills, title: Finance, email: billing@acme.example, phone: "+44 20 7946 0100" }
  operations: { name: Ops, title: Operations, email: ops@acme.example, phone: "+44 20 7946 0101" }
  security: { name: Sec, title: Security, email: security@acme.example, phone: "+44 20 7946 0102" }
`
	baseCore = `name: core
kind: hub
management: { accountId: "100000000001", email: aws+core@acme.example, owner: platform@acme.example }
`
)

// caseFiles lays a case over the base.
func caseFiles(ar *txtar.Archive) fstest.MapFS {
	files := fstest.MapFS{
		"archipelago.yaml":        {Data: []byte(baseArchipelago)},
		"organizations/core.yaml": {Data: []byte(baseCore)},
	}
	for _, f := range ar.Files {
		name := f.Name
		if name == "core.yaml" {
			name = "organizations/core.yaml"
		}
		if before := files[name]; before != nil {
			files[name] = &fstest.MapFile{Data: append(before.Data, f.Data...)}
		} else if !strings.HasPrefix(name, "want") {
			files[name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return files
}

// A22, A24, A28, B03, B05, C19, C20: what is said about wrong baselines, and what right ones come to.
//
// A case wants either diagnostics (want.err) or the settings of its accounts (want.explain); the comment at
// its head says what it is about.
func TestBaselines(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/baselines/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			ar, err := txtar.ParseFile(name)
			require.NoError(t, err)
			require.NotEmpty(t, ar.Comment, "say what the case is about")
			p, _, found, err := plan.Load(t.Context(), caseFiles(ar))
			require.NoError(t, err)
			got := txtar.File{Name: "want.err", Data: []byte(render(found))}
			if p != nil {
				got = txtar.File{Name: "want.explain", Data: []byte(render(found) + explain(t, p))}
			}
			files := ar.Files[:0:0]
			for _, f := range ar.Files {
				if !strings.HasPrefix(f.Name, "want") {
					files = append(files, f)
				}
			}
			recorder.Golden(t, name, string(txtar.Format(&txtar.Archive{Comment: ar.Comment, Files: append(files, got)})))
		})
	}
}

// explain lists the settings of every account of the organizations but for tags and contacts that the base has.
func explain(t *testing.T, p *plan.Plan) string {
	t.Helper()
	var b strings.Builder
	for _, o := range p.Organizations {
		keys := []string{}
		for _, a := range o.Accounts {
			keys = append(keys, a.Key)
		}
		for _, key := range append(keys, "management") {
			settings, err := p.Explain(o.Name, key)
			require.NoError(t, err)
			for _, s := range settings {
				if strings.HasPrefix(s.Path, "contacts.") && strings.HasPrefix(s.Origin.Layer, "archipelago") || s.Path == "regions" && s.Origin.Layer == "archipelago" {
					continue
				}
				fmt.Fprintf(&b, "%s/%s %s = %s (%s, %s)", o.Name, key, s.Path, s.Value, s.Origin.Layer, s.Origin)
				if s.Lock != "" {
					b.WriteString(" locked: " + s.Lock)
				}
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

func TestExplainUnknown(t *testing.T) {
	t.Parallel()
	p, _, found, err := plan.Load(t.Context(), os.DirFS(".."))
	require.NoError(t, err)
	require.NoError(t, found.Err())
	_, err = p.Explain("nowhere", "x")
	require.EqualError(t, err, `explain nowhere/x: there is no organization "nowhere"`)
	_, err = p.Explain("payments", "payments-poc")
	require.EqualError(t, err, `explain payments/payments-poc: organization payments has no account "payments-poc" that is not closed`)
}

// E7: a hook that leaves something that cannot be deployed is told so where hooks are tried, not only where
// everything is validated.
func TestRunHooksFindsWhatCannotBeDeployed(t *testing.T) {
	t.Parallel()
	files := caseFiles(txtar.Parse([]byte(`-- core.yaml --
hooks: [hooks/half.js]
units: { Prod: { accounts: { app: {} } } }
-- hooks/half.js --
module.exports = { name: "half", baseline(draft) { draft.budget = { monthlyLimit: 5 }; } };
`)))
	run, _, found, err := plan.RunHooks(t.Context(), files)
	require.NoError(t, err)
	require.Empty(t, render(found))
	require.Len(t, run.Accounts, 1)
	require.Equal(t, `hooks/half.js:1:58: error: budget.recipients is missing (core/app) [malformed-setting]
    1 | module.exports = { name: "half", baseline(draft) { draft.budget = { monthlyLimit: 5 }; } };
      |                                                          ^
`, render(run.Problems))
}

func TestDraftProblems(t *testing.T) {
	t.Parallel()
	problems, err := plan.DraftProblems(map[string]json.RawMessage{
		"budget": json.RawMessage(`{"monthlyLimit":0,"recipients":["a@b.example"]}`), "tags": json.RawMessage(`{}`), "alias": nil,
	})
	require.NoError(t, err)
	require.Len(t, problems, 1)
	require.Equal(t, "budget.monthlyLimit is missing or 0", problems[0].Message)
}
