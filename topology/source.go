package topology

import (
	"strings"
	"unicode/utf8"
)

// File is one file that was read, with the problems found in it.
type File struct {
	// Path is relative to the archipelago's directory, with forward slashes.
	Path    string
	content []byte
	lines   []string
	sink    *collector
}

// collector gathers the diagnostics of one load.
type collector struct {
	list []*Diagnostic
}

// lineEnds are the line ends of YAML besides the usual one.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (f *File) line(n int) string {
	if f.lines == nil {
		f.lines = strings.Split(lineEnds.Replace(string(f.content)), "\n")
	}
	if n < 1 || n > len(f.lines) {
		return ""
	}
	return f.lines[n-1]
}

// at makes a position of what the YAML scanner says. It miscounts around some odd line ends, so the
// position is kept within the file.
func (f *File) at(line, col, width int32) Position {
	f.line(1)
	n := max(1, min(int(line), len(f.lines)))
	column := max(1, min(int(col), utf8.RuneCountInString(f.lines[n-1])+1))
	return Position{File: f.Path, Line: n, Column: column, Width: max(1, int(width))}
}

// report adds an error at a position of this file; the caller may add to what it returns.
func (f *File) report(pos Position, code, message, hint string) *Diagnostic {
	d := &Diagnostic{Code: code, Position: pos, Message: message, Hint: hint, Excerpt: f.line(pos.Line)}
	f.sink.list = append(f.sink.list, d)
	return d
}

// Source is where a part of the model was written. Every struct of the model embeds one; it is
// filled by [Load] and empty in a model built by hand.
type Source struct {
	file *File
	node *node
	// The place of the key whose value this is; line 0 for the top of a file.
	line, col, width int32
}

// Position returns where the key of this part stands: for an account, its name.
func (s Source) Position() Position {
	if s.file == nil {
		return Position{}
	}
	if s.line == 0 {
		return Position{File: s.file.Path}
	}
	return s.file.at(s.line, s.col, s.width)
}

// At returns the position of the value that the path of keys leads to. Where the path ends early,
// it is the position of the deepest part that exists, so a diagnostic about a missing field points
// to what should have it.
func (s Source) At(path ...string) Position {
	return s.walk(path, false)
}

// Key is like [Source.At] but returns the position of the last key instead of its value.
func (s Source) Key(path ...string) Position {
	return s.walk(path, true)
}

func (s Source) walk(path []string, key bool) Position {
	pos := s.Position()
	n := s.node
	for i, name := range path {
		e := n.get(name)
		if e == nil {
			break
		}
		n = e.value
		if key && i == len(path)-1 || n.kind == kindMapping || n.kind == kindSequence || n.kind == kindNull {
			pos = s.file.at(e.line, e.col, e.width)
		} else {
			pos = s.file.at(n.line, n.col, n.width)
		}
	}
	return pos
}

// Item returns the position of the i-th item of the list that the path leads to.
func (s Source) Item(i int, path ...string) Position {
	n := s.node
	for _, name := range path {
		if e := n.get(name); e != nil {
			n = e.value
		} else {
			n = nil
		}
	}
	if n == nil || n.kind != kindSequence || i >= len(n.items) {
		return s.At(path...)
	}
	item := n.items[i]
	return s.file.at(item.line, item.col, item.width)
}

// Has reports whether the user wrote the field, even with an empty value.
func (s Source) Has(field string) bool { return s.node.get(field) != nil }

// Problem returns a diagnostic at a position inside this source's file. It carries its excerpt, so that
// printing it needs no files.
func (s Source) Problem(sev Severity, pos Position, code, message, hint string) Diagnostic {
	d := Diagnostic{Severity: sev, Code: code, Position: pos, Message: message, Hint: hint}
	if s.file != nil && s.file.Path == pos.File {
		d.Excerpt = s.file.line(pos.Line)
	}
	return d
}

// within narrows the position of a value to a part of its text, where the part stands on the same
// line as it is.
func (s Source) within(pos Position, part string) Position {
	if s.file == nil || pos.Line == 0 {
		return pos
	}
	line := []rune(s.file.line(pos.Line))
	from := min(len(line), pos.Column-1)
	before, _, found := strings.Cut(string(line[from:]), part)
	if found {
		pos.Column += utf8.RuneCountInString(before)
		pos.Width = utf8.RuneCountInString(part)
	}
	return pos
}

// scalar reports whether the user gave the field a text, number or truth value: a value of any
// other kind has been reported as such, and an empty one is as good as not written.
func (s Source) scalar(field string) bool {
	e := s.node.get(field)
	return e != nil && e.value.kind != kindNull && !e.value.kind.structured()
}

// whole reports whether the user gave the field a whole number.
func (s Source) whole(field string) bool {
	e := s.node.get(field)
	return e != nil && e.value.kind == kindInt
}

// unreadable reports whether a field of text holds a mapping or a list.
func (s Source) unreadable(field string) bool {
	e := s.node.get(field)
	return e != nil && e.value.kind.structured()
}

// mapping reports whether the user wrote fields, or nothing, where a mapping belongs.
func (s Source) mapping() bool {
	return s.node == nil || s.node.kind == kindMapping || s.node.kind == kindNull
}

// Excerpt returns the line at a position of one of the archipelago's YAML files, "" where it is in none.
func (a *Archipelago) Excerpt(pos Position) string {
	for _, s := range append([]Source{a.Source}, a.sources()...) {
		if s.file != nil && s.file.Path == pos.File {
			return s.file.line(pos.Line)
		}
	}
	return ""
}

func (a *Archipelago) sources() []Source {
	out := make([]Source, len(a.Organizations))
	for i, o := range a.Organizations {
		out[i] = o.Source
	}
	return out
}
