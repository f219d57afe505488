package plugins_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/match"
)

// costCenter is a hook with an import, as somebody would write it.
var costCenter = map[string]string{
	"lib/centers.ts": `export const centers: Record<string, { limit: number }> = {
  "1700": { limit: 250 },
};
export function check(center: string): void {
  if (!centers[center]) throw new Error("no center " + center);
}
`,
	"cost-center.ts": `import { hook, fail, warn } from "archipelago";
import { centers, check } from "./lib/centers";

export default hook({
  name: "cost-center",
  match: { tags: { "cost-center": "*" } },
  baseline(draft, { account, params }) {
    const center: string = account.tags["cost-center"];
    if (center === "0000") fail("unknown cost center", { path: "tags.cost-center", hint: "ask finance" });
    check(center);
    draft.budget = { ...draft.budget, monthlyLimit: centers[center].limit * (params.factor ?? 1) };
    warn("budget set for", account.name);
  },
});
`}

// TestRun follows that hook from the params of its use to the change with its position.
func TestRun(t *testing.T) {
	t.Parallel()
	fsys, _ := files(costCenter)
	s, errs, err := plugins.Load(context.Background(), fsys, "hooks", []string{"hooks/cost-center.ts"}, patient)
	require.NoError(t, err)
	require.Empty(t, errs)
	defer s.Close()
	account := func(name, center string, params *plugins.Part) plugins.Account {
		tags := map[string]string{}
		if center != "" {
			tags["cost-center"] = center
		}
		text, err := json.Marshal(map[string]any{"account": map[string]any{"name": name, "tags": tags}})
		require.NoError(t, err)
		return plugins.Account{Name: "payments/" + name, Subject: match.Subject{Account: name, Tags: tags}, Context: parts(t, string(text)),
			Draft: parts(t, `{"budget":{"monthlyLimit":100,"currency":"EUR"},"other":{}}`),
			Uses:  []plugins.Use{{File: "hooks/cost-center.ts", Params: params}}}
	}
	results, err := s.Run(context.Background(), []plugins.Account{
		account("prod", "1700", plugins.NewPart([]byte(`{"factor":2}`))), account("plain", "", nil), account("dev", "1700", nil),
		account("bad", "0000", nil), account("worse", "9999", nil),
	})
	require.NoError(t, err)
	require.Len(t, results, 5)

	prod := results[0]
	require.Equal(t, "payments/prod", prod.Account)
	require.Nil(t, prod.Err)
	require.Equal(t, map[string]json.RawMessage{"budget": json.RawMessage(`{"currency":"EUR","monthlyLimit":500}`)}, prod.Changed)
	require.Equal(t, []plugins.Change{{Path: []string{"budget", "monthlyLimit"}, Hook: "hooks/cost-center.ts",
		Position: plugins.Position{File: "hooks/cost-center.ts", Line: 11, Column: prod.Changes[0].Position.Column},
		From:     json.RawMessage("100"), To: json.RawMessage("500")}}, prod.Changes)
	require.Equal(t, []plugins.Entry{{Level: "warn", Message: "budget set for prod", Hook: "hooks/cost-center.ts",
		Position: plugins.Position{File: "hooks/cost-center.ts", Line: 12, Column: 5}}}, prod.Log)
	require.True(t, prod.Times[0].Matched)
	require.Positive(t, prod.Times[0].Duration)

	require.Equal(t, []plugins.Time{{Hook: "hooks/cost-center.ts"}}, results[1].Times)
	require.Empty(t, results[1].Changed)
	require.Equal(t, "250", string(results[2].Changes[0].To))

	bad := results[3].Err
	require.Equal(t, plugins.Rejected, bad.Kind)
	require.Equal(t, "hooks/cost-center.ts:9:28: tags.cost-center: unknown cost center", bad.Error())
	require.Equal(t, "payments/bad", bad.Account)
	require.Equal(t, "ask finance", bad.Hint)
	require.Equal(t, `    if (center === "0000") fail("unknown cost center", { path: "tags.cost-center", hint: "ask finance" });`, bad.Excerpt)

	worse := results[4].Err
	require.Equal(t, plugins.Threw, worse.Kind)
	require.True(t, strings.HasPrefix(worse.Error(), "hooks/lib/centers.ts:5:"), worse.Error())
	require.Equal(t, "hooks/cost-center.ts", worse.Hook)
	require.Len(t, worse.Stack, 2)
	require.Equal(t, 10, worse.Stack[1].Line)
}

