package source

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files")

// run calls a module as the host does and returns what the hook exports.
func run(t testing.TB, m *Module) (*goja.Runtime, *goja.Object) {
	parsed, err := goja.Parse("hook", m.Code, parser.WithDisableSourceMaps)
	require.NoError(t, err)
	program, err := goja.CompileAST(parsed, true)
	require.NoError(t, err)
	vm := goja.New()
	value, err := vm.RunProgram(program)
	require.NoError(t, err)
	call, ok := goja.AssertFunction(value)
	require.True(t, ok)
	module, exports := vm.NewObject(), vm.NewObject()
	require.NoError(t, module.Set("exports", exports))
	host, err := vm.RunString(`(name) => name === "archipelago" ? { hook: (h) => h, fail: (m) => { throw new Error(m) }, warn() {} } : null`)
	require.NoError(t, err)
	_, err = call(goja.Undefined(), module, exports, host)
	require.NoError(t, err)
	exported := module.Get("exports").ToObject(vm)
	if d := exported.Get("default"); d != nil {
		return vm, d.ToObject(vm)
	}
	return vm, exported
}

// baseline runs the hook's baseline, awaits it, and returns the draft as JSON, or the places of the
// error from the innermost call outwards.
func baseline(t testing.TB, m *Module) (string, []string) {
	vm, hook := run(t, m)
	call, ok := goja.AssertFunction(hook.Get("baseline"))
	require.True(t, ok)
	draft := vm.NewObject()
	result, err := call(hook, draft, vm.NewObject())
	var thrown *goja.Exception
	if errors.As(err, &thrown) {
		var places []string
		for _, frame := range thrown.Stack() {
			at := frame.Position()
			if p, ok := m.Original(at.Line, at.Column); ok {
				places = append(places, p.String())
			}
		}
		return thrown.Value().String(), places
	}
	require.NoError(t, err)
	if promise, ok := result.Export().(*goja.Promise); ok {
		require.Equal(t, goja.PromiseStateFulfilled, promise.State(), "%v", promise.Result())
	}
	text, err := draft.MarshalJSON()
	require.NoError(t, err)
	return string(text), nil
}

func load1(t testing.TB, sources map[string]string, entry string) (*Module, []string) {
	fsys, marks := tree(sources)
	modules, problems := Load(fsys, "hooks", []string{entry})
	require.Empty(t, problems)
	require.Len(t, modules, 1)
	require.Equal(t, entry, modules[0].File)
	return modules[0], marks
}

