package topology

import (
	"reflect"
	"strings"
	"sync"
)

// Field is one field of a model struct as the user sees it. Besides its name, struct tags say what the
// JSON Schema and the reference say about it: required, pattern, minLength, maxLength.
type Field struct {
	// Name is the field's name in YAML.
	Name string
	// Index leads to the Go field, as in [reflect.Value.FieldByIndex].
	Index []int
	// Required says that the user must set it.
	Required bool
	// Go is the Go field: its name, type and tags.
	Go reflect.StructField
}

// Fields lists the fields of a model struct that a user can write, in the order of the reference. Those
// of an embedded struct are among them.
func Fields(t reflect.Type) []Field {
	if known, ok := fieldsOf.Load(t); ok {
		return known.([]Field)
	}
	out := fields(t)
	fieldsOf.Store(t, out)
	return out
}

// fieldsOf remembers what [Fields] found: a type never changes, and it is asked for by every setting of every
// account.
var fieldsOf sync.Map

func fields(t reflect.Type) []Field {
	var out []Field
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			for _, inner := range Fields(f.Type) {
				inner.Index = append([]int{i}, inner.Index...)
				out = append(out, inner)
			}
			continue
		}
		if name == "" || name == "-" {
			continue
		}
		out = append(out, Field{Name: name, Index: f.Index, Required: f.Tag.Get("required") == "true", Go: f})
	}
	return out
}

// shorthand reports whether a text in the place of the whole mapping is the value of this field.
func (f Field) shorthand() bool { return f.Go.Tag.Get("shorthand") == "true" }

// article words a model type for a diagnostic: "an account", "a unit".
func article(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[Archipelago]():
		return "archipelago.yaml"
	case reflect.TypeFor[Organization]():
		return "an organization"
	case reflect.TypeFor[Account]():
		return "an account"
	case reflect.TypeFor[DelegationPolicy]():
		return "a delegation policy"
	case reflect.TypeFor[Management]():
		return "a management account"
	case reflect.TypeFor[Access]():
		return "access"
	case reflect.TypeFor[HookUse]():
		return "the use of a hook"
	case reflect.TypeFor[S3Baseline]():
		return "s3"
	case reflect.TypeFor[EC2Baseline]():
		return "ec2"
	case reflect.TypeFor[AccessAnalyzer]():
		return "accessAnalyzer"
	case reflect.TypeFor[PasswordPolicy]():
		return "passwordPolicy"
	case reflect.TypeFor[InstanceMetadata]():
		return "metadata"
	case reflect.TypeFor[Contacts]():
		return "contacts"
	}
	return "a " + strings.ToLower(t.Name())
}
