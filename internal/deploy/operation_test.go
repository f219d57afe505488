package deploy

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/events"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/stretchr/testify/require"
)

// fakeStack does what it is told to with the stream of events.
type fakeStack struct {
	do     func(ctx context.Context, stream chan<- events.EngineEvent) error
	called []Operation
}

func (s *fakeStack) run(ctx context.Context, op Operation, streams []chan<- events.EngineEvent) error {
	s.called = append(s.called, op)
	return s.do(ctx, streams[0])
}

func (s *fakeStack) Preview(ctx context.Context, options ...optpreview.Option) (auto.PreviewResult, error) {
	var o optpreview.Options
	for _, option := range options {
		option.ApplyOption(&o)
	}
	return auto.PreviewResult{}, s.run(ctx, Preview, o.EventStreams)
}

func (s *fakeStack) Up(ctx context.Context, options ...optup.Option) (auto.UpResult, error) {
	var o optup.Options
	for _, option := range options {
		option.ApplyOption(&o)
	}
	return auto.UpResult{}, s.run(ctx, Up, o.EventStreams)
}

func (s *fakeStack) Refresh(ctx context.Context, options ...optrefresh.Option) (auto.RefreshResult, error) {
	var o optrefresh.Options
	for _, option := range options {
		option.ApplyOption(&o)
	}
	return auto.RefreshResult{}, s.run(ctx, Refresh, o.EventStreams)
}

func (s *fakeStack) Destroy(ctx context.Context, options ...optdestroy.Option) (auto.DestroyResult, error) {
	var o optdestroy.Options
	for _, option := range options {
		option.ApplyOption(&o)
	}
	return auto.DestroyResult{}, s.run(ctx, Destroy, o.EventStreams)
}

func (s *fakeStack) Cancel(context.Context) error { return nil }

// perform must come back as soon as the operation has, whatever became of the stream, and leave nothing
// behind: the bubble fails where a goroutine stays, and its clock only moves where somebody waits.
func TestPerform(t *testing.T) {
	t.Parallel()
	lines := recorded(t, "up")
	send := func(ctx context.Context, stream chan<- events.EngineEvent, list []events.EngineEvent) {
		for _, e := range list {
			stream <- e
		}
	}
	failed := commandError("exit status 255", "", "error: locked")
	for name, c := range map[string]struct {
		do      func(context.Context, chan<- events.EngineEvent) error
		status  Status
		message string
		changes map[string]int
		steps   int
	}{
		"the stream is closed": {func(ctx context.Context, stream chan<- events.EngineEvent) error {
			send(ctx, stream, lines)
			close(stream)
			return nil
		}, Succeeded, "", map[string]int{"create": 1, "delete": 1, "same": 3, "update": 1}, 3},
		"the stream is never closed": {func(ctx context.Context, stream chan<- events.EngineEvent) error {
			send(ctx, stream, lines[:9])
			return nil
		}, Succeeded, "", map[string]int{"create": 1}, 1},
		"the command never started": {func(context.Context, chan<- events.EngineEvent) error {
			return failed
		}, Failed, "locked", map[string]int{}, 0},
		"the command never started, and the stream is closed": {func(_ context.Context, stream chan<- events.EngineEvent) error {
			close(stream)
			return failed
		}, Failed, "locked", map[string]int{}, 0},
		"the command was killed": {func(ctx context.Context, stream chan<- events.EngineEvent) error {
			send(ctx, stream, lines[:9])
			stream <- events.EngineEvent{Error: errors.New("rpc error: code = Canceled")}
			close(stream)
			return commandError("signal: killed", "", "")
		}, Failed, "failed to run update: signal: killed\ncode: 255\nstdout: \nstderr:", map[string]int{"create": 1}, 1},
		"interrupted": {func(ctx context.Context, _ chan<- events.EngineEvent) error {
			<-ctx.Done()
			return ctx.Err()
		}, Failed, "context canceled", map[string]int{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				if name == "interrupted" {
					go cancel()
				}
				defer cancel()
				r := perform(ctx, Up, &fakeStack{do: c.do}, "payments", func(Event) {})
				require.Equal(t, "payments", r.Stack)
				require.Equal(t, c.status, r.Status)
				require.Equal(t, c.message, r.Error)
				require.Equal(t, c.changes, r.Changes)
				require.Len(t, r.Steps, c.steps)
				require.Zero(t, r.Seconds, "nobody waits for a clock")
			})
		})
	}
}

func TestPerformCallsTheOperation(t *testing.T) {
	t.Parallel()
	for _, op := range []Operation{Preview, Up, Refresh, Destroy} {
		s := &fakeStack{do: func(_ context.Context, stream chan<- events.EngineEvent) error {
			close(stream)
			return nil
		}}
		require.Equal(t, Succeeded, perform(t.Context(), op, s, "payments", func(Event) {}).Status)
		require.Equal(t, []Operation{op}, s.called)
	}
	r := perform(t.Context(), "explode", &fakeStack{}, "payments", func(Event) {})
	require.Equal(t, Failed, r.Status)
	require.Equal(t, `unknown operation "explode"`, r.Error)
}
