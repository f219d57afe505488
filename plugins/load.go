package plugins

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plugins/match"
	"github.com/archipelago-iac/archipelago/plugins/sandbox"
	"github.com/archipelago-iac/archipelago/plugins/source"
)

func compareText(a, b string) int { return cmp.Compare(a, b) }

// Load reads, bundles and checks hooks: files of the directory root in fsys, which is the archipelago's
// directory. The set has the hooks that can be used; the errors tell of every one that cannot. The last
// result is for what is not the author's, such as a worker that does not start; there is no set then.
func Load(ctx context.Context, fsys fs.FS, root string, files []string, o Options) (*Set, []*Error, error) {
	s := &Set{options: o.withDefaults(), modules: map[string]*module{}}
	// A worker starts while the files are bundled.
	started := make(chan error, 1)
	go func() {
		if len(files) == 0 {
			started <- nil
			return
		}
		p, err := start(ctx, s.options)
		if err == nil {
			s.give(p)
		}
		started <- err
	}()
	sources, problems := source.Load(fsys, root, files)
	if err := <-started; err != nil {
		return nil, nil, err
	}
	var errs []*Error
	for _, p := range problems {
		errs = append(errs, &Error{Kind: Syntax, Hook: p.File, Position: p.Position, Message: p.Message, Hint: p.Hint, Excerpt: p.Excerpt})
	}
	probes, err := s.probe(ctx, sources)
	if err != nil {
		return nil, nil, errors.Join(err, s.Close())
	}
	errs = append(errs, s.accept(probes)...)
	slices.SortStableFunc(errs, func(a, b *Error) int {
		return cmp.Or(compareText(a.Hook, b.Hook), cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
	})
	return s, errs, nil
}

// probe is one file and what came of it.
type probe struct {
	module *module
	result probed
}

// probe asks every module what it says of itself.
func (s *Set) probe(ctx context.Context, sources []*source.Module) ([]*probe, error) {
	var probes []*probe
	var tasks []*task
	for i, m := range sources {
		base := path.Base(m.File)
		p := &probe{module: &module{Hook: Hook{File: m.File}, number: uint32(i), source: m, //nolint:gosec // an index
			base: strings.TrimSuffix(base, path.Ext(base))}}
		probes = append(probes, p)
		tasks = append(tasks, &task{number: p.module.number,
			encode: func(w *process) []byte {
				return appendJSONFrame(w.module(nil, p.module), frameProbe, p.module.number, probeBody{Module: p.module.number})
			},
			done: func(body []byte) error { return json.Unmarshal(body, &p.result) },
			died: func(_ int, f *sandbox.Fault) {
				f.Message = "while the file was loaded: " + f.Message
				p.result.Fault = f
			}})
	}
	return probes, s.work(ctx, tasks, 1)
}

// accept adds the hooks that can be used to the set.
func (s *Set) accept(probes []*probe) []*Error {
	var errs []*Error
	names := map[string]string{}
	slices.SortFunc(probes, func(a, b *probe) int { return compareText(a.module.File, b.module.File) })
	for _, p := range probes {
		m, meta := p.module, p.result.Meta
		if f := p.result.Fault; f != nil {
			errs = append(errs, newError(m, "", f))
			continue
		}
		if other, ok := names[meta.Name]; ok {
			errs = append(errs, newError(m, "", &sandbox.Fault{Kind: BadHook, Path: "name",
				Message: fmt.Sprintf("the name %q is taken by %s", meta.Name, other), Hint: "rename one of the files and its hook"}))
			continue
		}
		names[meta.Name] = m.File
		m.Name, m.Description = meta.Name, meta.Description
		if meta.Match != nil {
			var problems []match.Problem
			if m.Match, problems = match.Parse(meta.Match); len(problems) > 0 {
				for _, problem := range problems {
					errs = append(errs, newError(m, "", &sandbox.Fault{Kind: BadHook, Path: problem.Path, Message: problem.Message, Hint: problem.Hint}))
				}
				continue
			}
		}
		s.modules[m.File] = m
	}
	return errs
}
