package sandbox_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// limits are those of a test that does not wait for the end of time; machines in CI are slow.
var limits = sandbox.Limits{Timeout: 30 * time.Second, MaxStack: 500, MaxResult: 1 << 20, MaxLog: 64 << 10}

// compile makes a module of the text of a hook file in CommonJS.
func compile(t testing.TB, code string) *sandbox.Module {
	t.Helper()
	return sandbox.NewModule("test", "(function(module,exports,require){"+code+"\n})")
}

// body makes a module whose baseline has the text as its body, on the second line.
func body(t testing.TB, text string) *sandbox.Module {
	t.Helper()
	return compile(t, `const { fail, warn } = require("archipelago"); module.exports = { name: "test", baseline(draft, context) {
`+text+`
}};`)
}

func values(t testing.TB, object string) map[string]*sandbox.Value {
	t.Helper()
	var raw map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(object), &raw))
	out := map[string]*sandbox.Value{}
	for key, text := range raw {
		out[key] = sandbox.NewValue(text)
	}
	return out
}

// apply runs hooks on a draft with an empty context.
func apply(t testing.TB, draft string, modules ...*sandbox.Module) *sandbox.Result {
	t.Helper()
	return applyWith(t, draft, "{}", limits, modules...)
}

func applyWith(t testing.TB, draft, context string, l sandbox.Limits, modules ...*sandbox.Module) *sandbox.Result {
	t.Helper()
	a := sandbox.Account{Context: values(t, context), Draft: values(t, draft)}
	for _, m := range modules {
		a.Uses = append(a.Uses, sandbox.Use{Module: m})
	}
	return sandbox.Run(a, l, func(int) {})
}

// outcome is the draft after a run, as one canonical object.
func outcome(t testing.TB, draft string, r *sandbox.Result) string {
	t.Helper()
	require.Nil(t, r.Fault, "%v", r.Fault)
	all := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(draft), &all))
	for key, text := range r.Changed {
		var v any
		require.NoError(t, json.Unmarshal(text, &v))
		all[key] = v
	}
	for _, key := range r.Deleted {
		delete(all, key)
	}
	text, err := json.Marshal(all)
	require.NoError(t, err)
	return string(text)
}

// faultOf compiles and runs; the fault may come from either.
func faultOf(t testing.TB, draft, text string) *sandbox.Fault {
	t.Helper()
	r := apply(t, draft, body(t, text))
	require.NotNil(t, r.Fault, "no fault")
	require.Empty(t, r.Changed)
	require.Empty(t, r.Changes)
	return r.Fault
}

func runOnce(t testing.TB, draft, facts map[string]*sandbox.Value, m *sandbox.Module) {
	t.Helper()
	r := sandbox.Run(sandbox.Account{Context: facts, Draft: draft, Uses: []sandbox.Use{{Module: m}}}, limits, func(int) {})
	require.Nil(t, r.Fault)
}
