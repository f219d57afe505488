package sandbox_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestChanges reads each body's changes as "path line: from -> to". The body begins on line 2.
func TestChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code string
		want string
	}{
		{"draft.budget.limit = 250", `budget.limit 2: 100 -> 250`},
		{"\n\ndraft.budget.limit = 250\n", `budget.limit 4: 100 -> 250`},
		{"draft.budget.limit = 1;\ndraft.budget.limit = 2", `budget.limit 3: 100 -> 2`},
		{"delete\ndraft.text", `text 3: "hello" -> `},
		{"draft.text =\n undefined", `text 2: "hello" -> `},
		{"draft.budget = {\n limit: 250,\n thresholds: [80, 100] }", "budget.limit 2: 100 -> 250; budget.notify 2: {\"email\":\"a@b.example\"} -> "},
		{"draft.fresh = { a: 1 };\ndraft.fresh.b = 2", `fresh 2:  -> {"a":1,"b":2}`},
		{"draft.regions.push(\n'x')", `regions 2: ["eu-west-1","eu-central-1"] -> ["eu-west-1","eu-central-1","x"]`},
		{"draft.regions.push('x');\ndraft.regions.push('y')", `regions 3: ["eu-west-1","eu-central-1"] -> ["eu-west-1","eu-central-1","x","y"]`},
		{"draft.list[0].n = 9;\ndraft.list[1].n = 3;", `list 3: [{"n":3,"name":"a"},{"n":1,"name":"b"},{"n":2,"name":"c"}] -> [{"n":9,"name":"a"},{"n":3,"name":"b"},{"n":2,"name":"c"}]`},
		{"for (const r of Object.values(draft.roles))\n r.session = 5", `roles.admin.session 3: 1 -> 5; roles["read-only"].session 3: 2 -> 5`},
		{"Object.assign(draft.budget,\n { limit: 7, x: 1 })", `budget.limit 2: 100 -> 7; budget.x 2:  -> 1`},
		{"const set = (o, k, v) => {\n o[k] = v };\n\nset(draft.budget, 'limit', 1)", `budget.limit 3: 100 -> 1`},
		{"draft.empty.a = 1;\ndraft.none.push(1)", `empty.a 2:  -> 1; none 3: [] -> [1]`},
		{"const b = draft.budget;\ndelete draft.budget;\ndraft.moved = b;\nb.limit = 1", `budget 3: {"limit":100,"notify":{"email":"a@b.example"},"thresholds":[80,100]} -> ; moved 4:  -> {"limit":1,"notify":{"email":"a@b.example"},"thresholds":[80,100]}`},
		{"return {\n ...draft, text: 'x' }", `text 0: "hello" -> "x"`},
		{"return (async () => { await 1;\ndraft.text = 'later' })()", `text 3: "hello" -> "later"`},
		{"draft.budget.limit = 100; draft.regions = [...draft.regions]", ``},
		{"draft.nothing = 0;\ndraft.zero = null", `nothing 2: null -> 0; zero 3: 0 -> null`},
		{"draft.flag = 'no'; draft.empty = []; draft.none = {}", `empty 2: {} -> []; flag 2: false -> "no"; none 2: [] -> {}`},
		{"draft.list.sort((a, b) => a.n - b.n)", `list 2: [{"n":3,"name":"a"},{"n":1,"name":"b"},{"n":2,"name":"c"}] -> [{"n":1,"name":"b"},{"n":2,"name":"c"},{"n":3,"name":"a"}]`},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			r := apply(t, sample, body(t, c.code))
			require.Nil(t, r.Fault, "%v", r.Fault)
			var got []string
			for _, ch := range r.Changes {
				path := strings.Join(ch.Path, ".")
				if strings.Contains(path, "-") {
					path = `roles["read-only"].session`
				}
				got = append(got, fmt.Sprintf("%s %d: %s -> %s", path, ch.Place.Line, ch.From, ch.To))
			}
			require.Equal(t, c.want, strings.Join(got, "; "))
		})
	}
}

// TestChain gives each hook the draft of the one before it, and each change to the hook that made it.
func TestChain(t *testing.T) {
	t.Parallel()
	r := apply(t, `{"n":{"v":1}}`,
		body(t, `draft.n.v *= 2`), body(t, `draft.n.v += 1; draft.n.w = draft.n.v`), body(t, `delete draft.n.w`), body(t, ``))
	require.Nil(t, r.Fault)
	require.JSONEq(t, `{"v":3}`, string(r.Changed["n"]))
	var got []string
	for _, c := range r.Changes {
		got = append(got, fmt.Sprintf("%d %s %s->%s", c.Use, strings.Join(c.Path, "."), c.From, c.To))
	}
	require.Equal(t, []string{"0 n.v 1->2", "1 n.v 2->3", "1 n.w ->3", "2 n.w 3->"}, got)
	require.Len(t, r.Times, 4)
}
