package plugins

import (
	"maps"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// check has the changed keys of the draft checked. What is wrong is the fault of the hook that wrote
// there last.
func (r *run) check() {
	check := r.set.options.Check
	if check == nil {
		return
	}
	var all []*Error
	for _, key := range slices.Sorted(maps.Keys(r.result.Changed)) {
		value := r.result.Changed[key]
		if value == nil {
			continue
		}
		for _, p := range check(key, value) {
			all = append(all, r.blame(key, p))
		}
	}
	if len(all) == 0 {
		return
	}
	r.result.Err = all[0]
	r.result.Err.Also = all[1:]
	r.result.Changed, r.result.Changes = nil, nil
}

// blame finds the change that a problem comes from: the one to the nearest object around it, else one
// inside it, such as the removal of what must be there; the last where there are several.
func (r *run) blame(key string, p Problem) *Error {
	best, score := -1, -1
	for i, c := range r.result.Changes {
		if c.Path[0] != key {
			continue
		}
		path, s := sandbox.PathText(c.Path), 0
		switch {
		case within(p.Path, path):
			s = 2 + len(c.Path)
		case within(path, p.Path) && c.To == nil:
			s = 2
		case within(path, p.Path):
			s = 1
		}
		if s >= score {
			best, score = i, s
		}
	}
	e := &Error{Kind: BadResult, Account: r.account.Name, Path: p.Path, Message: p.Message, Hint: p.Hint}
	if best < 0 {
		e.Hook = r.module(len(r.matched) - 1).File
		e.Position = Position{File: e.Hook}
		return e
	}
	c := r.result.Changes[best]
	e.Hook, e.Position = c.Hook, c.Position
	e.Excerpt = r.set.modules[c.Hook].source.Excerpt(c.Position)
	return e
}

// within reports whether path is outer or lies inside of it.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
