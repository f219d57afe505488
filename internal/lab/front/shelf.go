package front

import "sync"

// shelf is what the front holds of one service, by account and region. A global service has one place
// for each account, with no region.
type shelf[T any] struct {
	mu    sync.Mutex
	fresh func() T
	held  map[[2]string]T
}

// reset empties the shelf. fresh makes what an account has in a region before anything was done there.
func (s *shelf[T]) reset(fresh func() T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh, s.held = fresh, map[[2]string]T{}
}

// use answers a call from what the account has in the region, which nobody else uses meanwhile.
func (s *shelf[T]) use(account, region string, answer func(T) (*reply, error)) (*reply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	place := [2]string{account, region}
	if _, ok := s.held[place]; !ok {
		s.held[place] = s.fresh()
	}
	return answer(s.held[place])
}