// TestCheck blames the hook that wrote what the check refuses.
func TestCheck(t *testing.T) {
	t.Parallel()
	o := patient
	o.Check = func(key string, value []byte) []plugins.Problem {
		var budget struct {
			Limit    any
			Alerts   []any
			Required *int
		}
		if key != "budget" || json.Unmarshal(value, &budget) != nil {
			return nil
		}
		var out []plugins.Problem
		if budget.Required == nil {
			out = append(out, plugins.Problem{Path: "budget", Message: "has no required"})
		}
		if _, ok := budget.Limit.(float64); !ok {
			out = append(out, plugins.Problem{Path: "budget.limit", Message: "is not a number", Hint: "write a number"})
		}
		if len(budget.Alerts) > 1 {
			out = append(out, plugins.Problem{Path: "budget.alerts[1].x", Message: "is one too many"})
		}
		return out
	}
	s := load(t, o, map[string]string{
		"limit.ts":  hookFile("limit", `    draft.budget.limit = "much";`),
		"mend.ts":   hookFile("mend", `    draft.budget.limit = 5;`),
		"alerts.ts": hookFile("alerts", "\n    draft.budget.alerts.push(1, 2);"),
		"remove.ts": hookFile("remove", "\n\n    delete draft.budget.required;"),
		"other.ts":  hookFile("other", "    draft.other = 1;"),
	})
	for _, c := range []struct {
		hooks []string
		want  []string
	}{
		{[]string{"other.ts"}, nil},
		{[]string{"limit.ts", "mend.ts"}, nil},
		{[]string{"mend.ts", "limit.ts", "other.ts"}, []string{"hooks/limit.ts:5:18: budget.limit: is not a number (write a number)"}},
		{[]string{"remove.ts", "alerts.ts", "limit.ts"}, []string{"hooks/remove.ts:7:25: budget: has no required ()",
			"hooks/limit.ts:5:18: budget.limit: is not a number (write a number)", "hooks/alerts.ts:6:25: budget.alerts[1].x: is one too many ()"}},
	} {
		results, err := s.Run(context.Background(), []plugins.Account{{Name: "a", Draft: parts(t, `{"budget":{"limit":1,"alerts":[],"required":1}}`), Uses: uses(c.hooks...)}})
		require.NoError(t, err)
		var got []string
		if e := results[0].Err; e != nil {
			require.Empty(t, results[0].Changed)
			require.Empty(t, results[0].Changes)
			for _, e := range append([]*plugins.Error{e}, e.Also...) {
				require.Equal(t, plugins.BadResult, e.Kind)
				require.Equal(t, "a", e.Account)
				require.NotEmpty(t, e.Excerpt)
				e.Position.Column = min(e.Position.Column, 99)
				got = append(got, fmt.Sprintf("%s (%s)", e, e.Hint))
			}
		}
		require.Equal(t, c.want, got)
	}
}

