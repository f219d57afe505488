package sandbox

import (
	"github.com/dop251/goja"
)

// draft is the first argument of baseline. It behaves as a plain object, and remembers which top-level
// keys were written below, and where in the hook each write stands.
type draft struct {
	lazy
	r     *runtime
	dirty map[string]bool
	// writes are by the object written to and its key. Objects that the hook made are not watched: for
	// them counts where they entered the draft.
	writes map[*goja.Object]map[string]write
	count  int
}

// write is one assignment or deletion by the hook.
type write struct {
	frame goja.StackFrame
	known bool
	// number orders the writes of one hook.
	number int
}

func (w write) place() Place {
	if !w.known {
		return Place{}
	}
	return placeOf(w.frame)
}

func newDraft(r *runtime, parts map[string]*Value) *draft {
	d := &draft{r: r, dirty: map[string]bool{}, writes: map[*goja.Object]map[string]write{}}
	d.guard = func(top string) *goja.ProxyTrapConfig { return d.traps(func(string) string { return top }) }
	root := d.traps(func(key string) string { return key })
	define := root.DefineProperty
	root.DefineProperty = func(target *goja.Object, key string, desc goja.PropertyDescriptor) bool {
		if desc.Getter != nil || desc.Setter != nil || desc.Writable == goja.FLAG_FALSE ||
			desc.Enumerable == goja.FLAG_FALSE || desc.Configurable == goja.FLAG_FALSE {
			panic(r.vm.NewTypeError("the keys of the draft are plain values: no getters, nothing hidden, nothing frozen"))
		}
		d.touch(key)
		return define(target, key, desc)
	}
	remove := root.DeleteProperty
	root.DeleteProperty = func(target *goja.Object, key string) bool {
		d.drop(key)
		return remove(target, key)
	}
	root.PreventExtensions = func(*goja.Object) bool {
		panic(r.vm.NewTypeError("the draft cannot be frozen: later hooks change it too"))
	}
	root.SetPrototypeOf = func(*goja.Object, *goja.Object) bool {
		panic(r.vm.NewTypeError("the draft has no other prototype than Object.prototype"))
	}
	d.init(r.vm, parts, root)
	return d
}

// traps watch the writes below the top-level key that top names. There is no trap for reading and none
// for assignment, which ends in DefineProperty.
func (d *draft) traps(top func(key string) string) *goja.ProxyTrapConfig {
	return &goja.ProxyTrapConfig{
		DefineProperty: func(target *goja.Object, key string, desc goja.PropertyDescriptor) bool {
			d.record(top(key), target, key)
			if desc.Getter != nil || desc.Setter != nil {
				d.rethrow(target.DefineAccessorProperty(key, desc.Getter, desc.Setter, desc.Configurable, desc.Enumerable))
			} else {
				d.rethrow(target.DefineDataProperty(key, desc.Value, desc.Writable, desc.Configurable, desc.Enumerable))
			}
			return true
		},
		DefinePropertySym: func(*goja.Object, *goja.Symbol, goja.PropertyDescriptor) bool {
			panic(d.vm.NewTypeError("the draft is JSON: a key is a text, not a symbol"))
		},
		DeleteProperty: func(target *goja.Object, key string) bool {
			d.record(top(key), target, key)
			return target.Delete(key) == nil
		},
		SetPrototypeOf: func(*goja.Object, *goja.Object) bool {
			panic(d.vm.NewTypeError("the draft is JSON: its objects have no prototypes of their own"))
		},
	}
}

func (d *draft) record(top string, target *goja.Object, key string) {
	d.dirty[top] = true
	keys := d.writes[target]
	if keys == nil {
		keys = map[string]write{}
		d.writes[target] = keys
	}
	d.count++
	frame, ok := d.r.frame()
	keys[key] = write{frame, ok, d.count}
}

// rethrow gives the hook the exception that a plain object would have thrown.
func (d *draft) rethrow(err error) {
	if ex, ok := err.(*goja.Exception); ok { //nolint:errorlint // goja returns it as it is
		panic(ex.Value())
	}
	must(err)
}
