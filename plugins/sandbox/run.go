package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/dop251/goja"
)

// Use is one hook in the chain of an account.
type Use struct {
	Module *Module
	// Params are what the use of the hook was given; nil means {}.
	Params *Value
}

// Account is the input of a run.
type Account struct {
	Context map[string]*Value // top-level keys of the context; params is added for every use
	Draft   map[string]*Value // top-level keys of the draft
	Uses    []Use             // in order
}

// Result is what the hooks of one account did. Where Fault is set there are no changes.
type Result struct {
	Changed map[string]json.RawMessage `json:"changed,omitempty"` // canonical
	Deleted []string                   `json:"deleted,omitempty"` // sorted
	Changes []Change                   `json:"changes,omitempty"`
	Log     []Entry                    `json:"log,omitempty"`
	Times   []time.Duration            `json:"times,omitempty"` // by use, as far as they ran
	Fault   *Fault                     `json:"fault,omitempty"`
}

// chain is the state of a run between hooks.
type chain struct {
	limits   Limits
	deadline time.Time
	context  map[string]*Value
	draft    map[string]*Value
	log      *journal
	sizes    map[string]int // bytes of the keys that hooks changed
	changes  []Change
}

// Run applies the hooks of one account one after the other, each to the draft that the one before left.
// Before each it calls announce with the index of the hook. The first fault ends the chain.
func Run(a Account, limits Limits, announce func(use int)) *Result {
	c := &chain{limits: limits, deadline: time.Now().Add(limits.Timeout), context: maps.Clone(a.Context), draft: maps.Clone(a.Draft),
		log: &journal{left: limits.MaxLog, max: limits.MaxLog}, sizes: map[string]int{}}
	if c.context == nil {
		c.context = map[string]*Value{}
	}
	if c.draft == nil {
		c.draft = map[string]*Value{}
	}
	result := &Result{}
	for i, use := range a.Uses {
		announce(i)
		start := time.Now()
		c.log.use = i
		fault := c.step(i, use)
		result.Times = append(result.Times, time.Since(start))
		if fault != nil {
			fault.Use = i
			result.Fault, result.Log = fault, c.log.entries
			return result
		}
	}
	result.Log, result.Changes = c.log.entries, c.changes
	c.compare(a.Draft, result)
	return result
}

var noParams = &Value{decoded: true, data: &object{}}

// step runs one hook.
func (c *chain) step(i int, use Use) (fault *Fault) {
	c.context["params"] = use.Params
	if use.Params == nil {
		c.context["params"] = noParams
	}
	r := newRuntime(use.Module, c.limits, c.log)
	defer r.recover(&fault)
	timer := time.AfterFunc(time.Until(c.deadline), func() { r.vm.Interrupt("time") })
	defer timer.Stop()
	draft := newDraft(r, c.draft)
	hook, err := r.evaluate(use.Module)
	var returned *goja.Object
	if err == nil {
		returned, err = r.baseline(hook, draft.root, newContext(r.vm, c.context))
	}
	if err == nil {
		var bad error
		if err = r.inside(func() { bad = c.collect(i, draft, returned) }); err == nil {
			err = bad
		}
	}
	if err != nil || r.stop != nil {
		return r.fault(err, c.limits)
	}
	return nil
}

// collect takes over what the hook wrote, or the whole draft that it returned.
func (c *chain) collect(use int, d *draft, returned *goja.Object) error {
	from, keys := d.target, slices.Sorted(maps.Keys(d.dirty))
	if returned != nil && returned != d.root {
		from = plain(returned)
		keys = slices.Sorted(maps.Keys(c.draft))
		for _, key := range returned.Keys() {
			if _, ok := c.draft[key]; !ok {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
	}
	w := newWalker(d.vm, c.limits.MaxResult)
	w.writes = d.writes
	w.place(d.target)
	diff := &differ{walker: w, use: use}
	for _, key := range keys {
		if from != d.target && !d.dirty[key] && d.made[key] != nil && from.Get(key) == d.made[key] {
			continue // handed through untouched
		}
		if err := c.take(key, from, w, diff); err != nil {
			return err
		}
	}
	c.changes = append(c.changes, diff.changes...)
	return nil
}

// take replaces one key of the draft by what the hook made of it.
func (c *chain) take(key string, from *goja.Object, w *walker, diff *differ) error {
	var after, before any = absent{}, absent{}
	var err error
	if slices.Contains(from.GetOwnPropertyNames(), key) {
		w.left = c.limits.MaxResult - c.total(key)
		if after, err = w.key(from, key); err != nil {
			return err
		}
	}
	if v := c.draft[key]; v != nil {
		before = v.load()
	}
	diff.compare(key, before, after)
	c.sizes[key] = len(text(after))
	if after == (absent{}) {
		delete(c.draft, key)
	} else {
		c.draft[key] = &Value{decoded: true, data: after}
	}
	return nil
}

// total is the size of the changed part of the draft without one key.
func (c *chain) total(without string) int {
	n := 0
	for key, size := range c.sizes {
		if key != without {
			n += size
		}
	}
	return n
}

// compare fills in what is different from the draft before the first hook.
func (c *chain) compare(before map[string]*Value, result *Result) {
	result.Changed = map[string]json.RawMessage{}
	for _, key := range slices.Sorted(maps.Keys(c.sizes)) {
		was, is := before[key], c.draft[key]
		switch {
		case was == nil && is == nil || was != nil && is != nil && equal(was.load(), is.load()):
		case is == nil:
			result.Deleted = append(result.Deleted, key)
		default:
			result.Changed[key] = text(is.load())
		}
	}
}

// recover turns a panic of the interpreter into a fault.
func (r *runtime) recover(fault **Fault) {
	x := recover()
	if x == nil {
		return
	}
	message := oneLine(fmt.Sprint(x))
	for _, part := range []string{"makeslice: len out of range", "makeslice: cap out of range", "Repeat", "too large", "growslice"} {
		if strings.Contains(message, part) {
			*fault = &Fault{Kind: OutOfMemory, Place: r.place(), Message: "asked for more memory than there is",
				Hint: "look for a text, list or buffer whose length is not what it should be"}
			return
		}
	}
	*fault = &Fault{Kind: HostBug, Message: "the hook host went wrong: " + message + stackHint(), Hint: reportHint}
}

// stackHint names the function of the host that panicked.
func stackHint() string {
	for line := range strings.Lines(string(debug.Stack())) {
		if i := strings.Index(line, "dop251/goja."); i >= 0 && !strings.HasPrefix(line, "\t") {
			return " in " + strings.TrimSpace(line[i:])
		}
	}
	return ""
}
