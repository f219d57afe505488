package shape

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/tsc"
)

// right are hooks in which an editor must see nothing.
var right = map[string]string{
	"cost-center.ts": `import { hook, fail, warn } from "archipelago";
import { centers, monthly } from "./lib/centers";

export default hook({
  name: "cost-center",
  description: "Budget by cost center",
  match: { tags: { "cost-center": "*" }, unit: ["Workloads/**"], not: { state: "closed" } },
  baseline(draft, { account, organization, path, params }) {
    if (!centers[account.tags["cost-center"]]) {
      fail("unknown cost center", { path: "tags.cost-center", hint: "add it to hooks/lib/centers.ts" });
    }
    const before = draft.budget;
    if (!before) fail("no budget"); // it never returns, and TypeScript knows
    console.info(before.limit);
    draft.budget = { limit: monthly * params.factor };
    draft.budget.actual ??= [];
    draft.budget.actual.push(80);
    (draft.roles ??= {})["read-only"] = { trust: { accounts: ["core/audit"] }, policies: { p: { Statement: [{ Effect: "Allow" }] } } };
    delete draft.roles["old"];
    delete draft.alias;
    if (account.stage === "prod" && draft.budget.limit > 10) draft.stage = account.stage;
    draft.regions = [...path, organization.name];
    draft["x-dashed"] = params.anything.at.all;
    draft.extra = params.list.map((x: string) => x.length);
    warn("changed " + account.name);
    console.log(draft, [1], null);
  },
});
`,
	"lib/centers.ts": `export const monthly = 250;
export const centers: Record<string, { owner: string }> = { a: { owner: "x" } };
`,
	"typed.ts": `import { hook, type Baseline, type Context, type Hook } from "archipelago";

interface Params { limit: number; stages: { name: string }[] }

export const other: Hook = { name: "other", baseline() {} };

export default hook<Params>({
  name: "typed",
  async baseline(draft, { params: { limit, stages } }): Promise<Baseline> {
    await Promise.resolve();
    return { ...draft, budget: { limit: Math.max(limit, stages.length) }, alias: named({ account: { name: stages[0].name } }) };
  },
});

function named(c: { account: Pick<Context["account"], "name"> }): string { return c.account.name; }

hook({ name: "inferred", baseline(_: Baseline, { params }: Context<{ limit: number }>) { params.limit.toFixed(); } });
`,
	"language.mts": `import { hook } from "archipelago";
import { monthly } from "./lib/centers.ts";

class Counter {
  static count = 0;
  #n = 1;
  static { Counter.count = monthly; }
  has(o: object) { return #n in o; }
}

export default hook({
  name: "language",
  match: {},
  async baseline(draft, { account }) {
    async function* numbers() { yield 1; }
    for await (const n of numbers()) console.debug(n);
    const found = [..."a1b2".matchAll(/[a-z](?<digit>\d)/g)].map((m) => m.groups?.digit ?? m[0]);
    const sorted = [3, 1, 2].toSorted().findLast((n) => n > 1) ?? [1].at(-1);
    const tags = Object.fromEntries(Object.entries(account.tags).filter(([name]) => Object.hasOwn(draft, name)));
    const year = new Date(0).getUTCFullYear() + Date.UTC(2020, 1) + new Date("2020-01-01").getTime();
    if (new Counter().has({})) throw new Error("no", { cause: new AggregateError([]) });
    draft.parameters = { ...tags, found: found.join().padStart(3).replaceAll("a", "b"), sorted: String(sorted), year: ` + "`${year}`" + ` };
    draft.share = (5).toLocaleString().length + Math.floor(1_000 ** 2);
  },
});
`,
	"plain.js":   "module.exports = { name: \"plain\", baseline(draft) { draft.anything = setTimeout; } };\n",
	"checked.js": "// @ts-check\nimport { hook } from \"archipelago\";\n\nexport default hook({ name: \"checked\", baseline(draft) { draft.stage = \"prod\"; } });\n",
	"typedef.js": "// @ts-check\n/** @type {import(\"archipelago\").Hook} */\nconst me = { name: \"typedef\", baseline(draft) { draft.stage = \"prod\"; } };\nexport default me;\n",
}

