package deploy

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
)

// recorded reads events as the engine writes them, one a line.
func recorded(t *testing.T, name string) []events.EngineEvent {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".jsonl"))
	require.NoError(t, err)
	defer f.Close()
	var out []events.EngineEvent
	for s := bufio.NewScanner(f); s.Scan(); {
		var e apitype.EngineEvent
		require.NoError(t, json.Unmarshal(s.Bytes(), &e))
		out = append(out, events.EngineEvent{EngineEvent: e})
	}
	return out
}

// commandError is an error of the Automation API about a command that failed.
func commandError(err, stdout, stderr string) error {
	return fmt.Errorf("failed to run update: %s\ncode: 255\nstdout: %s\nstderr: %s", err, stdout, stderr)
}

func (e Event) line() string {
	switch e.Kind {
	case Progress:
		return fmt.Sprintf("%s %d/%d %s %s", e.Kind, e.Done, e.Total, e.Operation, e.Resource)
	case Message:
		return fmt.Sprintf("%s about %q: %s", e.Kind, e.Resource, e.Text)
	}
	return fmt.Sprintf("%s %+v", e.Kind, e.Result)
}

// What a person hears while the engine works, and what is left of it in the end.
func TestWatcher(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"up", "failed", "refused", "killed"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			w := newWatcher(Up, "payments", func(e Event) {
				require.Equal(t, "payments", e.Stack)
				fmt.Fprintln(&b, e.line())
			})
			for _, e := range recorded(t, name) {
				w.see(e)
			}
			result, err := json.MarshalIndent(Result{Stack: "payments", Changes: w.changes(), Steps: w.sorted(),
				Error: w.explain(commandError("exit status 255", "Updating (payments):\n", ""))}, "", "  ")
			require.NoError(t, err)
			fmt.Fprintf(&b, "%s\n", result)
			recorder.Golden(t, filepath.Join("testdata", name+".golden.txt"), b.String())
		})
	}
}

// An event that could not be read is not worth more than the rest of them.
func TestWatcherSkipsBrokenEvents(t *testing.T) {
	t.Parallel()
	w := newWatcher(Up, "payments", func(Event) { t.Error("told of nothing") })
	w.see(events.EngineEvent{Error: errors.New("unexpected end of JSON input")})
	w.see(events.EngineEvent{})
	require.Empty(t, w.changes())
}

// What differs is the paths of the detailed difference, or else the names of the properties.
func TestWatcherProperties(t *testing.T) {
	t.Parallel()
	w := newWatcher(Up, "payments", func(Event) {})
	see := func(name string, m apitype.StepEventMetadata) {
		m.Op, m.Type, m.URN = apitype.OpUpdate, "aws:organizations/account:Account", "urn:pulumi:payments::archipelago::aws:organizations/account:Account::"+name
		w.see(events.EngineEvent{EngineEvent: apitype.EngineEvent{ResOutputsEvent: &apitype.ResOutputsEvent{Metadata: m}}})
	}
	see("c", apitype.StepEventMetadata{})
	see("b", apitype.StepEventMetadata{Diffs: []string{"tags", "parentId"}})
	see("a", apitype.StepEventMetadata{Diffs: []string{"tags"}, DetailedDiff: map[string]apitype.PropertyDiff{"tags.owner": {}, "tags.a": {}}})
	var got [][]string
	for _, s := range w.sorted() {
		got = append(got, append([]string{s.Resource}, s.Properties...))
	}
	require.Equal(t, [][]string{{"a", "tags.a", "tags.owner"}, {"b", "parentId", "tags"}, {"c"}}, got)
}

func TestExplainWithoutEvents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ err, want string }{
		"what the command wrote to standard error": {
			"failed to run update: exit status 255\ncode: 255\nstdout: \nstderr: error: the stack is currently locked by 1 lock(s).\n  x: created by a@b (pid 1) at y\n",
			"the stack is currently locked by 1 lock(s).\n  x: created by a@b (pid 1) at y"},
		"nothing written": {"failed to run update: exit status 255\ncode: 255\nstdout: \nstderr: \n", "failed to run update: exit status 255\ncode: 255\nstdout: \nstderr:"},
		"another error":   {"open stack payments: <{%fg 1%}>no<{%reset%}>", "open stack payments: no"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, newWatcher(Up, "payments", nil).explain(errors.New(c.err)))
		})
	}
}

func TestProgramError(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"an unhandled error occurred: 1 error occurred:\n\t* wrong":                       "wrong",
		"an unhandled error occurred: 2 errors occurred:\n\t* one\n  more of it\n\t* two": "one\n  more of it\ntwo",
		"an unhandled error occurred: program failed: \n1 error occurred:\n\t* wrong":     "wrong",
		"an unhandled error occurred: wrong":                                              "wrong",
		"1 error occurred:\n\t* creating Organizations Policy: wrong":                     "1 error occurred:\n\t* creating Organizations Policy: wrong",
		"resource plugin aws-6.83.2 is not there":                                         "resource plugin aws-6.83.2 is not there",
	} {
		require.Equal(t, want, programError(text))
	}
}

func TestStripColor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                      "",
		"plain {{organization.id}} <b>":         "plain {{organization.id}} <b>",
		"<{%reset%}><{%fg 9%}>error<{%reset%}>": "error",
		"half a <{%fg":                          "half a <{%fg",
		"%}> before <{%x%}>it":                  "%}> before it",
	} {
		require.Equal(t, want, stripColor(text))
	}
}

func TestResourceName(t *testing.T) {
	t.Parallel()
	require.Equal(t, "payments/payments-prod", resourceName("urn:pulumi:payments::archipelago::aws:organizations/account:Account::payments/payments-prod"))
	require.Empty(t, resourceName(""))
}

func TestResult(t *testing.T) {
	t.Parallel()
	require.Equal(t, 3, Result{Changes: map[string]int{"same": 10, "read": 1, "create": 2, "delete": 1}}.Changed())
	require.Zero(t, Result{}.Changed())
	b, err := json.Marshal(Result{Stack: "payments", Status: Blocked, BlockedBy: "core"})
	require.NoError(t, err)
	require.JSONEq(t, `{"stack": "payments", "status": "blocked", "changes": {}, "seconds": 0, "blockedBy": "core"}`, string(b))
}
