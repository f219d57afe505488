package sandbox_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const sample = `{
	"budget": {"limit": 100, "thresholds": [80, 100], "notify": {"email": "a@b.example"}},
	"regions": ["eu-west-1", "eu-central-1"],
	"roles": {"admin": {"trust": ["1"], "session": 1}, "read-only": {"trust": [], "session": 2}},
	"list": [{"name": "a", "n": 3}, {"name": "b", "n": 1}, {"name": "c", "n": 2}],
	"text": "hello", "flag": false, "nothing": null, "zero": 0, "empty": {}, "none": []
}`

// alike are function bodies that must do the same to a draft and to a plain object: the same result,
// and the same object with its keys in the same order.
var alike = []string{
	// Reading.
	`return draft.budget.limit`,
	`return draft.missing`,
	`return draft?.missing?.deeper ?? "default"`,
	`return [draft.text, draft.flag, draft.nothing, draft.zero]`,
	`return typeof draft + typeof draft.budget + typeof draft.regions + typeof draft.missing`,
	`return draft.budget === draft.budget`,
	`return draft.list[0] === draft.list.at(0)`,
	`return Object.keys(draft)`,
	`return Object.keys(draft.budget)`,
	`return Object.entries(draft)`,
	`return Object.values(draft.roles)`,
	`return Object.entries(draft.roles).map(([k, v]) => k + v.session)`,
	`const out = []; for (const k in draft) out.push(k); return out`,
	`const out = []; for (const k in draft.roles) out.push(k); return out`,
	`const out = []; for (const x of draft.list) out.push(x.name); return out`,
	`const out = []; for (const [i, x] of draft.list.entries()) out.push(i, x); return out`,
	`return "budget" in draft && !("missing" in draft) && "toString" in draft`,
	`return "limit" in draft.budget && !("x" in draft.budget)`,
	`return draft.hasOwnProperty("budget") && Object.hasOwn(draft, "budget") && !Object.hasOwn(draft, "toString")`,
	`return Object.hasOwn(draft.budget, "limit") && !Object.hasOwn(draft.budget, "x")`,
	`return JSON.stringify(draft)`,
	`return JSON.stringify(draft.list, null, 2)`,
	`return JSON.stringify(draft, ["budget", "limit"])`,
	`return { ...draft }`,
	`return { ...draft.budget, limit: 1 }`,
	`return [...draft.regions, "x"]`,
	`const { budget: { limit, ...rest }, ...others } = draft; return [limit, rest, others]`,
	`const [first, ...rest] = draft.regions; return [first, rest]`,
	`return Array.isArray(draft.regions) && !Array.isArray(draft.budget) && !Array.isArray(draft)`,
	`return draft.regions instanceof Array && draft.budget instanceof Object && draft instanceof Object`,
	`return Object.prototype.toString.call(draft.regions) + Object.prototype.toString.call(draft)`,
	`return String(draft.regions) + draft.budget + draft.regions.join("+")`,
	`return Object.getPrototypeOf(draft) === Object.prototype && Object.getPrototypeOf(draft.regions) === Array.prototype`,
	`return draft.constructor === Object && draft.regions.constructor === Array`,
	`return Object.getOwnPropertyNames(draft).concat(Object.getOwnPropertyNames(draft.regions))`,
	`return Reflect.ownKeys(draft)`,
	`return Object.getOwnPropertyDescriptor(draft, "text")`,
	`return Object.getOwnPropertyDescriptor(draft.budget, "limit")`,
	`return Object.getOwnPropertyDescriptor(draft, "missing") === undefined`,
	`return Object.getOwnPropertyDescriptors(draft.roles.admin)`,
	`return Object.isExtensible(draft) && Object.isExtensible(draft.budget) && !Object.isFrozen(draft) && !Object.isSealed(draft.budget)`,
	`return Object.fromEntries(Object.entries(draft.roles))`,
	`return draft.regions.length + draft.none.length`,
	`return draft.list.map(x => x.n)`,
	`return draft.list.filter(x => x.n > 1).map(x => x.name)`,
	`return draft.list.find(x => x.n === 1).name + draft.list.findIndex(x => x.n === 2) + draft.list.findLast(x => x.n > 0).name`,
	`return draft.list.reduce((sum, x) => sum + x.n, 0)`,
	`return draft.list.some(x => x.n === 3) && draft.list.every(x => x.n)`,
	`return draft.regions.includes("eu-west-1") && draft.regions.indexOf("eu-central-1") === 1 && draft.regions.lastIndexOf("x") === -1`,
	`return draft.list.includes(draft.list[1]) && draft.list.indexOf(draft.list[2])`,
	`return draft.regions.concat(["x"], draft.none)`,
	`return [].concat(draft.regions, draft.regions)`,
	`return draft.regions.slice(1)`,
	`return [[1, draft.regions]].flat(2)`,
	`return draft.list.flatMap(x => [x.name, x.n])`,
	`return draft.list.toSorted((a, b) => a.n - b.n).map(x => x.name)`,
	`return draft.regions.toReversed().with(0, "z").toSpliced(1, 0, "y")`,
	`return [...draft.regions.keys()].concat([...draft.regions.values()])`,
	`return draft.regions[-1] === undefined && draft.regions[99] === undefined && draft.regions["0"]`,
	`return new Set(draft.regions).size + new Map(Object.entries(draft.roles)).size`,
	`return Array.from(draft.list, x => x.name)`,
	`return Math.max(...draft.budget.thresholds)`,
	"return `${draft.text} ${draft.budget.limit}`",
	`return draft.text.toUpperCase().split("")`,
	`with_: { return draft.flag || draft.zero || draft.nothing || "falsy" }`,

	// Writing.
	`draft.text = "bye"`,
	`draft.fresh = { a: [1, { b: 2 }] }`,
	`draft.budget.limit = 250`,
	`draft.budget.limit += 50; draft.budget.limit++; return draft.budget.limit`,
	`draft.budget.notify.email = "x"; return draft.budget`,
	`draft["roles"]["read-only"].trust = ["2"]`,
	`draft.roles["new"] = { trust: [] }; draft.roles.new.trust.push("x")`,
	`draft.fresh ??= {}; draft.fresh.a ??= 1; draft.fresh.a ??= 2; draft.budget ??= null; return draft.fresh`,
	`draft.flag ||= "set"; draft.text &&= "and"`,
	`const b = draft.budget; b.limit = 1; b.more = 2; return draft.budget.limit`,
	`const { budget } = draft; budget.limit = 7`,
	`draft.budget = { limit: 1 }; draft.budget.limit = 2; return draft.budget`,
	`const o = { a: 1 }; draft.fresh = o; o.a = 2; o.b = { c: 3 }; return draft.fresh === o`,
	`const o = {}; draft.list.push(o); o.late = true; return draft.list.includes(o)`,
	`Object.assign(draft.budget, { limit: 5, extra: true })`,
	`Object.assign(draft, { text: "x", fresh: 1 })`,
	`return Object.assign({}, draft.budget, { limit: 5 })`,
	`draft.regions.push("x"); return draft.regions.push("y", "z")`,
	`return [draft.regions.pop(), draft.regions.pop(), draft.regions.pop()]`,
	`return [draft.regions.shift(), draft.regions]`,
	`return draft.regions.unshift("a", "b")`,
	`return draft.regions.splice(1, 1, "x", "y")`,
	`draft.list.splice(0, 2)`,
	`draft.list.splice(1, 0, { name: "new" })`,
	`return draft.list.sort((a, b) => a.n - b.n) === draft.list`,
	`draft.regions.sort()`,
	`draft.list.reverse()[0].first = true`,
	`const x = draft.list[2]; draft.list.reverse(); x.moved = true; return draft.list[0].moved`,
	`draft.budget.thresholds.fill(1)`,
	`draft.regions.copyWithin(0, 1)`,
	`draft.regions.length = 1`,
	`draft.regions.length = 0; draft.regions.push("only")`,
	`draft.regions[0] = "x"; draft.regions[2] = "y"`,
	`draft.regions = draft.regions.filter(r => r !== "eu-west-1")`,
	`draft.regions = [...new Set([...draft.regions, "eu-west-1", "eu-north-1"])]`,
	`draft.list = draft.list.map(x => ({ ...x, n: x.n * 2 }))`,
	`draft.list.forEach((x, i) => { x.i = i })`,
	`for (const role of Object.values(draft.roles)) role.session = 9`,
	`for (const key in draft.roles) draft.roles[key].key = key`,
	`for (const x of draft.list) if (x.n > 1) delete x.n`,
	`draft.list.find(x => x.name === "b").n = 10`,
	`delete draft.budget`,
	`delete draft.budget.limit; return "limit" in draft.budget`,
	`return [delete draft.missing, delete draft.budget.missing, delete draft.text]`,
	`delete draft.text; draft.text = "again"`,
	`delete draft.text; return [draft.text, "text" in draft, Object.keys(draft)]`,
	`delete draft.list[2]; draft.list.length = 2`,
	`draft.text = undefined; return [draft.text, "text" in draft]`,
	`draft.budget.limit = undefined; return Object.keys(draft.budget)`,
	`draft.roles.copy = draft.roles.admin; draft.roles.copy.session = 5; return draft.roles.admin.session`,
	`draft.roles.copy = { ...draft.roles.admin, session: 5 }; return draft.roles.admin.session`,
	`draft.moved = draft.budget; delete draft.budget; draft.moved.limit = 1`,
	`[draft.regions[0], draft.regions[1]] = [draft.regions[1], draft.regions[0]]`,
	`({ a: draft.budget.limit, b: draft.fresh } = { a: 1, b: 2 })`,
	`Object.defineProperty(draft.budget, "limit", { value: 3, writable: true, enumerable: true, configurable: true })`,
	`Object.defineProperty(draft.budget, "added", { value: 3, enumerable: true })`,
	`Object.defineProperty(draft, "added", { value: 3, writable: true, enumerable: true, configurable: true })`,
	`Object.defineProperty(draft.budget, "got", { get() { return 5 }, enumerable: true, configurable: true }); return draft.budget.got`,
	`Reflect.set(draft.budget, "limit", 1); Reflect.deleteProperty(draft, "text"); Reflect.defineProperty(draft.budget, "x", { value: 1, enumerable: true })`,
	`return [Reflect.get(draft, "text"), Reflect.has(draft, "text")]`,
	`Object.freeze(draft.budget); try { draft.budget.limit = 1; return "no" } catch (e) { return e instanceof TypeError && Object.isFrozen(draft.budget) }`,
	`Object.preventExtensions(draft.budget); try { draft.budget.x = 1; return "no" } catch (e) { return e instanceof TypeError }`,
	`Object.seal(draft.regions); try { draft.regions.push(1); return "no" } catch (e) { return e instanceof TypeError }`,
	`const o = Object.create(draft.budget); o.limit = 9; return [o.limit, draft.budget.limit, o.notify]`,
	`const o = Object.create(draft); o.text = "own"; return [o.text, draft.text]`,
	`class A { constructor(d) { this.d = d } set(v) { this.d.budget.limit = v } } new A(draft).set(3)`,
	`const visit = o => { for (const k of Object.keys(o)) { if (o[k] && typeof o[k] === "object") visit(o[k]); else if (typeof o[k] === "number") o[k] *= 2 } }; visit(draft)`,
	`draft[0] = "index"; draft["10"] = 1; draft["2"] = 1; return Object.keys(draft)`,
	`draft.budget["a.b"] = { "c d": 1, "": 2 }`,
	`draft.text = draft.text + draft.text; draft.list.push(draft.list.length)`,
	`return structured(draft); function structured(o) { return JSON.parse(JSON.stringify(o)) }`,
	`Array.prototype.push.call(draft.regions, "x"); Array.prototype.push.apply(draft.regions, ["y"]); return draft.regions.length`,
	`return Array.prototype.map.call(draft.regions, x => x.length)`,
	`draft.none.push(...draft.regions, ...draft.list)`,
	`draft.regions.push(draft.regions.shift())`,
	`const m = new Map([[draft.budget, 1]]); return m.get(draft.budget)`,
	`const s = new WeakSet([draft.list[0]]); return s.has(draft.list[0])`,
	`draft.toString = "own"; return draft.toString`,
	`draft.budget.hasOwnProperty = 1; return Object.keys(draft.budget)`,
}

