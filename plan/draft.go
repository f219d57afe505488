package plan

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"reflect"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/shape"
	"github.com/archipelago-iac/archipelago/topology"
)

// Draft returns what a hook would get as its draft for an account with the given tags and the baseline
// that the YAML says, for tests of hooks. The YAML may be empty; tags, contacts and regions may be in it.
// File is its name in diagnostics.
func Draft(file string, text []byte, tags map[string]string) (map[string]*plugins.Part, topology.Diagnostics) {
	s, found := topology.ReadDraft(file, text)
	if found.HasErrors() {
		return nil, found
	}
	all := map[string]*settings.Value{}
	for key, value := range tags {
		all[key] = settings.Leaf(value, settings.Origin{Layer: "account"})
	}
	v := completed(merge(empty().With("tags", settings.Object(all, settings.Origin{})), s, "baseline"))
	out := map[string]*plugins.Part{}
	for name, part := range v.Fields {
		out[name] = plugins.NewPart(part.JSON())
	}
	return out, found
}

// merge lays a layer's baseline over what is outside of it. The parts that are always there stay.
func merge(outer *settings.Value, s *topology.Setting, layer string) *settings.Value {
	merged := settings.Merge(outer, s, layer)
	for _, name := range always {
		if merged.Fields[name] == nil {
			merged = merged.With(name, empty().Fields[name])
		}
	}
	return merged
}

// sources are the files whose comments, beside those of the model, are the documentation of what hooks see.
//
//go:embed hookcontext.go baseline.go
var sources embed.FS

// documents of any shape in a baseline are objects to a hook.
var anyObject = shape.AnyObject(reflect.TypeFor[topology.Document]())

// HookTypes returns the files that make an editor and the TypeScript compiler understand hooks, by their
// paths: hooks/archipelago.d.ts and hooks/tsconfig.json.
func HookTypes() (map[string]string, error) {
	comments, err := topology.Comments()
	if err != nil {
		return nil, fmt.Errorf("make types of hooks: %w", err)
	}
	own, err := topology.ReadComments(sources)
	if err != nil {
		return nil, fmt.Errorf("make types of hooks: %w", err)
	}
	text, err := shape.Declarations(map[string]reflect.Type{
		shape.Baseline: baselineType, shape.Context: reflect.TypeFor[Context](),
	}, func(typeName, field string) string {
		key := typeName
		if field != "" {
			key += "." + field
		}
		if text := own[key]; text != "" {
			return text
		}
		return comments(typeName, field)
	}, anyObject)
	if err != nil {
		return nil, fmt.Errorf("make types of hooks: %w", err)
	}
	return map[string]string{
		path.Join(HooksDir, "archipelago.d.ts"): text,
		path.Join(HooksDir, "tsconfig.json"):    shape.Tsconfig(),
	}, nil
}

// DraftProblems checks parts of a baseline, as a hook left them, against what every baseline must be: what is
// missing, values out of range, malformed texts. What depends on the account or on locks only [Load] knows.
func DraftProblems(parts map[string]json.RawMessage) ([]plugins.Problem, error) {
	b := newBaselines(&topology.Archipelago{})
	var out []plugins.Problem
	for _, name := range sortedKeys(parts) {
		v, err := settings.Replace(nil, settings.Path{name}, parts[name], baselineParts[name], nil)
		if err != nil {
			return nil, fmt.Errorf("check draft: %w", err)
		}
		if v == nil {
			continue
		}
		for _, p := range b.piece(name, settings.Complete(v, baselineParts[name])).problems {
			out = append(out, plugins.Problem{Path: p.path.String(), Message: p.message, Hint: p.hint})
		}
	}
	return out, nil
}
