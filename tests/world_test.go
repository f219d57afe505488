package tests

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/awsenv"
	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/lab"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
)

// world is an archipelago in a directory of its own, with a lab to deploy it to.
type world struct {
	dir string
	lab *lab.Lab
}

// newWorld copies an archipelago and starts a lab for it. A lab that cannot start fails the test: the
// end-to-end tests are not optional. The functions may add to the copy before the lab sees it.
func newWorld(t *testing.T, source string, add ...func(*testing.T, string)) *world {
	t.Helper()
	w := &world{dir: t.TempDir()}
	for _, name := range []string{"archipelago.yaml", "organizations", "policies", "hooks", "Pulumi.yaml"} {
		copyAll(t, filepath.Join(source, name), filepath.Join(w.dir, name))
	}
	stackFiles, err := filepath.Glob(filepath.Join(source, "Pulumi.*.yaml"))
	require.NoError(t, err)
	for _, f := range stackFiles {
		copyAll(t, f, filepath.Join(w.dir, filepath.Base(f)))
	}
	for _, f := range add {
		f(t, w.dir)
	}
	var targets []lab.Target
	for _, o := range w.plan(t).Organizations {
		m := o.Management
		targets = append(targets, lab.Target{Name: o.Name, AccountID: m.AccountID, Profile: m.Profile, Role: m.Role, AccountQuota: o.AccountQuota})
	}
	w.lab, err = lab.Start(t.Context(), lab.Options{
		Dir: filepath.Join(t.TempDir(), "lab"), Project: w.dir, Organizations: targets, Out: testWriter{t},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.lab.Close()) })
	return w
}

// testWriter logs a lab's progress with the test.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

// copyAll copies a file or a directory; what is not there is left out.
func copyAll(t *testing.T, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if os.IsNotExist(err) {
		return
	}
	require.NoError(t, err)
	if info.IsDir() {
		require.NoError(t, os.CopyFS(to, os.DirFS(from)))
		return
	}
	content, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, content, 0o600))
}

// plan resolves the files as they are now.
func (w *world) plan(t *testing.T) *plan.Plan {
	t.Helper()
	p, _, found, err := plan.Load(t.Context(), os.DirFS(w.dir))
	require.NoError(t, err)
	require.NoError(t, found.Err())
	return p
}

// run performs an operation on the named organizations, or on all.
func (w *world) run(t *testing.T, op deploy.Operation, names ...string) ([]deploy.Result, error) {
	t.Helper()
	return w.runOptions(t, op, deploy.Options{Organizations: names})
}

func (w *world) runOptions(t *testing.T, op deploy.Operation, o deploy.Options) ([]deploy.Result, error) {
	t.Helper()
	o.Plan = w.plan(t)
	o.Program = stacks.Program(o.Plan, stacks.WithAWS(awsenv.Options(w.lab.EnvMap())...))
	o.Dir, o.Env, o.PulumiHome, o.Command = w.lab.WorkDir(), w.lab.EnvMap(), w.lab.PulumiHome(), w.lab.Command
	watch := o.Watch
	o.Watch = func(e deploy.Event) {
		if e.Kind == deploy.Message {
			t.Logf("%s: %s", e.Stack, e.Text)
		}
		if watch != nil {
			watch(e)
		}
	}
	return deploy.Run(t.Context(), op, o)
}

// must is run where every stack has to succeed.
func (w *world) must(t *testing.T, op deploy.Operation, names ...string) []deploy.Result {
	t.Helper()
	results, err := w.run(t, op, names...)
	for _, r := range results {
		require.Empty(t, r.Error, r.Stack)
	}
	require.NoError(t, err)
	return results
}

// edit replaces text in one of the files; the text must be there exactly once.
func (w *world) edit(t *testing.T, file, old, replacement string) {
	t.Helper()
	path := filepath.Join(w.dir, file)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(content), old), "%q in %s", old, file)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(content), old, replacement, 1)), 0o600))
}

// undo puts the files back when the test is over.
func (w *world) undo(t *testing.T, file string) {
	t.Helper()
	path := filepath.Join(w.dir, file)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.WriteFile(path, content, 0o600)) })
}

// client reads an organization in the emulator from its management account.
func (w *world) client(account string) *organizations.Client {
	return organizations.NewFromConfig(w.lab.AccountConfig(account))
}

// steps words what happened to resources, as "update Account payments/payments-dev (parentId)".
func steps(r deploy.Result) []string {
	out := []string{}
	for _, s := range r.Steps {
		text := s.Operation + " " + s.Type[strings.LastIndex(s.Type, ":")+1:] + " " + s.Resource
		if len(s.Properties) > 0 {
			text += " (" + strings.Join(s.Properties, ", ") + ")"
		}
		out = append(out, text)
	}
	return out
}

func byStack(results []deploy.Result) map[string]deploy.Result {
	out := map[string]deploy.Result{}
	for _, r := range results {
		out[r.Stack] = r
	}
	return out
}

// background is a context for reading the emulator.
func background() context.Context { return context.Background() }