// wrong are mistakes, each of which is the body of a hook's baseline unless it has an import, and what the
// compiler says about its last line: the code, and a part of the message.
var wrong = []struct{ name, body, code, message string }{
	{"misspelt field", `draft.budgt = { limit: 1 };`, "TS2551", "Did you mean 'budget'?"},
	{"misspelt field in a literal", `draft.budget = { limt: 1 };`, "TS2561", "Did you mean to write 'limit'?"},
	{"wrong value", `draft.stage = "production";`, "TS2322", `is not assignable to type 'Stage | undefined'`},
	{"wrong value in a list", `draft.stages = ["dev", "live"];`, "TS2322", `Type '"live"' is not assignable to type 'Stage'`},
	{"text for a number", `draft.budget = { limit: "250" };`, "TS2322", "Type 'string' is not assignable to type 'number'"},
	{"null", `draft.budget = null;`, "TS2322", "Type 'null' is not assignable"},
	{"needed field", `draft.budget = {};`, "TS2741", "Property 'limit' is missing"},
	{"field that may be absent", `draft.budget.limit = 1;`, "TS18048", "'draft.budget' is possibly 'undefined'"},
	{"delete of a needed field", "if (draft.budget)\ndelete draft.budget.limit;", "TS2790", "must be optional"},
	{"write to the context", `context.account.name = "x";`, "TS2540", "read-only property"},
	{"write to a tag", `context.account.tags["a"] = "x";`, "TS2542", "only permits reading"},
	{"write to a list of the context", `context.path.push("x");`, "TS2339", "'push' does not exist on type 'readonly string[]'"},
	{"write to a type of both", `context.account.budget!.actual = [];`, "TS2540", "read-only property"},
	{"context into the draft", `draft.budget = context.account.budget;`, "TS2322", "'readonly' and cannot be assigned to the mutable type"},
	{"write to params", `context.params["a"] = 1;`, "TS2542", "only permits reading"},
	{"unknown fact", `context.stack;`, "TS2339", "Property 'stack' does not exist"},
	{"unknown account field", `context.account.nmae;`, "TS2339", "Property 'nmae' does not exist on type 'Account'"},
	{"fail without a reason", `fail();`, "TS2554", "Expected 1-2 arguments"},
	{"fail about something else", `fail("x", { line: 1 });`, "TS2353", "'line' does not exist in type 'About'"},
	{"unknown import", "import { skip } from \"archipelago\";", "TS2305", "has no exported member 'skip'"},
	{"node module", "import { readFileSync } from \"fs\";", "TS2307", "Cannot find module 'fs'"},
	{"package", "import _ from \"lodash\";", "TS2307", "Cannot find module 'lodash'"},
	{"missing file", "import { x } from \"./missing\";", "TS2307", "Cannot find module './missing'"},
	{"require", `require("fs");`, "TS2591", "Cannot find name 'require'"},
	{"import()", `import("./lib/centers");`, "TS1323", "Dynamic imports are only supported"},
	{"import.meta", `import.meta;`, "TS1343", "'import.meta' meta-property is only allowed"},
	{"top-level await", "import \"archipelago\";\nawait Promise.resolve();", "TS1378", "Top-level 'await'"},
	{"using", `using x = { close() {} };`, "TS2850", "'using' declaration"},
	{"await using", `await using x = { close() {} };`, "TS2851", "'await using' declaration"},
	{"setTimeout", `setTimeout(() => {}, 1);`, "TS2304", "Cannot find name 'setTimeout'"},
	{"queueMicrotask", `queueMicrotask(() => {});`, "TS2304", "Cannot find name"},
	{"fetch", `fetch("https://example.com");`, "TS2304", "Cannot find name 'fetch'"},
	{"structuredClone", `structuredClone(draft);`, "TS2304", "Cannot find name 'structuredClone'"},
	{"process", `process.env;`, "TS2591", "Cannot find name 'process'"},
	{"Buffer", `Buffer.from("a");`, "TS2591", "Cannot find name 'Buffer'"},
	{"URL", `new URL("a");`, "TS2304", "Cannot find name 'URL'"},
	{"TextEncoder", `new TextEncoder();`, "TS2304", "Cannot find name"},
	{"window", `window.x;`, "TS2304", "Cannot find name 'window'"},
	{"document", `document.x;`, "TS2584", "Cannot find name 'document'"},
	{"a global by another way", `globalThis.setTimeout;`, "TS7017", "typeof globalThis"},
	{"console.table", `console.table([]);`, "TS2339", "Property 'table' does not exist"},
	{"WeakRef", `new WeakRef({});`, "TS2304", "Cannot find name 'WeakRef'"},
	{"FinalizationRegistry", `new FinalizationRegistry(() => {});`, "TS2304", "Cannot find name"},
	{"SharedArrayBuffer", `new SharedArrayBuffer(1);`, "TS2583", "Cannot find name"},
	{"Atomics", `Atomics.add;`, "TS2583", "Cannot find name"},
	{"BigInt", `BigInt(1);`, "TS2583", "Cannot find name 'BigInt'"},
	{"Temporal", `Temporal.Now;`, "TS2304", "Cannot find name"},
	{"Object.groupBy", `Object.groupBy([1], () => "a");`, "TS2550", "'groupBy' does not exist"},
	{"Promise.withResolvers", `Promise.withResolvers();`, "TS2550", "'withResolvers' does not exist"},
	{"Array.fromAsync", `Array.fromAsync([]);`, "TS2550", "'fromAsync' does not exist"},
	{"iterator helpers", `[1].values().map(Number);`, "TS2339", "'map' does not exist"},
	{"isWellFormed", `"a".isWellFormed();`, "TS2550", "'isWellFormed' does not exist"},
	{"RegExp.escape", `RegExp.escape("a");`, "TS2339", "'escape' does not exist"},
	{"flag v", `/a/v;`, "TS1501", "only available when targeting 'es2024'"},
	{"flag d", `/a/d;`, "TS1501", "only available when targeting 'es2022'"},
	{"randomness", `draft.share = Math.random();`, "TS2322", "Hooks have no randomness."},
	{"randomness in a sum", `draft.share = Math.random() * 2;`, "TS2362", "must be of type"},
	{"clock", `draft.share = Date.now();`, "TS2322", "Hooks have no clock."},
	{"clock as a date", `new Date().getUTCFullYear();`, "TS2339", "Hooks have no clock."},
	{"locale of a number", `draft.alias = (1).toLocaleString("de");`, "TS2322", "Hooks have no locales."},
	{"Intl.NumberFormat", `new Intl.NumberFormat("de").format(1);`, "TS2339", "Hooks have no locales."},
	{"Intl.DateTimeFormat", `Intl.DateTimeFormat().format();`, "TS2339", "Hooks have no locales."},
	{"Intl.Collator", `new Intl.Collator().compare("a", "b");`, "TS2339", "Hooks have no locales."},
	{"Intl.PluralRules", `new Intl.PluralRules();`, "TS2550", "PluralRules"},
	{"no baseline", "import { hook } from \"archipelago\";\nhook({ name: \"x\" });", "TS2345", "Property 'baseline' is missing"},
	{"no name", "import { hook } from \"archipelago\";\nhook({ baseline() {} });", "TS2345", "Property 'name' is missing"},
	{"unknown field of a hook", "import { hook } from \"archipelago\";\nhook({ name: \"x\", when: true, baseline() {} });", "TS2353", "'when' does not exist in type 'Hook<Params>'"},
	{"unknown match field", "import { hook } from \"archipelago\";\nhook({ name: \"x\", match: { ou: \"a\" }, baseline() {} });", "TS2353", "'ou' does not exist in type 'Match'"},
	{"wrong match", "import { hook } from \"archipelago\";\nhook({ name: \"x\", match: { tags: { a: 1 } }, baseline() {} });", "TS2322", "is not assignable to type 'Patterns'"},
	{"function as match", "import { hook } from \"archipelago\";\nhook({ name: \"x\", match: () => true, baseline() {} });", "TS2559", "no properties in common with type 'Match'"},
	{"text as result", "import { hook } from \"archipelago\";\nhook({ name: \"x\", baseline() { return \"x\"; } });", "TS2322", "is not assignable to type"},
	{"param of another type", "import { hook } from \"archipelago\";\nhook<{ limit: number }>({ name: \"x\", baseline(_, { params }) { params.limit.toUpperCase(); } });", "TS2339", "'toUpperCase' does not exist on type 'number'"},
	{"misspelt param", "import { hook } from \"archipelago\";\nhook<{ limit: number }>({ name: \"x\", baseline(_, { params }) { params.limt; } });", "TS2551", "Did you mean 'limit'?"},
	{"write to a typed param", "import { hook } from \"archipelago\";\nhook<{ a: { b: number[] } }>({ name: \"x\", baseline(_, { params }) { params.a.b.push(1); } });", "TS2339", "'push' does not exist on type 'readonly number[]'"},
	{"params that are no object", "import { hook } from \"archipelago\";\nhook<string>({ name: \"x\", baseline() {} });", "TS2344", "does not satisfy the constraint 'object'"},
}

