package sandbox

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
)

// evaluate runs the top level of a module and returns the hook object that it exports.
func (r *runtime) evaluate(m *Module) (*goja.Object, error) {
	program, err := m.program()
	if err != nil {
		return nil, err
	}
	wrapper, err := r.vm.RunProgram(program)
	if err != nil {
		return nil, err
	}
	call, ok := goja.AssertFunction(wrapper)
	if !ok {
		return nil, errors.New("the compiled module is not a function")
	}
	module, exports := r.vm.NewObject(), r.vm.NewObject()
	must(module.DefineDataProperty("exports", exports, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE))
	if _, err := call(goja.Undefined(), module, exports, r.vm.ToValue(r.require)); err != nil {
		return nil, err
	}
	var hook *goja.Object
	err = r.inside(func() {
		exported := module.Get("exports")
		o, ok := exported.(*goja.Object)
		if !ok {
			return
		}
		if standard := o.Get("default"); standard != nil {
			exported = standard
		} else if es := o.Get("__esModule"); es != nil && es.ToBoolean() {
			return
		}
		if h, ok := exported.(*goja.Object); ok {
			hook = h
		}
	})
	if err != nil {
		return nil, err
	}
	if hook == nil || classOf(hook) != "Object" {
		return nil, noHook()
	}
	return hook, nil
}

func noHook() *Fault {
	return &Fault{Kind: BadHook, Message: "the file exports no hook",
		Hint: `write export default hook({ name: "…", baseline(draft, context) { … } })`}
}

// baseline calls the function of the hook and returns what it returned, promises awaited. It is nil
// for undefined.
func (r *runtime) baseline(hook *goja.Object, draft, context goja.Value) (*goja.Object, error) {
	var call goja.Callable
	var ok bool
	if err := r.inside(func() { call, ok = goja.AssertFunction(hook.Get("baseline")) }); err != nil {
		return nil, err
	}
	if !ok {
		return nil, &Fault{Kind: BadHook, Path: "baseline", Message: "baseline is not a function"}
	}
	result, err := call(hook, draft, context)
	if err != nil {
		return nil, err
	}
	if result, err = r.settle(result); err != nil {
		return nil, err
	}
	if len(r.lost) > 0 {
		return nil, r.rejected(r.lost[0].Result(), true)
	}
	if result == nil || goja.IsUndefined(result) {
		return nil, nil
	}
	o, ok := result.(*goja.Object)
	if ok {
		err = r.inside(func() { ok = kindOf(o) == "Object" })
	}
	if !ok || err != nil {
		return nil, errors.Join(err, r.badReturn(result))
	}
	return o, nil
}

// settle awaits a promise. Everything that could settle it has run when the call returned.
func (r *runtime) settle(v goja.Value) (goja.Value, error) {
	o, ok := v.(*goja.Object)
	if !ok || o.ExportType() != promiseType {
		return v, nil
	}
	p := o.Export().(*goja.Promise)
	switch p.State() {
	case goja.PromiseStateFulfilled:
		return p.Result(), nil
	case goja.PromiseStateRejected:
		return nil, r.rejected(p.Result(), false)
	}
	return nil, &Fault{Kind: BadResult, Message: "baseline never ends: it awaits a promise that nothing settles",
		Hint: "hooks have no timers and no I/O, so only promises that the hook settles itself ever settle"}
}

func (r *runtime) badReturn(v goja.Value) error {
	what := ""
	if err := r.inside(func() { what = oneLine(abbreviate(r.inspect(v))) }); err != nil {
		return err
	}
	return &Fault{Kind: BadResult, Message: fmt.Sprintf("baseline returned %s", what),
		Hint: "return nothing and change the draft, or return a whole new draft; a function without braces, draft => …, returns its last value"}
}
