package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// TestFaults reads what the author of a hook is told. The body begins on line 2.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code    string
		kind    sandbox.Kind
		line    int
		message string
		hint    string // a part of it
	}{
		{"\nthrow new Error('boom')", sandbox.Threw, 3, "boom", ""},
		{"throw new TypeError('boom')", sandbox.Threw, 2, "TypeError: boom", ""},
		{"throw new Error()", sandbox.Threw, 2, "Error without a message", ""},
		{"throw new Error('two\\n  lines')", sandbox.Threw, 2, "two lines", ""},
		{"class PolicyError extends Error { name = 'PolicyError' } throw new PolicyError('no')", sandbox.Threw, 2, "PolicyError: no", ""},
		{"throw { code: 1 }", sandbox.Threw, 2, "threw the value { code: 1 }, not an Error", "throw new Error"},
		{"throw 'text'", sandbox.Threw, 2, `threw the text "text", not an Error`, "throw new Error"},
		{"throw 42", sandbox.Threw, 2, "threw the number 42, not an Error", "throw new Error"},
		{"throw null", sandbox.Threw, 2, "threw the value null, not an Error", "throw new Error"},
		{"throw undefined", sandbox.Threw, 2, "threw the value undefined, not an Error", "throw new Error"},
		{"throw Symbol('s')", sandbox.Threw, 2, "threw the value Symbol(s), not an Error", "throw new Error"},
		{"throw { get code() { throw 1 } }", sandbox.Threw, 2, "threw a value that cannot be read", "throw new Error"},
		{"throw { get code() { for (;;) {} } }", sandbox.Threw, 2, "threw a value that cannot be read", "throw new Error"},
		{"throw Object.assign(new Error('x'), { message: { a: 1 } })", sandbox.Threw, 2, "Error without a message", ""},
		{"throw new Error('outer', { cause: new TypeError('inner') })", sandbox.Threw, 2, "outer, caused by TypeError: inner", ""},
		{"throw new Error('a', { cause: new Error('b', { cause: 'c' }) })", sandbox.Threw, 2, `a, caused by b, caused by "c"`, ""},
		{"const e = new Error('self'); e.cause = e; throw e", sandbox.Threw, 2, "self", ""},
		{"throw new AggregateError([new Error('x')], 'many')", sandbox.Threw, 2, "AggregateError: many", ""},
		{"\n\ndraft.missing.deeper", sandbox.Threw, 4, "TypeError: Cannot read property 'deeper' of undefined", "?."},
		{"const { a } = draft.missing", sandbox.Threw, 2, "TypeError: Value is not object coercible", "?."},
		{"draft.text.nothing()", sandbox.Threw, 2, "TypeError: Object has no member 'nothing'", "ES2022"},
		{"unknown()", sandbox.Threw, 2, "ReferenceError: unknown is not defined", "declared nowhere"},
		{"setTimeout(() => 1, 5)", sandbox.Threw, 2, "ReferenceError: setTimeout is not defined", "no timers"},
		{"process.env.HOME", sandbox.Threw, 2, "ReferenceError: process is not defined", "no timers"},
		{"undeclared = 5", sandbox.Threw, 2, "ReferenceError: undeclared is not defined", "declared nowhere"},
		{"[1].map(() => { throw new RangeError('in map') })", sandbox.Threw, 2, "RangeError: in map", ""},
		{"const f = () => g();\nconst g = () => { throw new Error('deep') };\nf()", sandbox.Threw, 3, "deep", ""},
		{"new Array(-1)", sandbox.Threw, 2, "RangeError: Invalid array length", ""},
		{"Math.random()", sandbox.Threw, 2, "TypeError: there is no randomness in hooks: the same input must give the same result", ""},
		{"Date.now()", sandbox.Threw, 2, "TypeError: there is no clock in hooks: the same input must give the same result (new Date(text) works)", ""},
		{"new Date()", sandbox.Threw, 2, "TypeError: there is no clock in hooks: the same input must give the same result (new Date(text) works)", ""},
		{"fail('not allowed')", sandbox.Rejected, 2, "not allowed", ""},
		{"fail('not allowed', { path: 'tags.owner', hint: 'set it' })", sandbox.Rejected, 2, "not allowed", "set it"},
		{"fail()", sandbox.Rejected, 2, "rejected without a reason", "say what is wrong"},
		{"fail('')", sandbox.Rejected, 2, "rejected without a reason", "say what is wrong"},
		{"fail({ a: 1 })", sandbox.Rejected, 2, "{ a: 1 }", ""},
		{"try {\nfail('final') } catch { draft.x = 1 } finally { for (;;) {} }", sandbox.Rejected, 3, "final", ""},
		{"[1, 2].forEach(x => fail('number ' + x))", sandbox.Rejected, 2, "number 1", ""},
		{"[1].forEach(fail)", sandbox.Rejected, 2, "1", ""},
		{"return fail('returned')", sandbox.Rejected, 2, "returned", ""},
		{"return (async () => { await 1; fail('later') })()", sandbox.Rejected, 2, "later", ""},
		{"draft.x = { get y() { fail('in a getter') } }", sandbox.Rejected, 2, "in a getter", ""},
		{"return (async () => {\nawait null; throw new Error('async') })()", sandbox.Threw, 3, "async", ""},
		{"return Promise.reject(new Error('rejected'))", sandbox.Threw, 2, "rejected", ""},
		{"return Promise.reject({ code: 5 })", sandbox.Threw, 0, "threw the value { code: 5 }, not an Error", "throw new Error"},
		{"Promise.reject(new Error('lost'))", sandbox.Threw, 2, "lost (in a promise that nothing awaits)", ""},
		{"(async () => {\nthrow new Error('lost') })()", sandbox.Threw, 3, "lost (in a promise that nothing awaits)", ""},
		{"return new Promise(() => {})", sandbox.BadResult, 0, "baseline never ends: it awaits a promise that nothing settles", "no timers"},
		{"for (;;) {}", sandbox.TimedOut, 0, "took longer than 100ms", "loop"},
		{"let i = 0;\nwhile (true) {\ni++ }", sandbox.TimedOut, 0, "took longer than 100ms", "loop"},
		{"for (;;) { try { for (;;) {} } finally { continue } }", sandbox.TimedOut, 0, "took longer than 100ms", ""},
		{"return (async () => { for (;;) await 1 })()", sandbox.TimedOut, 0, "took longer than 100ms", ""},
		{"const f = () => Promise.resolve().then(f); return f()", sandbox.TimedOut, 0, "took longer than 100ms", ""},
		{"draft.x = { get y() { for (;;) {} } }", sandbox.TimedOut, 0, "took longer than 100ms", ""},
		{"const m = new Map(); for (let i = 0;; i++) m.set(i, i)", sandbox.TimedOut, 0, "took longer than 100ms", ""},
		{"const f = () => f(); f()", sandbox.TooDeep, 2, "calls are nested deeper than 500", "calls itself"},
		{"const f = () => [1].map(f); f()", sandbox.TooDeep, 2, "calls are nested deeper than 500", ""},
		{"const o = { toString() { return '' + o } }; '' + o", sandbox.TooDeep, 2, "calls are nested deeper than 500", ""},
		{"const o = { get x() { return o.x } }; o.x", sandbox.TooDeep, 2, "calls are nested deeper than 500", ""},
		{"try { const f = () => f(); f() } catch { draft.x = 1 }", sandbox.TooDeep, 2, "calls are nested deeper than 500", ""},
		{"for (;;)\nconsole.log('x'.repeat(100))", sandbox.LogOverflow, 3, "writes more than 1 KiB to the log", "log less"},
		{"warn('x'.repeat(5000))", sandbox.LogOverflow, 2, "writes more than 1 KiB to the log", "log less"},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			l := limits
			if strings.Contains(c.code, "console") || strings.Contains(c.code, "5000") {
				l.MaxLog = 1 << 10
			}
			if c.kind == sandbox.TimedOut || strings.Contains(c.code, "code() { for") {
				l.Timeout = 100 * time.Millisecond
			}
			r := applyWith(t, sample, `{"account":{"name":"a"}}`, l, body(t, c.code))
			require.NotNil(t, r.Fault)
			f := r.Fault
			require.Equal(t, c.kind, f.Kind, "%+v", f)
			require.Equal(t, c.message, f.Message)
			require.Contains(t, f.Hint, c.hint)
			if c.line != 0 {
				require.Equal(t, c.line, f.Place.Line, "%+v", f)
				require.Positive(t, f.Place.Column)
			}
			require.Empty(t, r.Changed)
			require.Empty(t, r.Changes)
		})
	}
}
