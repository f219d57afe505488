package awsplugin

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
)

const (
	shareType = "aws:ram/resourceShare:ResourceShare"
	shareURN  = "urn:pulumi:dev::p::" + shareType + "::hub"
	unknownV  = plugin.UnknownStringValue
)

// shareRow is what a row of plannedTypes looks like.
var shareRow = plannedType{
	token:      shareType,
	reason:     "the emulator cannot list the permissions of a share",
	id:         "arn:aws:ram:{region}:{account}:resource-share/{uuid}",
	properties: map[string]string{"arn": "{id}"},
}

// shareSchema has a property of each type that a plan may leave unknown.
var shareSchema = packageSchema{
	Resources: map[string]objectSchema{"aws:index/ramResourceShare:RamResourceShare": {Properties: map[string]typeSchema{
		"arn":                {Type: "string"},
		"name":               {Type: "string"},
		"owner":              {Type: "string"},
		"count":              {Type: "integer"},
		"enabled":            {Type: "boolean"},
		"principals":         {Type: "array", Items: &typeSchema{Type: "string"}},
		"tagsAll":            {Type: "object", AdditionalProperties: &typeSchema{Type: "string"}},
		"associations":       {Type: "array", Items: &typeSchema{Ref: "#/types/aws:index/A:A"}},
		"details":            {Ref: "#/types/aws:index/A:A"},
		"missing":            {Ref: "#/types/aws:index/A:A"},
		"password":           {Type: "string"},
		"ramResourceShareId": {Type: "string"},
	}}},
	Types: map[string]objectSchema{"aws:index/A:A": {Properties: map[string]typeSchema{
		"size": {Type: "number"},
		"kept": {Type: "string"},
	}}},
}

func testPlanner(t *testing.T) *planner {
	t.Helper()
	p := &planner{
		types:   []plannedType{shareRow},
		file:    filepath.Join(t.TempDir(), "planned"),
		schemas: &schemas{load: func() (packageSchema, error) { return shareSchema, nil }},
	}
	p.configure(properties(t, object{"region": "eu-west-1", "allowedAccountIds": `["222222222222"]`}))
	return p
}

func TestPlannedCreateCompletesThePlan(t *testing.T) {
	t.Parallel()
	pl := testPlanner(t)
	f := &fakeBridge{create: &pulumirpc.CreateResponse{Properties: properties(t, object{
		"arn": unknownV, "name": "hub", "owner": unknownV, "count": unknownV, "enabled": unknownV,
		"principals": unknownV, "tagsAll": object{"a": unknownV, "b": "c"},
		"associations": []any{object{"size": unknownV, "kept": "k"}},
		"details":      object{"size": 2.0, "kept": unknownV},
		"missing":      unknownV, "password": secret(unknownV), "ramResourceShareId": unknownV,
		"undescribed": "u",
	})}}
	p := proxyTo(t, f, pl)
	ctx := context.Background()

	resp, err := p.Create(ctx, &pulumirpc.CreateRequest{Urn: shareURN})
	require.NoError(t, err)
	sent, ok := f.last().(*pulumirpc.CreateRequest)
	require.True(t, ok)
	require.True(t, sent.GetPreview(), "nothing may be created")

	id := resp.GetId()
	require.Regexp(t, regexp.MustCompile(
		`^arn:aws:ram:eu-west-1:222222222222:resource-share/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$`), id)
	hash := pl.values(shareURN)["hash"]
	require.Equal(t, object{
		"arn": id, "name": "hub", "owner": "planned-" + hash, "count": 0.0, "enabled": false,
		"principals": []any{}, "tagsAll": object{"a": "planned-" + hash, "b": "c"},
		"associations":       []any{object{"size": 0.0, "kept": "k"}},
		"details":            object{"size": 2.0, "kept": "planned-" + hash},
		"password":           object{sig.Key: sig.Secret, "value": "planned-" + hash},
		"ramResourceShareId": id, "undescribed": "u",
	}, resp.GetProperties().AsMap())

	recorded, err := os.ReadFile(pl.file)
	require.NoError(t, err)
	require.Equal(t, shareURN+"\n", string(recorded))
}

func TestPlannedLife(t *testing.T) {
	t.Parallel()
	pl := testPlanner(t)
	f := &fakeBridge{
		check:  &pulumirpc.CheckResponse{},
		create: &pulumirpc.CreateResponse{Properties: properties(t, object{"owner": unknownV})},
		update: &pulumirpc.UpdateResponse{Properties: properties(t, object{"name": "new", "arn": unknownV, "count": unknownV})},
	}
	p := proxyTo(t, f, pl)
	ctx := context.Background()
	state := properties(t, object{"arn": "arn:1", "name": "old"})

	// A preview and a check are the provider's own.
	preview, err := p.Create(ctx, &pulumirpc.CreateRequest{Urn: shareURN, Preview: true})
	require.NoError(t, err)
	require.Equal(t, object{"owner": unknownV}, preview.GetProperties().AsMap())
	_, err = p.Check(ctx, &pulumirpc.CheckRequest{Urn: shareURN})
	require.NoError(t, err)
	require.NoFileExists(t, pl.file)

	// What an update does not decide stays as it was.
	updated, err := p.Update(ctx, &pulumirpc.UpdateRequest{Urn: shareURN, Id: "arn:1", Olds: state})
	require.NoError(t, err)
	require.Equal(t, object{"name": "new", "arn": "arn:1", "count": 0.0}, updated.GetProperties().AsMap())

	before := f.last()
	read, err := p.Read(ctx, &pulumirpc.ReadRequest{Urn: shareURN, Id: "arn:1", Properties: state, Inputs: state})
	require.NoError(t, err)
	require.Equal(t, "arn:1", read.GetId())
	require.Equal(t, state.AsMap(), read.GetProperties().AsMap())
	imported, err := p.Read(ctx, &pulumirpc.ReadRequest{Urn: shareURN, Id: "arn:2"})
	require.NoError(t, err)
	require.Empty(t, imported.GetId(), "there is nothing to import")
	_, err = p.Delete(ctx, &pulumirpc.DeleteRequest{Urn: shareURN, Id: "arn:1"})
	require.NoError(t, err)
	require.Same(t, before, f.last(), "the bridge must not be asked")
}

func TestPlannedValuesWithoutConfiguration(t *testing.T) {
	t.Parallel()
	p := &planner{}
	require.Equal(t, "us-east-1 123456789012 hub", expand("{region} {account} {name}", p.values(shareURN), properties(t, object{"name": "hub"})))
	p.configure(properties(t, object{"assumeRole": object{"roleArn": "arn:aws:iam::333333333333:role/r"}}))
	require.Equal(t, "333333333333", p.values(shareURN)["account"])
	require.Equal(t, p.values(shareURN), p.values(shareURN))
}

func TestPlannedTypesHaveAReason(t *testing.T) {
	t.Parallel()
	for _, row := range plannedTypes {
		require.True(t, strings.HasPrefix(row.token, "aws:"), row.token)
		require.NotEmpty(t, row.reason, row.token)
		require.NotEmpty(t, row.id, row.token)
	}
}
