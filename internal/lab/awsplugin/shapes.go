package awsplugin

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/types/known/structpb"
)

// kind says in which way a property differs beyond its name.
type kind int

const (
	// The zero value is a property that differs in name only.
	_ kind = iota
	// single properties are one object in pulumi-aws and a list of at most one in the bridge.
	single
	// many properties are a list of at most one in pulumi-aws and one object in the bridge.
	many
	// text properties are a boolean in pulumi-aws and text in the bridge.
	text
	// archived properties are an archive in pulumi-aws and the name of a file in the bridge; archives
	// knows which is which.
	archived
)

// shape is one top-level property that pulumi-aws and the bridge present differently.
type shape struct {
	name   string // in pulumi-aws
	bridge string // in the bridge
	kind   kind
}

// configShapes are the differences in the provider's own configuration.
var configShapes = []shape{
	{name: "assumeRole", bridge: "assumeRoles", kind: single},
	{name: "assumeRoleWithWebIdentity", bridge: "assumeRoleWithWebIdentities", kind: single},
	{name: "defaultTags", bridge: "defaultTags", kind: single},
	{name: "ignoreTags", bridge: "ignoreTags", kind: single},
	{name: "skipMetadataApiCheck", bridge: "skipMetadataApiCheck", kind: text},
}

// resourceShapes are the differences in resource types, by Pulumi token. A type without an entry
// has none; the test against the real bridge says so for each type in use.
var resourceShapes = map[string][]shape{
	"aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": {{name: "logGroup", bridge: "logGroupName"}},
	"aws:cloudwatch/metricAlarm:MetricAlarm":                     {{name: "name", bridge: "alarmName"}},
	"aws:dynamodb/table:Table": {
		{name: "globalSecondaryIndexes", bridge: "globalSecondaryIndices"},
		{name: "localSecondaryIndexes", bridge: "localSecondaryIndices"},
	},
	"aws:ec2/defaultNetworkAcl:DefaultNetworkAcl":       trafficShapes,
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": trafficShapes,
	"aws:ec2/networkAcl:NetworkAcl":                     trafficShapes,
	"aws:ec2/securityGroup:SecurityGroup":               trafficShapes,
	"aws:lambda/function:Function": {
		{name: "code", bridge: "filename", kind: archived},
		{name: "name", bridge: "functionName"},
	},
	"aws:lambda/permission:Permission": {{name: "function", bridge: "functionName"}},
	"aws:s3/bucketV2:BucketV2": {
		{name: "loggings", bridge: "logging", kind: many},
		{name: "replicationConfigurations", bridge: "replicationConfiguration", kind: many},
		{name: "serverSideEncryptionConfigurations", bridge: "serverSideEncryptionConfiguration", kind: many},
		{name: "versionings", bridge: "versioning", kind: many},
		{name: "websites", bridge: "website", kind: many},
	},
	"aws:securityhub/automationRule:AutomationRule": {{name: "criteria", bridge: "criterias", kind: single}},
	"aws:sns/topicSubscription:TopicSubscription":   {{name: "topic", bridge: "topicArn"}},
}

// trafficShapes is for the types with lists of inbound and outbound rules.
var trafficShapes = []shape{
	{name: "egress", bridge: "egresses"},
	{name: "ingress", bridge: "ingresses"},
}

// toBridge rewrites properties from pulumi-aws's shapes to the bridge's, in place.
func toBridge(shapes []shape, properties ...*structpb.Struct) {
	for _, s := range shapes {
		for _, p := range properties {
			s.apply(p, s.name, s.bridge, s.kind == single)
		}
	}
}

// rawStateDelta is the property in which the bridge keeps how a state's properties differ from
// Terraform's. The bridge does without, if less exactly.
const rawStateDelta = "__pulumi_raw_state_delta"

// fromBridge undoes toBridge.
func fromBridge(shapes []shape, properties ...*structpb.Struct) {
	for _, s := range shapes {
		for _, p := range properties {
			s.apply(p, s.bridge, s.name, s.kind == many)
			// An empty list does not survive the way there and back, so that what the bridge
			// remembers of it would not fit.
			if s.kind == single || s.kind == many {
				delete(p.GetFields(), rawStateDelta)
			}
		}
	}
}

