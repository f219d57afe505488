package awsplugin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// packageSchema is the part of a package's schema that completing a planned state and comparing
// with pulumi-aws need.
type packageSchema struct {
	Resources map[string]objectSchema `json:"resources"`
	Functions map[string]function     `json:"functions"`
	Types     map[string]objectSchema `json:"types"`
	Config    struct {
		Variables map[string]typeSchema `json:"variables"`
	} `json:"config"`
}

type function struct {
	Outputs objectSchema `json:"outputs"`
}

type objectSchema struct {
	Properties      map[string]typeSchema `json:"properties"`
	InputProperties map[string]typeSchema `json:"inputProperties"`
}

type typeSchema struct {
	Type                 string      `json:"type"`
	Ref                  string      `json:"$ref"`
	Items                *typeSchema `json:"items"`
	AdditionalProperties *typeSchema `json:"additionalProperties"`
}

// schemas has the schema of the planned types. It is made when first asked for: most runs plan
// nothing.
type schemas struct {
	load func() (packageSchema, error)

	mu     sync.Mutex
	loaded *packageSchema
}

// newSchemas makes schemas with a bridge of their own, restricted to the types given. The running
// bridge would describe all of AWS, in a minute and a gigabyte.
func newSchemas(ctx context.Context, o bridgeOptions, types []plannedType) *schemas {
	for _, t := range types {
		o.include = append(o.include, terraformName(t.token))
	}
	// The bridge is the plugin's, not that of the call which happens to be the first.
	return &schemas{load: func() (packageSchema, error) { return loadSchema(ctx, o) }}
}

// loadSchema has a new bridge describe the types that o includes.
func loadSchema(ctx context.Context, o bridgeOptions) (packageSchema, error) {
	var schema packageSchema
	b, err := startBridge(ctx, o)
	if err != nil {
		return schema, err
	}
	defer b.stop()
	resp, err := b.GetSchema(ctx, &pulumirpc.GetSchemaRequest{})
	if err != nil {
		return schema, fmt.Errorf("get schema of bridge: %w", err)
	}
	if err := json.Unmarshal([]byte(resp.GetSchema()), &schema); err != nil {
		return schema, fmt.Errorf("parse schema of bridge: %w", err)
	}
	return schema, nil
}

// resource returns the schema of a resource type of the bridge.
func (s *schemas) resource(bridgeToken string) (objectSchema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loaded == nil {
		loaded, err := s.load()
		if err != nil {
			return objectSchema{}, err
		}
		s.loaded = &loaded
	}
	o, ok := s.loaded.Resources[bridgeToken]
	if !ok {
		return objectSchema{}, fmt.Errorf("find schema of %s: the bridge has none", bridgeToken)
	}
	return o, nil
}

// fill gives each unknown in object the value it has in old, or else one of its type. An unknown
// whose type has no neutral value is removed.
func (s *schemas) fill(object *structpb.Struct, types map[string]typeSchema, old *structpb.Struct, text string) {
	for name, v := range object.GetFields() {
		if before := old.GetFields()[name]; unknown(v) && before != nil {
			object.Fields[name] = before
			continue
		}
		if filled := s.value(v, types[name], text); filled != nil {
			object.Fields[name] = filled
		} else {
			delete(object.Fields, name)
		}
	}
}

// value returns v with its unknowns filled.
func (s *schemas) value(v *structpb.Value, t typeSchema, text string) *structpb.Value {
	if unknown(v) {
		return s.neutral(t, text)
	}
	switch k := v.GetKind().(type) {
	case *structpb.Value_ListValue:
		if t.Items == nil {
			return v
		}
		for i, item := range k.ListValue.GetValues() {
			k.ListValue.Values[i] = orNull(s.value(item, *t.Items, text))
		}
	case *structpb.Value_StructValue:
		fields := k.StructValue.GetFields()
		if fields[sig.Key] != nil {
			fields["value"] = orNull(s.value(fields["value"], t, text))
			return v
		}
		s.fill(k.StructValue, s.propertiesOf(t, fields), nil, text)
	}
	return v
}

// propertiesOf returns the types of the properties of a value of type t. A map has the same for
// all.
func (s *schemas) propertiesOf(t typeSchema, fields map[string]*structpb.Value) map[string]typeSchema {
	if t.AdditionalProperties == nil {
		return s.loaded.Types[strings.TrimPrefix(t.Ref, "#/types/")].Properties
	}
	types := make(map[string]typeSchema, len(fields))
	for name := range fields {
		types[name] = *t.AdditionalProperties
	}
	return types
}

// neutral returns a value of type t, or nil if t has none that would be valid for certain.
func (s *schemas) neutral(t typeSchema, text string) *structpb.Value {
	switch {
	case t.Type == "string":
		return structpb.NewStringValue("planned-" + text)
	case t.Type == "boolean":
		return structpb.NewBoolValue(false)
	case t.Type == "number" || t.Type == "integer":
		return structpb.NewNumberValue(0)
	case t.Type == "array":
		return structpb.NewListValue(&structpb.ListValue{})
	case t.AdditionalProperties != nil:
		return structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{}})
	}
	return nil
}

// unknown tells whether v is the mark of a value that is not known yet. There is one for each
// type, but providers send the one of text for all.
func unknown(v *structpb.Value) bool {
	if o := v.GetStructValue().GetFields(); o[sig.Key].GetStringValue() == sig.OutputValue {
		return o["value"] == nil
	}
	switch v.GetStringValue() {
	case plugin.UnknownStringValue, plugin.UnknownBoolValue, plugin.UnknownNumberValue,
		plugin.UnknownArrayValue, plugin.UnknownObjectValue:
		return true
	}
	return false
}
