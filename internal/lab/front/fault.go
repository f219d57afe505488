package front

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// FaultKind is what a fault does to a call.
type FaultKind string

const (
	// FaultThrottle refuses the call as AWS does above its rate, without doing it.
	FaultThrottle FaultKind = "throttle"
	// FaultError fails the call with a server error, without doing it.
	FaultError FaultKind = "error"
	// FaultDelay does the call late.
	FaultDelay FaultKind = "delay"
	// FaultDrop breaks the connection without doing the call.
	FaultDrop FaultKind = "drop"
	// FaultLose does the call and breaks the connection instead of answering, so that the caller cannot
	// know that it was done.
	FaultLose FaultKind = "lose"
)

// Fault is something that goes wrong on demand.
type Fault struct {
	// Service, Action and Account select the calls. An empty one selects all.
	Service string
	Action  string
	Account string
	Kind    FaultKind
	// Count is how many calls it hits. Zero means all, until the faults are cleared.
	Count int
	// After is how many of the selected calls go well before the first one is hit.
	After int
	// Delay is for how long FaultDelay holds a call up. The other kinds do not use it.
	Delay time.Duration
	// Code and Status replace the error of FaultThrottle and FaultError, for instance with
	// ConcurrentModificationException and 400. Empty and zero mean the service's usual ones.
	Code   string
	Status int
}

// faultJSON is a fault as the admin endpoint takes it: the delay is written "1.5s".
type faultJSON struct {
	Service string    `json:"service,omitempty"`
	Action  string    `json:"action,omitempty"`
	Account string    `json:"account,omitempty"`
	Kind    FaultKind `json:"kind"`
	Count   int       `json:"count,omitempty"`
	After   int       `json:"after,omitempty"`
	Delay   string    `json:"delay,omitempty"`
	Code    string    `json:"code,omitempty"`
	Status  int       `json:"status,omitempty"`
}

// MarshalJSON writes the fault as the admin endpoint takes it.
func (x Fault) MarshalJSON() ([]byte, error) {
	j := faultJSON{x.Service, x.Action, x.Account, x.Kind, x.Count, x.After, "", x.Code, x.Status}
	if x.Delay != 0 {
		j.Delay = x.Delay.String()
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads a fault and refuses one that would do nothing.
func (x *Fault) UnmarshalJSON(b []byte) error {
	var j faultJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return fmt.Errorf("read fault: %w", err)
	}
	if !slices.Contains([]FaultKind{FaultThrottle, FaultError, FaultDelay, FaultDrop, FaultLose}, j.Kind) {
		return fmt.Errorf("read fault: kind %q is none of throttle, error, delay, drop, lose", j.Kind)
	}
	*x = Fault{j.Service, j.Action, j.Account, j.Kind, j.Count, j.After, 0, j.Code, j.Status}
	if j.Delay == "" {
		return nil
	}
	d, err := time.ParseDuration(j.Delay)
	if err != nil {
		return fmt.Errorf("read fault: %w", err)
	}
	x.Delay = d
	return nil
}

func (x *Fault) selects(c *call) bool {
	return (x.Service == "" || x.Service == c.Service) &&
		(x.Action == "" || x.Action == c.Action) &&
		(x.Account == "" || x.Account == c.Account)
}

type activeFault struct {
	Fault
	seen, hits int
}

type faults struct {
	mu  sync.Mutex
	all []*activeFault
}

// match says which fault hits a call. The first one injected wins, and only its counter moves.
func (s *faults) match(c *call) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.all {
		if !x.selects(c) || (x.Count > 0 && x.hits >= x.Count) {
			continue
		}
		if x.seen < x.After {
			x.seen++
			continue
		}
		x.hits++
		return x.Fault, true
	}
	return Fault{}, false
}

// Inject makes something go wrong from now on.
func (f *Front) Inject(x Fault) {
	f.faults.mu.Lock()
	defer f.faults.mu.Unlock()
	f.faults.all = append(f.faults.all, &activeFault{Fault: x})
}

// ClearFaults ends all faults.
func (f *Front) ClearFaults() {
	f.faults.mu.Lock()
	defer f.faults.mu.Unlock()
	f.faults.all = nil
}

// Faults are the faults that were injected and not cleared, those that are used up included.
func (f *Front) Faults() []Fault {
	f.faults.mu.Lock()
	defer f.faults.mu.Unlock()
	all := make([]Fault, 0, len(f.faults.all))
	for _, x := range f.faults.all {
		all = append(all, x.Fault)
	}
	return all
}

// inject does what a fault does and reports whether the call is over.
func (f *Front) inject(w http.ResponseWriter, c *call, x Fault) bool {
	switch x.Kind {
	case FaultThrottle, FaultError:
		errorReply(c, x.refusal(c)).write(w, c)
		return true
	case FaultDrop:
		panic(http.ErrAbortHandler) // net/http closes the connection without a word
	case FaultLose:
		f.perform(c)
		panic(http.ErrAbortHandler)
	case FaultDelay:
		select {
		case <-time.After(x.Delay):
		case <-c.ctx().Done():
			return true
		}
	}
	return false
}

// perform does a call and throws the answer away.
func (f *Front) perform(c *call) {
	if err := c.readBody(); err != nil {
		return
	}
	h, ok := f.table[c.Service][c.Action]
	if !ok {
		h = pass
	}
	// Nobody learns how it went: that is the fault.
	_, _ = h(f, c)
}

// refusal is the error of a service that is overloaded or broken.
func (x *Fault) refusal(c *call) error {
	e := &apiError{Status: http.StatusInternalServerError, Code: "InternalFailure", Message: "injected by the lab"}
	if x.Kind == FaultThrottle {
		e.Status, e.Code = throttling(c)
		e.Message = "Rate exceeded"
	} else {
		switch {
		case c.Service == "organizations":
			e.Code = "ServiceException"
		case c.protocol == protocolRESTXML || c.protocol == protocolEC2:
			e.Code = "InternalError"
		}
	}
	if x.Code != "" {
		e.Code = x.Code
	}
	if x.Status != 0 {
		e.Status = x.Status
	}
	return e
}

// throttling is how a service says that it is called too often.
func throttling(c *call) (status int, code string) {
	switch {
	case c.Service == "organizations":
		return http.StatusBadRequest, "TooManyRequestsException"
	case c.Service == "s3" || c.Service == "s3control":
		return http.StatusServiceUnavailable, "SlowDown"
	case c.protocol == protocolEC2:
		return http.StatusServiceUnavailable, "RequestLimitExceeded"
	case c.protocol == protocolQuery || c.protocol == protocolRESTXML:
		return http.StatusBadRequest, "Throttling"
	case c.protocol == protocolRESTJSON:
		return http.StatusTooManyRequests, "TooManyRequestsException"
	default:
		return http.StatusBadRequest, "ThrottlingException"
	}
}
