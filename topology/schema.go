package topology

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Schemas are the files that editors read: the name of each and the file of the archipelago that it
// describes.
const (
	SchemaArchipelago  = "archipelago.schema.json"
	SchemaOrganization = "organization.schema.json"
)

// Schema returns the JSON Schema of archipelago.yaml ([SchemaArchipelago]) or of the files of
// organizations/ ([SchemaOrganization]), made from the types of this package. It is draft 7, which is
// what editors know.
func Schema(name string) ([]byte, error) {
	var root reflect.Type
	switch name {
	case SchemaArchipelago:
		root = reflect.TypeFor[Archipelago]()
	case SchemaOrganization:
		root = reflect.TypeFor[Organization]()
	default:
		return nil, fmt.Errorf("make schema %s: there is no such schema", name)
	}
	comments, err := readComments()
	if err != nil {
		return nil, fmt.Errorf("make schema %s: %w", name, err)
	}
	g := &schemaMaker{comments: comments, defined: map[reflect.Type]bool{root: true}}
	out := g.object(root)
	out.Schema = "http://json-schema.org/draft-07/schema#"
	out.Title = "Archipelago: " + RootFile
	if root == reflect.TypeFor[Organization]() {
		out.Title = "Archipelago: a file of " + OrganizationsDir + "/"
	}
	out.Type = "object"
	out.Definitions = g.definitions
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		return nil, fmt.Errorf("make schema %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// jsonSchema is the part of JSON Schema that the model needs.
type jsonSchema struct {
	Schema               string        `json:"$schema,omitempty"`
	Title                string        `json:"title,omitempty"`
	Description          string        `json:"description,omitempty"`
	Ref                  string        `json:"$ref,omitempty"`
	AllOf                []*jsonSchema `json:"allOf,omitempty"`
	AnyOf                []*jsonSchema `json:"anyOf,omitempty"`
	Type                 any           `json:"type,omitempty"`
	Enum                 []string      `json:"enum,omitempty"`
	Default              any           `json:"default,omitempty"`
	Pattern              string        `json:"pattern,omitempty"`
	MinLength            int           `json:"minLength,omitempty"`
	MaxLength            int           `json:"maxLength,omitempty"`
	Minimum              *int          `json:"minimum,omitempty"`
	Maximum              int           `json:"maximum,omitempty"`
	Items                *jsonSchema   `json:"items,omitempty"`
	Properties           properties    `json:"properties,omitempty"`
	PatternProperties    properties    `json:"patternProperties,omitempty"`
	AdditionalProperties any           `json:"additionalProperties,omitempty"`
	Required             []string      `json:"required,omitempty"`
	Definitions          properties    `json:"definitions,omitempty"`
}

// properties keep their order.
type properties []property

type property struct {
	name string
	is   *jsonSchema
}

func (ps properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(',')
		}
		jsonString(&b, p.name)
		b.WriteByte(':')
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(p.is); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

type schemaMaker struct {
	comments    comments
	defined     map[reflect.Type]bool
	definitions properties
}

// object describes a struct of the model.
func (g *schemaMaker) object(t reflect.Type) *jsonSchema {
	out := &jsonSchema{Type: []string{"object", "null"}, AdditionalProperties: false, Description: g.comments.ofType(t)}
	for _, f := range Fields(t) {
		out.Properties = append(out.Properties, property{f.Name, g.field(t, f)})
		if f.Required {
			out.Required = append(out.Required, f.Name)
			out.Type = "object"
		}
	}
	return out
}

func (g *schemaMaker) field(t reflect.Type, f Field) *jsonSchema {
	out := g.value(f.Go.Type, f.Go.Tag)
	if out.Ref != "" {
		// Draft 7 ignores what stands beside a reference.
		out = &jsonSchema{AllOf: []*jsonSchema{out}}
	}
	out.Description = g.comments.ofField(t, f)
	out.Pattern = f.Go.Tag.Get("pattern")
	out.MinLength = number(f.Go.Tag.Get("minLength"))
	out.MaxLength = number(f.Go.Tag.Get("maxLength"))
	limited := out
	if out.Items != nil {
		limited = out.Items
	}
	if lowest, ok := f.Go.Tag.Lookup("minimum"); ok {
		n := number(lowest)
		limited.Minimum = &n
	}
	limited.Maximum = number(f.Go.Tag.Get("maximum"))
	out.Default = defaultValue(f)
	return out
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// defaultValue reads the tag "default", which is written as in YAML.
func defaultValue(f Field) any {
	text, ok := f.Go.Tag.Lookup("default")
	if !ok {
		return nil
	}
	switch f.Go.Type.Kind() {
	case reflect.Int:
		return number(text)
	case reflect.Slice:
		items := strings.Split(strings.Trim(text, "[]"), ", ")
		if f.Go.Type.Elem().Kind() != reflect.Int {
			return items
		}
		numbers := make([]int, len(items))
		for i, item := range items {
			numbers[i] = number(item)
		}
		return numbers
	case reflect.Pointer:
		return text == "true"
	}
	return text
}

// value describes a value of type t. The tag says what the type does not: that the keys of a mapping or
// the items of a list are from one of the tables.
func (g *schemaMaker) value(t reflect.Type, tag reflect.StructTag) *jsonSchema {
	switch {
	case t == documentType:
		return &jsonSchema{Type: "object"}
	case t == stringListType:
		return &jsonSchema{AnyOf: []*jsonSchema{{Type: "string"}, {Type: "array", Items: &jsonSchema{Type: "string"}}}}
	case t.Implements(enumType):
		return &jsonSchema{Type: "string", Enum: reflect.Zero(t).Interface().(enum).Values()}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.value(t.Elem(), tag)
	case reflect.Struct:
		return g.reference(t)
	case reflect.Map:
		keys := tag.Get("keys")
		out := &jsonSchema{Type: "object", Properties: g.known(t, keys), AdditionalProperties: g.mapValue(t, keys)}
		if keys == "services" {
			out.PatternProperties = properties{{servicePrincipal.String(), g.value(t.Elem(), "")}}
		}
		return out
	case reflect.Slice:
		return &jsonSchema{Type: "array", Items: g.item(t, tag.Get("values"))}
	case reflect.Bool:
		return &jsonSchema{Type: "boolean"}
	case reflect.Int:
		return &jsonSchema{Type: "integer"}
	default:
		return &jsonSchema{Type: "string"}
	}
}

func (g *schemaMaker) reference(t reflect.Type) *jsonSchema {
	for _, f := range Fields(t) {
		if f.shorthand() {
			short := g.value(f.Go.Type, f.Go.Tag)
			short.Pattern = f.Go.Tag.Get("pattern")
			return &jsonSchema{AnyOf: []*jsonSchema{short, g.definition(t)}}
		}
	}
	return g.definition(t)
}

func (g *schemaMaker) definition(t reflect.Type) *jsonSchema {
	if !g.defined[t] {
		g.defined[t] = true
		// The place is taken before the fields are described: a unit holds units.
		i := len(g.definitions)
		g.definitions = append(g.definitions, property{name: t.Name()})
		g.definitions[i].is = g.object(t)
	}
	return &jsonSchema{Ref: "#/definitions/" + t.Name()}
}

func (g *schemaMaker) mapValue(t reflect.Type, keys string) any {
	if keys != "" {
		return false
	}
	if t.Elem().Kind() == reflect.String {
		// Tags: 4711 and true are text all the same.
		return &jsonSchema{Type: []string{"string", "number", "boolean"}}
	}
	return g.value(t.Elem(), "")
}

// known describes the keys of a mapping that come from a table.
func (g *schemaMaker) known(t reflect.Type, keys string) properties {
	var out properties
	switch keys {
	case "quotas":
		one := 1
		for _, q := range quotas {
			out = append(out, property{q.Name, &jsonSchema{Description: fmt.Sprintf("%s. Default %d.", q.What, q.Value), Type: "integer", Minimum: &one}})
		}
	case "services":
		for _, s := range services {
			for _, name := range []string{s.Name, s.Principal} {
				is := g.value(t.Elem(), "")
				is.Description = s.Principal
				out = append(out, property{name, is})
			}
		}
	}
	return out
}

func (g *schemaMaker) item(t reflect.Type, values string) *jsonSchema {
	switch values {
	case "regions":
		return &jsonSchema{Type: "string", Enum: regionNames()}
	case "services":
		var names []string
		for _, s := range services {
			names = append(names, s.Name, s.Principal)
		}
		return &jsonSchema{AnyOf: []*jsonSchema{{Type: "string", Enum: names}, {Type: "string", Pattern: servicePrincipal.String()}}}
	}
	return g.value(t.Elem(), "")
}
