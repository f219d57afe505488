package sandbox

import (
	"time"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// Limits bound what one account's hooks may use together. All must be set.
type Limits struct {
	Timeout   time.Duration // for the whole chain
	MaxStack  int           // calls inside calls
	MaxResult int           // bytes of the changed part of the draft as JSON
	MaxLog    int           // bytes of all messages
}

// special makes the two prototypes that no global leads to.
var special = mustCompile("[function*(){}, async function(){}]")

func mustCompile(code string) *goja.Program {
	program, err := compile(code)
	must(err)
	return program
}

// runtime is the world of one hook during one account.
type runtime struct {
	vm     *goja.Runtime
	log    *journal
	frames []goja.StackFrame // reused by place
	// stop is why the host ended the run by itself, such as fail(); nil while it did not.
	stop *Fault
	// lost are promises that were rejected with nobody listening, in order.
	lost []*goja.Promise
}

func newRuntime(m *Module, limits Limits, log *journal) *runtime {
	r := &runtime{vm: goja.New(), log: log}
	r.vm.SetMaxCallStackSize(limits.MaxStack)
	r.vm.SetTimeSource(func() time.Time {
		panic(r.vm.NewTypeError("there is no clock in hooks: the same input must give the same result (new Date(text) works)"))
	})
	r.vm.SetRandSource(func() float64 {
		panic(r.vm.NewTypeError("there is no randomness in hooks: the same input must give the same result"))
	})
	r.vm.SetPromiseRejectionTracker(r.trackRejection)
	r.closeRoutes(m)
	r.addConsole()
	return r
}

// closeRoutes takes away what makes code from text, by every way that leads there, and Proxy, so that
// the host's own are the only ones. No text is ever compiled at run time, but if it were, a source map
// in it must not read the host's files.
func (r *runtime) closeRoutes(m *Module) {
	vm := r.vm
	vm.SetParserOptions(parser.WithDisableSourceMaps)
	refuse := vm.ToValue(func(goja.ConstructorCall) *goja.Object {
		panic(vm.NewTypeError("hooks cannot make code from text (eval, Function)"))
	}).(*goja.Object)
	functions := refuse.Prototype()
	must(refuse.DefineDataProperty("prototype", functions, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	must(functions.DefineDataProperty("constructor", refuse, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
	if m.special {
		list, err := vm.RunProgram(special)
		must(err)
		for _, i := range []string{"0", "1"} {
			proto := list.(*goja.Object).Get(i).(*goja.Object).Prototype()
			must(proto.DefineDataProperty("constructor", refuse, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE))
		}
	}
	global := vm.GlobalObject()
	must(global.DefineDataProperty("Function", refuse, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	must(global.DefineDataProperty("eval", refuse, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	must(global.Delete("Proxy"))
}

func (r *runtime) trackRejection(p *goja.Promise, op goja.PromiseRejectionOperation) {
	if op == goja.PromiseRejectionReject {
		r.lost = append(r.lost, p)
		return
	}
	for i, q := range r.lost {
		if p == q {
			r.lost = append(r.lost[:i], r.lost[i+1:]...)
			return
		}
	}
}

// place returns where the running hook is. Calls of built-in functions do not count.
func (r *runtime) place() Place {
	frame, ok := r.frame()
	if !ok {
		return Place{}
	}
	return placeOf(frame)
}

// frame returns the innermost call of the hook's own code. Between it and the host stand at most a few
// built-in functions, such as Array.prototype.push and Reflect.apply.
func (r *runtime) frame() (goja.StackFrame, bool) {
	r.frames = r.vm.CaptureCallStack(8, r.frames[:0])
	for i := range r.frames {
		if r.frames[i].SrcName() != native {
			return r.frames[i], true
		}
	}
	return goja.StackFrame{}, false
}

// native is how goja names the source of a built-in function.
const native = "<native>"

func placeOf(f goja.StackFrame) Place {
	p := f.Position()
	return Place{Line: p.Line, Column: p.Column}
}

func places(stack []goja.StackFrame) []Place {
	var out []Place
	for i := range stack {
		if stack[i].SrcName() != native && len(out) < maxFrames {
			out = append(out, placeOf(stack[i]))
		}
	}
	return out
}

// maxFrames is how many calls of a stack anybody reads.
const maxFrames = 10

// end stops the hook for good: neither catch nor finally of the hook run.
func (r *runtime) end(f *Fault) {
	if r.stop == nil {
		r.stop = f
		r.vm.Interrupt(f)
	}
}

// must is for what only a mistake of the host can make fail.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