// file is a wrong case as a file; its last line is the mistake.
func file(body string) string {
	if strings.HasPrefix(body, "import ") {
		return body + "\nexport {};\n"
	}
	head := "import { hook, fail } from \"archipelago\";\nexport default hook({ name: \"x\", async baseline(draft, context) {\nvoid fail;\n"
	return head + body + "\n}});\n"
}

// lastLine is where the mistake of a case is.
func lastLine(body string) int {
	if strings.HasPrefix(body, "import ") {
		return 1 + strings.Count(body, "\n")
	}
	return 4 + strings.Count(body, "\n")
}

func TestWhatTypeScriptSays(t *testing.T) {
	t.Parallel()
	files := maps.Clone(right)
	files["archipelago.d.ts"], files["tsconfig.json"] = declarations(t), Tsconfig()
	files["checked-wrong.js"] = strings.Replace(right["checked.js"], `"prod"`, `"production"`, 1)
	for i, c := range wrong {
		files[fmt.Sprintf("wrong-%02d.ts", i)] = file(c.body)
	}
	found := map[string][]tsc.Diagnostic{}
	for _, d := range tsc.Check(t, files) {
		found[d.File] = append(found[d.File], d)
	}
	for name := range right {
		require.Empty(t, found[name], name)
	}
	require.Empty(t, found["archipelago.d.ts"])
	require.Len(t, found["checked-wrong.js"], 1)
	require.Empty(t, found[""], "errors about no file")
	for i, c := range wrong {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := found[fmt.Sprintf("wrong-%02d.ts", i)]
			require.Len(t, got, 1)
			require.Equal(t, lastLine(c.body), got[0].Line, got[0])
			require.Equal(t, c.code, got[0].Code, got[0])
			require.Contains(t, got[0].Message, c.message)
		})
	}
}
