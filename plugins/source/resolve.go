package source

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// plugin answers every question of esbuild about files: which file an import means, and its text.
func (f *files) plugin(entry string) func(api.PluginBuild) {
	return func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Kind == api.ResolveEntryPoint {
				return f.resolveEntry(entry), nil
			}
			return f.resolveImport(args), nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			return f.load(args), nil
		})
	}
}

func (f *files) resolveEntry(entry string) api.OnResolveResult {
	name, err := f.real(entry)
	if err != nil {
		return refuse(f.badEntry(entry, err))
	}
	return api.OnResolveResult{Path: name, Namespace: namespace}
}

func (f *files) resolveImport(args api.OnResolveArgs) api.OnResolveResult {
	required := args.Kind == api.ResolveJSRequireCall
	switch {
	case args.Namespace == hostNamespace, args.Path == hostModule && required:
		return api.OnResolveResult{Path: hostModule, External: true}
	case args.Kind == api.ResolveJSDynamicImport:
		return refuse(&Problem{Message: messageImport, Hint: hintImport})
	case args.Kind != api.ResolveJSImportStatement && !required:
		return refuse(&Problem{Message: messageRequire, Hint: hintRequire})
	case len(args.With) > 0:
		return refuse(&Problem{Message: "imports in hooks take no attributes", Hint: "leave out with { … }"})
	case args.Path == hostModule:
		return api.OnResolveResult{Path: hostModule, Namespace: hostNamespace}
	}
	name, p := f.find(args.Importer, args.Path)
	if p != nil {
		return refuse(p)
	}
	return api.OnResolveResult{Path: name, Namespace: namespace}
}

// find is the file that an import means.
func (f *files) find(importer, spec string) (string, *Problem) {
	if !relative(spec) {
		return "", f.notRelative(importer, spec)
	}
	target := path.Join(path.Dir(importer), spec)
	if target == f.root {
		return "", f.badImport(spec, target, errDirectory)
	}
	if !f.inside(target) {
		return "", f.escapes(spec)
	}
	for _, name := range candidates(target) {
		real, err := f.real(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", f.badImport(spec, target, err)
		}
		return real, nil
	}
	_, err := f.real(target)
	return "", f.badImport(spec, target, err)
}

func relative(spec string) bool {
	return spec == "." || spec == ".." || strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../")
}

// candidates are the files that an import may mean, best first. TypeScript writes .js for a file that
// will be one.
func candidates(target string) []string {
	switch extension(target) {
	case ".js", ".mjs":
		return []string{target, target[:len(target)-len("js")] + "ts"}
	case "":
		out := make([]string, len(extensions))
		for i, e := range extensions {
			out[i] = target + e
		}
		return out
	default:
		return []string{target}
	}
}

func (f *files) load(args api.OnLoadArgs) api.OnLoadResult {
	text, loader := hostText, api.LoaderJS
	if args.Namespace == namespace {
		one := f.get(args.Path)
		if one.problem != nil {
			return api.OnLoadResult{Errors: []api.Message{{Text: one.problem.Message, Detail: one.problem}}}
		}
		text = one.text
		if strings.HasSuffix(args.Path, "ts") {
			loader = api.LoaderTS
		}
		// esbuild follows such a comment to any file of this machine. The last one counts.
		if strings.Contains(text, "sourceMappingURL=") {
			text += "\n//# sourceMappingURL=none:"
		}
	}
	return api.OnLoadResult{Contents: &text, Loader: loader}
}

// refuse passes a problem through esbuild, which adds where the import is.
func refuse(p *Problem) api.OnResolveResult {
	return api.OnResolveResult{Errors: []api.Message{{Text: p.Message, Detail: p}}}
}
