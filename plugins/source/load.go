package source

import (
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
)

// Load reads, bundles and checks the hooks in entries, files below the directory root of fsys, which is
// the archipelago's directory. The modules are in the order of entries, without those that are broken; the
// problems are sorted by position and name every broken file, not only the first.
func Load(fsys fs.FS, root string, entries []string) ([]*Module, []*Problem) {
	f := newFiles(fsys, root)
	modules := make([]*Module, len(entries))
	found := make([][]*Problem, len(entries))
	seen := map[string]bool{}
	var group sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, entry := range entries {
		if seen[entry] {
			found[i] = []*Problem{{Position: Position{File: entry}, Message: "the hook is listed twice"}}
			continue
		}
		seen[entry] = true
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			modules[i], found[i] = load(f, entry)
		})
	}
	group.Wait()
	var sound []*Module
	var problems []*Problem
	for i, m := range modules {
		problems = append(problems, found[i]...)
		if m != nil && len(found[i]) == 0 {
			sound = append(sound, m)
		}
	}
	return sound, tidy(problems)
}

func load(f *files, entry string) (*Module, []*Problem) {
	whole := func(message, hint string) []*Problem {
		return []*Problem{{Position: Position{File: entry}, Message: message, Hint: hint}}
	}
	if !fs.ValidPath(entry) || !f.inside(entry) {
		return nil, whole(fmt.Sprintf("hooks lie below %s/", f.root), "name the file relative to the archipelago's directory, with forward slashes")
	}
	if extension(entry) == "" {
		return nil, whole("a hook is TypeScript or JavaScript", "hooks end in "+strings.Join(extensions, ", "))
	}
	m, problems := f.bundle(entry)
	if m == nil {
		return nil, problems
	}
	if len(m.Code) > MaxSource {
		message := fmt.Sprintf("the hook has %d KiB with everything that it imports; %d KiB are allowed", (len(m.Code)+1023)>>10, MaxSource>>10)
		return nil, append(problems, whole(message, "import less, or "+hintSmaller)...)
	}
	return m, append(problems, m.lint()...)
}

// hintSmaller says where the data goes that makes a hook too large.
const hintSmaller = "move data to params in the YAML"

// extensions are those of the files that can be imported, in the order in which they are tried.
var extensions = []string{".ts", ".mts", ".js", ".mjs"}

// extension is the extension of a file that can be imported, "" for others.
func extension(name string) string {
	for _, e := range extensions {
		if strings.HasSuffix(name, e) && !strings.HasSuffix(name, ".d"+e) && path.Base(name) != e {
			return e
		}
	}
	return ""
}
