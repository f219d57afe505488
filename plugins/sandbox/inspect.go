package sandbox

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/dop251/goja"
)

// What the log shows of one value. Who needs more writes JSON.stringify.
const (
	maxInspectDepth = 6
	maxInspectItems = 100
	// maxInspectBytes is where a value ends in "…", so that one value cannot take all memory.
	maxInspectBytes = 16 << 10
)

// format words the arguments of console.log: texts as they are, everything else as source code.
func (r *runtime) format(args []goja.Value) string {
	var b strings.Builder
	for i, arg := range args {
		if i > 0 {
			b.WriteByte(' ')
		}
		if goja.IsString(arg) {
			b.WriteString(arg.String())
		} else {
			b.WriteString(r.inspect(arg))
		}
	}
	return b.String()
}

// line words one value for a message, without line breaks.
func (r *runtime) line(v goja.Value) string {
	return oneLine(r.format([]goja.Value{v}))
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxMessage {
		s = strings.ToValidUTF8(s[:maxMessage], "") + "…"
	}
	return s
}

// maxMessage is how many bytes of a message anybody reads.
const maxMessage = 2000

// inspect words a value as source code that would make it. Getters run, in the sandbox.
func (r *runtime) inspect(v goja.Value) string {
	i := inspector{}
	i.value(v)
	return i.out.String()
}

type inspector struct {
	out   strings.Builder
	above []*goja.Object
}

func (i *inspector) value(v goja.Value) {
	if i.out.Len() > maxInspectBytes {
		i.out.WriteString("…")
		return
	}
	switch {
	case v == nil || goja.IsUndefined(v):
		i.out.WriteString("undefined")
	case goja.IsString(v):
		i.out.WriteString(strconv.Quote(cut(v.String())))
	case goja.IsBigInt(v):
		i.out.WriteString(v.String() + "n")
	default:
		switch v := v.(type) {
		case *goja.Object:
			i.object(v)
		case *goja.Symbol:
			i.out.WriteString("Symbol(" + v.String() + ")")
		default:
			i.out.WriteString(v.String())
		}
	}
}

func cut(s string) string {
	if len(s) <= maxInspectBytes {
		return s
	}
	return strings.ToValidUTF8(s[:maxInspectBytes], "") + "…"
}

func (i *inspector) object(o *goja.Object) {
	for _, a := range i.above {
		if a == o {
			i.out.WriteString("[circular]")
			return
		}
	}
	if len(i.above) == maxInspectDepth {
		i.out.WriteString("…")
		return
	}
	i.above = append(i.above, o)
	defer func() { i.above = i.above[:len(i.above)-1] }()
	switch kind := kindOf(o); kind {
	case "Array":
		i.list(o)
	case "Function":
		i.out.WriteString(strings.TrimSuffix("[function "+textOf(o.Get("name")), " ") + "]")
	case "Error":
		fmt.Fprintf(&i.out, "%s: %s", textOf(o.Get("name")), textOf(o.Get("message")))
	case "Date", "RegExp":
		i.out.WriteString(o.String())
	case "Object", "":
		i.members(o)
	default:
		i.out.WriteString(kind + " ")
		i.members(o)
	}
}

func (i *inspector) list(o *goja.Object) {
	i.out.WriteByte('[')
	n := o.Get("length").ToInteger()
	for k := range min(n, maxInspectItems) {
		if k > 0 {
			i.out.WriteString(", ")
		}
		i.value(o.Get(strconv.FormatInt(k, 10)))
	}
	if n > maxInspectItems {
		fmt.Fprintf(&i.out, ", … %d more", n-maxInspectItems)
	}
	i.out.WriteByte(']')
}

func (i *inspector) members(o *goja.Object) {
	keys := o.Keys()
	if len(keys) == 0 {
		i.out.WriteString("{}")
		return
	}
	i.out.WriteString("{ ")
	for k, key := range keys {
		if k > 0 {
			i.out.WriteString(", ")
		}
		if k == maxInspectItems {
			fmt.Fprintf(&i.out, "… %d more", len(keys)-maxInspectItems)
			break
		}
		if identifier.MatchString(key) {
			i.out.WriteString(key + ": ")
		} else {
			i.out.WriteString(strconv.Quote(key) + ": ")
		}
		i.value(o.Get(key))
	}
	i.out.WriteString(" }")
}

var proxyType = reflect.TypeFor[goja.Proxy]()

// plain returns the object behind one of the host's proxies; there are no others in a sandbox.
func plain(o *goja.Object) *goja.Object {
	for o.ExportType() == proxyType {
		o = o.Export().(goja.Proxy).Target()
	}
	return o
}

func classOf(o *goja.Object) string { return plain(o).ClassName() }

var promiseType = reflect.TypeFor[*goja.Promise]()

// kindOf names what an object is an instance of: "Object", "Array", "Map", the name of a class; "" for
// what has no name. It may run getters.
func kindOf(o *goja.Object) string {
	o = plain(o)
	if class := o.ClassName(); class != "Object" && class != "Array" {
		return class
	}
	if o.ExportType() == promiseType {
		return "Promise"
	}
	proto := o.Prototype()
	if proto == nil {
		return "Object"
	}
	if c, ok := proto.Get("constructor").(*goja.Object); ok {
		return textOf(c.Get("name"))
	}
	return ""
}

// textOf words a property of a value that the hook made; it need not be a text.
func textOf(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) {
		return ""
	}
	if _, ok := v.(*goja.Object); ok {
		return ""
	}
	if _, ok := v.(*goja.Symbol); ok {
		return ""
	}
	return v.String()
}

func bytesText(n int) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
