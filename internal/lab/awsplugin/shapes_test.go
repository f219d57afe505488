package awsplugin

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"
)

type object = map[string]any

func secret(v any) object { return object{sig.Key: sig.Secret, "value": v} }

func properties(t *testing.T, o object) *structpb.Struct {
	t.Helper()
	s, err := structpb.NewStruct(o)
	require.NoError(t, err)
	return s
}

func TestConfigShapes(t *testing.T) {
	t.Parallel()
	role := object{"roleArn": "arn:aws:iam::222222222222:role/automation"}
	const roleJSON = `{"roleArn":"arn:aws:iam::222222222222:role/automation"}`
	for name, c := range map[string]struct{ aws, bridge object }{
		"object":          {object{"assumeRole": role}, object{"assumeRoles": []any{role}}},
		"JSON":            {object{"assumeRole": roleJSON}, object{"assumeRoles": "[" + roleJSON + "]"}},
		"secret object":   {object{"assumeRole": secret(role)}, object{"assumeRoles": secret([]any{role})}},
		"secret JSON":     {object{"assumeRole": secret(roleJSON)}, object{"assumeRoles": secret("[" + roleJSON + "]")}},
		"unknown":         {object{"assumeRole": plugin.UnknownStringValue}, object{"assumeRoles": plugin.UnknownStringValue}},
		"null":            {object{"assumeRole": nil}, object{"assumeRoles": nil}},
		"unknown output":  {object{"assumeRole": object{sig.Key: sig.OutputValue}}, object{"assumeRoles": object{sig.Key: sig.OutputValue}}},
		"secret within":   {object{"assumeRole": object{"roleArn": secret("a")}}, object{"assumeRoles": []any{object{"roleArn": secret("a")}}}},
		"same name":       {object{"defaultTags": object{"tags": object{"a": "b"}}}, object{"defaultTags": []any{object{"tags": object{"a": "b"}}}}},
		"web identity":    {object{"assumeRoleWithWebIdentity": role}, object{"assumeRoleWithWebIdentities": []any{role}}},
		"text":            {object{"skipMetadataApiCheck": "true"}, object{"skipMetadataApiCheck": "true"}},
		"lists and flags": {object{"allowedAccountIds": []any{"1"}, "s3UsePathStyle": true, "maxRetries": 1.0}, object{"allowedAccountIds": []any{"1"}, "s3UsePathStyle": true, "maxRetries": 1.0}},
		"defaulted":       {object{"__defaults": []any{"assumeRole", "region"}}, object{"__defaults": []any{"assumeRoles", "region"}}},
	} {
		p := properties(t, c.aws)
		toBridge(configShapes, p)
		require.Equal(t, c.bridge, p.AsMap(), name)
		fromBridge(configShapes, p)
		require.Equal(t, c.aws, p.AsMap(), name+", and back")
	}

	p := properties(t, object{"skipMetadataApiCheck": true})
	toBridge(configShapes, p)
	require.Equal(t, object{"skipMetadataApiCheck": "true"}, p.AsMap())

	// What the bridge has as an empty list, pulumi-aws has not at all.
	p = properties(t, object{"assumeRoles": []any{}, "ignoreTags": "[]", "region": "eu-west-1"})
	fromBridge(configShapes, p)
	require.Equal(t, object{"region": "eu-west-1"}, p.AsMap())

	toBridge(configShapes, nil)
}

func TestResourceShapes(t *testing.T) {
	t.Parallel()
	alarm := resourceShapes["aws:cloudwatch/metricAlarm:MetricAlarm"]
	p := properties(t, object{"name": "a", rawStateDelta: object{}})
	toBridge(alarm, p)
	require.Equal(t, object{"alarmName": "a", rawStateDelta: object{}}, p.AsMap())
	fromBridge(alarm, p)
	require.Equal(t, object{"name": "a", rawStateDelta: object{}}, p.AsMap())
}

func TestListOfOne(t *testing.T) {
	t.Parallel()
	bucket := resourceShapes["aws:s3/bucketV2:BucketV2"]
	p := properties(t, object{"versionings": []any{object{"enabled": true}}, "loggings": []any{}, rawStateDelta: object{}})
	toBridge(bucket, p)
	require.Equal(t, object{"versioning": object{"enabled": true}, rawStateDelta: object{}}, p.AsMap())
	fromBridge(bucket, p)
	require.Equal(t, object{"versionings": []any{object{"enabled": true}}}, p.AsMap())
	require.Equal(t, "versioning.enabled", pathToBridge(bucket, "versionings[0].enabled"))
	require.Equal(t, "versionings[0].enabled", pathFromBridge(bucket, "versioning.enabled"))
}

func TestPaths(t *testing.T) {
	t.Parallel()
	for aws, bridge := range map[string]string{
		"assumeRole":         "assumeRoles[0]",
		"assumeRole.roleArn": "assumeRoles[0].roleArn",
		"assumeRoleX":        "assumeRoleX",
		"region":             "region",
		`tags["a.b"]`:        `tags["a.b"]`,
	} {
		require.Equal(t, bridge, pathToBridge(configShapes, aws))
		require.Equal(t, aws, pathFromBridge(configShapes, bridge))
	}
	require.Equal(t, "assumeRole", pathFromBridge(configShapes, "assumeRoles"))
}
