package source

import (
	"errors"
	"io/fs"
	"path"
	"strings"
	"unicode"
)

var (
	errOutside   = errors.New("a symbolic link that leads out of the hooks directory")
	errManyLinks = errors.New("a symbolic link that leads to itself")
	errDirectory = errors.New("a directory")
	errIrregular = errors.New("not a regular file")
	errName      = errors.New("a file whose name has characters that cannot be shown")
)

// real follows symbolic links to the regular file behind a clean path below the root. Where the file
// system tells of links, one that leaves the root is [errOutside]; elsewhere there are none.
func (f *files) real(name string) (string, error) {
	name, err := f.follow(name)
	if err != nil {
		return "", err
	}
	info, err := fs.Stat(f.fsys, name)
	switch {
	case err != nil:
		return "", err
	case info.IsDir():
		return "", errDirectory
	case !info.Mode().IsRegular():
		return "", errIrregular
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		// The bundle names its files in comments.
		return "", errName
	}
	return name, nil
}

// follow replaces every link on the way from the root to name.
func (f *files) follow(name string) (string, error) {
	links, ok := f.fsys.(fs.ReadLinkFS)
	if !ok {
		return name, nil
	}
	current, rest := f.root, f.below(name)
	for followed := 0; len(rest) > 0; {
		next := path.Join(current, rest[0])
		rest = rest[1:]
		info, err := links.Lstat(next)
		switch {
		case err != nil:
			return "", err
		case info.Mode()&fs.ModeSymlink != 0:
			if followed++; followed > maxLinks {
				return "", errManyLinks
			}
			target, err := f.target(links, next)
			if err != nil {
				return "", err
			}
			current, rest = f.root, append(f.below(target), rest...)
		case len(rest) > 0 && !info.IsDir():
			return "", fs.ErrNotExist
		default:
			current = next
		}
	}
	return current, nil
}

// target is the path that a link leads to.
func (f *files) target(links fs.ReadLinkFS, link string) (string, error) {
	target, err := links.ReadLink(link)
	if err != nil {
		return "", err
	}
	// Where an absolute target lies is not known: the file system has no such paths.
	joined := path.Join(path.Dir(link), target)
	if path.IsAbs(target) || joined != f.root && !f.inside(joined) {
		return "", errOutside
	}
	return joined, nil
}

// below lists the elements of a path below the root.
func (f *files) below(name string) []string {
	if name == f.root {
		return nil
	}
	return strings.Split(strings.TrimPrefix(name, f.root+"/"), "/")
}

// list names the files of a directory below the root that can be imported.
func (f *files) list(dir string) []string {
	real, err := f.follow(dir)
	if err != nil {
		return nil
	}
	entries, err := fs.ReadDir(f.fsys, real)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && extension(e.Name()) != "" {
			out = append(out, e.Name())
		}
	}
	return out
}
