package source

import (
	"fmt"
	"strings"
)

// globals are the global variables of a hook: those of ECMAScript that the runtime has, and
// console. Function is there for instanceof.
var globals = words(`
	AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
	Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise
	RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array
	Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet console decodeURI decodeURIComponent encodeURI
	encodeURIComponent escape globalThis isFinite isNaN parseFloat parseInt undefined unescape`)

func words(text string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(text) {
		out[w] = true
	}
	return out
}

// lacks are the things that hooks do not have and what to do about it, by the name of a [use].
var lacks = func() map[string]string {
	out := map[string]string{}
	for _, group := range []struct{ names, hint string }{
		{"setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate requestAnimationFrame", "hooks have no timers; what baseline awaits must settle by itself"},
		{"queueMicrotask", "use Promise.resolve().then(…)"},
		{"fetch XMLHttpRequest WebSocket EventSource Headers Request Response FormData Blob AbortController AbortSignal", "hooks have no network; put data into params in the YAML, or into a file next to the hook"},
		{"process", "hooks see neither environment nor arguments; put data into params in the YAML"},
		{"global self", "use globalThis"},
		{"window document navigator location localStorage sessionStorage alert", "hooks do not run in a browser"},
		{"Buffer __dirname __filename", "hooks do not run in Node.js"},
		{"TextEncoder TextDecoder URL URLSearchParams atob btoa", "hooks have the language's own library only"},
		{"structuredClone", "copy with { ...value } or JSON.parse(JSON.stringify(value))"},
		{"Intl .toLocaleString .toLocaleDateString .toLocaleTimeString", "hooks know no languages or places; write the format out, so that every machine gives the same text"},
		{"crypto Math.random", "the same input must give the same result; derive the value from the account's name or id"},
		{"performance Temporal Date.now", clockHint},
		{"WeakRef FinalizationRegistry SharedArrayBuffer Atomics Iterator DisposableStack AsyncDisposableStack SuppressedError Float16Array WebAssembly", "hooks have the library of ES2022"},
		{"eval Function", "code cannot be made from text"},
		{"Proxy", "write get and set accessors, or a class"},
		{"Object.groupBy Map.groupBy", "use a loop, or reduce"},
		{"Array.fromAsync", "use for await"},
		{"Promise.withResolvers Promise.try", "use new Promise(…)"},
		{"RegExp.escape", `use replace(/[.*+?^${}()|[\]\\]/g, "\\$&")`},
		{"Error.captureStackTrace", "errors have their stack already"},
		{"Symbol.asyncIterator", "write an async generator function instead"},
		{"Symbol.dispose Symbol.asyncDispose using", "use try and finally"},
	} {
		for _, name := range strings.Fields(group.names) {
			out[name] = group.hint
		}
	}
	out["the current date"] = clockHint
	return out
}()

const clockHint = "the same input must give the same result; put a date into params in the YAML"

// suggest names what a name that nothing declares may stand for.
func suggest(name string, near *scope) string {
	switch name {
	case "hook", "fail", "warn":
		return fmt.Sprintf(`import { %s } from "archipelago"`, name)
	}
	best := closest{want: name}
	for ; near != nil; near = near.outer {
		for declared := range near.names {
			best.try(declared.String(), declared.String())
		}
	}
	return best.hint()
}
