package recorder

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Options say how the program is run.
type Options struct {
	// Stack is the name of the stack; empty means "test".
	Stack string
	// Config is the stack's configuration: "archipelago:organization" and so on.
	Config map[string]string
	// Preview runs the program as in a preview: what AWS would only tell after creation is unknown.
	Preview bool
	// Stacks are the outputs of the stacks that can be read, by full name. Reading another one fails
	// as the engine does.
	Stacks map[string]map[string]any
	// Answers are what functions of providers return, by token. Calling another one fails.
	Answers map[string]map[string]any
}

// Recording is what a program did.
type Recording struct {
	// Resources are sorted by type, then name.
	Resources []Resource
	// Outputs are the stack's outputs. Those that depend on something unknown are missing.
	Outputs map[string]any
	// Log has the program's messages as "warning: text", in their order.
	Log []string
}

// Resource is one resource that was registered or read.
type Resource struct {
	Type, Name string
	// Read says that the resource was read, not registered.
	Read   bool
	Inputs map[string]any
	// Parent and After are "type name"; After is everything the resource waits for, sorted.
	Parent string
	After  []string
	// Provider is the Pulumi name of the resource's explicit provider.
	Provider       string
	Protect        bool
	RetainOnDelete bool
	Import         string
	IgnoreChanges  []string
	// Aliases are former names of the resource.
	Aliases []string
	// CreateTimeout is the custom timeout of creation.
	CreateTimeout string
}

// Run runs the program. The recording is complete up to where an error stopped it.
func Run(o Options, program pulumi.RunFunc) (*Recording, error) {
	r := &recorder{options: o, outputs: map[string]any{}}
	stack := cmp.Or(o.Stack, "test")
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		ctx.Log = log{r}
		err := program(ctx)
		r.collect(ctx)
		return err
	}, pulumi.WithMocks("archipelago", stack, r), func(info *pulumi.RunInfo) {
		info.Config, info.DryRun = o.Config, o.Preview
	})
	slices.SortFunc(r.resources, func(a, b Resource) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name))
	})
	return &Recording{Resources: r.resources, Outputs: r.outputs, Log: r.messages}, err
}

// Find returns the resource with the given type and name, or nil.
func (r *Recording) Find(typ, name string) *Resource {
	for i := range r.Resources {
		if r.Resources[i].Type == typ && r.Resources[i].Name == name {
			return &r.Resources[i]
		}
	}
	return nil
}

// Names returns the names of the resources of a type, sorted.
func (r *Recording) Names(typ string) []string {
	var names []string
	for _, res := range r.Resources {
		if res.Type == typ {
			names = append(names, res.Name)
		}
	}
	return names
}

// recorder stands in for the engine's resource monitor.
type recorder struct {
	options Options

	mu        sync.Mutex
	resources []Resource
	outputs   map[string]any
	messages  []string
}

// collect reads the stack's outputs as they become known.
func (r *recorder) collect(ctx *pulumi.Context) {
	// The run waits only for outputs that belong to its context, so each value is paired with one.
	context, resolve, _ := ctx.NewOutput()
	resolve(nil)
	for name, value := range ctx.GetCurrentExportMap() {
		pulumi.All(context, value).ApplyT(func(v []any) any {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.outputs[name] = v[1]
			return nil
		})
	}
}

// NewResource records a registration or a read and invents the outputs.
func (r *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	res := Resource{Type: args.TypeToken, Name: args.Name, Inputs: plain(args.Inputs), Read: args.ReadRPC != nil}
	if rpc := args.RegisterRPC; rpc != nil {
		if err := register(&res, rpc); err != nil {
			return "", nil, err
		}
	} else if args.TypeToken == stackReference {
		return r.readStack(res, args)
	}
	r.mu.Lock()
	r.resources = append(r.resources, res)
	r.mu.Unlock()
	if r.options.Preview && !strings.HasPrefix(res.Type, "pulumi:providers:") {
		return args.ID, args.Inputs, nil
	}
	id, outputs := invent(res, args.Inputs)
	return id, outputs, nil
}

