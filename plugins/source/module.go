package source

import (
	"encoding/json"
	"strings"
	"sync"

	"github.com/go-sourcemap/sourcemap"
)

const (
	// MaxSource is how large one bundle may be, in bytes: a hook of 100 lines has about 4 KiB, and
	// every worker compiles every hook.
	MaxSource = 128 << 10

	// The wrapper makes a bundle one function expression. It begins on the bundle's first line, so
	// that only columns of that line move.
	prefix = "(function(module,exports,require){"
	suffix = "\n})"
)

// Module is one hook with everything that it imports. It does not change and may be used by several
// goroutines at a time.
type Module struct {
	// File is the hook's own file, as it was given to [Load].
	File string
	// Code is one function expression, "(function(module,exports,require){…})". After a call the hook
	// is module.exports, or its property default. require is called with "archipelago" alone.
	Code string

	files *files
	table func() *table
}

// table leads from the bundle back to the sources.
type table struct {
	consumer *sourcemap.Consumer
	lines    []string // of Code
	mapped   []bool   // by line of the bundle: whether it has any mapping
}

func newModule(file, code, sourceMap string, files *files) *Module {
	m := &Module{File: file, Code: prefix + code + suffix, files: files}
	// Most hooks are never asked: a map is read when the first position is wanted.
	m.table = sync.OnceValue(func() *table { return newTable(m.Code, sourceMap) })
	return m
}

func newTable(code, sourceMap string) *table {
	var raw struct{ Mappings string }
	consumer, err := sourcemap.Parse("", []byte(sourceMap))
	if err != nil || json.Unmarshal([]byte(sourceMap), &raw) != nil {
		return &table{}
	}
	t := &table{consumer: consumer, lines: lines(code)}
	for segments := range strings.SplitSeq(raw.Mappings, ";") {
		t.mapped = append(t.mapped, segments != "")
	}
	return t
}

// Original leads from a position in Code to the source that it came from. line and column begin at 1
// and column counts bytes, as goja's positions do. It is false for what the bundler added.
func (m *Module) Original(line, column int) (Position, bool) {
	t := m.table()
	// Without this the consumer would answer with the last mapping of an earlier line.
	if line < 1 || line > len(t.mapped) || !t.mapped[line-1] {
		return Position{}, false
	}
	generated, offset := t.lines[line-1], column-1
	if line == 1 {
		generated, offset = generated[len(prefix):], offset-len(prefix)
	}
	if offset < 0 {
		return Position{}, false
	}
	source, _, originalLine, originalColumn, ok := t.consumer.Source(line, toUTF16(generated, offset))
	name, ours := strings.CutPrefix(source, namespace+":")
	if !ok || !ours {
		return Position{}, false
	}
	text := m.files.line(name, originalLine)
	return Position{File: name, Line: originalLine, Column: fromUTF16(text, originalColumn)}, true
}

// Excerpt is the line of the source at p, without its end; "" if unknown.
func (m *Module) Excerpt(p Position) string { return m.files.line(p.File, p.Line) }
