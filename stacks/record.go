package stacks

import (
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// readLast returns what this stack deployed last; nil where it was never deployed. The engine protects
// what must not be lost by itself; the record lets the program say so earlier, about everything at
// once, and with the way to do it.
func readLast(ctx *pulumi.Context) (*Outputs, error) {
	last, found, err := readStack(ctx, ownStack(ctx))
	if err != nil {
		return nil, fmt.Errorf("read last deployment: %w", err)
	}
	if !found || last.OrganizationID == "" {
		return nil, nil
	}
	return last, nil
}

// ownStack returns the full name of this stack.
func ownStack(ctx *pulumi.Context) string {
	return strings.Join([]string{ctx.Organization(), ctx.Project(), ctx.Stack()}, "/")
}

// stateResource is a resource in the state of a stack.
type stateResource struct {
	urn resource.URN
	// properties are the names of its outputs, sorted.
	properties []string
}

// readState returns everything that is in the state of this stack, sorted. The engine's function fails for a
// stack without a state, so ask only for one that was deployed.
func readState(ctx *pulumi.Context) ([]stateResource, error) {
	args := &struct {
		Name string `pulumi:"stackName"`
	}{ownStack(ctx)}
	var result struct {
		Outputs map[string]struct {
			Outputs map[string]any `pulumi:"outputs"`
		} `pulumi:"outputs"`
	}
	err := retryTorn(func() error {
		_, err := ctx.InvokePackageRaw("pulumi:pulumi:readStackResourceOutputs", args, &result, "")
		return err
	}, time.Sleep)
	if err != nil {
		return nil, fmt.Errorf("read state of stack %s: %w", args.Name, err)
	}
	var out []stateResource
	for _, urn := range sortedKeys(result.Outputs) {
		out = append(out, stateResource{resource.URN(urn), sortedKeys(result.Outputs[urn].Outputs)})
	}
	return out, nil
}

// readStack reads the outputs of a stack and says whether there is such a stack. A StackReference
// would keep a copy of all outputs in the state of the reader, and could not be asked whether the
// stack exists; the engine's function behind it can.
func readStack(ctx *pulumi.Context, name string) (*Outputs, bool, error) {
	args := &struct {
		Name string `pulumi:"name"`
	}{name}
	var result struct {
		Outputs map[string]any `pulumi:"outputs"`
	}
	err := retryTorn(func() error {
		_, err := ctx.InvokePackageRaw("pulumi:pulumi:readStackOutputs", args, &result, "")
		return err
	}, time.Sleep)
	if err != nil && strings.Contains(err.Error(), "unknown stack") {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read outputs of stack %s: %w", name, err)
	}
	outputs, err := DecodeOutputs(result.Outputs)
	if err != nil {
		return nil, false, fmt.Errorf("stack %s: %w", name, err)
	}
	return outputs, true, nil
}

// retryTorn reads again where a state file was read while it was being written: the engine saves the state
// of this very stack meanwhile, and a file backend does not do so in one stroke.
func retryTorn(read func() error, sleep func(time.Duration)) error {
	const attempts, pause = 5, 200 * time.Millisecond
	for i := 1; ; i++ {
		err := read()
		torn := err != nil && strings.Contains(err.Error(), "failed to load checkpoint") && strings.Contains(err.Error(), "EOF")
		if !torn || i == attempts {
			return err
		}
		sleep(pause)
	}
}
