package sandbox

import (
	"fmt"

	"github.com/dop251/goja"
)

// Entry is one line of the log of an account.
type Entry struct {
	// Level is debug, info, warn or error.
	Level   string `json:"level"`
	Message string `json:"message"`
	Use     int    `json:"use"`
	Place   Place  `json:"at"`
}

// journal is the log of one account, over all hooks of its chain.
type journal struct {
	use     int
	entries []Entry
	left    int // bytes
	max     int
}

// write adds a line, or ends the hook when the log is full.
func (r *runtime) write(level, message string) {
	r.log.left -= len(message) + 1
	if r.log.left < 0 {
		r.end(&Fault{Kind: LogOverflow, Place: r.place(),
			Message: fmt.Sprintf("writes more than %s to the log", bytesText(r.log.max)),
			Hint:    "the limit is for all hooks of one account together: log less, or look for a loop that does not end"})
		return
	}
	r.log.entries = append(r.log.entries, Entry{Level: level, Message: message, Use: r.log.use, Place: r.place()})
}

// require gives a hook the module "archipelago", the only one there is at run time.
func (r *runtime) require(call goja.FunctionCall) goja.Value {
	if name := call.Argument(0).String(); name != "archipelago" {
		panic(r.vm.NewTypeError(fmt.Sprintf("hooks can import \"archipelago\" and files below their directory, not %q", name)))
	}
	host := r.vm.NewObject()
	r.method(host, "hook", func(call goja.FunctionCall) goja.Value { return call.Argument(0) })
	r.method(host, "fail", r.fail)
	r.method(host, "warn", func(call goja.FunctionCall) goja.Value {
		r.write("warn", r.format(call.Arguments))
		return goja.Undefined()
	})
	return host
}

func (r *runtime) method(o *goja.Object, name string, f func(goja.FunctionCall) goja.Value) {
	must(o.DefineDataProperty(name, r.vm.ToValue(f), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE))
}

// fail rejects the account. It cannot be caught: a catch that is meant for something else must not let
// an account through that the hook refuses.
func (r *runtime) fail(call goja.FunctionCall) goja.Value {
	f := &Fault{Kind: Rejected, Place: r.place(), Stack: places(r.vm.CaptureCallStack(0, nil))}
	f.Message = r.line(call.Argument(0))
	if at, ok := call.Argument(1).(*goja.Object); ok {
		f.Path, f.Hint = r.optional(at, "path"), r.optional(at, "hint")
	}
	if goja.IsUndefined(call.Argument(0)) || f.Message == "" {
		f.Message = "rejected without a reason"
		f.Hint = `say what is wrong: fail("…", { path: "tags.owner", hint: "…" })`
	}
	r.end(f)
	return goja.Undefined()
}

func (r *runtime) optional(o *goja.Object, key string) string {
	if v := o.Get(key); v != nil && !goja.IsUndefined(v) && !goja.IsNull(v) {
		return r.line(v)
	}
	return ""
}

// addConsole adds the global console; most hooks never look at it, so its methods wait until then.
func (r *runtime) addConsole() {
	var console *goja.Object
	getter := r.vm.ToValue(func(goja.FunctionCall) goja.Value {
		if console == nil {
			console = r.vm.NewObject()
			for _, name := range []string{"debug", "log", "info", "warn", "error"} {
				level := name
				if name == "log" {
					level = "info"
				}
				r.method(console, name, func(call goja.FunctionCall) goja.Value {
					r.write(level, r.format(call.Arguments))
					return goja.Undefined()
				})
			}
		}
		return console
	})
	must(r.vm.GlobalObject().DefineAccessorProperty("console", getter, nil, goja.FLAG_FALSE, goja.FLAG_FALSE))
}
