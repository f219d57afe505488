package plugins_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plugins"
)

// hookFile makes the file of a hook whose baseline has the text as its body, on the fourth line.
func hookFile(name, body string) string {
	return `import { hook, fail, warn } from "archipelago";
export default hook({
  name: "` + name + `",
  baseline(draft, context) {
` + body + `
  },
});
`
}

// files makes a file system of files below hooks/.
func files(content map[string]string) (fstest.MapFS, []string) {
	out := fstest.MapFS{}
	var names []string
	for name, text := range content {
		out["hooks/"+name] = &fstest.MapFile{Data: []byte(text)}
		names = append(names, "hooks/"+name)
	}
	slices.Sort(names)
	return out, names
}

// load loads hooks without any error among them.
func load(t testing.TB, o plugins.Options, content map[string]string) *plugins.Set {
	t.Helper()
	fsys, names := files(content)
	s, errs, err := plugins.Load(context.Background(), fsys, "hooks", names, o)
	require.NoError(t, err)
	require.Empty(t, errs)
	t.Cleanup(func() { s.Close() })
	return s
}

func parts(t testing.TB, object string) map[string]*plugins.Part {
	t.Helper()
	var raw map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(object), &raw))
	out := map[string]*plugins.Part{}
	for key, text := range raw {
		out[key] = plugins.NewPart(text)
	}
	return out
}

func uses(names ...string) []plugins.Use {
	var out []plugins.Use
	for _, name := range names {
		out = append(out, plugins.Use{File: "hooks/" + name})
	}
	return out
}

// patient are options for tests that do not wait for the end of time; machines in CI are slow.
var patient = plugins.Options{Timeout: 20 * time.Second}
