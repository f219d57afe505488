package sandbox

import (
	"fmt"

	"github.com/dop251/goja"
)

// newContext returns the second argument of baseline: read-only at every depth, with an error that
// says where to write instead.
func newContext(vm *goja.Runtime, parts map[string]*Value) *goja.Object {
	refuse := func(what string) *goja.ProxyTrapConfig {
		no := func(key string) {
			panic(vm.NewTypeError(fmt.Sprintf("cannot change %q of the %s: it is read-only; write to the draft, or change a copy", key, what)))
		}
		return &goja.ProxyTrapConfig{
			Set:               func(_ *goja.Object, key string, _, _ goja.Value) bool { no(key); return false },
			SetSym:            func(_ *goja.Object, key *goja.Symbol, _, _ goja.Value) bool { no(key.String()); return false },
			DefineProperty:    func(_ *goja.Object, key string, _ goja.PropertyDescriptor) bool { no(key); return false },
			DefinePropertySym: func(_ *goja.Object, key *goja.Symbol, _ goja.PropertyDescriptor) bool { no(key.String()); return false },
			DeleteProperty:    func(_ *goja.Object, key string) bool { no(key); return false },
			DeletePropertySym: func(_ *goja.Object, key *goja.Symbol) bool { no(key.String()); return false },
			SetPrototypeOf:    func(*goja.Object, *goja.Object) bool { no("prototype"); return false },
			PreventExtensions: func(*goja.Object) bool { no("extensibility"); return false },
		}
	}
	l := &lazy{guard: func(key string) *goja.ProxyTrapConfig { return refuse(fmt.Sprintf("context's %s", key)) }}
	l.init(vm, parts, refuse("context"))
	return l.root
}
