package plugins

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// task is something for a worker to do.
type task struct {
	number uint32
	// encode returns the frames that ask for it, with everything that the worker does not have yet.
	encode func(p *process) []byte
	// done takes the answer.
	done func(body []byte) error
	// died takes the fault of a hook, by its index among those of the task, that took the worker with it.
	died func(use int, f *sandbox.Fault)
}

// window is how many tasks a worker has before it, so that it never waits for the next.
const window = 4

// maxStarts is how often in a row a worker may die without having begun a task.
const maxStarts = 3

// queue is the tasks that no worker has.
type queue struct {
	mu    sync.Mutex
	tasks []*task
}

func (q *queue) next() *task {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tasks) == 0 {
		return nil
	}
	t := q.tasks[0]
	q.tasks = q.tasks[1:]
	return t
}

func (q *queue) back(tasks []*task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tasks = append(slices.Clone(tasks), q.tasks...)
}

// work has the tasks done by at most so many workers.
func (s *Set) work(ctx context.Context, tasks []*task, workers int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	q := &queue{tasks: tasks}
	var group sync.WaitGroup
	for range min(workers, len(tasks)) {
		group.Go(func() {
			if err := s.drive(ctx, q); err != nil {
				cancel(err)
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// drive keeps one worker busy until there is nothing left, and replaces it when it dies.
func (s *Set) drive(ctx context.Context, q *queue) error {
	starts := 0
	for {
		p, err := s.take(ctx)
		if err != nil {
			return err
		}
		c := &session{options: s.options, process: p, queue: q}
		alive, err := c.run(ctx)
		if alive {
			s.give(p)
			return nil
		}
		p.kill()
		_ = p.wait()
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return err
		}
		q.back(c.rest())
		if c.began {
			starts = 0
		} else if starts++; starts == maxStarts {
			return fmt.Errorf("a worker ends by itself (%v): %s", p.cmd.ProcessState, p.stderr.line())
		}
	}
}

// session is one worker at work.
type session struct {
	options Options
	process *process
	queue   *queue
	open    []*task // sent and not answered, in order; the first is the one that the worker is at
	running bool    // whether the worker said that it began the first
	began   bool    // whether it ever did
	use     int     // where in the first it is
	inside  string  // the built-in function it said to be late in
}

// run returns true when all is done and false when the worker is no more.
func (c *session) run(ctx context.Context) (bool, error) {
	p := c.process
	defer context.AfterFunc(ctx, p.kill)()
	// Sending must not wait for the worker, which may wait for its answers to be read.
	frames := make(chan []byte, window)
	defer close(frames)
	go func() {
		for b := range frames {
			_, _ = p.in.Write(b) // a dead worker is noticed by the reader
		}
	}()
	timer := time.NewTimer(0) // the first task replaces it
	defer func() { timer.Stop() }()
	for {
		for len(c.open) < window {
			t := c.queue.next()
			if t == nil {
				break
			}
			c.open = append(c.open, t)
			frames <- t.encode(p)
		}
		if len(c.open) == 0 {
			return true, nil
		}
		f, err := readFrame(p.out)
		if err != nil {
			return false, nil // that the worker died is no error; why it did is asked later
		}
		if f.number != c.open[0].number {
			return false, fmt.Errorf("a worker speaks of task %d during task %d", f.number, c.open[0].number)
		}
		switch f.kind {
		case frameUse:
			if !c.running {
				timer = p.killAt(f.number, c.options.Timeout+grace)
			}
			c.running, c.began, c.use = true, true, int(binary.LittleEndian.Uint32(f.body))
		case frameInside:
			c.inside = string(f.body)
		case frameDone:
			timer.Stop()
			if err := c.open[0].done(f.body); err != nil {
				return false, fmt.Errorf("read an answer: %w", err)
			}
			c.open, c.running, c.inside = c.open[1:], false, ""
		}
	}
}

// killAt kills the worker if it is not done with a task by then.
func (p *process) killAt(task uint32, limit time.Duration) *time.Timer {
	return time.AfterFunc(limit, func() {
		p.overdue.Store(uint64(task) + 1)
		p.kill()
	})
}

// rest settles what a dead worker left behind: the task it was at is at fault, the others go on.
func (c *session) rest() []*task {
	if !c.running {
		return c.open
	}
	t := c.open[0]
	overdue := c.process.overdue.Load()
	if overdue != 0 && overdue != uint64(t.number)+1 {
		return c.open // killed for a task that ended at the same moment
	}
	t.died(c.use, c.fault(overdue != 0))
	return c.open[1:]
}
