package plan_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/internal/tsc"
	"github.com/archipelago-iac/archipelago/plan"
)

// The types that editors read are those of the program: rewrite them with -update, or with
// "archipelago hooks types".
func TestHookTypes(t *testing.T) {
	t.Parallel()
	types, err := plan.HookTypes()
	require.NoError(t, err)
	for name, text := range types {
		recorder.Golden(t, filepath.Join("..", name), text)
	}
}

// hookFiles are the hooks of the sample and the types.
func hookFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, fs.WalkDir(os.DirFS("../hooks"), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join("../hooks", name))
		files[name] = string(text)
		return err
	}))
	return files
}

// wrong are hooks that the compiler must refuse, each with the message and the line that shows it.
var wrong = map[string]struct{ code, message string }{
	"misspelt":   {`draft.budgt = undefined;`, `Property 'budgt' does not exist on type 'Baseline'`},
	"enum":       {`draft.ec2.snapshotSharing = "never";`, `Type '"never"' is not assignable to type`},
	"incomplete": {`draft.budget = { monthlyLimit: 5 };`, `Property 'recipients' is missing`},
	"text":       {`draft.budget!.monthlyLimit = "5";`, `Type 'string' is not assignable to type 'number'`},
	"context":    {`context.account.name = "me";`, `Cannot assign to 'name'`},
	"tags":       {`context.account.tags.owner = "me";`, `only permits reading`},
	"role":       {`draft.roles.x = { trust: { account: [] } };`, `'account' does not exist in type 'Trust'`},
	"timer":      {`setTimeout(() => {}, 1);`, `Cannot find name 'setTimeout'`},
	"clone":      {`structuredClone(draft);`, `Cannot find name 'structuredClone'`},
}

// Knowing TypeScript is enough because the compiler knows baselines: the sample's hooks are right, and
// what is wrong is underlined.
func TestHooksCompile(t *testing.T) {
	t.Parallel()
	files := hookFiles(t)
	for name, w := range wrong {
		files["wrong-"+name+".ts"] = `import { hook } from "archipelago";
export default hook({
  name: "wrong",
  baseline(draft, context) {
    ` + w.code + `
  },
});
`
	}
	seen := map[string]bool{}
	for _, d := range tsc.Check(t, files) {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(d.File), "wrong-"), ".ts")
		w, expected := wrong[name]
		if !expected {
			t.Errorf("%s:%d:%d: %s", d.File, d.Line, d.Column, d.Message)
			continue
		}
		require.Equal(t, 5, d.Line, "%s: %s", d.File, d.Message)
		require.Contains(t, d.Message, w.message)
		seen[name] = true
	}
	for name := range wrong {
		require.True(t, seen[name], "the compiler finds nothing wrong with %s", name)
	}
}
