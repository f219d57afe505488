package sandbox_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// TestBadResults puts what is not JSON into a draft. All are on the second line of the module.
func TestBadResults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, path, message string }{
		{`draft.x = () => 1`, "x", "is a function, not JSON"},
		{`draft.x = { a: { b: class A {} } }`, "x.a.b", "is a function, not JSON"},
		{`draft.x = [1, Symbol("s")]`, "x[1]", "is a symbol, not JSON"},
		{`draft.x = 10n`, "x", "is a BigInt, not JSON"},
		{`draft.x = { n: NaN }`, "x.n", "is NaN, not a number that JSON has"},
		{`draft.x = 1 / 0`, "x", "is Infinity, not a number that JSON has"},
		{`draft.budget.limit = -Infinity`, "budget.limit", "is -Infinity, not a number that JSON has"},
		{`draft.x = new Date(0)`, "x", "is a Date, not JSON"},
		{`draft.x = new Map([[1, 2]])`, "x", "is a Map, not JSON"},
		{`draft.x = new Set([1])`, "x", "is a Set, not JSON"},
		{`draft.x = /re/`, "x", "is an instance of RegExp, not JSON"},
		{`draft.x = new Error("e")`, "x", "is an instance of Error, not JSON"},
		{`draft.x = new Uint8Array(2)`, "x", "is an instance of Uint8Array, not JSON"},
		{`draft.x = new String("s")`, "x", "is an instance of String, not JSON"},
		{`draft.x = new (class Role { constructor() { this.a = 1 } })`, "x", "is an instance of Role, not JSON"},
		{`draft.x = new (class List extends Array {})`, "x", "is an instance of List, not JSON"},
		{`draft.x = Object.create({ inherited: 1 })`, "x", "has a prototype of its own, so it is not JSON"},
		{`draft.x = Promise.resolve(1)`, "x", "is a promise, not JSON"},
		{`draft.x = (function () { return arguments })(1)`, "x", "is an instance of Arguments, not JSON"},
		{`draft.x = [undefined]`, "x[0]", "is undefined"},
		{`draft.x = [1, , 3]`, "x[1]", "is missing: the list has a hole"},
		{`draft.x = []; draft.x.length = 3`, "x[0]", "is missing: the list has a hole"},
		{`draft.x = new Array(5)`, "x[0]", "is missing: the list has a hole"},
		{`delete draft.regions[0]`, "regions[0]", "is missing: the list has a hole"},
		{`draft.x = Object.assign([1], { extra: 1 })`, "x", `is a list with the key "extra"`},
		{`draft.x = { [Symbol("s")]: 1 }`, "x", "has a symbol as a key"},
		{`draft.x = { ["__proto__"]: 1 }`, "x.__proto__", `the key "__proto__" is not allowed`},
		{`draft.x = JSON.parse('{"a": {"__proto__": {"admin": true}}}')`, "x.a.__proto__", `the key "__proto__" is not allowed`},
		{`draft.x = { constructor: 1 }`, "x.constructor", `the key "constructor" is not allowed`},
		{`draft.budget.prototype = {}`, "budget.prototype", `the key "prototype" is not allowed`},
		{`draft.constructor = 1`, "constructor", `the key "constructor" is not allowed`},
		{`const o = {}; o.o = o; draft.x = o`, "x.o", "contains itself"},
		{`draft.budget.self = draft.budget`, "budget.self", "contains itself"},
		{`draft.regions.push(draft.regions)`, "regions[2]", "contains itself"},
		{`draft.x = { all: draft }`, "x.all.x", "contains itself"},
		{`let o = {}; const x = o; for (let i = 0; i < 80; i++) o = o.d = {}; draft.x = x`, "x" + strings.Repeat(".d", 63) + ".d", "is nested deeper than 64"},
		{`draft.x = "\ud800"`, "x", "is not valid Unicode: it has half of a surrogate pair in it"},
		{`draft.x = { "\ud800": 1 }`, "x[\"\ufffd\"]", "the key is not valid Unicode"},
		{`draft.x = "x".repeat(2_000_000)`, "x", "the changes of the draft are larger than 1 MiB"},
		{`draft.x = new Array(300_000).fill(7)`, "x", "the changes of the draft are larger than 1 MiB"},
		{`const a = []; a.length = 2 ** 32 - 1; draft.x = a`, "x", "the changes of the draft are larger than 1 MiB"},
		{`let s = ["x"]; for (let i = 0; i < 40; i++) s = [s, s]; draft.x = s`, "x", "the changes of the draft are larger than 1 MiB"},
		{`draft.roles["read-only"].trust[0] = NaN`, `roles["read-only"].trust[0]`, "is NaN, not a number that JSON has"},
		{`draft.list[1].deep = { list: [[{ "a b": () => 1 }]] }`, `list[1].deep.list[0][0]["a b"]`, "is a function, not JSON"},
		{`return 5`, "", "baseline returned 5"},
		{`return null`, "", "baseline returned null"},
		{`return "text"`, "", `baseline returned "text"`},
		{`return draft.regions`, "", `baseline returned ["eu-west-1", "eu-central-1"]`},
		{`return () => 1`, "", "baseline returned [function]"},
		{`return new Map()`, "", "baseline returned Map {}"},
		{`return new (class Draft { x = 1 })`, "", "baseline returned Draft { x: 1 }"},
		{`return { x: new Date(0) }`, "x", "is a Date, not JSON"},
		{`return { ...draft, x: [undefined] }`, "x[0]", "is undefined"},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			f := faultOf(t, sample, c.code)
			require.Equal(t, sandbox.BadResult, f.Kind, "%+v", f)
			require.Equal(t, c.path, f.Path)
			require.Equal(t, c.message, f.Message)
			if !strings.HasPrefix(c.code, "return") {
				require.Equal(t, 2, f.Place.Line)
			}
		})
	}
}

