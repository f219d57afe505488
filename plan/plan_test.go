package plan_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// sample is the archipelago at the root of this repository.
func sample() fs.FS { return os.DirFS("..") }

func load(t *testing.T, files fs.FS) (*plan.Plan, topology.Diagnostics) {
	t.Helper()
	p, a, found, err := plan.Load(t.Context(), files)
	require.NoError(t, err)
	require.NotNil(t, a)
	return p, found
}

func render(ds topology.Diagnostics) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.Render())
	}
	return b.String()
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(v))
	return b.String()
}

// C01, C02, C05: what each of the seven sample organizations will be, to the last default.
func TestSample(t *testing.T) {
	t.Parallel()
	p, found := load(t, sample())
	require.Empty(t, render(found))
	var names []string
	for _, o := range p.Organizations {
		names = append(names, o.Name)
		t.Run(o.Name, func(t *testing.T) {
			recorder.Golden(t, filepath.Join("testdata", o.Name+".golden.json"), marshal(t, o))
		})
	}
	require.Equal(t, []string{"core", "back-office", "break-glass", "payments", "platform", "sandbox", "transit"}, names, "the hub, then by name")
}

// Consumers read lists without asking whether they are there.
func TestListsAreNeverNull(t *testing.T) {
	t.Parallel()
	p, _ := load(t, sample())
	require.NotContains(t, marshal(t, p), "null")
	empty, _ := load(t, archive(t, nil))
	require.NotContains(t, marshal(t, empty), "null")
}

func TestSameFilesSameBytes(t *testing.T) {
	t.Parallel()
	first, _ := load(t, sample())
	second, _ := load(t, sample())
	require.Equal(t, marshal(t, first), marshal(t, second))
}

var source = regexp.MustCompile(`"source": "[^"]*"`)

// The order in which people write entries means nothing: only the source positions differ.
func TestOrderOfEntriesDoesNotMatter(t *testing.T) {
	t.Parallel()
	p, _ := load(t, sample())
	want := source.ReplaceAllString(marshal(t, p), "")
	for seed := range uint64(5) {
		shuffled, found := load(t, shuffle(t, sample(), rand.New(rand.NewPCG(seed, 0))))
		require.Empty(t, render(found))
		got := marshal(t, shuffled)
		require.NotEqual(t, marshal(t, p), got, "nothing was shuffled")
		require.Equal(t, want, source.ReplaceAllString(got, ""))
	}
}

// shuffle returns the archipelago with the entries of every mapping, and of lists that stand for sets, in
// another order.
func shuffle(t *testing.T, files fs.FS, random *rand.Rand) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for _, pattern := range []string{"archipelago.yaml", "organizations/*.yaml", "policies/*.json", "hooks/*.[jt]s", "hooks/lib/*.ts"} {
		names, err := fs.Glob(files, pattern)
		require.NoError(t, err)
		for _, name := range names {
			data, err := fs.ReadFile(files, name)
			require.NoError(t, err)
			if strings.HasSuffix(name, ".yaml") {
				var top yaml.MapSlice
				require.NoError(t, yaml.UnmarshalWithOptions(data, &top, yaml.UseOrderedMap()))
				shuffleValue(top, random)
				data, err = yaml.Marshal(top)
				require.NoError(t, err)
			}
			out[name] = &fstest.MapFile{Data: data}
		}
	}
	return out
}

func shuffleValue(v any, random *rand.Rand) {
	m, ok := v.(yaml.MapSlice)
	if !ok {
		return
	}
	random.Shuffle(len(m), func(i, j int) { m[i], m[j] = m[j], m[i] })
	for _, e := range m {
		switch list, isList := e.Value.([]any); {
		case e.Key == "document":
			// The document is the user's text, sent to AWS as it is.
		case isList && e.Key != "regions":
			random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		default:
			shuffleValue(e.Value, random)
		}
	}
}

// archive returns the files of a case. What a case does not have itself is taken from testdata/base.
func archive(t *testing.T, a *txtar.Archive) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	base := filepath.Join("testdata", "base")
	require.NoError(t, fs.WalkDir(os.DirFS(base), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(base, name))
		files[name] = &fstest.MapFile{Data: data}
		return err
	}))
	if a == nil {
		return files
	}
	for _, f := range a.Files {
		if f.Name != "want" {
			files[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return files
}

func parse(files string) *txtar.Archive { return txtar.Parse([]byte(files)) }

// resolve plans the base with the given files, in the form of a txtar archive. The archipelago must be
// valid; warnings are returned as text.
func resolve(t *testing.T, files string) (*plan.Plan, string) {
	t.Helper()
	p, found := load(t, archive(t, parse(files)))
	require.NotNil(t, p, render(found))
	return p, render(found)
}

// TestBad loads each archipelago of testdata/bad and compares the diagnostics, as a user reads them,
// with the section "want".
func TestBad(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("testdata", "bad", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(name)
			require.NoError(t, err)
			p, found := load(t, archive(t, a))
			require.NotEmpty(t, found)
			require.Equal(t, found.HasErrors(), p == nil, "there is a plan where there is no error")
			i := len(a.Files) - 1
			require.Equal(t, "want", a.Files[i].Name, "the last section")
			a.Files[i].Data = []byte(render(found))
			recorder.Golden(t, name, string(txtar.Format(a)))
		})
	}
}

func TestNoArchipelago(t *testing.T) {
	t.Parallel()
	p, a, found, err := plan.Load(t.Context(), fstest.MapFS{})
	require.ErrorIs(t, err, topology.ErrNoArchipelago)
	require.Nil(t, p)
	require.Nil(t, a)
	require.Empty(t, found)
}

func TestOrganizationByName(t *testing.T) {
	t.Parallel()
	p, _ := load(t, sample())
	require.Equal(t, "payments", p.Organization("payments").Name)
	require.Nil(t, p.Organization("payment"))
}
