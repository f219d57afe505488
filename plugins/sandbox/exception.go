package sandbox

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// fault turns whatever ended a run into what its author needs to know. It must only be called when the
// sandbox stands still.
func (r *runtime) fault(err error, limits Limits) *Fault {
	var own *Fault
	var interrupted *goja.InterruptedError
	var overflow *goja.StackOverflowError
	var thrown *goja.Exception
	switch {
	case r.stop != nil:
		return r.stop
	case errors.As(err, &interrupted):
		f := &Fault{Kind: TimedOut, Stack: places(interrupted.Stack()),
			Message: fmt.Sprintf("took longer than %s", limits.Timeout),
			Hint:    "the limit is for all hooks of one account together; the hook was at this place when it was stopped: look for a loop that does not end"}
		return f.inner()
	case errors.As(err, &overflow):
		f := &Fault{Kind: TooDeep, Stack: places(overflow.Stack()),
			Message: fmt.Sprintf("calls are nested deeper than %d", limits.MaxStack),
			Hint:    "look for a function that calls itself without an end"}
		return f.inner()
	case errors.As(err, &thrown):
		f := &Fault{Kind: Threw, Stack: places(thrown.Stack())}
		r.describe(f, thrown.Value())
		return f.inner()
	case errors.As(err, &own):
		return own
	}
	return &Fault{Kind: HostBug, Message: "the hook host went wrong: " + oneLine(err.Error()), Hint: reportHint}
}

const reportHint = "this is a mistake of the program, not of the hook; please report it with the hook"

// inner sets the place to the innermost call.
func (f *Fault) inner() *Fault {
	if len(f.Stack) > 0 {
		f.Place = f.Stack[0]
	}
	return f
}

// describe words a thrown value. The value is the hook's own: reading it may run getters, which may
// throw or loop, so it happens inside the sandbox again.
func (r *runtime) describe(f *Fault, thrown goja.Value) {
	f.Message = "threw a value that cannot be read"
	err := r.inside(func() {
		if o, ok := thrown.(*goja.Object); ok && classOf(o) == "Error" {
			f.Message = causes(o)
			f.Hint = hintFor(f.Message)
			return
		}
		what := "the value "
		switch {
		case goja.IsString(thrown):
			what = "the text "
		case goja.IsNumber(thrown):
			what = "the number "
		}
		f.Message = fmt.Sprintf("threw %s%s, not an Error", what, oneLine(r.inspect(thrown)))
		f.Hint = `write throw new Error("…"): it has a message and knows its place`
	})
	if err != nil {
		f.Hint = `write throw new Error("…")`
	}
}

// causes words an error and what it says it was caused by.
func causes(o *goja.Object) string {
	message := errorText(o)
	seen := []*goja.Object{o}
	for range 8 {
		cause := o.Get("cause")
		if cause == nil || goja.IsUndefined(cause) {
			break
		}
		next, ok := cause.(*goja.Object)
		if !ok || classOf(next) != "Error" {
			i := inspector{}
			i.value(cause)
			return oneLine(message + ", caused by " + i.out.String())
		}
		if slices.Contains(seen, next) {
			break
		}
		message += ", caused by " + errorText(next)
		seen, o = append(seen, next), next
	}
	return oneLine(message)
}

// errorText is the message, after the name where the name says something.
func errorText(o *goja.Object) string {
	name, message := textOf(o.Get("name")), textOf(o.Get("message"))
	switch {
	case message == "" && name == "":
		return "an error without a message"
	case message == "" && name == "Error":
		return "Error without a message"
	case message == "":
		return name
	case name == "" || name == "Error":
		return message
	}
	return name + ": " + message
}

var hints = []struct {
	message *regexp.Regexp
	hint    string
}{
	{regexp.MustCompile(`^TypeError: (Cannot (read property|convert undefined)|Value is not object coercible)`),
		"something is not there that the hook relies on: write ?. or ??, or check it first"},
	{regexp.MustCompile(`^TypeError: Object has no member `),
		"a function of this name does not exist here: hooks have the language (ES2022) and nothing of Node or a browser"},
	{regexp.MustCompile(`^TypeError: Cannot (assign to read only|add property|delete property)`),
		"the object is frozen: change a copy, { ...object } or [...list]"},
	{regexp.MustCompile(`^ReferenceError: (setTimeout|setInterval|setImmediate|fetch|XMLHttpRequest|process|require|Buffer|window|document) is not defined`),
		"hooks have no timers, no network and no files: they compute from the draft and the context"},
	{regexp.MustCompile(`^ReferenceError: .* is not defined`),
		"the name is declared nowhere in the hook and its imports, and is not part of the language as hooks have it"},
}

func hintFor(message string) string {
	for _, h := range hints {
		if h.message.MatchString(message) {
			return h.hint
		}
	}
	return ""
}

// rejected turns the reason of a rejected promise into a fault. A reason has no stack of its own, only
// the text that its error wrote when it was made.
func (r *runtime) rejected(reason goja.Value, unhandled bool) *Fault {
	f := &Fault{Kind: Threw}
	r.describe(f, reason)
	_ = r.inside(func() {
		if o, ok := reason.(*goja.Object); ok && classOf(o) == "Error" {
			f.Stack = parseStack(textOf(o.Get("stack")))
		}
	})
	if unhandled {
		f.Message += " (in a promise that nothing awaits)"
	}
	return f.inner()
}

var stackLine = regexp.MustCompile(`^\tat .*?:(\d+):(\d+)\(\d+\)\)?$`)

func parseStack(stack string) []Place {
	var out []Place
	for line := range strings.Lines(stack) {
		m := stackLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil || len(out) == maxFrames {
			continue
		}
		l, err1 := strconv.Atoi(m[1])
		c, err2 := strconv.Atoi(m[2])
		if err1 == nil && err2 == nil {
			out = append(out, Place{l, c})
		}
	}
	return out
}

// inside runs f as a function of the sandbox: exceptions, interrupts and stack overflows of the hook's
// code come back as errors.
func (r *runtime) inside(f func()) error {
	call, _ := goja.AssertFunction(r.vm.ToValue(func(goja.FunctionCall) goja.Value {
		f()
		return goja.Undefined()
	}))
	_, err := call(goja.Undefined())
	return err
}
