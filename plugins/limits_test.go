package plugins_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins"
)

// slow is how something ends that takes much time, much memory or both, in one call or many.
var slow = []plugins.Kind{plugins.TimedOut, plugins.OutOfMemory, plugins.Stuck}

// hungry are bodies that no limit inside of a process survives, or that run into one. Each must end in
// one of the kinds; which one depends on the machine where there are several.
var hungry = []struct {
	name, code string
	kinds      []plugins.Kind
}{
	{"endless loop", `while (true) {}`, []plugins.Kind{plugins.TimedOut}},
	{"nested try and finally", `for (;;) { try { for (;;) {} } finally { for (;;) {} } }`, []plugins.Kind{plugins.TimedOut}},
	{"promise loop", `const f = () => Promise.resolve().then(f); return f()`, []plugins.Kind{plugins.TimedOut}},
	{"growing map", `const m = new Map(); for (let i = 0;; i++) m.set(i, "x" + i)`, slow},
	{"growing list", `const a = []; for (;;) a.push(new Array(1e6))`, slow},
	{"growing filled list", `const a = []; for (;;) a.push(new Array(1e6).fill(0))`, slow},
	{"doubling text", `let s = "x"; for (let i = 0; i < 40; i++) s += s; draft.x = s.length`, slow},
	{"repeat", `"x".repeat(2 ** 30)`, slow},
	{"padStart", `"x".padStart(2 ** 30)`, slow},
	{"repeat beyond all memory", `"x".repeat(2 ** 40)`, slow},
	{"repeat beyond all addresses", `"xxxx".repeat(2 ** 52)`, append([]plugins.Kind{plugins.Threw}, slow...)},
	{"typed array", `new Uint8Array(2 ** 33)`, slow},
	{"array buffer", `new ArrayBuffer(2 ** 40)`, slow},
	{"apply", `Math.max.apply(null, { length: 2 ** 31 })`, slow},
	{"sparse sort", `const a = []; a[4294967294] = 1; a.sort()`, slow},
	{"fill", `new Array(2 ** 31).fill(0)`, slow},
	{"Array.from", `Array.from({ length: 2 ** 31 })`, slow},
	{"join", `new Array(2 ** 28).join("xxxx")`, slow},
	{"spread", `Math.max(...new Array(1e8))`, slow},
	{"sparse forEach", `const a = []; a[4294967294] = 1; a.forEach(() => {})`, []plugins.Kind{plugins.Stuck}},
	{"sparse indexOf", `const a = []; a[4294967294] = 1; a.indexOf(2)`, []plugins.Kind{plugins.Stuck}},
	{"BigInt power", `const n = 2n; n ** (n ** 34n)`, []plugins.Kind{plugins.OutOfMemory, plugins.Stuck, plugins.Threw}},
	{"BigInt product", `let n = 3n ** 1000000n; for (;;) n *= n`, slow},
	{"replace", `"x".repeat(100000).replace(/x/g, "$&".repeat(50000)).length`, slow},
	{"backreference", `/^(a|aa)+\1$/.test("a".repeat(60) + "b")`, []plugins.Kind{plugins.TimedOut, plugins.Stuck}},
	{"lookahead", `/^(?!z)(([a-z])+.)+[A-Z]([a-z])+$/.test("a".repeat(60))`, []plugins.Kind{plugins.TimedOut, plugins.Stuck}},
	{"recursion", `const f = () => f(); f()`, []plugins.Kind{plugins.TooDeep}},
	{"recursion through map", `const f = () => [1].map(f); f()`, []plugins.Kind{plugins.TooDeep}},
	{"recursion through a getter", `const o = { get x() { return o.x } }; o.x`, []plugins.Kind{plugins.TooDeep}},
	{"recursion through toString", `const o = { toString() { return "" + o } }; "" + o`, []plugins.Kind{plugins.TooDeep}},
	{"cyclic flat", `const a = []; a[0] = a; a.flat(Infinity)`, []plugins.Kind{plugins.TooDeep, plugins.OutOfMemory, plugins.TimedOut, plugins.Stuck}},
	{"deep JSON", `JSON.parse("[".repeat(5e6))`, []plugins.Kind{plugins.TooDeep, plugins.Threw, plugins.OutOfMemory, plugins.TimedOut, plugins.Stuck}},
	{"deep stringify", `let o = {}; for (let i = 0; i < 100000; i++) o = { o }; JSON.stringify(o)`, []plugins.Kind{plugins.Stuck, plugins.TooDeep, plugins.OutOfMemory, plugins.TimedOut}},
	{"deep draft", `let o = {}; for (let i = 0; i < 1000; i++) o = { o }; draft.x = o`, []plugins.Kind{plugins.BadResult}},
	{"huge draft", `draft.x = new Array(70000).fill("twenty characters...")`, []plugins.Kind{plugins.BadResult}},
	{"endless log", `for (;;) console.log("x".repeat(1000))`, []plugins.Kind{plugins.LogOverflow}},
	{"eval with a source map", "const e = globalThis[\"ev\" + \"al\"]; e(\"1\\n//# source\" + \"MappingURL=file:///dev/zero\")", []plugins.Kind{plugins.Threw}},
	{"never settles", `return new Promise(() => {})`, []plugins.Kind{plugins.BadResult}},
}

