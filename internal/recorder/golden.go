package recorder

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// update is a flag of the test binaries that import this package: go test ./stacks -update.
var update = flag.Bool("update", false, "rewrite golden files with what the tests got")

// Golden compares text with a file, or writes the file where the tests run with -update.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatalf("create directory of golden file: %v", err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatalf("write golden file: %v", err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("read golden file: %v", err)
	}
	if got != string(want) {
		t.Errorf("%s is not what the program does now (rewrite it with -update):\n%s", file, difference(string(want), got))
	}
}

// difference lists the lines that only one of the two texts has.
func difference(want, got string) string {
	count := map[string]int{}
	for _, l := range strings.Split(want, "\n") {
		count[l]++
	}
	var b strings.Builder
	for _, l := range strings.Split(got, "\n") {
		if count[l]--; count[l] < 0 {
			fmt.Fprintf(&b, "+ %s\n", l)
		}
	}
	for _, l := range strings.Split(want, "\n") {
		if count[l] > 0 {
			count[l]--
			fmt.Fprintf(&b, "- %s\n", l)
		}
	}
	return b.String()
}

// String writes the recording as text: resources, outputs, messages, one fact a line.
func (r *Recording) String() string {
	var b strings.Builder
	for _, res := range r.Resources {
		res.write(&b)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Outputs)) {
		value, err := json.MarshalIndent(r.Outputs[name], "", "  ")
		if err != nil {
			value = []byte(err.Error())
		}
		fmt.Fprintf(&b, "output %s: %s\n", name, value)
	}
	for _, m := range r.Log {
		fmt.Fprintf(&b, "log %s\n", m)
	}
	return b.String()
}

func (r *Resource) write(b *strings.Builder) {
	verb := "resource"
	if r.Read {
		verb = "read"
	}
	fmt.Fprintf(b, "%s %s %s\n", verb, r.Type, r.Name)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(b, "  %s: %s\n", name, value)
		}
	}
	line("parent", r.Parent)
	line("provider", r.Provider)
	line("options", strings.Join(r.options(), ", "))
	for _, a := range r.Aliases {
		line("alias", a)
	}
	for _, d := range r.After {
		line("after", d)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Inputs)) {
		value, err := json.Marshal(r.Inputs[name])
		if err != nil {
			value = []byte(err.Error())
		}
		line("input "+name, string(value))
	}
}

func (r *Resource) options() []string {
	var out []string
	if r.Protect {
		out = append(out, "protect")
	}
	if r.RetainOnDelete {
		out = append(out, "retain on delete")
	}
	if r.Import != "" {
		out = append(out, "import "+r.Import)
	}
	if len(r.IgnoreChanges) > 0 {
		out = append(out, "ignore changes of "+strings.Join(r.IgnoreChanges, " "))
	}
	if r.CreateTimeout != "" {
		out = append(out, "create within "+r.CreateTimeout)
	}
	return out
}
