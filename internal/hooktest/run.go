package hooktest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/plugins"
)

// Result is what came of one case.
type Result struct {
	// File is the case, relative to the archipelago's directory.
	File string `json:"file"`
	// Title is its remark.
	Title  string `json:"title,omitempty"`
	Passed bool   `json:"passed"`
	// Problem says in one or more lines why it did not pass.
	Problem string `json:"problem,omitempty"`
	// Updated is the case with what the hooks do now in the place of what it wants; nil where that is
	// the same, or where the case makes no sense.
	Updated []byte `json:"-"`
}

// NoMatchError says that patterns name no case.
type NoMatchError struct {
	Pattern string
	// Known are the cases there are, below [Dir].
	Known []string
}

func (e *NoMatchError) Error() string {
	if len(e.Known) == 0 {
		return fmt.Sprintf("no case is like %q: there are none below %s", e.Pattern, Dir)
	}
	return fmt.Sprintf("no case is like %q; there are %s", e.Pattern, strings.Join(e.Known, ", "))
}

// Run runs the cases of the archipelago in fsys: all of them, or those that a pattern names. A pattern is
// the path of a case or of a directory below [Dir], with or without it and the extension, and may hold
// the wildcards of [path.Match]. The results are sorted by file. The error is for what is not a case's: a pattern
// without a case ([NoMatchError]), a file that cannot be read, a worker that does not start.
func Run(ctx context.Context, fsys fs.FS, patterns []string) ([]Result, error) {
	names, err := find(fsys, patterns)
	if err != nil {
		return nil, err
	}
	results := make([]Result, len(names))
	var cases []*testCase
	var at []int
	for i, name := range names {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("read case: %w", err)
		}
		c, err := readCase(fsys, name, text)
		results[i] = Result{File: name, Title: c.title}
		if err != nil {
			results[i].Problem = err.Error()
			continue
		}
		cases, at = append(cases, c), append(at, i)
	}
	outcomes, err := run(ctx, fsys, cases)
	if err != nil {
		return nil, err
	}
	for k, c := range cases {
		r := &results[at[k]]
		if r.Problem, err = c.compare(outcomes[k]); err != nil {
			return nil, fmt.Errorf("compare %s: %w", c.file, err)
		}
		if r.Passed = r.Problem == ""; !r.Passed {
			r.Updated = c.update(outcomes[k])
			for _, t := range outcomes[k].Times {
				if !t.Matched {
					r.Problem += fmt.Sprintf("\n%s did not run: its match leaves the account of the case out", t.Hook)
				}
			}
		}
	}
	return results, nil
}

// find lists the cases that the patterns name, sorted.
func find(fsys fs.FS, patterns []string) ([]string, error) {
	var all []string
	err := fs.WalkDir(fsys, Dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && path.Ext(name) == ".txtar" {
			all = append(all, name)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("find cases: %w", err)
	}
	if len(patterns) == 0 {
		return all, nil
	}
	var out []string
	for _, pattern := range patterns {
		like := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !matches(pattern, name) })
		if len(like) == 0 {
			known := make([]string, len(all))
			for i, name := range all {
				known[i] = strings.TrimPrefix(name, Dir+"/")
			}
			return nil, &NoMatchError{pattern, known}
		}
		out = append(out, like...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// matches reports whether a pattern names a case, by itself or by a directory above it.
func matches(pattern, name string) bool {
	pattern = strings.TrimPrefix(path.Clean(pattern), Dir+"/")
	if pattern == Dir {
		return true
	}
	name = strings.TrimPrefix(name, Dir+"/")
	for at := name; at != "."; at = path.Dir(at) {
		for _, candidate := range []string{at, strings.TrimSuffix(at, ".txtar")} {
			if ok, err := path.Match(pattern, candidate); ok && err == nil || candidate == pattern {
				return true
			}
		}
	}
	return false
}

// outcome is what the hooks of a case did.
type outcome struct {
	plugins.Result
	// errs are why a hook failed, or cannot be used at all.
	errs []*plugins.Error
}

// run runs the hooks of all cases at once.
func run(ctx context.Context, fsys fs.FS, cases []*testCase) ([]outcome, error) {
	var hooks []string
	for _, c := range cases {
		hooks = append(hooks, c.hooks...)
	}
	slices.Sort(hooks)
	hooks = slices.Compact(hooks)
	out := make([]outcome, len(cases))
	if len(hooks) == 0 {
		return out, nil
	}
	set, broken, err := plugins.Load(ctx, fsys, plan.HooksDir, hooks, plan.HookOptions())
	if err != nil {
		return nil, fmt.Errorf("load hooks: %w", err)
	}
	defer func() { _ = set.Close() }()
	usable := map[string]bool{}
	for _, h := range set.Hooks() {
		usable[h.File] = true
	}
	var accounts []plugins.Account
	var at []int
	for i, c := range cases {
		if k := slices.IndexFunc(c.hooks, func(file string) bool { return !usable[file] }); k >= 0 {
			out[i].errs = about(c.hooks[k], hooks, broken)
			continue
		}
		accounts, at = append(accounts, c.input()), append(at, i)
	}
	results, err := set.Run(ctx, accounts)
	if err != nil {
		return nil, fmt.Errorf("run hooks: %w", err)
	}
	for k, r := range results {
		o := &out[at[k]]
		o.Result = r
		if r.Err != nil {
			o.errs = append([]*plugins.Error{r.Err}, r.Err.Also...)
			continue
		}
		if o.errs, err = invalid(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// invalid are the reasons why what the hooks of a case left could not be deployed, each at the change that
// made it so.
func invalid(r plugins.Result) ([]*plugins.Error, error) {
	problems, err := plan.DraftProblems(r.Changed)
	if err != nil {
		return nil, err
	}
	var out []*plugins.Error
	for _, p := range problems {
		e := &plugins.Error{Kind: plugins.BadResult, Path: p.Path, Message: p.Message, Hint: p.Hint}
		path, err := settings.ParsePath(p.Path)
		if err != nil {
			return nil, err
		}
		for _, c := range r.Changes {
			if at := settings.Path(c.Path); path.Within(at) || at.Within(path) || e.Hook == "" {
				e.Hook, e.Position = c.Hook, c.Position
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// about are the errors of one hook: those in its file, else those in files that hooks import.
func about(hook string, hooks []string, broken []*plugins.Error) []*plugins.Error {
	var own, imported []*plugins.Error
	for _, e := range broken {
		switch {
		case e.Hook == hook:
			own = append(own, e)
		case !slices.Contains(hooks, e.Hook):
			imported = append(imported, e)
		}
	}
	if len(own) > 0 {
		return own
	}
	return imported
}
