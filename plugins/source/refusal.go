package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// badEntry says why a file is no hook.
func (f *files) badEntry(entry string, err error) *Problem {
	p := &Problem{Position: Position{File: entry}}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Message = "there is no such file"
		p.Hint = f.nearest(entry, func(name string) string { return path.Join(path.Dir(entry), name) })
	case errors.Is(err, errOutside):
		p.Message, p.Hint = "this is "+f.outside(), f.copyHint()
	case known(err):
		p.Message = "this is " + err.Error()
	default:
		p.Message = "read the file: " + cause(err)
	}
	return p
}

// badImport says why the file that an import names cannot be used.
func (f *files) badImport(spec, target string, err error) *Problem {
	p := &Problem{}
	switch {
	case strings.HasSuffix(target, ".d.ts"):
		p.Message, p.Hint = fmt.Sprintf("%q declares types and cannot be imported", spec), "write import type"
	case errors.Is(err, fs.ErrNotExist):
		p.Message = fmt.Sprintf("there is no file %q", spec)
		if p.Hint = f.near(spec, target); p.Hint == "" {
			p.Hint = "looked for " + strings.Join(candidates(target), ", ")
		}
	case errors.Is(err, errDirectory):
		p.Message = fmt.Sprintf("%q is a directory", spec)
		if inside := f.list(target); len(inside) > 0 {
			p.Hint = fmt.Sprintf("name the file: %q", strings.TrimSuffix(spec, "/")+"/"+strings.TrimSuffix(inside[0], path.Ext(inside[0])))
		}
	case errors.Is(err, errOutside):
		p.Message, p.Hint = fmt.Sprintf("%q is %s", spec, f.outside()), f.copyHint()
	case known(err):
		p.Message = fmt.Sprintf("%q is %v", spec, err)
	case err != nil:
		p.Message = fmt.Sprintf("read %q: %s", spec, cause(err))
	case path.Ext(target) == ".json":
		p.Message, p.Hint = fmt.Sprintf("hooks cannot import JSON: %q", spec), "write the data as export default { … } in a .ts file"
	default:
		p.Message, p.Hint = fmt.Sprintf("%q is neither TypeScript nor JavaScript", spec), "hooks import "+strings.Join(extensions, ", ")
	}
	return p
}

// escapes says that an import leaves the hooks directory.
func (f *files) escapes(spec string) *Problem {
	return &Problem{Message: fmt.Sprintf("%q leads out of %s/", spec, f.root), Hint: f.copyHint()}
}

// notRelative says why an import of anything but a relative path is refused.
func (f *files) notRelative(importer, spec string) *Problem {
	p := &Problem{Message: fmt.Sprintf("hooks can import \"archipelago\" or files next to them, not %q", spec)}
	scheme, _, url := strings.Cut(spec, ":")
	almost := closest{want: spec}
	almost.try(hostModule, hostModule)
	_, missing := f.find(importer, "./"+strings.TrimPrefix(spec, "/"))
	switch {
	case scheme == "node" || nodeModules[strings.Split(spec, "/")[0]]:
		p.Hint = "it belongs to Node.js, which hooks do not run in"
	case url:
		p.Hint = "hooks have no network: copy the file below " + f.root + "/"
	case missing == nil:
		p.Hint = fmt.Sprintf("did you mean %q?", "./"+strings.TrimPrefix(spec, "/"))
	case almost.best != "":
		p.Hint = almost.hint()
	default:
		p.Hint = f.copyHint() + ` and import it by a relative path, such as "./lib/name"`
	}
	return p
}

func (f *files) copyHint() string { return fmt.Sprintf("copy what the hook needs below %s/", f.root) }

func (f *files) outside() string { return "a symbolic link that leads out of " + f.root + "/" }

// known says whether an error is one of those that [files.real] itself makes.
func known(err error) bool {
	return errors.Is(err, errManyLinks) || errors.Is(err, errDirectory) || errors.Is(err, errIrregular) || errors.Is(err, errName)
}

// near names a file next to the one that an import names in vain.
func (f *files) near(spec, target string) string {
	dir := spec[:strings.LastIndex(spec, "/")+1]
	return f.nearest(target, func(name string) string { return dir + strings.TrimSuffix(name, extension(name)) })
}

// nearest is a hint that names the file most like the one at name, "" if none is.
func (f *files) nearest(name string, show func(string) string) string {
	stem := path.Base(name)
	best := closest{want: strings.TrimSuffix(stem, extension(stem))}
	for _, other := range f.list(path.Dir(name)) {
		best.try(strings.TrimSuffix(other, extension(other)), show(other))
	}
	return best.hint()
}

// nodeModules are the modules of Node.js that people reach for.
var nodeModules = words(`
	assert async_hooks buffer child_process cluster console crypto dgram dns events fs http http2 https module net
	os path perf_hooks process querystring readline stream string_decoder timers tls tty url util v8 vm worker_threads zlib`)
