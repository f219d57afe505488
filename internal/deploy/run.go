package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/plan"
)

// Options say what to run and how.
type Options struct {
	// Dir is the project's directory, with Pulumi.yaml and the stack configurations.
	Dir string
	// Plan is the whole archipelago.
	Plan *plan.Plan
	// Organizations are the ones to run; none means all.
	Organizations []string
	// Program is the Pulumi program; it finds its organization by the stack's name.
	Program pulumi.RunFunc
	// Parallel is how many stacks run at once; 0 means as many as memory allows, at most four.
	Parallel int
	// Command returns the Pulumi CLI; nil means the one on PATH.
	Command func() (auto.PulumiCommand, error)
	// Env is added to the environment of the Pulumi CLI.
	Env map[string]string
	// PulumiHome is where Pulumi keeps its plugins; "" means its default.
	PulumiHome string
	// Watch is told what happens; nil means nobody watches. Calls do not overlap.
	Watch func(Event)
	// ReleaseProtected lifts the protection of accounts, units and organizations before a destroy.
	// They stay in AWS even so: only Pulumi forgets them. Without it a destroy of a stack that has any
	// is refused before anything is deleted.
	ReleaseProtected bool
}

// Run performs the operation on every selected organization and returns what came of each, in plan
// order. The error is [ErrFailed] where one did not succeed, or says why nothing was run at all.
func Run(ctx context.Context, op Operation, o Options) ([]Result, error) {
	selected, err := Select(o.Plan, o.Organizations)
	if err != nil {
		return nil, err
	}
	tasks := tasks(op, selected)
	if err := checkAcyclic(tasks); err != nil {
		return nil, err
	}
	r := &runner{Options: o, op: op, emit: serialize(o.Watch), results: map[string]Result{}}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	limit := o.Parallel
	if limit <= 0 {
		limit = parallel(selected, freeMemory())
	}
	outcomes := schedule(ctx, tasks, limit, r.stack)
	var out []Result
	failed := false
	for _, org := range selected {
		result := r.result(org.Name, outcomes[org.Name])
		failed = failed || result.Status != Succeeded
		out = append(out, result)
	}
	if failed {
		return out, ErrFailed
	}
	return out, nil
}

// Select returns the organizations with the given names in plan order; none means all.
func Select(p *plan.Plan, names []string) ([]*plan.Organization, error) {
	if len(names) == 0 {
		return p.Organizations, nil
	}
	var known []string
	for _, o := range p.Organizations {
		known = append(known, o.Name)
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no organization %q; there are %s", name, strings.Join(known, ", "))
		}
	}
	var out []*plan.Organization
	for _, o := range p.Organizations {
		if slices.Contains(names, o.Name) {
			out = append(out, o)
		}
	}
	return out, nil
}

// tasks orders the organizations: dependencies first, and last where things are taken down.
func tasks(op Operation, organizations []*plan.Organization) []task {
	after := map[string][]string{}
	for _, o := range organizations {
		for _, dep := range o.DependsOn {
			if op == Destroy {
				after[dep] = append(after[dep], o.Name)
			} else {
				after[o.Name] = append(after[o.Name], dep)
			}
		}
	}
	out := make([]task, len(organizations))
	for i, o := range organizations {
		out[i] = task{name: o.Name, after: after[o.Name]}
	}
	return out
}
