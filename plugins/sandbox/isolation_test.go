package sandbox_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

const facts = `{"account":{"name":"prod","tags":{"owner":"a"},"regions":["eu-west-1"]},"organization":{"name":"acme"}}`

// TestContextIsReadOnly tries to write to the context in every way. Each must throw a TypeError that
// names what was written to, and change nothing.
func TestContextIsReadOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, what string }{
		{`context.account = 1`, `cannot change "account" of the context:`},
		{`context.fresh = 1`, `cannot change "fresh" of the context:`},
		{`delete context.account`, `cannot change "account" of the context:`},
		{`context.params = 1`, `cannot change "params" of the context:`},
		{`context.params.x = 1`, `cannot change "x" of the context's params:`},
		{`context.account.name = "x"`, `cannot change "name" of the context's account:`},
		{`context.account.tags.owner = "x"`, `cannot change "owner" of the context's account:`},
		{`context.account.tags.fresh = "x"`, `cannot change "fresh" of the context's account:`},
		{`delete context.account.tags.owner`, `cannot change "owner" of the context's account:`},
		{`context.account.regions.push("x")`, `cannot change "1" of the context's account:`},
		{`context.account.regions.sort().pop()`, `cannot change "0" of the context's account:`},
		{`context.account.regions.length = 0`, `cannot change "length" of the context's account:`},
		{`Object.assign(context.account, { name: "x" })`, `cannot change "name" of the context's account:`},
		{`Object.defineProperty(context.account, "name", { value: 1 })`, `cannot change "name" of the context's account:`},
		{`Object.defineProperty(context, "fresh", { get() {} })`, `cannot change "fresh" of the context:`},
		{`Object.setPrototypeOf(context.account, null)`, `cannot change "prototype" of the context's account:`},
		{`context.account.__proto__ = {}`, `cannot change "__proto__" of the context's account:`},
		{`Object.freeze(context.account)`, `cannot change "extensibility" of the context's account:`},
		{`context.account[Symbol("s")] = 1`, `cannot change "s" of the context's account:`},
		{`const { tags } = context.account; tags.owner = 1`, `cannot change "owner" of the context's account:`},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			r := applyWith(t, `{}`, facts, limits, body(t, fmt.Sprintf(
				`const before = JSON.stringify(context); try { %s; throw new Error("written") } finally { if (JSON.stringify(context) !== before) fail("changed") }`, c.code)))
			require.NotNil(t, r.Fault)
			require.Equal(t, sandbox.Threw, r.Fault.Kind, r.Fault.Message)
			require.Equal(t, "TypeError: "+c.what+" it is read-only; write to the draft, or change a copy", r.Fault.Message)
			require.Equal(t, 2, r.Fault.Place.Line)
		})
	}
}

// TestContextCanBeRead and put into the draft, where it is a copy.
func TestContextCanBeRead(t *testing.T) {
	t.Parallel()
	r := applyWith(t, `{}`, facts, limits, body(t, `
		draft.keys = Object.keys(context);
		draft.all = { ...context };
		draft.copy = structured(context.account);
		draft.sorted = [...context.account.regions, "a"].sort();
		draft.tags = context.account.tags;
		draft.has = ["account" in context, "x" in context, context.x === undefined];
		function structured(o) { return JSON.parse(JSON.stringify(o)) }`),
		body(t, `draft.tags.owner = "b"; draft.all.account.name = "x"`))
	require.JSONEq(t, `{"keys":["account","organization","params"],
		"all":{"account":{"name":"x","tags":{"owner":"a"},"regions":["eu-west-1"]},"organization":{"name":"acme"},"params":{}},
		"copy":{"name":"prod","tags":{"owner":"a"},"regions":["eu-west-1"]},"sorted":["a","eu-west-1"],"tags":{"owner":"b"},"has":[true,false,true]}`,
		outcome(t, `{}`, r))
}