// TestLimits runs every hungry hook on one account between others. It ends in an error that names hook,
// account and, where JavaScript can know it, the line; the other accounts do not notice.
func TestLimits(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || raced {
		t.Skip("what ends a process that allocates too much is the business of the system")
	}
	content := map[string]string{"good.js": hookFile("good", `draft.done = context.account.name`)}
	for i, h := range hungry {
		name := "h" + string(rune('a'+i/10)) + string(rune('0'+i%10))
		content[name+".js"] = hookFile(name, h.code)
	}
	s := load(t, plugins.Options{Timeout: 500 * time.Millisecond, Memory: 256 << 20, Workers: 2}, content)
	good := func(name string) plugins.Account {
		return plugins.Account{Name: name, Context: parts(t, `{"account":{"name":"`+name+`"}}`), Uses: uses("good.js")}
	}
	var accounts []plugins.Account
	for i, h := range hungry {
		name := "h" + string(rune('a'+i/10)) + string(rune('0'+i%10)) + ".js"
		a := good("bad " + h.name)
		a.Uses = uses("good.js", name, "good.js")
		accounts = append(accounts, a, good("after "+h.name))
	}
	results, err := s.Run(context.Background(), accounts)
	require.NoError(t, err)
	for i, h := range hungry {
		t.Run(h.name, func(t *testing.T) {
			e := results[2*i].Err
			require.NotNil(t, e)
			t.Logf("%s: %s\n%s\nhint: %s (%v)", e.Kind, e, e.Excerpt, e.Hint, results[2*i].Times)
			require.Contains(t, h.kinds, e.Kind, "%s: %s (%s)", e.Kind, e, e.Hint)
			require.Equal(t, "bad "+h.name, e.Account)
			require.Equal(t, accounts[2*i].Uses[1].File, e.Hook)
			require.True(t, strings.HasPrefix(e.Error(), e.Hook+":"), e.Error())
			require.Len(t, results[2*i].Times, 2)
			require.Empty(t, results[2*i].Changed)
			require.Nil(t, results[2*i+1].Err)
			require.Equal(t, `"after `+h.name+`"`, string(results[2*i+1].Changed["done"]))
		})
	}
}

// TestLimitsAtLoad: the top level of a file runs under the same limits.
func TestLimitsAtLoad(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" || raced {
		t.Skip("what ends a process that allocates too much is the business of the system")
	}
	fsys, names := files(map[string]string{
		"folded.ts": "export default 2n ** (2n ** 34n)", // computed by the compiler
		"good.ts":   hookFile("good", ""),
		"memory.ts": "export default new Uint8Array(2 ** 40)",
		"stack.ts":  "const a: unknown[] = [];\na[0] = a;\nexport default a.flat(Infinity)",
		"stuck.ts":  "const a: number[] = [];\na[4294967294] = 1;\nexport default a.indexOf(2)",
	})
	s, errs, err := plugins.Load(context.Background(), fsys, "hooks", names, plugins.Options{Timeout: 500 * time.Millisecond})
	require.NoError(t, err)
	defer s.Close()
	require.Len(t, s.Hooks(), 1)
	require.Len(t, errs, 4)
	require.Contains(t, slow, errs[0].Kind, errs[0])
	// Running out of stack takes a while on a busy machine, and may end otherwise there.
	require.Contains(t, append([]plugins.Kind{plugins.TooDeep}, slow...), errs[2].Kind, errs[2])
	errs = []*plugins.Error{errs[1], errs[3]}
	for i, want := range []struct {
		kind plugins.Kind
		text string
	}{
		{plugins.OutOfMemory, "hooks/memory.ts: while the file was loaded: used more than 512 MiB of memory"},
		{plugins.Stuck, "hooks/stuck.ts: while the file was loaded: took longer than 500ms and did not stop: one call of Array.prototype.indexOf went on"},
	} {
		require.Equal(t, want.kind, errs[i].Kind)
		require.Equal(t, want.text, errs[i].Error())
	}
}
