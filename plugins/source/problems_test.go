package source

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing/fstest"
)

// mark stands in the sources of the tests where a problem is wanted.
const mark = "▸"

// hookOf is a hook whose baseline has the given body, on its third line.
func hookOf(body string) string {
	return "import { hook, fail, warn } from \"archipelago\";\nexport default hook({ name: \"a\", async baseline(draft: any, { account }: any) {\n" + body + "\nfail(warn) } });\n"
}

// tree makes a file system of sources, and tells where the marks were: file:line:column of each.
func tree(sources map[string]string) (fstest.MapFS, []string) {
	out := fstest.MapFS{}
	var marks []string
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		text := sources[name]
		for {
			before, after, ok := strings.Cut(text, mark)
			if !ok {
				break
			}
			all := lines(before)
			marks = append(marks, fmt.Sprintf("%s:%d:%d", name, len(all), len([]rune(strings.TrimPrefix(all[len(all)-1], byteOrderMark)))+1))
			text = before + after
		}
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out, marks
}

// describe is what a person would read of a problem after its position.
func describe(p *Problem) string {
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " | " + p.Hint
}
