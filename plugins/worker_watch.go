package plugins

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/metrics"
	"time"
)

// watchMemory ends the process when it uses more than limit bytes. Where the system has limits of its
// own, they come first for a single large allocation; this one is for all that grows.
func watchMemory(limit uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(10 * time.Millisecond) {
		metrics.Read(sample)
		if used := sample[0].Value.Uint64() - sample[1].Value.Uint64(); used > limit {
			fmt.Fprintf(os.Stderr, "%d bytes of memory used\n", used)
			exit(exitMemory)
		}
	}
}

// builtin finds functions of JavaScript among the functions of its interpreter.
var builtin = regexp.MustCompile(`dop251/goja\.\(\*Runtime\)\.([a-zA-Z]+?)(proto)?_([a-zA-Z]+)\(`)

// insideBuiltin names the built-in function that runs now.
func insideBuiltin() string {
	stack := make([]byte, 256<<10)
	return builtinIn(stack[:runtime.Stack(stack, true)])
}

// owners are the objects of JavaScript by their names in the interpreter.
var owners = map[string]string{"array": "Array", "string": "String", "regexp": "RegExp", "object": "Object", "map": "Map",
	"set": "Set", "math": "Math", "bigint": "BigInt", "typedArray": "TypedArray", "number": "Number"}

// builtinIn names the innermost built-in function in the stack of a Go program, such as
// "Array.prototype.fill"; "" where it cannot be told.
func builtinIn(stack []byte) string {
	m := builtin.FindSubmatch(stack)
	if m == nil {
		return ""
	}
	owner, ok := owners[string(m[1])]
	if !ok {
		return ""
	}
	name := owner + "." + string(m[3])
	if len(m[2]) > 0 {
		name = owner + ".prototype." + string(m[3])
	}
	if name == "RegExp.prototype.stdReplacer" {
		return "String.prototype.replace"
	}
	return name
}
