package sandbox

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// maxDepth is how deep a draft may nest. No AWS document comes near; encoding/json ends at 10,000.
const maxDepth = 64

// walker turns what a hook made into data, and refuses everything that is not JSON. It reads objects
// that the hook controls, so it must run as a function of the sandbox: getters may throw or loop.
type walker struct {
	vm              *goja.Runtime
	objects, arrays *goja.Object // the prototypes that plain objects and lists have
	writes          map[*goja.Object]map[string]write
	// left is how many bytes of JSON may still come; it ends walks of endless data.
	left int
	max  int
	path []step
	// above are the objects that the walk is inside of.
	above []*goja.Object
	// placed are the writes by the path that they ended up at, see at.
	placed map[string]write
}

func newWalker(vm *goja.Runtime, max int) *walker {
	return &walker{vm: vm, objects: vm.NewObject().Prototype(), arrays: vm.NewArray().Prototype(),
		left: max, max: max, placed: map[string]write{}}
}

// key walks one key of the object at the current path. The result is absent for undefined, which is
// how hooks remove things, and never inside a list.
func (w *walker) key(o *goja.Object, key string) (any, error) {
	w.path = append(w.path, step{key: key})
	defer func() { w.path = w.path[:len(w.path)-1] }()
	if key == "__proto__" || key == "constructor" || key == "prototype" {
		return nil, w.bad(fmt.Sprintf("the key %q is not allowed", key), "it means something else to JavaScript; choose another name")
	}
	v := o.Get(key)
	if v == nil {
		return nil, w.bad("the key is not valid Unicode", "")
	}
	if goja.IsUndefined(v) {
		return absent{}, nil
	}
	w.left -= len(key) + 4
	return w.value(v)
}

func (w *walker) value(v goja.Value) (any, error) {
	if w.left < 0 {
		return nil, w.tooLarge()
	}
	if o, ok := v.(*goja.Object); ok {
		return w.object(o)
	}
	if _, ok := v.(*goja.Symbol); ok {
		return nil, w.bad("is a symbol, not JSON", "")
	}
	switch x := v.Export().(type) {
	case nil:
		w.left -= 4
		return nil, nil
	case bool:
		w.left -= 5
		return x, nil
	case int64:
		return w.number(v, float64(x))
	case float64:
		return w.number(v, x)
	case string:
		return w.text(v, x)
	case *big.Int:
		return nil, w.bad("is a BigInt, not JSON", fmt.Sprintf("write Number(…) or String(…): JSON has no %sn", abbreviate(x.String())))
	}
	return nil, w.bad("is not JSON", "")
}

func (w *walker) tooLarge() *Fault {
	return &Fault{Kind: BadResult, Place: w.at(w.path).place(), Path: pathText(w.path[:1]),
		Message: fmt.Sprintf("the changes of the draft are larger than %s", bytesText(w.max)),
		Hint:    "the limit is for all hooks of one account together; look for a list or text that grows in a loop"}
}

func (w *walker) number(v goja.Value, n float64) (any, error) {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return nil, w.bad(fmt.Sprintf("is %s, not a number that JSON has", v),
			"look for a division by zero, or for Number(…) of what is no number")
	}
	w.left -= 4
	if n == 0 {
		n = 0 // JSON has no -0
	}
	return n, nil
}

func (w *walker) text(v goja.Value, s string) (any, error) {
	if w.left -= len(s) + 2; w.left < 0 {
		return nil, w.tooLarge()
	}
	// The export replaces half of a surrogate pair.
	if strings.ContainsRune(s, utf8.RuneError) && !w.vm.ToValue(s).StrictEquals(v) {
		return nil, w.bad("is not valid Unicode: it has half of a surrogate pair in it", "a text was cut in the middle of a character")
	}
	return s, nil
}

func (w *walker) object(o *goja.Object) (any, error) {
	o = plain(o)
	if slices.Contains(w.above, o) {
		return nil, w.bad("contains itself", "JSON is a tree: copy what is needed, { ...part }")
	}
	if len(w.above) == maxDepth {
		return nil, &Fault{Kind: BadResult, Place: w.at(w.path).place(), Path: abbreviate(pathText(w.path)),
			Message: fmt.Sprintf("is nested deeper than %d", maxDepth)}
	}
	w.place(o)
	w.above = append(w.above, o)
	defer func() { w.above = w.above[:len(w.above)-1] }()
	w.left -= 2
	switch proto := o.Prototype(); {
	case o.ClassName() == "Array" && proto == w.arrays:
		return w.list(o)
	case o.ClassName() == "Object" && (proto == w.objects || proto == nil):
		return w.members(o)
	}
	return nil, w.foreign(o)
}

func (w *walker) members(o *goja.Object) (any, error) {
	if len(o.Symbols()) > 0 {
		return nil, w.bad("has a symbol as a key", "a key of JSON is a text")
	}
	keys := o.Keys()
	slices.Sort(keys)
	out := &object{keys: make([]string, 0, len(keys)), values: make([]any, 0, len(keys))}
	for _, key := range keys {
		v, err := w.key(o, key)
		if err != nil {
			return nil, err
		}
		if v != (absent{}) {
			out.keys, out.values = append(out.keys, key), append(out.values, v)
		}
	}
	return out, nil
}

func (w *walker) list(o *goja.Object) (any, error) {
	n := o.Get("length").ToInteger()
	if n > int64(w.left) {
		return nil, w.tooLarge()
	}
	keys := o.Keys()
	out := make([]any, 0, n)
	for i := range int(n) {
		if i >= len(keys) || keys[i] != strconv.Itoa(i) {
			return nil, w.missing(i, "is missing: the list has a hole")
		}
		v := o.Get(keys[i])
		if v == nil || goja.IsUndefined(v) {
			return nil, w.missing(i, "is undefined")
		}
		w.path = append(w.path, step{index: i, list: true})
		w.left--
		item, err := w.value(v)
		w.path = w.path[:len(w.path)-1]
		if err != nil {
			return nil, err
		}
		out = append(out, item)
	}
	if len(keys) > int(n) {
		return nil, w.bad(fmt.Sprintf("is a list with the key %q", keys[n]), "a list has items only; make it an object")
	}
	return out, nil
}

func (w *walker) missing(i int, message string) error {
	w.path = append(w.path, step{index: i, list: true})
	defer func() { w.path = w.path[:len(w.path)-1] }()
	return w.bad(message, "a list of JSON has an item at every index; use filter or splice to remove one")
}

// foreign explains an object that is more than data.
func (w *walker) foreign(o *goja.Object) error {
	name := kindOf(o)
	switch name {
	case "Function":
		return w.bad("is a function, not JSON", "call it, or leave it out")
	case "Promise":
		return w.bad("is a promise, not JSON", "make baseline async and await it")
	case "Date":
		return w.bad("is a Date, not JSON", "write .toISOString()")
	case "Map":
		return w.bad("is a Map, not JSON", "write Object.fromEntries(map)")
	case "Set":
		return w.bad("is a Set, not JSON", "write [...set]")
	case "", "Object", "Array":
		return w.bad("has a prototype of its own, so it is not JSON", "write { ...object }")
	}
	return w.bad(fmt.Sprintf("is an instance of %s, not JSON", oneLine(name)), "write { ...object }, or what of it is data")
}

// bad is the fault for the value at the current path.
func (w *walker) bad(message, hint string) *Fault {
	return &Fault{Kind: BadResult, Place: w.at(w.path).place(), Path: abbreviate(pathText(w.path)), Message: message, Hint: hint}
}

func abbreviate(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}
