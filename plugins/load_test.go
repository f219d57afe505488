package plugins_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/match"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	s := load(t, patient, map[string]string{
		"b.ts":        hookFile("b", ""),
		"a/first.mts": `export default { name: "first", description: "the first", match: { unit: "Workloads/**", tags: { owner: ["a", "b"] } }, async baseline() {} }`,
		"c.js":        `module.exports = { name: "c", baseline: function () {} }`,
	})
	hooks := s.Hooks()
	require.Len(t, hooks, 3)
	require.Equal(t, "hooks/a/first.mts", hooks[0].File)
	require.Equal(t, "first", hooks[0].Name)
	require.Equal(t, "the first", hooks[0].Description)
	require.True(t, hooks[0].Match.Matches(match.Subject{Unit: "Workloads/Prod", Tags: map[string]string{"owner": "b"}}))
	require.False(t, hooks[0].Match.Matches(match.Subject{Unit: "Workloads/Prod"}))
	require.Equal(t, plugins.Hook{File: "hooks/b.ts", Name: "b"}, hooks[1])
	require.Equal(t, "c", hooks[2].Name)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err := s.Run(context.Background(), []plugins.Account{{Name: "a", Uses: uses("b.ts")}})
	require.ErrorContains(t, err, "closed")
}

func TestLoadNothing(t *testing.T) {
	t.Parallel()
	s := load(t, patient, nil)
	require.Empty(t, s.Hooks())
	require.Empty(t, s.WorkerPIDs(), "no worker for nothing")
	results, err := s.Run(context.Background(), []plugins.Account{{Name: "a"}})
	require.NoError(t, err)
	require.Equal(t, []plugins.Result{{Account: "a"}}, results)
}

// TestLoadErrors loads many broken files at once. All are reported, and the good one can be used.
func TestLoadErrors(t *testing.T) {
	t.Parallel()
	fsys, names := files(map[string]string{
		"good.ts":       hookFile("good", `draft.x = 1`),
		"a-syntax.ts":   "export default {\n  name: ;\n}",
		"b-none.ts":     `export const x = 1`,
		"c-name.ts":     hookFile("other", ""),
		"d-throws.ts":   "export default 1;\n\nthrow new Error(\"at the top\");",
		"e-endless.ts":  "let n = 0;\nfor (;;) n++;\nexport default n;",
		"f-match.ts":    `export default { name: "f-match", match: { unti: "x", tags: { a: 5 } }, baseline() {} }`,
		"g-code.ts":     `export default { name: "g-code", match: { account: () => true }, baseline() {} }`,
		"h-field.ts":    `export default { name: "h-field", baselin() {} }`,
		"x/twice.ts":    hookFile("twice", ""),
		"y/twice.ts":    hookFile("twice", ""),
		"z-function.ts": `export default { name: "z-function", baseline: "no" }`,
	})
	s, errs, err := plugins.Load(context.Background(), fsys, "hooks", append(names, "hooks/missing.ts"), plugins.Options{Timeout: 300 * time.Millisecond})
	require.NoError(t, err)
	defer s.Close()
	var got []string
	for _, e := range errs {
		require.Empty(t, e.Account)
		got = append(got, fmt.Sprintf("%s %s [%s]", e.Kind, e, e.Excerpt))
	}
	want := []string{
		`syntax hooks/a-syntax.ts:2:9: `,
		`bad-hook hooks/b-none.ts: the file exports no hook`,
		`bad-hook hooks/c-name.ts: the hook is named "other" and its file "c-name"`,
		`threw hooks/d-throws.ts:3:7: while the file was loaded: at the top [throw new Error("at the top");]`,
		`timed-out hooks/e-endless.ts:2:`,
		`bad-hook hooks/f-match.ts: match.tags.a `,
		`bad-hook hooks/f-match.ts: match.unti: match has no field "unti"`,
		`bad-hook hooks/g-code.ts: match.account: is a function, not JSON`,
		`bad-hook hooks/h-field.ts: a hook has no field "baselin"`,
		`syntax hooks/missing.ts: `,
		`bad-hook hooks/y/twice.ts: the name "twice" is taken by hooks/x/twice.ts`,
		`bad-hook hooks/z-function.ts: baseline is not a function`,
	}
	require.Len(t, got, len(want), strings.Join(got, "\n"))
	for i := range want {
		require.True(t, strings.HasPrefix(got[i], want[i]), "%s\n%s", got[i], want[i])
	}
	require.Len(t, s.Hooks(), 2)
	results, err := s.Run(context.Background(), []plugins.Account{{Name: "a", Uses: uses("good.ts")}})
	require.NoError(t, err)
	require.Equal(t, "1", string(results[0].Changed["x"]))
}

func TestLoadCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fsys, names := files(map[string]string{"a.ts": hookFile("a", "")})
	_, _, err := plugins.Load(ctx, fsys, "hooks", names, patient)
	require.ErrorIs(t, err, context.Canceled)
}
