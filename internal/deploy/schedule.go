package deploy

import (
	"context"
	"fmt"
	"sync"
)

// task is one stack in the schedule.
type task struct {
	name string
	// after are the tasks that must have succeeded before this one starts; names that are not
	// scheduled count as done.
	after []string
}

// outcome is how a task ended.
type outcome struct {
	// blockedBy names the task whose failure kept this one from running; "" where it ran.
	blockedBy string
	err       error
}

// schedule runs every task once those it waits for have succeeded, at most limit at a time. A failed
// task blocks those that wait for it and no others. When ctx ends, tasks that have not started are
// blocked by the interruption. It returns once nothing runs any more.
func schedule(ctx context.Context, tasks []task, limit int, run func(context.Context, string) error) map[string]outcome {
	done := make(map[string]chan struct{}, len(tasks))
	for _, t := range tasks {
		done[t.name] = make(chan struct{})
	}
	var (
		mu       sync.Mutex
		outcomes = make(map[string]outcome, len(tasks))
		slots    = make(chan struct{}, max(1, limit))
		wait     sync.WaitGroup
	)
	finish := func(name string, o outcome) {
		mu.Lock()
		outcomes[name] = o
		mu.Unlock()
		close(done[name])
	}
	for _, t := range tasks {
		wait.Go(func() {
			for _, name := range t.after {
				if done[name] == nil {
					continue
				}
				<-done[name]
				mu.Lock()
				before := outcomes[name]
				mu.Unlock()
				if before.err != nil || before.blockedBy != "" {
					finish(t.name, outcome{blockedBy: name})
					return
				}
			}
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			case <-ctx.Done():
			}
			if ctx.Err() != nil {
				finish(t.name, outcome{blockedBy: interrupted})
				return
			}
			finish(t.name, outcome{err: run(ctx, t.name)})
		})
	}
	wait.Wait()
	return outcomes
}

// interrupted stands in the place of a failed task's name when the user stopped the run.
const interrupted = "the interruption"

// checkAcyclic returns an error where tasks wait for each other in a circle, which would never end.
func checkAcyclic(tasks []task) error {
	const (
		visiting = 1
		visited  = 2
	)
	byName := map[string]task{}
	for _, t := range tasks {
		byName[t.name] = t
	}
	state := map[string]int{}
	var visit func(name string) error
	visit = func(name string) error {
		switch state[name] {
		case visited:
			return nil
		case visiting:
			return fmt.Errorf("organization %q depends on itself", name)
		}
		state[name] = visiting
		for _, next := range byName[name].after {
			if err := visit(next); err != nil {
				return err
			}
		}
		state[name] = visited
		return nil
	}
	for _, t := range tasks {
		if err := visit(t.name); err != nil {
			return err
		}
	}
	return nil
}
