package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/dop251/goja"
)

// Meta is what a hook says of itself.
type Meta struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Match is JSON of any shape; nil where the hook has none.
	Match json.RawMessage `json:"match,omitempty"`
}

// fields are what a hook object may have.
var fields = []string{"name", "description", "match", "baseline"}

// Probe runs the top level of a module and reads what the hook says of itself.
func Probe(m *Module, limits Limits) (meta Meta, fault *Fault) {
	log := &journal{left: limits.MaxLog, max: limits.MaxLog}
	r := newRuntime(m, limits, log)
	timer := time.AfterFunc(limits.Timeout, func() { r.vm.Interrupt("time") })
	defer timer.Stop()
	defer r.recover(&fault)
	hook, err := r.evaluate(m)
	if err == nil {
		var bad error
		if err = r.inside(func() { meta, bad = read(r.vm, hook, m.Base, limits) }); err == nil {
			err = bad
		}
	}
	if err == nil && len(r.lost) > 0 {
		err = r.rejected(r.lost[0].Result(), true)
	}
	if err != nil || r.stop != nil {
		return Meta{}, atLoad(r.fault(err, limits))
	}
	return meta, nil
}

// atLoad words faults of the top level of a file, where there is no account yet.
func atLoad(f *Fault) *Fault {
	switch f.Kind {
	case Rejected:
		f.Kind, f.Hint = BadHook, "fail() is for accounts: call it in baseline"
	case Threw, TimedOut, TooDeep, LogOverflow:
		f.Message = "while the file was loaded: " + f.Message
	}
	return f
}

func read(vm *goja.Runtime, hook *goja.Object, base string, limits Limits) (Meta, error) {
	for _, key := range hook.Keys() {
		if !slices.Contains(fields, key) {
			f := &Fault{Kind: BadHook, Path: abbreviate(key), Message: fmt.Sprintf("a hook has no field %q", abbreviate(key)),
				Hint: "it has " + strings.Join(fields, ", ")}
			if near := closest(key, fields); near != "" {
				f.Hint = fmt.Sprintf("did you mean %q?", near)
			}
			return Meta{}, f
		}
	}
	meta := Meta{}
	var err error
	if meta.Name, err = readName(hook, base); err != nil {
		return Meta{}, err
	}
	switch v := hook.Get("description"); {
	case v == nil || goja.IsUndefined(v):
	case !goja.IsString(v):
		return Meta{}, &Fault{Kind: BadHook, Path: "description", Message: "description is not a text"}
	default:
		meta.Description = v.String()
	}
	if meta.Match, err = readMatch(vm, hook, limits); err != nil {
		return Meta{}, err
	}
	return meta, readBaseline(hook)
}

func readName(hook *goja.Object, base string) (string, error) {
	v := hook.Get("name")
	hint := fmt.Sprintf("write name: %q, as the file is named", base)
	switch {
	case v == nil || goja.IsUndefined(v):
		return "", &Fault{Kind: BadHook, Path: "name", Message: "the hook has no name", Hint: hint}
	case !goja.IsString(v):
		return "", &Fault{Kind: BadHook, Path: "name", Message: "name is not a text", Hint: hint}
	case v.String() != base:
		return "", &Fault{Kind: BadHook, Path: "name",
			Message: fmt.Sprintf("the hook is named %q and its file %q", abbreviate(oneLine(v.String())), base), Hint: hint + ", or rename the file"}
	}
	return base, nil
}

// readMatch takes match as data. Package match knows what it may say.
func readMatch(vm *goja.Runtime, hook *goja.Object, limits Limits) (json.RawMessage, error) {
	if hook.Get("match") == nil {
		return nil, nil
	}
	w := newWalker(vm, limits.MaxResult)
	data, err := w.key(hook, "match")
	if f, ok := err.(*Fault); ok { //nolint:errorlint // the walker returns faults as they are
		f.Kind = BadHook
		if strings.HasPrefix(f.Message, "is a function") {
			f.Hint = "match is data, so that it can be read without running the hook; decide the rest in baseline"
		}
		return nil, f
	}
	if data == (absent{}) {
		return nil, nil
	}
	return text(data), nil
}

func readBaseline(hook *goja.Object) error {
	v := hook.Get("baseline")
	if v == nil || goja.IsUndefined(v) {
		return &Fault{Kind: BadHook, Path: "baseline", Message: "the hook has no function baseline",
			Hint: "write baseline(draft, context) { … }"}
	}
	if _, ok := goja.AssertFunction(v); !ok {
		return &Fault{Kind: BadHook, Path: "baseline", Message: "baseline is not a function",
			Hint: "write baseline(draft, context) { … }"}
	}
	return nil
}

// closest returns the candidate that a misspelt name most likely meant, or "".
func closest(name string, candidates []string) string {
	best, distance := "", len(name)/3+1
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(strings.ToLower(abbreviate(name)), c); d <= distance {
			best, distance = c, d-1
		}
	}
	return best
}