// pathToBridge translates a property path such as assumeRole.roleArn.
func pathToBridge(shapes []shape, path string) string {
	for _, s := range shapes {
		if rest, ok := cutProperty(path, s.name); ok {
			return s.bridge + movePath(rest, s.kind == single, s.kind == many)
		}
	}
	return path
}

// pathFromBridge undoes pathToBridge.
func pathFromBridge(shapes []shape, path string) string {
	for _, s := range shapes {
		if rest, ok := cutProperty(path, s.bridge); ok {
			return s.name + movePath(rest, s.kind == many, s.kind == single)
		}
	}
	return path
}

// movePath puts the way below a property into a list, or takes it out of one.
func movePath(rest string, in, out bool) string {
	switch {
	case in:
		return "[0]" + rest
	case out:
		return strings.TrimPrefix(rest, "[0]")
	}
	return rest
}

// cutProperty removes the leading property name from path; name must be the whole of it.
func cutProperty(path, name string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, name)
	return rest, ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// apply moves a property from one name to the other and converts its value; intoList says in which way.
func (s shape) apply(p *structpb.Struct, from, to string, intoList bool) {
	if defaults := p.GetFields()["__defaults"].GetListValue(); defaults != nil {
		for _, v := range defaults.GetValues() {
			if v.GetStringValue() == from {
				v.Kind = structpb.NewStringValue(to).Kind
			}
		}
	}
	v, ok := p.GetFields()[from]
	if !ok {
		return
	}
	delete(p.Fields, from)
	switch s.kind {
	case single, many:
		convert := unwrap
		if intoList {
			convert = wrap
		}
		v = insideWrapper(v, insideJSON(convert))
	case text:
		v = insideWrapper(v, asText)
	}
	if v != nil {
		p.Fields[to] = v
	}
}

// insideWrapper converts v, or what v holds if it is a secret or an output.
func insideWrapper(v *structpb.Value, convert func(*structpb.Value) *structpb.Value) *structpb.Value {
	fields := v.GetStructValue().GetFields()
	switch fields[sig.Key].GetStringValue() {
	case sig.Secret, sig.OutputValue:
		if inner, ok := fields["value"]; ok {
			fields["value"] = orNull(convert(inner))
		}
		return v
	}
	return convert(v)
}

// insideJSON makes convert work on text as well. Providers receive nested configuration as JSON
// from some SDKs, from the engine's configuration and from the bridge itself. Text that is
// not JSON, in particular the mark of an unknown value, stays as it is.
func insideJSON(convert func(*structpb.Value) *structpb.Value) func(*structpb.Value) *structpb.Value {
	return func(v *structpb.Value) *structpb.Value {
		if _, ok := v.GetKind().(*structpb.Value_StringValue); !ok {
			return convert(v)
		}
		var inner structpb.Value
		if json.Unmarshal([]byte(v.GetStringValue()), &inner) != nil {
			return v
		}
		converted := convert(&inner)
		if converted == nil {
			return nil
		}
		// Not MarshalJSON, whose output differs from run to run and would end up in the state.
		out, err := json.Marshal(converted.AsInterface())
		if err != nil {
			return v
		}
		return structpb.NewStringValue(string(out))
	}
}

func orNull(v *structpb.Value) *structpb.Value {
	if v == nil {
		return structpb.NewNullValue()
	}
	return v
}

func wrap(v *structpb.Value) *structpb.Value {
	if v.GetStructValue() == nil {
		return v
	}
	return structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{v}})
}

// unwrap returns nil for an empty list: pulumi-aws has no property then.
func unwrap(v *structpb.Value) *structpb.Value {
	list := v.GetListValue()
	if list == nil {
		return v
	}
	if len(list.GetValues()) == 0 {
		return nil
	}
	return list.GetValues()[0]
}

func asText(v *structpb.Value) *structpb.Value {
	if b, ok := v.GetKind().(*structpb.Value_BoolValue); ok {
		return structpb.NewStringValue(strconv.FormatBool(b.BoolValue))
	}
	return v
}
