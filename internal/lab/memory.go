package lab

import (
	"sync"
	"time"
)

// sampleInterval is short against the seconds for which a provider lives, and a sample takes a millisecond.
const sampleInterval = 500 * time.Millisecond

// sampler remembers the highest memory of a tree of processes.
type sampler struct {
	root int
	stop chan struct{}
	done chan struct{}

	mu    sync.Mutex
	peak  uint64
	known bool
}

func newSampler(root int) *sampler {
	s := &sampler{root: root, stop: make(chan struct{}), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *sampler) run() {
	defer close(s.done)
	tick := time.NewTicker(sampleInterval)
	defer tick.Stop()
	for s.sample() {
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
	}
}

// sample reports whether it makes sense to go on.
func (s *sampler) sample() bool {
	now, known := treeMemory(s.root)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.peak, s.known = max(s.peak, now), known
	return known
}

// highest is the peak so far. It takes one more sample, so that even the shortest lab has one.
func (s *sampler) highest() (uint64, bool) {
	s.sample()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.peak, s.known
}

func (s *sampler) close() error {
	close(s.stop)
	<-s.done
	return nil
}
