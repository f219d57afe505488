package baseline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/policy"
)

// resourcesPrefix begins a placeholder that refers to another resource.
const resourcesPrefix = "resources."

// ResourceArgs are the inputs of [NewResource].
type ResourceArgs struct {
	// Type is the resource's Pulumi type token, such as aws:s3/bucketV2:BucketV2.
	Type string
	// Properties is a JSON object with the properties as Pulumi names them; empty for none. Its texts may
	// hold placeholders.
	Properties json.RawMessage
	// Values replace placeholders: {"account.id": ...} replaces {{account.id}}.
	Values map[string]pulumi.StringInput
	// Resources are what references such as {{resources.logs.arn}} refer to, by name.
	Resources map[string]*Resource
}

// Resource is an AWS resource that was declared as data.
type Resource struct {
	pulumi.CustomResourceState

	name string
	// preview says that outputs may still be missing.
	preview bool
}

// NewResource registers a resource of any type. Nothing about its properties is known here: the provider
// checks them.
//
// A text that is nothing but one reference becomes the value that is referred to, a list or a number if
// it is one; elsewhere the value becomes part of the text. What a reference finds secret stays secret.
func NewResource(ctx *pulumi.Context, name string, args *ResourceArgs, opts ...pulumi.ResourceOption) (*Resource, error) {
	properties, err := decode(args.Properties)
	if err != nil {
		return nil, fmt.Errorf("read properties of resource %s: %w", name, err)
	}
	inputs := pulumi.Map{}
	for key, value := range properties {
		if inputs[key], err = args.input(value); err != nil {
			return nil, fmt.Errorf("expand property %s of resource %s: %w", key, name, err)
		}
	}
	r := &Resource{name: name, preview: ctx.DryRun()}
	if err := ctx.RegisterResource(args.Type, name, inputs, r, opts...); err != nil {
		return nil, fmt.Errorf("create resource %s: %w", name, err)
	}
	return r, nil
}

// decode reads a JSON object.
func decode(text json.RawMessage) (map[string]any, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&out); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON object")
	}
	return out, nil
}

// input turns a value of JSON into an input with every placeholder replaced.
func (a *ResourceArgs) input(value any) (pulumi.Input, error) {
	switch v := value.(type) {
	case map[string]any:
		out := pulumi.Map{}
		for key, x := range v {
			in, err := a.input(x)
			if err != nil {
				return nil, err
			}
			out[key] = in
		}
		return out, nil
	case []any:
		out := make(pulumi.Array, len(v))
		for i, x := range v {
			in, err := a.input(x)
			if err != nil {
				return nil, err
			}
			out[i] = in
		}
		return out, nil
	case string:
		return a.text(v)
	case nil:
		return nil, nil
	case float64:
		return pulumi.Float64(v), nil
	case bool:
		return pulumi.Bool(v), nil
	default:
		return nil, fmt.Errorf("%T is no value of JSON", v)
	}
}

// text replaces the placeholders of a text.
func (a *ResourceArgs) text(text string) (pulumi.Input, error) {
	names := policy.Placeholders(text)
	if len(names) == 0 {
		return pulumi.String(text), nil
	}
	used := make([]any, len(names))
	for i, name := range names {
		v, err := a.value(name)
		if err != nil {
			return nil, err
		}
		used[i] = v
	}
	if len(names) == 1 && policy.Expand(text, map[string]string{names[0]: ""}) == "" && strings.Count(text, "{{") == 1 {
		return used[0].(pulumi.Input), nil
	}
	return pulumi.All(used...).ApplyT(func(resolved []any) (string, error) {
		known := map[string]string{}
		for i, name := range names {
			s, err := scalar(resolved[i])
			if err != nil {
				return "", fmt.Errorf("expand {{%s}}: %w", name, err)
			}
			known[name] = s
		}
		return policy.Expand(text, known), nil
	}).(pulumi.StringOutput), nil
}

// value returns what a placeholder stands for.
func (a *ResourceArgs) value(name string) (pulumi.Input, error) {
	path, reference := strings.CutPrefix(name, resourcesPrefix)
	if !reference {
		if v, ok := a.Values[name]; ok {
			return v, nil
		}
		return nil, fmt.Errorf("no value for {{%s}}", name)
	}
	other, property, _ := strings.Cut(path, ".")
	r := a.Resources[other]
	if r == nil || property == "" {
		return nil, fmt.Errorf("no resource for {{%s}}", name)
	}
	return r.Output(property), nil
}

// scalar words a value that becomes part of a text.
func scalar(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	default:
		return "", errors.New("a list, an object or nothing cannot be part of a text")
	}
}

// Output returns one of the resource's outputs, "id" and "urn" included. The path leads into lists and
// objects: rules[0].id or rules.0.id. In a preview an output that is missing is unknown; else it is an
// error.
func (r *Resource) Output(path string) pulumi.Output {
	// The typed outputs of a resource are either all known or all unknown, and all of them secret where one
	// is; the raw ones know that of each property.
	return pulumi.InternalGetRawOutputs(&r.ResourceState).ApplyT(func(raw any) (any, error) {
		outputs, ok := raw.(resource.PropertyMap)
		if !ok {
			return nil, fmt.Errorf("read outputs of resource %s: they are %T", r.name, raw)
		}
		steps, err := resource.ParsePropertyPath(path)
		if err != nil {
			return nil, fmt.Errorf("read output %s of resource %s: %w", path, r.name, err)
		}
		value, found := follow(outputs, steps)
		switch {
		case !found && !r.preview:
			return nil, fmt.Errorf("resource %s has no output %s", r.name, path)
		case !found || value.ContainsUnknowns():
			return pulumi.UnsafeUnknownOutput([]pulumi.Resource{r}), nil
		case value.ContainsSecrets():
			return pulumi.ToSecret(bare(value)), nil
		default:
			return bare(value), nil
		}
	})
}

// bare drops the marks of secrets from a value.
func bare(value resource.PropertyValue) any {
	return value.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
		if v.IsSecret() {
			return bare(v.SecretValue().Element), true
		}
		return nil, false
	})
}

// follow finds a value in the outputs of a resource. What is below an unknown value is unknown.
func follow(outputs resource.PropertyMap, steps resource.PropertyPath) (_ resource.PropertyValue, found bool) {
	at, secret := resource.NewProperty(outputs), false
	for _, step := range steps {
		for at.IsSecret() {
			at, secret = at.SecretValue().Element, true
		}
		if at.IsComputed() || at.IsOutput() {
			return at, true
		}
		next, ok := child(at, step)
		if !ok {
			return at, false
		}
		at = next
	}
	if secret {
		at = resource.MakeSecret(at)
	}
	return at, true
}

// child returns an element of a list or object.
func child(of resource.PropertyValue, step any) (resource.PropertyValue, bool) {
	switch {
	case of.IsObject():
		v, ok := of.ObjectValue()[resource.PropertyKey(fmt.Sprint(step))]
		return v, ok
	case of.IsArray():
		i, err := strconv.Atoi(fmt.Sprint(step))
		if err != nil || i < 0 || i >= len(of.ArrayValue()) {
			return resource.PropertyValue{}, false
		}
		return of.ArrayValue()[i], true
	default:
		return resource.PropertyValue{}, false
	}
}
