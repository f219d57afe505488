package baseline_test

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/baseline"
	"github.com/archipelago-iac/archipelago/internal/recorder"
)

const (
	thingType = "aws:test/thing:Thing"
	userType  = "aws:test/user:User"
)

// refer declares two resources, of which the second refers to the first.
func refer(first, second string) func(*pulumi.Context, pulumi.ResourceOption) error {
	return func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		values := map[string]pulumi.StringInput{"account.id": pulumi.String("111111111111"), "region": pulumi.String("eu-west-1")}
		thing, err := baseline.NewResource(ctx, "acme/shop/resource/thing", &baseline.ResourceArgs{
			Type: thingType, Properties: json.RawMessage(first), Values: values,
		}, provider)
		if err != nil {
			return err
		}
		_, err = baseline.NewResource(ctx, "acme/shop/resource/user", &baseline.ResourceArgs{
			Type: userType, Properties: json.RawMessage(second), Values: values, Resources: map[string]*baseline.Resource{"thing": thing},
		}, provider, pulumi.Protect(true))
		return err
	}
}

// A reference is the value itself, or part of a text; the mocks give back what a resource was given.
func TestReferences(t *testing.T) {
	t.Parallel()
	got := record(t, refer(
		`{"name": "logs-{{account.id}}-{{region}}", "size": 1.5, "on": true, "none": null, "rules": [{"ports": [80, 443]}], "tags": {"a.b": "x"}}`,
		`{"name": "{{resources.thing.name}}", "size": "{{ resources.thing.size }}", "on": "{{resources.thing.on}}",
		  "ports": "{{resources.thing.rules[0].ports}}", "port": "{{resources.thing.rules.0.ports[1]}}", "tag": "{{resources.thing.tags[\"a.b\"]}}",
		  "text": "{{account.id}}/{{resources.thing.size}}/{{resources.thing.on}}/{{account.id}}", "twice": "{{region}}{{region}}",
		  "nested": {"list": ["{{resources.thing.id}}"]}}`))
	thing, user := got.Find(thingType, "acme/shop/resource/thing"), got.Find(userType, "acme/shop/resource/user")
	require.Equal(t, map[string]any{
		"name": "logs-111111111111-eu-west-1", "size": 1.5, "on": true,
		"rules": []any{map[string]any{"ports": []any{80.0, 443.0}}}, "tags": map[string]any{"a.b": "x"},
	}, thing.Inputs)
	id := user.Inputs["nested"].(map[string]any)["list"].([]any)[0]
	require.Regexp(t, `^id-`, id)
	require.Equal(t, map[string]any{
		"name": "logs-111111111111-eu-west-1", "size": 1.5, "on": true, "ports": []any{80.0, 443.0}, "port": 443.0, "tag": "x",
		"text": "111111111111/1.5/true/111111111111", "twice": "eu-west-1eu-west-1", "nested": map[string]any{"list": []any{id}},
	}, user.Inputs)
	require.Equal(t, []string{thingType + " acme/shop/resource/thing"}, user.After)
	require.True(t, user.Protect)
	require.Equal(t, "home", user.Provider)
}

// In a preview the outputs of what does not exist are unknown, and nothing else is.
func TestReferencesInPreview(t *testing.T) {
	t.Parallel()
	got, err := try(recorder.Options{Preview: true}, refer(`{"name": "logs"}`,
		`{"name": "{{resources.thing.name}}", "arn": "{{resources.thing.arn}}", "text": "{{resources.thing.id}}/{{account.id}}", "plain": "x"}`))
	require.NoError(t, err)
	require.Equal(t, map[string]any{"name": "logs", "arn": "<unknown>", "text": "<unknown>", "plain": "x"},
		got.Find(userType, "acme/shop/resource/user").Inputs)
}

func TestResourceErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ first, second, want string }{
		"syntax":     {`{"name": `, `{}`, "read properties of resource acme/shop/resource/thing: unexpected EOF"},
		"two":        {`{} {}`, `{}`, "read properties of resource acme/shop/resource/thing: there is more than one JSON object"},
		"no object":  {`[]`, `{}`, "read properties of resource acme/shop/resource/thing: json: cannot unmarshal array"},
		"value":      {`{"a": ["{{account.name}}"]}`, `{}`, "expand property a of resource acme/shop/resource/thing: no value for {{account.name}}"},
		"resource":   {``, `{"a": {"b": "{{resources.other.id}}"}}`, "expand property a of resource acme/shop/resource/user: no resource for {{resources.other.id}}"},
		"property":   {``, `{"a": "{{resources.thing}}"}`, "no resource for {{resources.thing}}"},
		"output":     {``, `{"a": "{{resources.thing.arn}}"}`, "resource acme/shop/resource/thing has no output arn"},
		"no list":    {`{"l": 1}`, `{"a": "{{resources.thing.l[0]}}"}`, "resource acme/shop/resource/thing has no output l[0]"},
		"past end":   {`{"l": [1]}`, `{"a": "{{resources.thing.l[1]}}"}`, "resource acme/shop/resource/thing has no output l[1]"},
		"path":       {``, `{"a": "{{resources.thing.l[}}"}`, "read output l[ of resource acme/shop/resource/thing: "},
		"in a text":  {`{"l": [1]}`, `{"a": "x{{resources.thing.l}}"}`, "expand {{resources.thing.l}}: a list, an object or nothing cannot be part of a text"},
		"after text": {``, `{"a": "x{{resources.thing.arn}}"}`, "resource acme/shop/resource/thing has no output arn"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := try(recorder.Options{}, refer(c.first, c.second))
			require.ErrorContains(t, err, c.want)
		})
	}
}

// secretive gives every resource a secret output and one that is none, and notes which inputs were secret.
type secretive struct {
	mu     sync.Mutex
	secret map[string]bool
}

func (s *secretive) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, value := range args.Inputs {
		s.secret[string(key)] = value.ContainsSecrets()
	}
	return "id", resource.PropertyMap{
		"password": resource.MakeSecret(resource.NewProperty("hidden")),
		"keys":     resource.MakeSecret(resource.NewProperty([]resource.PropertyValue{resource.NewProperty("hidden")})),
		"arn":      resource.NewProperty("arn"),
	}, nil
}

func (s *secretive) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) { return nil, nil }

// What a reference finds secret stays secret, and only that.
func TestSecretReferences(t *testing.T) {
	t.Parallel()
	s := &secretive{secret: map[string]bool{}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		return refer(`{}`, `{"password": "{{resources.thing.password}}", "text": "x{{resources.thing.password}}",
		  "key": "{{resources.thing.keys[0]}}", "arn": "{{resources.thing.arn}}"}`)(ctx, pulumi.Version(""))
	}, pulumi.WithMocks("archipelago", "test", s))
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"password": true, "text": true, "key": true, "arn": false}, s.secret)
}
