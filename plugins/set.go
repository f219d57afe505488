package plugins

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/archipelago-iac/archipelago/plugins/match"
	"github.com/archipelago-iac/archipelago/plugins/source"
)

// Hook is what a file says of itself.
type Hook struct {
	File        string
	Name        string
	Description string
	// Match says which accounts the hook is for; nil means all.
	Match *match.Match
}

// module is a loaded hook.
type module struct {
	Hook
	number uint32
	base   string
	source *source.Module
}

// Set is the hooks of an archipelago, loaded. It is safe for concurrent use; runs follow each other.
type Set struct {
	options Options
	modules map[string]*module // by file
	running sync.Mutex         // held during a run

	mu     sync.Mutex // guards what follows
	idle   []*process
	closed bool
}

// Hooks returns the hooks that can be used, sorted by file.
func (s *Set) Hooks() []Hook {
	out := make([]Hook, 0, len(s.modules))
	for _, m := range s.modules {
		out = append(out, m.Hook)
	}
	slices.SortFunc(out, func(a, b Hook) int { return compareText(a.File, b.File) })
	return out
}

// Close ends the workers. It may be called more than once.
func (s *Set) Close() error {
	s.mu.Lock()
	idle := s.idle
	s.idle, s.closed = nil, true
	s.mu.Unlock()
	var group sync.WaitGroup
	for _, p := range idle {
		group.Go(p.end)
	}
	group.Wait()
	return nil
}

var errClosed = errors.New("the hooks are closed")

// take returns a worker that waits for work, or starts one.
func (s *Set) take(ctx context.Context) (*process, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, errClosed
	}
	if n := len(s.idle); n > 0 {
		p := s.idle[n-1]
		s.idle = s.idle[:n-1]
		s.mu.Unlock()
		return p, nil
	}
	s.mu.Unlock()
	return start(ctx, s.options)
}

// give keeps a worker for later.
func (s *Set) give(p *process) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		go p.end()
		return
	}
	s.idle = append(s.idle, p)
}
