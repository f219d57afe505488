package source

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Each body is that of a baseline, after other lines and in a file that imports; the mark is where the
// problem is wanted.
func TestProblemsInABaseline(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		// Syntax.
		{"missing bracket", "if (x ▸{", `expected ")" but found "{"`},
		{"unterminated string", "const s = \"日本😀▸", `unterminated string literal`},
		{"unterminated template", "const s = `abc", `unterminated string literal`},
		{"await outside of async", "function f() { ▸await 1 } f();", `"await" can only be used inside an "async" function`},
		{"const twice", "const ok = 1; const ▸ok = 2;", `the symbol "ok" has already been declared`},
		{"bad type", "const x: ▸= 1;", `unexpected "="`},
		{"with", "▸with (draft) {}", `with statements cannot be used in an ECMAScript module`},
		{"octal", "draft.x = ▸010;", `legacy octal literals cannot be used in an ECMAScript module`},
		// Certain mistakes.
		{"const assigned", "const c = 1; ▸c = 2; warn(c);", `cannot assign to "c" because it is a constant`},
		{"import assigned", "▸warn = 1;", `cannot assign to import "warn" | declare a variable of your own`},
		{"NaN", "const é = \"日本😀\"; if (draft.x ▸=== NaN) fail(é);", `comparison with NaN using the "===" operator here is always false | use Number.isNaN(…)`},
		{"new object", "if (draft.x ▸=== []) fail();", `comparison using the "===" operator here is always false | compare the contents, such as length === 0`},
		{"duplicate key", "draft.x = { a: 1, ▸a: 2 };", `duplicate key "a" in object literal`},
		{"duplicate case", "switch (draft.x) { case 1: break; ▸case 1: break; }", `this case clause will never be evaluated because it duplicates an earlier case clause`},
		{"typeof", "if (typeof draft.x === ▸\"nil\") fail();", `the "typeof" operator will never evaluate to "nil"`},
		{"negated in", "if (▸!draft in account) fail();", `suspicious use of the "!" operator inside the "in" operator | the code "!x in y" is parsed as "(!x) in y". You need to insert parentheses to get "!(x in y)" instead`},
		{"always left", "draft.x = {} ▸?? 1;", `the "??" operator here will always return the left operand`},
		{"return alone", "if (draft.x) {return▸\n draft }", `the following expression is not returned because of an automatically-inserted semicolon | begin the expression on the line of return`},
		{"delete super", "class A { m() { delete ▸super.x } } new A();", `attempting to delete a property of "super" will throw a ReferenceError`},
		{"module in a module", "▸module.exports = draft;", `a file that uses import or export has neither module nor exports | use either export default or module.exports, and import or require alike`},
		// What hooks do not have.
		{"import.meta", "warn(▸import.meta.url);", `import.meta is not available in hooks | a hook has no address`},
		{"dynamic import", "const m = await import(▸\"./lib/x\");", `import() is not available in hooks | use an import statement at the top of the file`},
		{"dynamic import of a variable", "const m = await ▸import(draft.x);", `import() is not available in hooks | use an import statement at the top of the file`},
		{"require of a variable", "▸require(draft.x);", `require takes "archipelago" or the path of a file next to the hook, written as a string | use an import statement at the top of the file`},
		{"require passed on", "warn(▸require);", `require takes "archipelago" or the path of a file next to the hook, written as a string | use an import statement at the top of the file`},
		{"require of a variable in try", "try { ▸require(draft.x) } catch {}", `require takes "archipelago" or the path of a file next to the hook, written as a string | use an import statement at the top of the file`},
		{"require.resolve", "require.resolve(▸\"./lib/x\");", `require takes "archipelago" or the path of a file next to the hook, written as a string | use an import statement at the top of the file`},
		{"timers", "const s = \"日本😀\"; ▸setTimeout(() => s, 10);", `setTimeout is not available in hooks | hooks have no timers; what baseline awaits must settle by itself`},
		{"network", "const r = await ▸fetch(\"https://example.com\");", `fetch is not available in hooks | hooks have no network; put data into params in the YAML, or into a file next to the hook`},
		{"environment", "draft.x = ▸process.env.HOME;", `process is not available in hooks | hooks see neither environment nor arguments; put data into params in the YAML`},
		{"Buffer", "draft.x = ▸Buffer.from(\"x\");", `Buffer is not available in hooks | hooks do not run in Node.js`},
		{"structuredClone", "draft.x = ▸structuredClone(draft.y);", `structuredClone is not available in hooks | copy with { ...value } or JSON.parse(JSON.stringify(value))`},
		{"Intl", "draft.x = new ▸Intl.NumberFormat(\"en\");", `Intl is not available in hooks | hooks know no languages or places; write the format out, so that every machine gives the same text`},
		{"toLocaleString", "draft.x = ▸draft.y.toLocaleString(\"en-US\");", `toLocaleString is not available in hooks | hooks know no languages or places; write the format out, so that every machine gives the same text`},
		{"toLocaleDateString", "draft.x = ▸new Date(0).toLocaleDateString(\"en-US\");", `toLocaleDateString is not available in hooks | hooks know no languages or places; write the format out, so that every machine gives the same text`},
		{"Object.groupBy", "draft.x = ▸Object.groupBy([1], (v) => v);", `Object.groupBy is not available in hooks | use a loop, or reduce`},
		{"Promise.withResolvers", "draft.x = ▸Promise.withResolvers();", `Promise.withResolvers is not available in hooks | use new Promise(…)`},
		{"Symbol.asyncIterator", "draft.x = { async *[▸Symbol.asyncIterator]() {} };", `Symbol.asyncIterator is not available in hooks | write an async generator function instead`},
		{"Symbol.asyncIterator of a value", "draft.x[▸Symbol.asyncIterator]();", `Symbol.asyncIterator is not available in hooks | write an async generator function instead`},
		{"using", "{ const é = \"😀\"; ▸using x = draft.y; warn(x, é) }", `using is not available in hooks | use try and finally`},
		{"await using", "{ await ▸using x = draft.y; warn(x) }", `using is not available in hooks | use try and finally`},
		{"eval", "draft.x = ▸eval(\"1\");", `eval is not available in hooks | code cannot be made from text`},
		{"Function", "draft.x = ▸new Function(\"return 1\")();", `Function is not available in hooks | code cannot be made from text`},
		{"Function called", "draft.x = ▸Function(\"return 1\")();", `Function is not available in hooks | code cannot be made from text`},
		{"Proxy", "draft.x = new ▸Proxy({}, {});", `Proxy is not available in hooks | write get and set accessors, or a class`},
		{"clock", "draft.x = ▸Date.now();", `Date.now is not available in hooks | the same input must give the same result; put a date into params in the YAML`},
		{"new Date", "draft.x = ▸new Date();", `the current date is not available in hooks | the same input must give the same result; put a date into params in the YAML`},
		{"Date as a function", "draft.x = ▸Date();", `the current date is not available in hooks | the same input must give the same result; put a date into params in the YAML`},
		{"random", "draft.x = ▸Math.random();", `Math.random is not available in hooks | the same input must give the same result; derive the value from the account's name or id`},
		{"crypto", "draft.x = ▸crypto.randomUUID();", `crypto is not available in hooks | the same input must give the same result; derive the value from the account's name or id`},
		{"URL", "draft.x = new ▸URL(\"https://example.com\");", `URL is not available in hooks | hooks have the language's own library only`},
		{"window", "draft.x = ▸window.x;", `window is not available in hooks | hooks do not run in a browser`},
		{"undeclared", "const center = 1; draft.x = ▸centre + center;", `centre is not declared | did you mean "center"?`},
		{"undeclared out of its block", "{ const inner = 1; warn(inner) } draft.x = ▸inner;", `inner is not declared`},
		{"undeclared assigned", "▸total = 1;", `total is not declared`},
		{"undeclared in a template", "draft.x = `日本 ${▸acount.name}`;", `acount is not declared | did you mean "account"?`},
		{"undeclared in a class", "class A { x = ▸y; static { warn(1) } } new A();", `y is not declared`},
		{"undeclared parameter", "const f = ({ a: b }, [c = b]) => ▸a + c; f({}, []);", `a is not declared`},
		{"undeclared after catch", "try { warn() } catch (problem) { fail(problem) } warn(▸problem);", `problem is not declared`},
		{"undeclared after a loop", "for (const one of []) { warn(one) } warn(▸one);", `one is not declared`},
		{"undeclared but for a type", "declare const company: string; warn(▸company);", `company is not declared`},
		{"regular expression flag d", "draft.x = ▸/a/d.exec(\"a\");", `the flag d of regular expressions is not available in hooks | the index of a match and the lengths of its groups tell where they are`},
		{"regular expression flag v", "draft.x = ▸/[a--b]/v.exec(\"a\");", `the flag v of regular expressions is not available in hooks | use the flag u, and list the characters`},
		{"regular expression property", "draft.x = ▸/^\\p{L}+$/u.test(\"a\");", `\p{…} never matches in hooks | list the characters instead, such as [A-Za-zÀ-ÿ]`},
		{"regular expression property from text", "draft.x = ▸new RegExp(\"\\\\p{L}\", \"u\").test(\"a\");", `\p{…} never matches in hooks | list the characters instead, such as [A-Za-zÀ-ÿ]`},
		{"regular expression unclosed", "draft.x = ▸/(a/.test(\"a\");", `bad regular expression: unterminated group`},
		{"regular expression unclosed, not ASCII", "draft.x = /日本😀/; draft.y = ▸/(a/.test(\"a\");", `bad regular expression: unterminated group`},
		{"regular expression flag unknown", "draft.x = /a/▸q.test(\"a\");", `syntax error "q"`},
		{"regular expression from text", "draft.x = ▸RegExp(\"[\");", `bad regular expression: unterminated character class`},
	} {
		t.Run(test.name, func(t *testing.T) {
			fsys, marks := tree(map[string]string{"hooks/a.ts": hookOf(test.body), "hooks/lib/x.ts": "export const x = 1"})
			modules, problems := Load(fsys, "hooks", []string{"hooks/a.ts"})
			require.Empty(t, modules)
			require.Len(t, problems, 1)
			if len(marks) > 0 {
				require.Equal(t, marks[0], problems[0].String())
			}
			require.Equal(t, test.want, describe(problems[0]))
		})
	}
}
