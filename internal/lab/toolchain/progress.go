package toolchain

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// heartbeat is how often a long step says that it is alive: often enough for a person, and far below
// the ten minutes after which CI systems end a silent job.
const heartbeat = 15 * time.Second

// progress prints a line a step.
type progress struct {
	mu  sync.Mutex
	out io.Writer
}

func newProgress(out io.Writer) *progress {
	if out == nil {
		out = io.Discard
	}
	return &progress{out: out}
}

func (p *progress) line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = fmt.Fprintf(p.out, format+"\n", args...) // whoever does not listen gets the tool all the same
}

// step runs a long step between two lines and prints a sign of life meanwhile.
func (p *progress) step(what, note string, run func() error) error {
	start := time.Now()
	seconds := func() int { return int(time.Since(start).Round(time.Second).Seconds()) }
	p.line("%s (%s)", what, note)
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(heartbeat)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				p.line("%s: %d s", what, seconds())
			}
		}
	}()
	err := run()
	close(done)
	<-stopped
	if err == nil {
		p.line("%s: done in %d s", what, seconds())
	}
	return err
}