// TestDraftIsAPlainObject runs each body twice in one hook, on a parsed copy and on the draft.
func TestDraftIsAPlainObject(t *testing.T) {
	t.Parallel()
	for _, text := range alike {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			code := fmt.Sprintf(`
				const plain = JSON.parse(%q);
				const f = draft => { %s };
				const sorted = o => Array.isArray(o) ? o.map(sorted) : o && typeof o === "object"
					? Object.fromEntries(Object.keys(o).sort().map(k => [k, sorted(o[k])])) : o;
				const one = JSON.stringify(sorted(f(plain))), two = JSON.stringify(sorted(f(draft)));
				if (one !== two) throw new Error("result: " + one + " and " + two);
				console.log(JSON.stringify(plain));
				if (JSON.stringify(plain) !== JSON.stringify(draft)) throw new Error("effect: " + JSON.stringify(plain) + " and " + JSON.stringify(draft));`,
				sortedSample(t), text)
			r := apply(t, sample, body(t, code))
			require.Nil(t, r.Fault, "%v", r.Fault)
			require.JSONEq(t, r.Log[0].Message, outcome(t, sample, r), "what the host takes over is what the hook sees")
			if !mutates(t, r.Log[0].Message) {
				require.Empty(t, r.Changes)
			}
		})
	}
}

// sortedSample has its keys in the order in which a draft has them.
func sortedSample(t testing.TB) string {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(sample), &v))
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

func mutates(t testing.TB, after string) bool {
	t.Helper()
	var a, b any
	require.NoError(t, json.Unmarshal([]byte(sample), &a))
	require.NoError(t, json.Unmarshal([]byte(after), &b))
	return !assert.ObjectsAreEqual(a, b)
}