func TestGoodResults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, want string }{
		{``, `{"a":{"b":1},"l":[1]}`},
		{`return draft`, `{"a":{"b":1},"l":[1]}`},
		{`return undefined`, `{"a":{"b":1},"l":[1]}`},
		{`return {}`, `{}`},
		{`return { a: draft.a }`, `{"a":{"b":1}}`},
		{`draft.a.b = 2; return { ...draft, c: 1 }`, `{"a":{"b":2},"c":1,"l":[1]}`},
		{`return JSON.parse(JSON.stringify(draft))`, `{"a":{"b":1},"l":[1]}`},
		{`return { l: [...draft.l, 2], x: undefined }`, `{"l":[1,2]}`},
		{`draft.a = Object.create(null); draft.a.x = 1`, `{"a":{"x":1},"l":[1]}`},
		{`draft.a = { get x() { return 5 } }`, `{"a":{"x":5},"l":[1]}`},
		{`draft.a.b = undefined`, `{"a":{},"l":[1]}`},
		{`draft.a = undefined`, `{"l":[1]}`},
		{`draft.a.b = null`, `{"a":{"b":null},"l":[1]}`},
		{`draft.l = [-0, 1e21, 1.5, 1e-7, 9007199254740993, 0.1 + 0.2]`, `{"a":{"b":1},"l":[0,1e+21,1.5,1e-7,9007199254740992,0.30000000000000004]}`},
		{`draft.a.b = "<a href=\"x\">\u2028 é 😀\n</a>"`, "{\"a\":{\"b\":\"\\u003ca href=\\\"x\\\"\\u003e\\u2028 é 😀\\n\\u003c/a\\u003e\"},\"l\":[1]}"},
		{`draft.z = 1; draft.b = 2; draft.A = 3; draft[1] = 4`, `{"1":4,"A":3,"a":{"b":1},"b":2,"l":[1],"z":1}`},
		{`draft.a.c = draft.l; draft.a.d = draft.l; draft.l.push(2)`, `{"a":{"b":1,"c":[1,2],"d":[1,2]},"l":[1,2]}`},
		{`return (async () => { await null; draft.a.b = 3 })()`, `{"a":{"b":3},"l":[1]}`},
		{`return Promise.resolve({ only: true })`, `{"only":true}`},
		{`return (async () => { for (const x of [1, 2]) draft.l.push(await Promise.resolve(x)) })()`, `{"a":{"b":1},"l":[1,1,2]}`},
		{`draft.l = new Array(3).fill(0)`, `{"a":{"b":1},"l":[0,0,0]}`},
		{`draft.l = [...new Set([3, 1, 3])].sort()`, `{"a":{"b":1},"l":[1,3]}`},
		{`draft.a.valueOf = 1; draft.a.then = 2; draft.toJSON = 3`, `{"a":{"b":1,"then":2,"valueOf":1},"l":[1],"toJSON":3}`},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			const draft = `{"l":[1],"a":{"b":1}}`
			require.Equal(t, c.want, outcome(t, draft, apply(t, draft, body(t, c.code))))
		})
	}
}

// TestCanonical looks at the bytes of what changed.
func TestCanonical(t *testing.T) {
	t.Parallel()
	r := apply(t, `{}`, body(t, `draft.b = { z: "<&>\u2028é\u0001", a: [1, 2.50, { y: 1, x: null }], "": -0 }`))
	require.Nil(t, r.Fault)
	require.Equal(t, `{"":0,"a":[1,2.5,{"x":null,"y":1}],"z":"<&>\u2028é\u0001"}`, strings.ReplaceAll(string(r.Changed["b"]), "\u2028", `\u2028`))
}

// TestUnchanged: a draft that ends as it began has changed nothing, whatever happened in between.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	r := apply(t, sample, body(t, `draft.budget.limit = 1; draft.text = draft.text; draft.regions.reverse().reverse()`), body(t, `draft.budget.limit = 100`))
	require.Nil(t, r.Fault)
	require.Empty(t, r.Changed)
	require.Len(t, r.Changes, 2)
}

// TestTotalSize counts all keys and all hooks of the account together.
func TestTotalSize(t *testing.T) {
	t.Parallel()
	half := body(t, `draft["k" + Object.keys(draft).length] = "x".repeat(600_000)`)
	require.Nil(t, apply(t, `{}`, half).Fault)
	r := apply(t, `{}`, half, half)
	require.NotNil(t, r.Fault)
	require.Equal(t, 1, r.Fault.Use)
	require.Equal(t, "the changes of the draft are larger than 1 MiB", r.Fault.Message)
	same := body(t, `draft.k = "x".repeat(600_000)`)
	require.Nil(t, apply(t, `{}`, same, same).Fault)
}