// register reads the options of a registration. The inputs are read again, because the mocks leave
// out what is unknown.
func register(res *Resource, rpc *pulumirpc.RegisterResourceRequest) error {
	inputs, err := plugin.UnmarshalProperties(rpc.GetObject(), plugin.MarshalOptions{KeepUnknowns: true, KeepResources: true})
	if err != nil {
		return fmt.Errorf("read inputs of %s: %w", res.Name, err)
	}
	res.Inputs = plain(inputs)
	res.Parent = describe(rpc.GetParent())
	for _, urn := range rpc.GetDependencies() {
		res.After = append(res.After, describe(urn))
	}
	slices.Sort(res.After)
	if urn, _, ok := cutLast(rpc.GetProvider(), "::"); ok {
		res.Provider = resource.URN(urn).Name()
	}
	res.Protect = rpc.GetProtect()
	res.RetainOnDelete = rpc.GetRetainOnDelete()
	res.Import = rpc.GetImportId()
	res.IgnoreChanges = rpc.GetIgnoreChanges()
	res.CreateTimeout = rpc.GetCustomTimeouts().GetCreate()
	for _, a := range rpc.GetAliases() {
		res.Aliases = append(res.Aliases, a.GetSpec().GetName())
	}
	return nil
}

// describe words a URN as "type name"; the stack itself is "".
func describe(urn string) string {
	u := resource.URN(urn)
	if urn == "" || u.Type() == resource.RootStackType {
		return ""
	}
	return string(u.Type()) + " " + u.Name()
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

const stackReference = "pulumi:pulumi:StackReference"

// readStack answers a StackReference.
func (r *recorder) readStack(res Resource, args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	outputs, ok := r.options.Stacks[args.ID]
	if !ok {
		return "", nil, fmt.Errorf("unknown stack %q", args.ID)
	}
	r.mu.Lock()
	r.resources = append(r.resources, res)
	r.mu.Unlock()
	return args.ID, resource.PropertyMap{
		"name":    resource.NewProperty(args.ID),
		"outputs": resource.NewPropertyValue(outputs),
	}, nil
}

// Call answers the invokes of the engine itself; there are no others in the program.
func (r *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	if answer, ok := r.options.Answers[args.Token]; ok {
		return resource.NewPropertyMapFromMap(answer), nil
	}
	if args.Token != "pulumi:pulumi:readStackOutputs" {
		return nil, errors.New("no answer recorded for " + args.Token)
	}
	name := args.Args["name"].StringValue()
	outputs, ok := r.options.Stacks[name]
	if !ok {
		return nil, fmt.Errorf("unknown stack %q", name)
	}
	return resource.PropertyMap{
		"name":    resource.NewProperty(name),
		"outputs": resource.NewPropertyValue(outputs),
	}, nil
}

// plain turns properties into plain values: unknown ones into "<unknown>", secrets into what they hide.
func plain(m resource.PropertyMap) map[string]any {
	return m.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
		if v.IsComputed() || v.IsOutput() {
			return "<unknown>", true
		}
		return nil, false
	})
}

// log collects what the program says.
type log struct{ recorder *recorder }

func (l log) add(severity, message string) error {
	l.recorder.mu.Lock()
	defer l.recorder.mu.Unlock()
	l.recorder.messages = append(l.recorder.messages, severity+": "+message)
	return nil
}

// Debug records a message.
func (l log) Debug(message string, _ *pulumi.LogArgs) error { return l.add("debug", message) }

// Info records a message.
func (l log) Info(message string, _ *pulumi.LogArgs) error { return l.add("info", message) }

// Warn records a message.
func (l log) Warn(message string, _ *pulumi.LogArgs) error { return l.add("warning", message) }

// Error records a message.
func (l log) Error(message string, _ *pulumi.LogArgs) error { return l.add("error", message) }
