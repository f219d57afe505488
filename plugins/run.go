package plugins

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// run is one account on its way through a worker.
type run struct {
	set     *Set
	account *Account
	// matched are the indexes of the uses whose hook is for the account.
	matched []int
	result  *Result
}

// Run applies to each account the hooks of its uses that match it. The results are in the order of the
// accounts; one account's failure is in its result and nowhere else. The error is for what is not the
// hooks': a use of a file that was not loaded, a worker that does not start, a cancelled context.
func (s *Set) Run(ctx context.Context, accounts []Account) ([]Result, error) {
	s.running.Lock()
	defer s.running.Unlock()
	results := make([]Result, len(accounts))
	counts := map[*Part]int{}
	var tasks []*task
	for i := range accounts {
		r, err := s.prepare(&accounts[i], &results[i])
		if err != nil {
			return nil, err
		}
		if len(r.matched) > 0 {
			r.count(counts)
			tasks = append(tasks, r.task(uint32(i), counts)) //nolint:gosec // an index
		}
	}
	err := s.work(ctx, tasks, s.options.Workers)
	s.forget()
	if err != nil {
		return nil, fmt.Errorf("run hooks: %w", err)
	}
	return results, nil
}

// prepare finds the hooks that match.
func (s *Set) prepare(a *Account, result *Result) (*run, error) {
	r := &run{set: s, account: a, result: result}
	result.Account = a.Name
	for i, use := range a.Uses {
		m := s.modules[use.File]
		if m == nil {
			return nil, fmt.Errorf("account %s uses the hook %s, which is not loaded", a.Name, use.File)
		}
		matched := m.Match.Matches(a.Subject)
		if matched {
			r.matched = append(r.matched, i)
		}
		result.Times = append(result.Times, Time{Hook: use.File, Matched: matched})
	}
	return r, nil
}

func (r *run) count(counts map[*Part]int) {
	for _, p := range r.account.Context {
		counts[p]++
	}
	for _, p := range r.account.Draft {
		counts[p]++
	}
	for _, i := range r.matched {
		counts[r.account.Uses[i].Params]++
	}
}

// module returns the hook of the nth use that matched.
func (r *run) module(n int) *module { return r.set.modules[r.account.Uses[r.matched[n]].File] }

func (r *run) task(number uint32, counts map[*Part]int) *task {
	return &task{
		number: number,
		encode: func(p *process) []byte { return r.encode(p, number, counts) },
		done:   r.done,
		died: func(use int, f *sandbox.Fault) {
			r.result.Times = r.result.Times[:r.matched[use]+1]
			r.result.Err = newError(r.module(use), r.account.Name, f)
		},
	}
}

// encode returns the frames for the account: hooks and parts that the worker does not have, then the
// task itself.
func (r *run) encode(p *process, number uint32, counts map[*Part]int) []byte {
	var out []byte
	var drop []uint32
	send := func(part *Part) uint32 {
		if part == nil {
			return 0
		}
		if n, ok := p.parts[part]; ok {
			return n
		}
		p.last++
		out = appendFrame(out, framePart, p.last, part.json)
		if counts[part] > 1 {
			p.parts[part] = p.last
		} else {
			drop = append(drop, p.last)
		}
		return p.last
	}
	all := func(parts map[string]*Part) map[string]uint32 {
		numbers := make(map[string]uint32, len(parts))
		for key, part := range parts {
			numbers[key] = send(part)
		}
		return numbers
	}
	body := runBody{Context: all(r.account.Context), Draft: all(r.account.Draft)}
	for n, i := range r.matched {
		m := r.module(n)
		out = p.module(out, m)
		body.Uses = append(body.Uses, useBody{Module: m.number, Params: send(r.account.Uses[i].Params)})
	}
	body.Drop = drop
	return appendJSONFrame(out, frameRun, number, body)
}

// module appends the code of a hook where the worker does not have it.
func (p *process) module(out []byte, m *module) []byte {
	if p.modules[m.number] {
		return out
	}
	p.modules[m.number] = true
	return appendJSONFrame(out, frameModule, m.number, moduleBody{Base: m.base, Code: m.source.Code})
}

// done takes over the answer of a worker.
func (r *run) done(body []byte) error {
	var answer sandbox.Result
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	result := r.result
	for n, d := range answer.Times {
		result.Times[r.matched[n]].Duration = d
	}
	for _, e := range answer.Log {
		m := r.module(e.Use)
		result.Log = append(result.Log, Entry{Level: e.Level, Message: e.Message, Hook: m.File, Position: m.position(e.Place)})
	}
	if answer.Fault == nil {
		r.succeeded(&answer)
		r.check()
	} else {
		result.Times = result.Times[:r.matched[answer.Fault.Use]+1]
		result.Err = newError(r.module(answer.Fault.Use), r.account.Name, answer.Fault)
	}
	return nil
}

// succeeded takes over what the hooks changed.
func (r *run) succeeded(answer *sandbox.Result) {
	result := r.result
	for _, c := range answer.Changes {
		m := r.module(c.Use)
		result.Changes = append(result.Changes, Change{Path: c.Path, Hook: m.File, Position: m.position(c.Place), From: c.From, To: c.To})
	}
	result.Changed = answer.Changed
	for _, key := range answer.Deleted {
		if result.Changed == nil {
			result.Changed = map[string]json.RawMessage{}
		}
		result.Changed[key] = nil
	}
}

// position leads from a place in the compiled code to the source.
func (m *module) position(at sandbox.Place) Position {
	if p, ok := m.source.Original(at.Line, at.Column); ok {
		return p
	}
	return Position{File: m.File}
}

// forget frees what idle workers keep for accounts.
func (s *Set) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.idle {
		clear(p.parts)
		_, _ = p.in.Write(appendFrame(nil, frameForget, 0, nil))
	}
}
