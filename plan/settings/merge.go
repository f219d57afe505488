package settings

import (
	"maps"

	"github.com/archipelago-iac/archipelago/topology"
)

// Merge lays what one layer wrote over what the layers outside it say: named parts one by one,
// leaves as a whole; null removes. The layer's name becomes the origin of what it set. What the layer
// does not mention is shared, not copied.
func Merge(outer *Value, s *topology.Setting, layer string) *Value {
	switch {
	case s == nil:
		return outer
	case s.Removed:
		return nil
	case s.Fields == nil:
		return &Value{Leaf: canonical(s.Value), Origin: Origin{layer, s.Position}}
	}
	out := &Value{Fields: map[string]*Value{}, Origin: Origin{layer, s.Position}}
	if outer != nil && outer.Fields != nil {
		out.Fields, out.Origin, out.Gone = maps.Clone(outer.Fields), outer.Origin, outer.Gone
	}
	for name, part := range s.Fields {
		if merged := Merge(out.Fields[name], part, layer); merged != nil {
			out.Fields[name] = merged
		} else if out.Fields[name] != nil {
			delete(out.Fields, name)
			out.gone(name, Origin{layer, part.Position})
		}
	}
	return out
}
