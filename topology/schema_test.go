package topology_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/topology"
)

// golden compares got with a file of the repository, or rewrites the file.
func golden(t *testing.T, got []byte, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, got, 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run: make generate")
}

func TestSchemaGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{topology.SchemaArchipelago, topology.SchemaOrganization} {
		got, err := topology.Schema(name)
		require.NoError(t, err)
		golden(t, got, "..", "schema", name)
	}
	_, err := topology.Schema("other")
	require.EqualError(t, err, "make schema other: there is no such schema")
}

func TestReferenceGolden(t *testing.T) {
	t.Parallel()
	got, err := topology.Reference()
	require.NoError(t, err)
	golden(t, got, "..", "docs", "topology.md")
}

// TestEveryFieldIsDocumented walks the schemas: no field without a description.
func TestEveryFieldIsDocumented(t *testing.T) {
	t.Parallel()
	for _, name := range []string{topology.SchemaArchipelago, topology.SchemaOrganization} {
		text, err := topology.Schema(name)
		require.NoError(t, err)
		var root map[string]any
		require.NoError(t, json.Unmarshal(text, &root))
		objects := map[string]any{name: root}
		for k, d := range root["definitions"].(map[string]any) {
			objects[k] = d
		}
		for object, d := range objects {
			require.NotEmpty(t, d.(map[string]any)["description"], object)
			for field, f := range d.(map[string]any)["properties"].(map[string]any) {
				require.NotEmpty(t, f.(map[string]any)["description"], "%s.%s", object, field)
			}
		}
	}
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := topology.Schema(name)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(text)))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	require.NoError(t, c.AddResource(name, doc))
	s, err := c.Compile(name)
	require.NoError(t, err)
	return s
}

// check validates a YAML file as an editor does.
func check(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	var value any
	require.NoError(t, yaml.Unmarshal(text, &value))
	asJSON, err := json.Marshal(value)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(asJSON)))
	require.NoError(t, err)
	return s.Validate(doc)
}

// TestSchemaAcceptsSample validates the sample archipelago.
func TestSchemaAcceptsSample(t *testing.T) {
	t.Parallel()
	root, err := os.ReadFile(filepath.Join("..", topology.RootFile))
	require.NoError(t, err)
	require.NoError(t, check(t, compile(t, topology.SchemaArchipelago), root))
	require.Contains(t, string(root), "$schema=schema/"+topology.SchemaArchipelago)

	names, err := filepath.Glob(filepath.Join("..", topology.OrganizationsDir, "*.yaml"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(names), 7)
	organization := compile(t, topology.SchemaOrganization)
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, check(t, organization, text), name)
		require.Contains(t, string(text), "$schema=../schema/"+topology.SchemaOrganization, name)
	}
}

// TestSampleIsClean loads the sample archipelago: a template shows no warnings.
func TestSampleIsClean(t *testing.T) {
	t.Parallel()
	_, found, err := topology.Load(os.DirFS(".."))
	require.NoError(t, err)
	require.Empty(t, render(found))
}

// TestSchemaAgrees checks on the cases of testdata that the schema accepts what Load accepts, and that
// it refuses misspelt fields and values.
func TestSchemaAgrees(t *testing.T) {
	t.Parallel()
	schemas := map[bool]*jsonschema.Schema{
		true:  compile(t, topology.SchemaArchipelago),
		false: compile(t, topology.SchemaOrganization),
	}
	good, err := filepath.Glob(filepath.Join("testdata", "good", "*.txtar"))
	require.NoError(t, err)
	for _, name := range good {
		a, err := txtar.ParseFile(name)
		require.NoError(t, err)
		for file, f := range archive(t, a) {
			if strings.HasSuffix(file, ".yaml") {
				require.NoError(t, check(t, schemas[file == topology.RootFile], f.Data), "%s: %s", name, file)
			}
		}
	}
	for _, c := range []struct{ name, file string }{
		{"unknown-field", "organizations/core.yaml"},
		{"unknown-field-archipelago", "archipelago.yaml"},
		{"unknown-value", "organizations/core.yaml"},
		{"unknown-state", "organizations/core.yaml"},
		{"wrong-number", "archipelago.yaml"},
		{"missing-fields", "organizations/core.yaml"},
		{"missing-fields-archipelago", "archipelago.yaml"},
		{"malformed-ids", "organizations/core.yaml"},
		{"malformed-names", "archipelago.yaml"},
		{"quotas", "organizations/core.yaml"},
		{"regions", "archipelago.yaml"},
		{"unknown-service", "organizations/core.yaml"},
		{"policy-type", "organizations/core.yaml"},
	} {
		a, err := txtar.ParseFile(filepath.Join("testdata", "bad", c.name+".txtar"))
		require.NoError(t, err)
		text := archive(t, a)[c.file].Data
		require.Error(t, check(t, schemas[c.file == topology.RootFile], text), c.name)
	}
}