// What TypeScript and newer JavaScript have works, whether goja has it or not.
func TestFeatures(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"enum", "enum Level { Low, High } draft.x = [Level.High, Level[0]];", `{"x":[1,"Low"]}`},
		{"satisfies and as", "draft.x = { a: 1 } satisfies Record<string, number> as any;", `{"x":{"a":1}}`},
		{"decorator", "const twice = (f: any, c: any) => function (this: any) { return f.call(this) * 2 }; class A { @twice n() { return 21 } } draft.x = new A().n();", `{"x":42}`},
		{"accessor", "class A { accessor n = 1; static #m = 2; static m() { return A.#m } } const a = new A(); a.n++; draft.x = a.n + A.m();", `{"x":4}`},
		{"async generator", "async function* g() { yield 1; yield await Promise.resolve(2) } draft.x = []; for await (const v of g()) draft.x.push(v);", `{"x":[1,2]}`},
		{"parameter property", "class A { constructor(readonly n: number) {} } draft.x = new A(3).n;", `{"x":3}`},
		{"regular expression not ASCII", "draft.x = [\"é日😀\".match(/[日é]/g), \"Ä\".match(/(?<a>ä)/i)?.groups?.a, \"日本\".replace(/(?<=日)本/u, \"\")];", `{"x":[["é","日"],"Ä","日"]}`},
		{"tagged template not ASCII", "draft.x = String.raw`\\日${1}😀`;", `{"x":"\\日1😀"}`},
		{"optional and nullish", "draft.x = draft.y?.z ?? (draft.w ||= 1);", `{"w":1,"x":1}`},
		{"big integers", "draft.x = String(2n ** 70n);", `{"x":"1180591620717411303424"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, _ := load1(t, map[string]string{"hooks/a.ts": hookOf(test.body + " return;")}, "hooks/a.ts")
			got, places := baseline(t, m)
			require.Empty(t, places)
			require.JSONEq(t, test.want, got)
		})
	}
}

func TestNamespacesAndKinds(t *testing.T) {
	fsys := map[string]string{
		"hooks/a.mts":     "import { b } from \"./b.js\"; import c from \"./c.mjs\"; import type { Gone } from \"./gone\"; import { type Hook, Context } from \"archipelago\";\nnamespace N { export const one = 1 }\nexport default { name: \"a\", baseline(draft: Hook & Gone & Context) { draft.x = [b, c, N.one] } };",
		"hooks/b.ts":      "export const b: string = \"b\"",
		"hooks/c.mjs":     "export default \"c\"",
		"hooks/script.js": "const { hook } = require(\"archipelago\"); const d = require(\"./d\");\nmodule.exports = hook({ name: \"script\", baseline(draft) { draft.x = d.d } });",
		"hooks/d.js":      "exports.d = \"d\"",
		"hooks/e.js":      "import { hook } from \"archipelago\"; import { d } from \"./d\"; export default hook({ name: \"e\", baseline(draft) { draft.x = d } })",
		// Modules that import one another.
		"hooks/ring.ts":     "import { pong } from \"./lib/ping\"; export const start = () => 3; export default { name: \"ring\", baseline(draft: any) { draft.x = pong() } }",
		"hooks/lib/ping.ts": "import { start } from \"../ring\"; export function pong() { return start() }",
	}
	for entry, want := range map[string]string{
		"hooks/a.mts": `{"x":["b","c",1]}`, "hooks/script.js": `{"x":"d"}`, "hooks/e.js": `{"x":"d"}`, "hooks/ring.ts": `{"x":3}`,
	} {
		m, _ := load1(t, fsys, entry)
		got, places := baseline(t, m)
		require.Empty(t, places)
		require.JSONEq(t, want, got, entry)
	}
}

// An empty file is a hook without exports; the host says so.
func TestEmptyFile(t *testing.T) {
	for _, text := range []string{"", "\ufeff", "// nothing\r\n"} {
		m, _ := load1(t, map[string]string{"hooks/a.ts": text}, "hooks/a.ts")
		_, hook := run(t, m)
		require.Empty(t, hook.Keys())
	}
}

func TestStackAcrossFiles(t *testing.T) {
	m, marks := load1(t, map[string]string{
		"hooks/a b%é.ts": "type T = { x: 1 };\r\nimport { check } from \"./lib/日\";\r\n\r\nexport default { name: \"a\", baseline(draft: T) {\r\n\tconst s = \"日本😀\" as string; ▸check(s);\r\n} };",
		"hooks/lib/日.ts": "/** é */\ninterface Gone { x: 1 }\n\n/* 😀😀 */ export const check = (s: string): never => { const é = `${s}日`; throw ▸new Error(é) };",
	}, "hooks/a b%é.ts")
	message, places := baseline(t, m)
	require.Equal(t, "Error: 日本😀日", message)
	require.Equal(t, []string{marks[1], marks[0]}, places)
	require.Equal(t, "\tconst s = \"日本😀\" as string; check(s);", m.Excerpt(Position{File: "hooks/a b%é.ts", Line: 5, Column: 1}))
	require.Empty(t, m.Excerpt(Position{File: "hooks/a b%é.ts", Line: 99}))
	require.Empty(t, m.Excerpt(Position{File: "archipelago.yaml", Line: 1}))
}

// goja counts columns in bytes, source maps in UTF-16, authors in characters. Regular expressions and
// raw templates are the only text that is not ASCII in a bundle.
func TestColumnsAfterTextThatIsNotASCII(t *testing.T) {
	m, marks := load1(t, map[string]string{"hooks/a.ts": "export default { name: \"a\", baseline(d: any) { d.x = [/日本😀é/, String.raw`日😀`, /é/]; d.▸y.z() } }"}, "hooks/a.ts")
	_, places := baseline(t, m)
	require.Equal(t, marks, places)
}

func TestOriginalOfNothing(t *testing.T) {
	m, _ := load1(t, map[string]string{"hooks/a.ts": hookOf("")}, "hooks/a.ts")
	for _, at := range [][2]int{{0, 1}, {-1, -1}, {1, 0}, {1, 1}, {1, len(prefix)}, {9999, 1}, {1 << 40, 1 << 40}} {
		_, ok := m.Original(at[0], at[1])
		require.False(t, ok, at)
	}
	require.True(t, strings.HasPrefix(m.Code, "(function(module,exports,require){"))
	require.NotContains(t, m.Code[:len(prefix)], "\n")
}

// A comment in a hook must not make the bundler read files of the machine, nor move positions.
func TestSourceMapComments(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.map")
	require.NoError(t, os.WriteFile(secret, []byte(`{"version":3,"sources":["stolen.ts"],"mappings":"AAAA","names":[]}`), 0o600))
	for _, comment := range []string{
		"//# sourceMappingURL=file://" + secret,
		"//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbInN0b2xlbi50cyJdLCJtYXBwaW5ncyI6IkFBQUEiLCJuYW1lcyI6W119",
		"/*# sourceMappingURL=file:///dev/zero */",
		"//@ sourceMappingURL=file:///dev/zero",
		"{ const s = '//# sourceMappingURL=file:///dev/zero'; if (!s.endsWith('zero')) throw s; }",
	} {
		m, marks := load1(t, map[string]string{"hooks/a.js": comment + "\nexport default { baseline(d) { d.▸y.z() } };\n" + comment}, "hooks/a.js")
		_, places := baseline(t, m)
		require.Equal(t, marks, places, comment)
	}
}

func TestLoadReportsEveryBrokenFile(t *testing.T) {
	fsys, _ := tree(map[string]string{
		"hooks/a.ts": "import { x } from \"./lib/x\"; export default x;", "hooks/b.ts": sound, "hooks/c.ts": "const = 1;\n", "hooks/d.ts": "fetch(); process.exit();\n",
		"hooks/e.ts": "import { x } from \"./lib/x\"; export default x;", "hooks/f.js": "module.exports = {}", "hooks/lib/x.ts": "export const x = setTimeout();",
	})
	modules, problems := Load(fsys, "hooks", []string{"hooks/f.js", "hooks/a.ts", "hooks/c.ts", "hooks/e.ts", "hooks/b.ts", "hooks/d.ts", "hooks/b.ts", "hooks/gone.ts"})
	var names, lines []string
	for _, m := range modules {
		names = append(names, m.File)
	}
	for _, p := range problems {
		lines = append(lines, p.Error())
	}
	require.Equal(t, []string{"hooks/f.js", "hooks/b.ts"}, names)
	require.Equal(t, []string{
		`hooks/b.ts: the hook is listed twice`,
		`hooks/c.ts:1:7: expected identifier but found "="`,
		`hooks/d.ts:1:1: fetch is not available in hooks`,
		`hooks/d.ts:1:10: process is not available in hooks`,
		`hooks/gone.ts: there is no such file`,
		`hooks/lib/x.ts:1:18: setTimeout is not available in hooks`,
	}, lines)
}

// The same bytes come out whatever the working directory, the number of processors and the order.
func TestDeterminism(t *testing.T) {
	fsys, entries := typical(12)
	want, problems := Load(fsys, "hooks", entries)
	require.Empty(t, problems)
	t.Chdir(t.TempDir())
	for _, processors := range []int{1, 2, 8} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
			got, problems := Load(fsys, "hooks", entries)
			require.Empty(t, problems)
			for i := range want {
				require.Equal(t, want[i].Code, got[i].Code)
				p, ok := got[i].Original(12, 7)
				q, _ := want[i].Original(12, 7)
				require.True(t, ok)
				require.Equal(t, q, p)
			}
		}()
	}
}

func TestBundleGolden(t *testing.T) {
	m, _ := load1(t, map[string]string{
		"hooks/a.ts":           "import { hook, fail } from \"archipelago\";\nimport { centers } from \"./lib/centers\";\nexport default hook({\n  name: \"a\",\n  baseline(draft, { account }) {\n    if (!centers[account.name]) fail(\"é\");\n  },\n});\n",
		"hooks/lib/centers.ts": "export const centers: Record<string, number> = { a: 1 };\n",
	}, "hooks/a.ts")
	if *update {
		require.NoError(t, os.WriteFile("testdata/bundle.golden.js", []byte(m.Code+"\n"), 0o644))
	}
	golden, err := os.ReadFile("testdata/bundle.golden.js")
	require.NoError(t, err)
	require.Equal(t, string(golden), m.Code+"\n")
}

// typical makes hooks of about 60 lines that share one file.
func typical(n int) (fstest.MapFS, []string) {
	fsys := fstest.MapFS{"hooks/lib/centers.ts": {Data: []byte("export interface Center { owner: string; limit: number }\nexport const centers: Record<string, Center> = {\n" +
		strings.Repeat("  \"4711\": { owner: \"a@acme.example\", limit: 250 },\n", 1) + "};\nexport function center(tags: Record<string, string>): Center | undefined {\n  return centers[tags[\"cost-center\"] ?? \"\"];\n}\n")}}
	var entries []string
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "import { hook, fail, warn } from \"archipelago\";\nimport { center } from \"./lib/centers\";\n\nexport default hook({\n  name: \"h%d\",\n  match: { tags: { \"cost-center\": \"*\" } },\n  baseline(draft: any, { account }: any) {\n", i)
		for j := range 12 {
			fmt.Fprintf(&b, "    // Rule %d: what the center pays for.\n    const c%d = center(account.tags);\n    if (!c%d) fail(`no center ${account.name}`, { path: \"tags.cost-center\" });\n    if (c%d && c%d.limit > %d) draft.budget = { ...draft.budget, monthlyLimit: c%d.limit * 2 };\n", j, j, j, j, j, j*100, j)
		}
		b.WriteString("    warn(`done ${account.name}`);\n  },\n});\n")
		name := fmt.Sprintf("hooks/h%d.ts", i)
		fsys[name] = &fstest.MapFile{Data: []byte(b.String())}
		entries = append(entries, name)
	}
	return fsys, entries
}

func BenchmarkLoad20(b *testing.B) {
	fsys, entries := typical(20)
	for b.Loop() {
		if _, problems := Load(fsys, "hooks", entries); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
}

func BenchmarkOriginal(b *testing.B) {
	fsys, entries := typical(1)
	modules, _ := Load(fsys, "hooks", entries)
	n := len(lines(modules[0].Code))
	for i := 0; b.Loop(); i++ {
		modules[0].Original(i%n+1, 5)
	}
}

// No text makes Load panic, and whatever it accepts goja accepts.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		sound, hookOf("draft.x = 1"), "", "\xff", "/(/", "`${", "class{", "a=>", "import\"./b\"", "import\"archipelago\"", "export*from'./b'", "//# sourceMappingURL=data:,",
		"with(a){}", "using x=1", "for await(a of b);", "\u2028a", "export default async function*(){yield*a}", "@a class A{@b c}", "enum A{B}", "new RegExp('[','v')", "typeof a", "Math.random()",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, entry := range []string{"hooks/a.ts", "hooks/a.js"} {
			fsys := fstest.MapFS{entry: {Data: []byte(text)}, "hooks/b.ts": {Data: []byte("export const b = 1")}}
			modules, problems := Load(fsys, "hooks", []string{entry})
			require.Equal(t, len(problems) == 0, len(modules) == 1)
			for _, p := range problems {
				require.NotEmpty(t, p.File)
				require.NotContains(t, p.Message, "panic")
			}
			for _, m := range modules {
				parsed, err := goja.Parse("hook", m.Code, parser.WithDisableSourceMaps)
				require.NoError(t, err)
				_, err = goja.CompileAST(parsed, true)
				require.NoError(t, err)
			}
		}
	})
}
