package front

import (
	"cmp"
	"slices"
	"sync"
)

// CallCount is how often a service's action was called from an account.
type CallCount struct {
	Service string `json:"service"`
	Action  string `json:"action"`
	Account string `json:"account"`
	Count   int    `json:"count"`
	// Errors is how many of them failed, whether the front, the emulator or a fault made them.
	Errors int `json:"errors"`
}

type countKey struct{ service, action, account string }

type counts struct {
	mu    sync.Mutex
	calls map[countKey]*CallCount
}

func (n *counts) add(c *call, failed bool) {
	key := countKey{c.Service, c.Action, c.Account}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.calls == nil {
		n.calls = map[countKey]*CallCount{}
	}
	count := n.calls[key]
	if count == nil {
		count = &CallCount{Service: c.Service, Action: c.Action, Account: c.Account}
		n.calls[key] = count
	}
	count.Count++
	if failed {
		count.Errors++
	}
}

func (n *counts) reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = nil
}

// Calls is what was counted so far, sorted by service, action and account. The front's own calls to
// the emulator are not in it.
func (f *Front) Calls() []CallCount {
	f.counts.mu.Lock()
	all := make([]CallCount, 0, len(f.counts.calls))
	for _, c := range f.counts.calls {
		all = append(all, *c)
	}
	f.counts.mu.Unlock()
	slices.SortFunc(all, func(a, b CallCount) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Account, b.Account))
	})
	return all
}

// ResetCalls sets the counters to zero.
func (f *Front) ResetCalls() { f.counts.reset() }