// TestNothingIsLeftBehind: whatever the first hook does to its world, the second finds a new one.
func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	second := body(t, `
		const probe = {};
		for (const key in probe) fail("a key came from a prototype: " + key);
		for (const value of [probe.admin, [].admin, "".admin, (0).admin, (() => 1).admin, Promise.admin, globalThis.saved, Object.admin, JSON.admin, Math.admin, new Map().admin])
			if (value !== undefined) fail("something was left behind: " + value);
		if ([3, 1, 2].sort().join() !== "1,2,3" || [1].map(x => x + 1)[0] !== 2 || JSON.stringify({ a: 1 }) !== '{"a":1}' || Object.keys({ b: 1 })[0] !== "b")
			fail("a built-in function is another");
		if (draft.budget.limit !== 1) fail("the draft: " + JSON.stringify(draft));
		draft.seen = true;`)
	for _, code := range []string{
		`Object.prototype.admin = true`,
		`({}).__proto__.admin = true`,
		`({}).constructor.prototype.admin = true`,
		`Object.defineProperty(Object.prototype, "admin", { get: () => true, enumerable: true })`,
		`Object.defineProperty(Object.prototype, "limit", { set(v) {}, get: () => 5 })`,
		`Object.setPrototypeOf(Object.prototype.constructor, { admin: true })`,
		`Array.prototype.admin = String.prototype.admin = Number.prototype.admin = Function.prototype.admin = true`,
		`Promise.admin = Object.admin = JSON.admin = Math.admin = Map.prototype.admin = true`,
		`[].__proto__.__proto__.admin = true`,
		`Reflect.set(Object.prototype, "admin", true)`,
		`Object.assign(Object.prototype, { admin: true })`,
		`const merge = (a, b) => { for (const k in b) { if (typeof b[k] === "object") { a[k] ??= {}; merge(a[k], b[k]) } else a[k] = b[k] } }; merge({}, JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}'))`,
		`Array.prototype.sort = Array.prototype.map = () => []; JSON.stringify = () => "{}"; Object.keys = () => []`,
		`globalThis.saved = draft; globalThis.Object = globalThis.Array = null`,
		`globalThis.saved = draft.budget; Object.freeze(Object.prototype); Object.freeze(Array.prototype)`,
		`Symbol.prototype.admin = true; globalThis[Symbol.for("shared")] = draft`,
		`const late = draft.budget; Promise.resolve().then(() => 1).then(() => { late.limit = 1 })`,
		`Array.prototype[Symbol.iterator] = function* () {}; Object.prototype.toJSON = () => "x"`,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := apply(t, `{"budget":{"limit":1}}`, body(t, code), second)
			require.JSONEq(t, `{"budget":{"limit":1},"seen":true}`, outcome(t, `{"budget":{"limit":1}}`, r))
		})
	}
}

// TestPollutionReachesNoResult: a prototype that a hook pollutes does not show in its own result either.
func TestPollutionReachesNoResult(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		`Object.prototype.admin = true; draft.budget.limit = 2`,
		`Object.defineProperty(Object.prototype, "limit", { set() {}, configurable: true }); draft.budget.limit = 2`,
		`Object.prototype.get = Object.prototype.value = Object.prototype.writable = 5; draft.budget.limit = 2`,
		`Array.prototype[0] = "x"; draft.budget.limit = 2`,
		`draft.__proto__.admin = true; draft.budget.limit = 2`,
		`draft.budget.__proto__.admin = true; draft.budget.limit = 2`,
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := apply(t, `{"budget":{"limit":1}}`, body(t, code))
			if r.Fault != nil {
				require.Equal(t, sandbox.Threw, r.Fault.Kind, "%+v", r.Fault)
				return
			}
			require.JSONEq(t, `{"budget":{"limit":2}}`, outcome(t, `{"budget":{"limit":1}}`, r))
		})
	}
}

func TestDraftRefuses(t *testing.T) {
	t.Parallel()
	for code, message := range map[string]string{
		`Object.setPrototypeOf(draft.budget, { x: 1 })`:                       "TypeError: the draft is JSON: its objects have no prototypes of their own",
		`draft.budget.__proto__ = { x: 1 }`:                                   "TypeError: the draft is JSON: its objects have no prototypes of their own",
		`draft.__proto__ = { x: 1 }`:                                          "TypeError: the draft has no other prototype than Object.prototype",
		`draft.budget[Symbol("s")] = 1`:                                       "TypeError: the draft is JSON: a key is a text, not a symbol",
		`draft[Symbol("s")] = 1`:                                              "TypeError: the draft is JSON: a key is a text, not a symbol",
		`Object.freeze(draft)`:                                                "TypeError: the draft cannot be frozen: later hooks change it too",
		`Object.defineProperty(draft, "x", { get() {}, configurable: true })`: "TypeError: the keys of the draft are plain values: no getters, nothing hidden, nothing frozen",
		`Object.defineProperty(draft, "x", { value: 1, enumerable: false })`:  "TypeError: the keys of the draft are plain values: no getters, nothing hidden, nothing frozen",
		`Object.freeze(draft.budget); draft.budget.limit = 5`:                 "TypeError: Cannot assign to read only property 'limit'",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			f := faultOf(t, sample, code)
			require.Equal(t, message, f.Message)
			require.Equal(t, 2, f.Place.Line)
		})
	}
}