// TestSameBytes runs the same accounts with 1, 2 and 8 workers, in other orders and with other orders of
// keys. Whatever failed, failed the same way.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	content := map[string]string{
		"add.ts":  hookFile("add", `    for (const k of Object.keys(draft)) console.log(k, draft[k]); draft.n = (draft.n ?? 0) + context.account.n; draft.all = Object.entries(context.account)`),
		"fail.ts": hookFile("fail", `    if (context.account.n % 7 === 0) fail("seven " + context.account.n); if (context.account.n % 11 === 0) draft.x.y = 1; if (context.account.n % 13 === 0) draft.bad = NaN`),
		"deep.ts": hookFile("deep", `    if (context.account.n === 17) { const a = []; a[0] = a; a.flat(Infinity) } draft.deep = { list: [{ z: 1, a: context.account.n }] }; globalThis.left = draft; Object.prototype.left = 1`),
	}
	const count = 60
	var first string
	for i, workers := range []int{1, 2, 8, 2} {
		o := patient
		o.Workers = workers
		s := load(t, o, content)
		r := rand.New(rand.NewPCG(uint64(i), 7))
		order := r.Perm(count)
		shared := parts(t, `{"tags":{"a":"1","b":"2"},"list":[1,2,3]}`)
		accounts := make([]plugins.Account, count)
		for at, n := range order {
			keys := []string{fmt.Sprintf(`"n":%d`, n+1), `"tags":{"x":"y"}`, `"z":[]`}
			r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
			accounts[at] = plugins.Account{Name: fmt.Sprintf("a%02d", n+1), Context: parts(t, `{"account":{`+strings.Join(keys, ",")+`}}`), Draft: shared,
				Uses: uses("add.ts", "fail.ts", "deep.ts", "add.ts")}
		}
		results, err := s.Run(context.Background(), accounts)
		require.NoError(t, err)
		sorted := make([]string, count)
		for at, n := range order {
			require.Equal(t, accounts[at].Name, results[at].Account)
			results[at].Times = nil
			sorted[n] = encode(t, results[at])
		}
		text := strings.Join(sorted, "\n")
		require.Contains(t, text, `"Kind":"too-deep"`)
		if first == "" {
			first = text
		}
		require.Equal(t, first, text, "%d workers", workers)
	}
}

func encode(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(v))
	return b.String()
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	s := load(t, patient, map[string]string{"a.ts": hookFile("a", "    draft.x = 1; for (;;) if (!context.account.endless) break;")})
	_, err := s.Run(context.Background(), []plugins.Account{{Name: "x/y", Uses: uses("none.ts")}})
	require.EqualError(t, err, "account x/y uses the hook hooks/none.ts, which is not loaded")

	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(200*time.Millisecond, cancel)
	start := time.Now()
	_, err = s.Run(ctx, []plugins.Account{{Name: "a", Context: parts(t, `{"account":{"endless":true}}`), Uses: uses("a.ts")}})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, time.Since(start), 15*time.Second, "the run does not wait for the limit of time")

	results, err := s.Run(context.Background(), []plugins.Account{{Name: "a", Context: parts(t, `{"account":{}}`), Uses: uses("a.ts")}})
	require.NoError(t, err)
	require.Nil(t, results[0].Err, "a run after a cancelled one")
}

// TestPartsAreShared: what many accounts share goes to a worker once, and no account sees what another
// did to it.
func TestPartsAreShared(t *testing.T) {
	t.Parallel()
	s := load(t, patient, map[string]string{"a.ts": hookFile("a", `
		if (draft.big.length !== 1000 || draft.map.seen) fail("changed");
		if (globalThis.saved) fail("an object was left behind");
		globalThis.saved = draft.map; draft.map.seen = true; draft.big.length = 0; draft.big.push(context.account.n)`)})
	big := plugins.NewPart([]byte("[" + strings.Repeat("1,", 999) + "1]"))
	shared := map[string]*plugins.Part{"big": big, "map": plugins.NewPart([]byte("{}"))}
	for range 3 {
		var accounts []plugins.Account
		for n := range 50 {
			accounts = append(accounts, plugins.Account{Name: fmt.Sprint(n), Draft: shared, Context: parts(t, fmt.Sprintf(`{"account":{"n":%d}}`, n)), Uses: uses("a.ts")})
		}
		results, err := s.Run(context.Background(), accounts)
		require.NoError(t, err)
		for n, r := range results {
			require.Nil(t, r.Err, "%v", r.Err)
			require.Equal(t, fmt.Sprintf("[%d]", n), string(r.Changed["big"]))
		}
	}
}
