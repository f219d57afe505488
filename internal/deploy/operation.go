package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// Operation is what Pulumi is asked to do with each stack.
type Operation string

// The operations.
const (
	Preview Operation = "preview"
	Up      Operation = "up"
	Refresh Operation = "refresh"
	Destroy Operation = "destroy"
)

// engineParallel is how many resources one engine works on at once. AWS Organizations takes changes
// almost one by one; more only earns throttling.
const engineParallel = 10

// Status is how a stack ended.
type Status string

// How a stack can end.
const (
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	// Blocked did not run: a stack that it depends on failed, or the user interrupted.
	Blocked Status = "blocked"
)

// Result is what came of one stack.
type Result struct {
	Stack  string `json:"stack"`
	Status Status `json:"status"`
	// Changes counts resources by what happened to them: create, update, same, delete ...
	Changes map[string]int `json:"changes"`
	// Steps are the resources that are not the same, sorted by name.
	Steps   []Step  `json:"steps,omitempty"`
	Seconds float64 `json:"seconds"`
	// Error says what went wrong, in as many lines as it takes.
	Error string `json:"error,omitempty"`
	// BlockedBy names what kept a blocked stack from running.
	BlockedBy string `json:"blockedBy,omitempty"`
}

// Step is what happens, or in a preview would happen, to one resource.
type Step struct {
	// Operation is Pulumi's word for it: create, update, delete, import, replace ...
	Operation string `json:"operation"`
	// Type is the resource's type, such as aws:organizations/account:Account.
	Type string `json:"type"`
	// Resource is its name.
	Resource string `json:"resource"`
	// Properties are the paths of the properties that differ.
	Properties []string `json:"properties,omitempty"`
}

// Changed counts the resources that were, or in a preview would be, touched.
func (r Result) Changed() int {
	n := 0
	for op, count := range r.Changes {
		if op != "same" && op != "read" {
			n += count
		}
	}
	return n
}

// Stack is the part of an Automation API stack that this package uses.
type Stack interface {
	Preview(context.Context, ...optpreview.Option) (auto.PreviewResult, error)
	Up(context.Context, ...optup.Option) (auto.UpResult, error)
	Refresh(context.Context, ...optrefresh.Option) (auto.RefreshResult, error)
	Destroy(context.Context, ...optdestroy.Option) (auto.DestroyResult, error)
	Cancel(context.Context) error
}

// perform runs one operation on one stack and gathers what happened from the engine's events.
func perform(ctx context.Context, op Operation, s Stack, name string, emit func(Event)) Result {
	began := time.Now()
	w := newWatcher(op, name, emit)
	// The Automation API closes the stream at the end of the engine's events. Where the engine never
	// started (the stack is locked, the command is not there, the user interrupted) it does not; but in
	// every case nothing is sent any more once the operation has returned.
	stream := make(chan events.EngineEvent)
	returned, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		w.watch(stream, returned)
	}()
	err := start(ctx, op, s, stream)
	close(returned)
	<-watched
	r := Result{Stack: name, Status: Succeeded, Changes: w.changes(), Steps: w.sorted(), Seconds: time.Since(began).Seconds()}
	if err != nil {
		r.Status, r.Error = Failed, w.explain(err)
	}
	return r
}

func start(ctx context.Context, op Operation, s Stack, stream chan<- events.EngineEvent) (err error) {
	switch op {
	case Preview:
		_, err = s.Preview(ctx, optpreview.EventStreams(stream), optpreview.Parallel(engineParallel), optpreview.SuppressProgress())
	case Up:
		_, err = s.Up(ctx, optup.EventStreams(stream), optup.Parallel(engineParallel), optup.SuppressProgress(), optup.SuppressOutputs())
	case Refresh:
		_, err = s.Refresh(ctx, optrefresh.EventStreams(stream), optrefresh.Parallel(engineParallel), optrefresh.SuppressProgress())
	case Destroy:
		_, err = s.Destroy(ctx, optdestroy.EventStreams(stream), optdestroy.Parallel(engineParallel), optdestroy.SuppressProgress())
	default:
		err = fmt.Errorf("unknown operation %q", op)
	}
	return err
}

// MarshalJSON keeps an absent count of changes an object.
func (r Result) MarshalJSON() ([]byte, error) {
	type plain Result
	if r.Changes == nil {
		r.Changes = map[string]int{}
	}
	return json.Marshal(plain(r))
}

// ErrFailed says that at least one stack did not succeed; the results say which and why.
var ErrFailed = errors.New("not every stack succeeded")
