package topology

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
)

const (
	// RootFile is the file that makes a directory an archipelago.
	RootFile = "archipelago.yaml"
	// OrganizationsDir holds one file per organization.
	OrganizationsDir = "organizations"
	// maxFileSize bounds each file that is read: 10,000 accounts written out are about 3 MB.
	maxFileSize = 32 << 20
	// byteOrderMark begins files of some editors on Windows; it is not part of the text.
	byteOrderMark = "\ufeff"
)

// ErrNoArchipelago says that a directory has no archipelago.yaml.
var ErrNoArchipelago = errors.New("no " + RootFile + " here")

// Load reads and validates the archipelago in fsys. The diagnostics are sorted and complete, errors
// and warnings; the model is usable only where [Diagnostics.HasErrors] is false. The error is for what
// is not the user's writing: no archipelago there ([ErrNoArchipelago]), a file that cannot be read.
func Load(fsys fs.FS) (*Archipelago, Diagnostics, error) {
	l := &loader{fsys: fsys, sink: &collector{}, documents: map[string]*File{}}
	a, err := l.archipelago()
	if err != nil {
		return nil, nil, err
	}
	if a == nil {
		// Without archipelago.yaml the organizations cannot be validated, but they can be read.
		if err := l.organizations(&Archipelago{}); err != nil {
			return nil, nil, err
		}
		return nil, l.diagnostics(), nil
	}
	if err := l.organizations(a); err != nil {
		return nil, nil, err
	}
	l.policies(a)
	found := validate(a)
	return a, append(l.diagnostics(), found...).Sort(), nil
}

type loader struct {
	fsys fs.FS
	sink *collector
	// documents are the JSON files read so far: several policies may share one.
	documents map[string]*File
}

func (l *loader) diagnostics() Diagnostics {
	out := make(Diagnostics, len(l.sink.list))
	for i, d := range l.sink.list {
		out[i] = *d
	}
	return out.Sort()
}

func (l *loader) read(name string) (*File, error) {
	f, err := l.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	if err != nil {
		return nil, err
	}
	if len(content) > maxFileSize {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxFileSize>>20)
	}
	return &File{Path: name, content: bytes.TrimPrefix(content, []byte(byteOrderMark)), sink: l.sink}, nil
}

func (l *loader) archipelago() (*Archipelago, error) {
	file, err := l.read(RootFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoArchipelago
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", RootFile, err)
	}
	a := &Archipelago{}
	if !decodeFile(file, a) {
		return nil, nil
	}
	return a, nil
}

// decodeFile fills target from a whole file and reports whether there was anything to read.
func decodeFile(file *File, target any) bool {
	before := len(file.sink.list)
	root := parse(file)
	if root == nil {
		if len(file.sink.list) == before {
			file.report(Position{File: file.Path}, "empty-file", "this file is empty", "")
		}
		return false
	}
	newDecoder(file).decode(entry{key: path.Base(file.Path), value: root}, reflect.ValueOf(target).Elem())
	return root.kind == kindMapping
}

func (l *loader) organizations(a *Archipelago) error {
	entries, err := fs.ReadDir(l.fsys, OrganizationsDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read %s: %w", OrganizationsDir, err)
	}
	for _, e := range entries {
		if ext := path.Ext(e.Name()); e.IsDir() || ext != ".yaml" && ext != ".yml" {
			continue
		}
		name := path.Join(OrganizationsDir, e.Name())
		file, err := l.read(name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		o := &Organization{}
		if decodeFile(file, o) {
			a.Organizations = append(a.Organizations, o)
		} else {
			a.incomplete = true
		}
	}
	slices.SortStableFunc(a.Organizations, func(x, y *Organization) int { return cmp.Compare(x.Name, y.Name) })
	return nil
}

// policies reads the documents of all policies that name a file.
func (l *loader) policies(a *Archipelago) {
	l.named(a.Policies)
	for _, o := range a.Organizations {
		l.named(o.Policies)
		if p := o.DelegationPolicy; p != nil {
			l.document(p.Source, p.File, &p.Document)
		}
	}
}

func (l *loader) named(policies map[string]*Policy) {
	for _, name := range sortedKeys(policies) {
		p := policies[name]
		switch {
		case p.Guardrail == "" && p.With != nil && !p.Has("guardrail"):
			p.file.report(p.Key("with"), "with-nothing", "this policy has with, but no guardrail that it is for", "name a guardrail, or remove with")
		case p.Guardrail != "" && (p.Has("file") || p.Has("document")):
			p.file.report(p.Key("guardrail"), "two-documents", "this policy has a guardrail and a file or document of its own", "keep one of them")
		case p.Guardrail != "":
		default:
			l.document(p.Source, p.File, &p.Document)
		}
	}
}

func (l *loader) document(s Source, name string, target **Document) {
	switch {
	case name == "" && *target == nil && (s.Has("document") || s.unreadable("file") || !s.mapping()):
		// What is there could not be read and has been reported.
		return
	case name == "" && *target == nil:
		s.file.report(s.Position(), "no-document", "this policy has no document", "set file to a JSON file, write the policy below document, or name a guardrail")
		return
	case name != "" && *target != nil:
		s.file.report(s.Key("document"), "two-documents", "this policy has both file and document", "keep one of the two")
		return
	case name == "":
		return
	}
	full := path.Join(path.Dir(s.file.Path), name)
	if path.IsAbs(name) || !fs.ValidPath(full) || strings.Contains(name, `\`) {
		s.file.report(s.At("file"), "file-outside", fmt.Sprintf("%s is not a path inside the archipelago's directory", name), "use a path relative to this file, with forward slashes")
		return
	}
	file, ok := l.documents[full]
	if !ok {
		var err error
		if file, err = l.read(full); err != nil {
			s.file.report(s.At("file"), "file-unreadable", fmt.Sprintf("%s cannot be read: %v", full, cause(err)), "the path is relative to this file")
			return
		}
		l.documents[full] = file
	}
	*target = &Document{Source: Source{file: s.file, node: s.node.get("file").value}, Text: file.content, Path: full, json: file}
}

// cause drops the operation and path that fs errors repeat.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// PositionAt returns the position of a byte offset in the document's text. In a document written in
// YAML it is the position of the document: its text is not the user's.
func (d *Document) PositionAt(offset int) Position {
	if d.json == nil {
		return d.Position()
	}
	before := string(d.Text[:max(0, min(offset, len(d.Text)))])
	line := strings.Count(before, "\n")
	column := len([]rune(before[strings.LastIndex(before, "\n")+1:]))
	return Position{File: d.Path, Line: line + 1, Column: column + 1, Width: 1}
}

// ProblemAt returns a diagnostic about the document's text at a byte offset.
func (d *Document) ProblemAt(sev Severity, offset int, code, message, hint string) Diagnostic {
	pos := d.PositionAt(offset)
	if d.json == nil {
		return d.Problem(sev, pos, code, message, hint)
	}
	return Source{file: d.json}.Problem(sev, pos, code, message, hint)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
