package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// printOutputs prints nested outputs by name, one value a line.
func printOutputs(w io.Writer, indent string, values map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch v := values[name].(type) {
		case map[string]any:
			fmt.Fprintf(w, "%s%s\n", indent, name)
			printOutputs(w, indent+"  ", v)
		default:
			fmt.Fprintf(w, "%s%s: %v\n", indent, name, v)
		}
	}
}
