package source

import (
	"testing"

	"github.com/dop251/goja"
	"github.com/stretchr/testify/require"
)

// Words of what hooks lack are fine where they are not that.
func TestLintIsQuiet(t *testing.T) {
	for _, body := range []string{
		"warn(\"process.exit fetch eval setTimeout \\\\p{L}\", 'require(x)', `Intl ${1} using`); // process fetch /\\p{L}/",
		"draft.process = draft.fetch?.window; draft.eval = { process: 1, fetch() {}, get Intl() { return 1 } };",
		"const process = { env: draft }; draft.x = process.env; { const fetch = (x: any) => x; fetch(1) }",
		"function f(process: any, { fetch, Intl: z = fetch }: any, ...window: any[]) { return [process, fetch, z, window, arguments] } f(1, {});",
		"const { process, ...rest } = draft; const [Buffer = 1, , ...URL] = [process, rest]; warn(Buffer, URL);",
		"draft.x = late(); function late() { return later } var later = 1;",
		"if (draft.x) { var hoisted = 1 } warn(hoisted); for (var i = 0, n = 2; i < n; i++) warn(i); warn(i, n);",
		"for (const k in draft) warn(k); for (let [a, { b }] of [] as any[]) warn(a, b); for (let i = 0; ; ) { warn(i); break }",
		"outer: for (;;) { for (;;) { continue outer } }",
		"try { warn() } catch ({ message }: any) { warn(message) } finally { warn() } try { warn() } catch { warn() }",
		"switch (draft.x) { case 1: let y = 1; warn(y); break; default: y = 2; }",
		"class A<T> extends Array { #p = 1; q = this.#p; static s = A.name; static { const t = A; warn(t) } [draft.k]() { return super.at(0) } static get z() { return new.target } } warn(new A<number>());",
		"const f = function fact(n: number): number { return n ? n * fact(n - 1) : 1 }; const C = class K { m() { return K } }; warn(f(3), C);",
		"if (typeof structuredClone === \"function\") draft.x = structuredClone(draft.y);",
		"draft.x = Object.groupBy ? Object.groupBy([1], (x: any) => x) : null;",
		"globalThis.shared = 1; warn(shared);",
		"class Money { toLocaleString(l: string) { return l } } draft.x = new Money().toLocaleString(\"en\");",
		"draft.x = [(5).toLocaleString(), new Date(0).toISOString(), new Date(\"2024-01-01\").getTime(), Date.UTC(2024, 1), Date.parse(\"2024-01-01\")];",
		"draft.x = [/\\\\p{L}/.test(\"a\"), /p{2}/u.test(\"a\"), new RegExp(draft.y, \"g\"), new RegExp(\"a+\", \"gimsuy\"), RegExp(/a/)];",
		"const Math = { random: () => 4 }; const Date = { now: () => 1 }; draft.x = [Math.random(), Date.now()];",
		"enum Process { fetch = \"x\" } draft.x = [Process.fetch, Process[\"fetch\"]];",
		"type fetch = { process: Intl.Locale }; interface Window { x: process } const v: fetch = draft as unknown as fetch; warn(v satisfies fetch);",
		"draft.x = draft instanceof Function || draft instanceof Promise; warn(undefined, NaN, Infinity, globalThis, console, JSON, Reflect);",
		"const using = 1; warn(using); const o = { using, async: 1, of: 2, get: 3, await: 4 }; warn(o);",
		"draft.x = async () => { await null; for await (const x of [1]) warn(x) }; function* g() { const x = yield* [1]; warn(x) } warn(g);",
		"draft.x = (a: any, b = a, { c = b } = {} as any) => a + b + c; warn(((x) => x)(1)); [draft.a, draft.b] = [draft.b, draft.a]; ({ a: draft.a, ...draft.r } = draft);",
		"draft[`k${1}`] ??= 1; draft?.x?.[0]?.(); delete draft.x; void 0; draft.n **= 2; draft.b = 10n; draft.t = String.raw`a${1}`;",
	} {
		t.Run(body, func(t *testing.T) {
			fsys, _ := tree(map[string]string{"hooks/a.ts": hookOf(body)})
			modules, problems := Load(fsys, "hooks", []string{"hooks/a.ts"})
			require.Empty(t, problems)
			require.Len(t, modules, 1)
		})
	}
}

func TestLintIsQuietAboutModules(t *testing.T) {
	load1(t, map[string]string{
		"hooks/a.ts":     "import * as process from \"./lib/x\"; import fetch, { window as Intl } from \"./lib/x\"; declare const gone: string; declare function setTimeout(): void;\nnamespace Buffer { export const URL = 1; export namespace Deep { export const atob = URL } }\nabstract class A { abstract x: number; declare y: typeof gone; constructor(private process = fetch) {} }\nexport default { process, fetch, Intl, Buffer, x: Buffer.Deep.atob, A };",
		"hooks/lib/x.js": "export default 1; export const window = 2; export { window as crypto }; export * from \"./y\"; export * as eval_ from \"./y\";",
		"hooks/lib/y.js": "module.exports.process = typeof process; exports.x = function () { return this === arguments[0] };",
	}, "hooks/a.ts")
}

// Warnings of esbuild that are no certain mistakes are left out.
func TestWarningsLeftOut(t *testing.T) {
	for _, text := range []string{"if (x === -0) ;", "<!-- a comment\n", "/** @jsx h */", "//# sourceMappingURL=x%"} {
		fsys, _ := tree(map[string]string{"hooks/a.js": "var x = 0; " + text + "\nmodule.exports = { x };"})
		_, problems := Load(fsys, "hooks", []string{"hooks/a.js"})
		require.Empty(t, problems, text)
	}
}

// The globals that lint takes for granted are those of goja without what the host takes away.
func TestGlobalsAreThoseOfGoja(t *testing.T) {
	want := map[string]bool{"console": true}
	for _, name := range goja.New().GlobalObject().GetOwnPropertyNames() {
		want[name] = true
	}
	for _, name := range []string{"GoError", "Proxy", "eval"} {
		delete(want, name)
	}
	require.Equal(t, want, globals)
	for name := range globals {
		if name != "Function" {
			require.Empty(t, lacks[name], name)
		}
	}
}

// What lint says is missing is missing.
func TestLacksAreMissingInGoja(t *testing.T) {
	vm := goja.New()
	for _, name := range []string{
		"Object.groupBy", "Map.groupBy", "Array.fromAsync", "Promise.withResolvers", "Promise.try", "RegExp.escape", "Error.captureStackTrace",
		"Symbol.asyncIterator", "Symbol.dispose", "Symbol.asyncDispose", "globalThis.structuredClone", "globalThis.Intl", "globalThis.WeakRef", "globalThis.Iterator",
	} {
		value, err := vm.RunString("typeof " + name)
		require.NoError(t, err)
		require.Equal(t, "undefined", value.String(), name)
	}
	for _, pattern := range []string{`/\p{L}/u.test("a")`, `/\p{Lu}/u.test("A")`} {
		value, err := vm.RunString(pattern)
		require.NoError(t, err)
		require.Equal(t, "false", value.String(), pattern)
	}
}
