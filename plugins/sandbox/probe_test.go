package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// A process that runs hooks is in UTC, as the package says.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	m.Run()
}

func TestProbe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code string
		want sandbox.Meta
	}{
		{`module.exports = { name: "test", baseline() {} }`, sandbox.Meta{Name: "test"}},
		{`module.exports = { __esModule: true, default: { name: "test", description: "d", baseline: async () => {} } }`, sandbox.Meta{Name: "test", Description: "d"}},
		{`exports.default = require("archipelago").hook({ name: "test", match: undefined, description: undefined, baseline() {} })`, sandbox.Meta{Name: "test"}},
		{`module.exports = { name: "test", match: { tags: { b: "1", a: ["x", "*"] }, not: { state: "closed" } }, baseline() {} }`,
			sandbox.Meta{Name: "test", Match: []byte(`{"not":{"state":"closed"},"tags":{"a":["x","*"],"b":"1"}}`)}},
		{`module.exports = { name: "test", match: null, baseline() {} }`, sandbox.Meta{Name: "test", Match: []byte("null")}},
		{`module.exports = { get name() { return "te" + "st" }, get baseline() { return () => 1 } }`, sandbox.Meta{Name: "test"}},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			meta, fault := sandbox.Probe(compile(t, c.code), limits)
			require.Nil(t, fault, "%v", fault)
			require.Equal(t, c.want, meta)
		})
	}
}

func TestBadHooks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code    string
		kind    sandbox.Kind
		path    string
		message string
		hint    string
	}{
		{``, sandbox.BadHook, "", "", ""},
		{`module.exports = undefined`, sandbox.BadHook, "", "the file exports no hook", "export default"},
		{`module.exports = { __esModule: true, other: {} }`, sandbox.BadHook, "", "the file exports no hook", "export default"},
		{`exports.default = 5`, sandbox.BadHook, "", "the file exports no hook", "export default"},
		{`exports.default = () => {}`, sandbox.BadHook, "", "the file exports no hook", "export default"},
		{`module.exports = []`, sandbox.BadHook, "", "the file exports no hook", "export default"},
		{`module.exports = { baseline() {} }`, sandbox.BadHook, "name", "the hook has no name", `write name: "test"`},
		{`module.exports = { name: 5, baseline() {} }`, sandbox.BadHook, "name", "name is not a text", `write name: "test"`},
		{`module.exports = { name: "other", baseline() {} }`, sandbox.BadHook, "name", `the hook is named "other" and its file "test"`, "rename the file"},
		{`module.exports = { name: "test" }`, sandbox.BadHook, "baseline", "the hook has no function baseline", "baseline(draft, context)"},
		{`module.exports = { name: "test", baseline: 5 }`, sandbox.BadHook, "baseline", "baseline is not a function", ""},
		{`module.exports = { name: "test", description: 5, baseline() {} }`, sandbox.BadHook, "description", "description is not a text", ""},
		{`module.exports = { name: "test", matches: {}, baseline() {} }`, sandbox.BadHook, "matches", `a hook has no field "matches"`, `did you mean "match"?`},
		{`module.exports = { name: "test", baseLine() {} }`, sandbox.BadHook, "baseLine", `a hook has no field "baseLine"`, `did you mean "baseline"?`},
		{`module.exports = { name: "test", zzz: 1, baseline() {} }`, sandbox.BadHook, "zzz", `a hook has no field "zzz"`, "it has name, description, match, baseline"},
		{`module.exports = { name: "test", match: { account: () => true }, baseline() {} }`, sandbox.BadHook, "match.account", "is a function, not JSON", "match is data"},
		{`module.exports = { name: "test", match: () => true, baseline() {} }`, sandbox.BadHook, "match", "is a function, not JSON", "match is data"},
		{`module.exports = { name: "test", match: { tags: { a: /x/ } }, baseline() {} }`, sandbox.BadHook, "match.tags.a", "is an instance of RegExp, not JSON", ""},
		{`module.exports = { name: "test", match: { tags: { a: NaN } }, baseline() {} }`, sandbox.BadHook, "match.tags.a", "is NaN, not a number that JSON has", ""},
		{`throw new Error("boom")`, sandbox.Threw, "", "while the file was loaded: boom", ""},
		{`for (;;) {}`, sandbox.TimedOut, "", "while the file was loaded: took longer than 200ms", ""},
		{`const f = () => f(); f()`, sandbox.TooDeep, "", "while the file was loaded: calls are nested deeper than 500", ""},
		{`for (;;) console.log("x".repeat(1000))`, sandbox.LogOverflow, "", "while the file was loaded: writes more than 64 KiB to the log", ""},
		{`require("archipelago").fail("no")`, sandbox.BadHook, "", "no", "call it in baseline"},
		{`require("fs")`, sandbox.Threw, "", `while the file was loaded: TypeError: hooks can import "archipelago" and files below their directory, not "fs"`, ""},
		{`(async () => { throw new Error("lost") })(); module.exports = { name: "test", baseline() {} }`, sandbox.Threw, "", "while the file was loaded: lost (in a promise that nothing awaits)", ""},
		{`module.exports = { get name() { for (;;) {} } }`, sandbox.TimedOut, "", "while the file was loaded: took longer than 200ms", ""},
		{`module.exports = { get name() { throw new Error("in name") } }`, sandbox.Threw, "", "while the file was loaded: in name", ""},
		{`Date.now()`, sandbox.Threw, "", "while the file was loaded: TypeError: there is no clock in hooks: the same input must give the same result (new Date(text) works)", ""},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			l := limits
			l.Timeout = 200 * time.Millisecond
			_, f := sandbox.Probe(compile(t, c.code), l)
			require.NotNil(t, f)
			if c.code == "" {
				require.Equal(t, sandbox.BadHook, f.Kind) // an empty file exports an empty object
				return
			}
			require.Equal(t, c.kind, f.Kind, "%+v", f)
			require.Equal(t, c.path, f.Path)
			require.Equal(t, c.message, f.Message)
			require.Contains(t, f.Hint, c.hint)
		})
	}
}

// TestGeneratorBaseline: a generator function does nothing when it is called.
func TestGeneratorBaseline(t *testing.T) {
	t.Parallel()
	m := compile(t, `module.exports = { name: "test", *baseline(draft) { draft.x = 1 } }`)
	r := apply(t, `{}`, m)
	require.NotNil(t, r.Fault)
	require.Equal(t, sandbox.BadResult, r.Fault.Kind)
	require.True(t, strings.HasPrefix(r.Fault.Message, "baseline returned "), r.Fault.Message)
}

func TestSyntax(t *testing.T) {
	t.Parallel()
	for code, message := range map[string]string{
		"(function(module,exports,require){\nlet x = ;\n})":       "syntax error: Unexpected token ;",
		"(function(module,exports,require){\nlet x; let x;\n})":   "syntax error: Identifier 'x' has already been declared",
		"(function(module,exports,require){\n/(?<a/.test('')\n})": "syntax error: ",
	} {
		_, f := sandbox.Probe(sandbox.NewModule("test", code), limits)
		require.NotNil(t, f)
		require.Equal(t, sandbox.Syntax, f.Kind)
		require.Contains(t, f.Message, message)
		require.Equal(t, 2, f.Place.Line)
	}
}
