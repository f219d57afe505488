package source

import (
	"runtime"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	// namespace keeps esbuild from reading files by itself: it does so only in its namespace "file".
	namespace = "hook"
	// hostNamespace is that of the module "archipelago".
	hostNamespace = "host"
	hostModule    = "archipelago"
	// hostText makes an import of what the module does not export an error while bundling.
	hostText = `const { hook, fail, warn } = require("archipelago"); export { hook, fail, warn };`
)

// supported corrects what esbuild believes of ES2022: goja parses none of these.
var supported = map[string]bool{
	"async-generator":                 false,
	"for-await":                       false,
	"top-level-await":                 false,
	"dynamic-import":                  false,
	"import-meta":                     false,
	"regexp-match-indices":            false,
	"regexp-set-notation":             false,
	"regexp-unicode-property-escapes": false,
}

// bundle makes one module of a hook and of what it imports.
func (f *files) bundle(entry string) (*Module, []*Problem) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{entry},
		Bundle:      true,
		Format:      api.FormatCommonJS,
		Target:      api.ES2022,
		Platform:    api.PlatformNeutral,
		Supported:   supported,
		TsconfigRaw: "{}",
		// A fixed directory: the process's own must not reach the bundle.
		AbsWorkingDir:  workingDir(),
		Outfile:        "hook.js",
		Sourcemap:      api.SourceMapExternal,
		SourcesContent: api.SourcesContentExclude,
		LegalComments:  api.LegalCommentsNone,
		// Indentation grows with the square of the nesting: a file of braces alone would fill the memory.
		// Lines stay short because finding a position takes as long as its line.
		MinifyWhitespace: true,
		LineLimit:        160,
		LogOverride:      levels,
		Plugins:          []api.Plugin{{Name: "hooks", Setup: f.plugin(entry)}},
	})
	problems := f.problems(entry, result)
	if len(result.Errors) > 0 {
		return nil, problems
	}
	var code, sourceMap string
	for _, out := range result.OutputFiles {
		if strings.HasSuffix(out.Path, ".map") {
			sourceMap = string(out.Contents)
		} else {
			code = string(out.Contents)
		}
	}
	return newModule(entry, code, sourceMap, f), problems
}

func workingDir() string {
	if runtime.GOOS == "windows" {
		return `C:\`
	}
	return "/"
}
