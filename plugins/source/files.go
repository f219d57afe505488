package source

import (
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	// maxFile is how large one source file may be, in bytes.
	maxFile = MaxSource
	// maxLinks is how many symbolic links may follow one another.
	maxLinks = 40
	// byteOrderMark begins files of some editors on Windows; it is not part of the text.
	byteOrderMark = "\ufeff"
)

// files reads the sources of one call of [Load], each once.
type files struct {
	fsys fs.FS
	root string

	mu   sync.Mutex
	read map[string]*sourceFile
}

// sourceFile is one source. problem says why it cannot be used.
type sourceFile struct {
	text    string
	lines   []string
	problem *Problem
}

func newFiles(fsys fs.FS, root string) *files {
	return &files{fsys: fsys, root: path.Clean(root), read: map[string]*sourceFile{}}
}

// get reads a file that [files.real] has approved.
func (f *files) get(name string) *sourceFile {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known, ok := f.read[name]; ok {
		return known
	}
	one := f.open(name)
	f.read[name] = one
	return one
}

func (f *files) open(name string) *sourceFile {
	whole := func(message, hint string) *sourceFile {
		return &sourceFile{problem: &Problem{Position: Position{File: name}, Message: message, Hint: hint}}
	}
	in, err := f.fsys.Open(name)
	if err != nil {
		return whole("read the file: "+cause(err), "")
	}
	defer in.Close()
	content, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return whole("read the file: "+cause(err), "")
	}
	if len(content) > maxFile {
		return whole("the file is larger than 128 KiB", hintSmaller)
	}
	text := strings.TrimPrefix(string(content), byteOrderMark)
	one := &sourceFile{text: text, lines: lines(text)}
	if !utf8.ValidString(text) {
		one.problem = notUTF8(name, one.lines)
	} else {
		one.problem = tooDeep(name, one.lines)
	}
	return one
}

// notUTF8 points at the first byte that is not UTF-8.
func notUTF8(name string, lines []string) *Problem {
	for i, line := range lines {
		for n := 0; n < len(line); {
			r, size := utf8.DecodeRuneInString(line[n:])
			if r == utf8.RuneError && size == 1 {
				return &Problem{
					Position: Position{File: name, Line: i + 1, Column: fromBytes(line, n)},
					Message:  "the file is not UTF-8 text",
					Hint:     "save it as UTF-8 in the editor",
					Excerpt:  strings.ToValidUTF8(line, "\ufffd"),
				}
			}
			n += size
		}
	}
	return nil
}

// line is a line of a file that has been read, "" if there is none.
func (f *files) line(name string, line int) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	one, ok := f.read[name]
	if !ok || line < 1 || line > len(one.lines) {
		return ""
	}
	return strings.ToValidUTF8(one.lines[line-1], "\ufffd")
}

// inside says whether a clean path lies below the root.
func (f *files) inside(name string) bool {
	return f.root == "." && fs.ValidPath(name) && name != "." || strings.HasPrefix(name, f.root+"/")
}

// cause drops the operation and path that fs errors repeat.
func cause(err error) string {
	if p, ok := err.(*fs.PathError); ok { //nolint:errorlint // Only the outermost repeats the path.
		return p.Err.Error()
	}
	return err.Error()
}
