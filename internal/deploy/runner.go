package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
)

// runner carries one run over all its stacks.
type runner struct {
	Options
	op   Operation
	emit func(Event)
	// command is the Pulumi CLI.
	command auto.PulumiCommand

	mu      sync.Mutex
	results map[string]Result
}

// serialize makes calls of watch one by one, so that a watcher needs no lock.
func serialize(watch func(Event)) func(Event) {
	if watch == nil {
		return func(Event) {}
	}
	var mu sync.Mutex
	return func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		watch(e)
	}
}

// prepare finds the Pulumi CLI once for all stacks.
func (r *runner) prepare() error {
	if _, err := os.Stat(r.Dir + "/Pulumi.yaml"); err != nil {
		return fmt.Errorf("find the Pulumi project: %w", err)
	}
	find := r.Command
	if find == nil {
		find = installed
	}
	command, err := find()
	if err != nil {
		return err
	}
	r.command = command
	return nil
}

func installed() (auto.PulumiCommand, error) {
	command, err := auto.NewPulumiCommand(&auto.PulumiCommandOptions{})
	if err != nil {
		return nil, fmt.Errorf("find the Pulumi CLI (is pulumi installed and on PATH?): %w", err)
	}
	return command, nil
}

// open returns the stack of an organization, creating it where there is none. A preview and
// everything else needs the stack to exist; creating it deploys nothing.
func (r *runner) open(ctx context.Context, name string) (*auto.Stack, error) {
	env := map[string]string{"PULUMI_SKIP_UPDATE_CHECK": "true"}
	maps.Copy(env, r.Env)
	options := []auto.LocalWorkspaceOption{
		auto.WorkDir(r.Dir), auto.Program(r.Program), auto.Pulumi(r.command), auto.EnvVars(env),
	}
	if r.PulumiHome != "" {
		options = append(options, auto.PulumiHome(r.PulumiHome))
	}
	ws, err := auto.NewLocalWorkspace(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("open workspace: %w", err)
	}
	s, err := auto.UpsertStack(ctx, name, ws)
	if err != nil {
		return nil, fmt.Errorf("open stack %s: %w", name, err)
	}
	return &s, nil
}

// stack runs the operation on one stack; the scheduler calls it when its turn has come.
func (r *runner) stack(ctx context.Context, name string) error {
	r.emit(Event{Kind: Started, Stack: name})
	result := Result{Stack: name, Status: Failed}
	s, err := r.open(ctx, name)
	if err == nil {
		result = r.attempt(ctx, s)
		if result.Status == Failed && abandoned(result.Error) {
			r.emit(Event{Kind: Message, Stack: name, Text: "the stack is locked by a deployment that was killed; the lock is lifted"})
			if err = s.Cancel(ctx); err == nil {
				result = r.attempt(ctx, s)
			}
		}
	}
	if err != nil {
		result.Error = newWatcher(r.op, name, r.emit).explain(err)
	}
	r.mu.Lock()
	r.results[name] = result
	r.mu.Unlock()
	r.emit(Event{Kind: Finished, Stack: name, Result: &result})
	if result.Status != Succeeded {
		return errors.New(result.Error)
	}
	return nil
}

// attempt prepares the stack and runs the operation on it.
func (r *runner) attempt(ctx context.Context, s *auto.Stack) Result {
	if err := r.before(ctx, s); err != nil {
		return Result{Stack: s.Name(), Status: Failed, Error: newWatcher(r.op, s.Name(), r.emit).explain(err)}
	}
	return perform(ctx, r.op, s, s.Name(), r.emit)
}

// before does what must be done to a stack before its operation.
func (r *runner) before(ctx context.Context, s *auto.Stack) error {
	switch r.op {
	case Up:
		return r.recover(ctx, s)
	case Destroy:
		return r.spare(ctx, s)
	}
	return nil
}

// runPulumi runs a command of the CLI that the Automation API does not offer, in the stack's workspace.
func runPulumi(ctx context.Context, s *auto.Stack, args ...string) error {
	ws := s.Workspace()
	var env []string
	for k, v := range ws.GetEnvVars() {
		env = append(env, k+"="+v)
	}
	if home := ws.PulumiHome(); home != "" {
		env = append(env, "PULUMI_HOME="+home)
	}
	stdout, stderr, _, err := ws.PulumiCommand().Run(ctx, ws.WorkDir(), nil, nil, nil, env, args...)
	if err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(stderr+stdout))
	}
	return nil
}

func (r *runner) result(name string, o outcome) Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	if result, ran := r.results[name]; ran {
		return result
	}
	return Result{Stack: name, Status: Blocked, BlockedBy: o.blockedBy}
}
