package sandbox_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// FuzzRoundTrip sends JSON through the sandbox in three ways: copied by the hook, parsed by the hook,
// and handed through. What comes back is the same JSON, or is refused for a reason that is known.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{`null`, `true`, `0`, `-0`, `1e300`, `1.5`, `"é😀\u2028\u0000"`, `[]`, `{}`, `[[],{}]`, `{"a":{"b":[1,null,"x"]}}`,
		`{"":{"":""}}`, `{"10":1,"2":2,"a":3}`, `{"toString":1,"valueOf":{},"length":-1}`, `{"__proto__":{"x":1}}`, `{"constructor":1}`,
		`"\ud800"`, `9007199254740993`, `123456789012345678901234567890`, sample} {
		f.Add([]byte(seed))
	}
	m := body(f, `const copy = o => Array.isArray(o) ? o.map(copy) : o && typeof o === "object" ? Object.fromEntries(Object.entries(o).map(([k, v]) => [k, copy(v)])) : o;
		draft.out = [copy(draft.in), JSON.parse(JSON.stringify(draft.in)), draft.in];`)
	f.Fuzz(func(t *testing.T, text []byte) {
		var value any
		if json.Unmarshal(text, &value) != nil || len(text) > 10_000 {
			t.Skip()
		}
		r := apply(t, string(must(json.Marshal(map[string]any{"in": json.RawMessage(text)}))), m)
		if r.Fault != nil {
			require.Equal(t, sandbox.BadResult, r.Fault.Kind, "%+v", r.Fault)
			require.Regexp(t, `is not allowed$|nested deeper|is not valid Unicode`, r.Fault.Message)
			return
		}
		one := canonical(t, value)
		require.Equal(t, "["+one+","+one+","+one+"]", canonical(t, decode(t, r.Changed["out"])))
		require.NotContains(t, string(r.Changed["out"]), "\n")
	})
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func decode(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(text, &v))
	return v
}

// canonical is JSON as encoding/json writes it; JSON has no -0.
func canonical(t testing.TB, v any) string {
	t.Helper()
	var zero func(v any) any
	zero = func(v any) any {
		switch v := v.(type) {
		case float64:
			if v == 0 {
				return 0.0
			}
		case []any:
			for i := range v {
				v[i] = zero(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = zero(v[k])
			}
		}
		return v
	}
	return string(must(json.Marshal(zero(v))))
}

// TestSameBytes runs a chain on drafts with their keys in other orders.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	hook := body(t, `for (const k of Object.keys(draft)) console.log(k); draft.all = Object.entries(draft); draft.roles.added = { z: 1, a: 2 }; for (const k in draft.roles) draft.roles[k].seen = true`)
	var first []byte
	for seed := range uint64(20) {
		draft := shuffle(rand.New(rand.NewPCG(seed, 1)), decode(t, []byte(sample)))
		r := apply(t, draft, hook, hook)
		require.Nil(t, r.Fault, "%v", r.Fault)
		r.Times = nil
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		require.NoError(t, enc.Encode(r))
		if first == nil {
			first = b.Bytes()
		}
		require.Equal(t, string(first), b.String())
	}
}

// shuffle writes JSON with keys in a random order.
func shuffle(r *rand.Rand, v any) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for k, item := range v {
			parts = append(parts, string(must(json.Marshal(k)))+":"+shuffle(r, item))
		}
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, shuffle(r, item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	return string(must(json.Marshal(v)))
}

// TestFixedPoint: a hook that sets things changes nothing on its own output.
func TestFixedPoint(t *testing.T) {
	t.Parallel()
	hook := body(t, `draft.budget.limit = 250; draft.regions = [...new Set([...draft.regions, "eu-north-1"])].sort(); draft.roles.audit ??= { trust: ["1"], session: 1 }; delete draft.text`)
	once := outcome(t, sample, apply(t, sample, hook))
	again := apply(t, once, hook)
	require.Nil(t, again.Fault)
	require.Empty(t, again.Changed)
	require.Empty(t, again.Changes)
}
