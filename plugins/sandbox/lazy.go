package sandbox

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/dop251/goja"
)

// lazy is an object of JavaScript whose top-level keys are made from the host's values when they are
// first touched. A hook that reads one key of a large context pays for one key.
type lazy struct {
	vm    *goja.Runtime
	parts map[string]*Value
	// keys are those of parts, sorted, without the ones that the hook deleted; nil until somebody asks.
	keys []string
	// target holds what was made so far and what the hook wrote; root is the proxy before it.
	target *goja.Object
	root   *goja.Object
	// made are the keys of parts that target has, or had before the hook deleted them.
	made map[string]goja.Value
	// guard returns the traps of everything below a key: they watch or refuse writes.
	guard func(key string) *goja.ProxyTrapConfig
}

func (l *lazy) init(vm *goja.Runtime, parts map[string]*Value, traps *goja.ProxyTrapConfig) {
	l.vm, l.parts = vm, parts
	l.target, l.made = vm.NewObject(), map[string]goja.Value{}
	traps.Get = func(_ *goja.Object, key string, _ goja.Value) goja.Value {
		l.touch(key)
		if v := l.target.Get(key); v != nil {
			return v
		}
		return goja.Undefined()
	}
	traps.Has = func(_ *goja.Object, key string) bool {
		l.touch(key)
		return l.target.Get(key) != nil
	}
	traps.GetOwnPropertyDescriptor = func(_ *goja.Object, key string) goja.PropertyDescriptor {
		l.touch(key)
		if !l.has(key) {
			return goja.PropertyDescriptor{}
		}
		return goja.PropertyDescriptor{Value: l.target.Get(key),
			Writable: goja.FLAG_TRUE, Enumerable: goja.FLAG_TRUE, Configurable: goja.FLAG_TRUE}
	}
	traps.OwnKeys = func(*goja.Object) *goja.Object {
		var keys []any
		for _, key := range l.order() {
			keys = append(keys, key)
		}
		return vm.NewArray(keys...)
	}
	l.root = vm.ToValue(vm.NewProxy(l.target, traps)).(*goja.Object)
}

// order returns the keys as a plain object has them: those of parts in their order, then what was added,
// and array indexes before both.
func (l *lazy) order() []string {
	original := l.sorted()
	keys := slices.Clone(original)
	for _, key := range l.target.GetOwnPropertyNames() {
		if !slices.Contains(original, key) {
			keys = append(keys, key)
		}
	}
	slices.SortStableFunc(keys, func(a, b string) int {
		i, err1 := strconv.ParseUint(a, 10, 32)
		j, err2 := strconv.ParseUint(b, 10, 32)
		switch {
		case err1 == nil && err2 == nil:
			return cmp.Compare(i, j)
		case err1 == nil:
			return -1
		case err2 == nil:
			return 1
		}
		return 0
	})
	return keys
}

func (l *lazy) sorted() []string {
	if l.keys == nil {
		l.keys = slices.AppendSeq(make([]string, 0, len(l.parts)), maps.Keys(l.parts))
		slices.Sort(l.keys)
	}
	return l.keys
}

// drop notes that a key is deleted; if it comes back, it comes last.
func (l *lazy) drop(key string) {
	l.touch(key)
	l.keys = slices.DeleteFunc(l.sorted(), func(k string) bool { return k == key })
}

// touch makes the value of a key of parts, once.
func (l *lazy) touch(key string) {
	part, ok := l.parts[key]
	if !ok {
		return
	}
	if _, made := l.made[key]; made {
		return
	}
	v := builder{l.vm, l.guard(key)}.value(part.load())
	l.made[key] = v
	must(l.target.DefineDataProperty(key, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
}

// has reports whether target itself has the key, which Get does not say: every object has toString.
func (l *lazy) has(key string) bool {
	return slices.Contains(l.target.GetOwnPropertyNames(), key)
}

// builder makes objects of JavaScript from the host's data, each behind a proxy with the same traps.
// The objects hold proxies, so what a hook reads is what the object has, and is always the same.
type builder struct {
	vm    *goja.Runtime
	traps *goja.ProxyTrapConfig
}

func (b builder) value(data any) goja.Value {
	switch data := data.(type) {
	case *object:
		o := b.vm.NewObject()
		for i, key := range data.keys {
			// Not Set: it would run setters of a prototype, and __proto__ is one.
			must(o.DefineDataProperty(key, b.value(data.values[i]), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
		}
		return b.vm.ToValue(b.vm.NewProxy(o, b.traps))
	case []any:
		items := make([]any, len(data))
		for i, item := range data {
			items[i] = b.value(item)
		}
		return b.vm.ToValue(b.vm.NewProxy(b.vm.NewArray(items...), b.traps))
	case nil:
		return goja.Null()
	}
	return b.vm.ToValue(data)
}