// TestNoCodeFromText tries every way to a function that makes code.
func TestNoCodeFromText(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{
		`eval("1+1")`,
		`(0, eval)("1+1")`,
		`globalThis.eval("1+1")`,
		`globalThis["ev" + "al"]("1+1")`,
		`eval("1\n//# sourceMappingURL=file:///dev/zero")`,
		`Function("return 1")()`,
		`new Function("return 1")()`,
		`new globalThis.Function("a", "return a")(1)`,
		`(() => {}).constructor("return 1")()`,
		`(function () {}).constructor("return 1")()`,
		`(function* () {}).constructor("yield 1")()`,
		`(async () => {}).constructor("return 1")()`,
		`(async function () {}).constructor("return 1")()`,
		`(class {}).constructor("return 1")()`,
		`Object.getPrototypeOf(function () {}).constructor("return 1")()`,
		`Object.getPrototypeOf(function* () {}).constructor("yield 1")()`,
		`Object.getPrototypeOf(async () => {}).constructor("return 1")()`,
		`Reflect.construct(Function, ["return 1"])()`,
		`Reflect.construct((() => {}).constructor, ["return 1"])()`,
		`Reflect.apply((() => {}).constructor, null, ["return 1"])()`,
		`Function.prototype.constructor("return 1")()`,
		`Object.getOwnPropertyDescriptor(Function.prototype, "constructor").value("return 1")()`,
		`fail.constructor("return 1")()`,
		`console.log.constructor("return 1")()`,
		`[].map.constructor("return 1")()`,
		`Object.constructor("return 1")()`,
		`context.constructor.constructor("return 1")()`,
		`draft.constructor.constructor("return 1")()`,
		`new (class extends Function { constructor() { super("return 1") } })()`,
		`(() => {}).bind().constructor("return 1")()`,
		`Promise.resolve().then.constructor("return 1")()`,
	} {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			f := faultOf(t, `{}`, `let made; try { made = `+expression+` } catch (e) {
				if (!/hooks cannot make code from text|not a constructor/.test(e.message)) throw e;
				throw new Error("refused") }
				throw new Error("made " + made)`)
			require.Equal(t, "refused", f.Message)
		})
	}
	r := apply(t, `{}`, body(t, `draft.x = [typeof Proxy, typeof require, typeof process, (() => 1) instanceof Function, typeof setTimeout, typeof Intl]`))
	require.JSONEq(t, `{"x":["undefined","function","undefined",true,"undefined","undefined"]}`, outcome(t, `{}`, r))
}

// TestHost looks at what there is besides the language.
func TestHost(t *testing.T) {
	t.Parallel()
	r := applyWith(t, `{}`, facts, limits, body(t, `
		console.log("text", 1, true, null, undefined, { a: [1, { b: "c" }], "d-e": () => 1 }, [], {});
		console.debug(10n, Symbol("s"), new Date(0), /re/g, new Error("e"), new Map(), function named() {}, -0, NaN);
		console.warn(draft, context.account.tags);
		console.error("100%", "%s", "a\nb");
		console.info();
		const o = { o: 1 }; o.self = o; console.log(o);
		console.log({ a: { b: { c: { d: { e: { f: { g: 1 } } } } } } });
		console.log(Array.from({ length: 200 }, () => 0));
		warn("careful", { a: 1 });`))
	require.Nil(t, r.Fault, "%v", r.Fault)
	var got []string
	for i, e := range r.Log {
		require.Equal(t, 3+i, e.Place.Line)
		got = append(got, e.Level+" "+e.Message)
	}
	require.Equal(t, `info text 1 true null undefined { a: [1, { b: "c" }], "d-e": [function d-e] } [] {}`, got[0])
	require.Equal(t, `debug 10n Symbol(s) Thu Jan 01 1970 00:00:00 GMT+0000 (UTC) /re/g Error: e Map {} [function named] 0 NaN`, got[1])
	require.Equal(t, `warn {} { owner: "a" }`, got[2])
	require.Equal(t, "error 100% %s a\nb", got[3])
	require.Equal(t, "info ", got[4])
	require.Equal(t, "info { o: 1, self: [circular] }", got[5])
	require.Equal(t, "info { a: { b: { c: { d: { e: { f: … } } } } } }", got[6])
	require.Contains(t, got[7], "0, … 100 more]")
	require.Equal(t, "warn careful { a: 1 }", got[8])
}

// TestSameEverywhere is what could differ from machine to machine or run to run.
func TestSameEverywhere(t *testing.T) {
	t.Parallel()
	r := apply(t, `{}`, body(t, `draft.x = [
		new Date(0).toISOString(), new Date("2024-05-06T07:08:09Z").getTime(), Date.UTC(2024, 1, 2),
		["b", "a", "C", "é", "z"].sort().join(""), ["b", "a", "C", "é", "z"].sort((a, b) => a.localeCompare(b)).join(""),
		Object.keys({ b: 1, a: 2, 1: 3 }).join(""), (1234.5).toString(), (0.000001234).toFixed(8), "ß".toUpperCase(), "İ".toLowerCase().length]`))
	require.JSONEq(t, `{"x":["1970-01-01T00:00:00.000Z",1714979289000,1706832000000,"Cabzé","abCéz","1ba","1234.5","0.00000123","SS",2]}`, outcome(t, `{}`, r))
}
