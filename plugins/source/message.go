package source

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"
)

// advice is what this program says in place of esbuild; what is empty is esbuild's own.
type advice struct{ message, hint string }

// mistakes are the warnings of esbuild that are certain mistakes, by its name for them. The others are
// matters of taste, or of things that hooks do not have; they are left out.
var mistakes = map[string]advice{
	"assign-to-constant":            {},
	"assign-to-import":              {},
	"call-import-namespace":         {},
	"class-name-will-throw":         {},
	"commonjs-variable-in-esm":      {"a file that uses import or export has neither module nor exports", "use either export default or module.exports, and import or require alike"},
	"delete-super-property":         {},
	"duplicate-case":                {},
	"duplicate-class-member":        {},
	"duplicate-object-key":          {},
	"empty-import-meta":             {"import.meta is not available in hooks", "a hook has no address"},
	"equals-nan":                    {hint: "use Number.isNaN(…)"},
	"equals-new-object":             {hint: "compare the contents, such as length === 0"},
	"import-is-undefined":           {},
	"impossible-typeof":             {},
	"indirect-require":              {messageRequire, hintRequire},
	"private-name-will-throw":       {},
	"semicolon-after-return":        {hint: "begin the expression on the line of return"},
	"suspicious-boolean-not":        {},
	"suspicious-logical-operator":   {},
	"suspicious-nullish-coalescing": {},
	"unsupported-dynamic-import":    {messageImport, hintImport},
	"unsupported-require-call":      {messageRequire, hintRequire},
}

const (
	messageRequire = `require takes "archipelago" or the path of a file next to the hook, written as a string`
	hintRequire    = "use an import statement at the top of the file"
	messageImport  = "import() is not available in hooks"
	hintImport     = hintRequire
)

// levels makes esbuild say the mistakes that it mentions only to those who debug it.
var levels = func() map[string]api.LogLevel {
	out := map[string]api.LogLevel{}
	for id := range mistakes {
		out[id] = api.LogLevelWarning
	}
	return out
}()

// problems translates what esbuild says about the bundle of entry.
func (f *files) problems(entry string, result api.BuildResult) []*Problem {
	var out []*Problem
	for _, m := range result.Errors {
		out = append(out, f.problem(entry, m))
	}
	for _, m := range result.Warnings {
		if _, ok := mistakes[m.ID]; ok {
			out = append(out, f.problem(entry, m))
		}
	}
	return out
}

func (f *files) problem(entry string, m api.Message) *Problem {
	own := mistakes[m.ID]
	p := &Problem{Message: cmp.Or(own.message, plain(m.Text)), Hint: cmp.Or(own.hint, hint(m))}
	if ours, ok := m.Detail.(*Problem); ok {
		copied := *ours
		p = &copied
	}
	if p.File == "" {
		p.File = entry
		if l := m.Location; l != nil {
			if name, ok := strings.CutPrefix(l.File, namespace+":"); ok {
				p.Position = Position{File: name, Line: l.Line, Column: fromBytes(l.LineText, l.Column)}
			}
		}
		p.Excerpt = f.line(p.File, p.Line)
	}
	return p
}

// hint is the advice among the notes of esbuild: those with a place lead elsewhere.
func hint(m api.Message) string {
	switch {
	case strings.HasPrefix(m.Text, "Top-level await"):
		return "make baseline async and await inside it"
	case strings.HasPrefix(m.Text, "Cannot assign to import"):
		return "declare a variable of your own"
	}
	if strings.Contains(m.Text, `"`+hostNamespace+":"+hostModule+`"`) {
		return `"archipelago" exports hook, fail and warn`
	}
	for _, n := range m.Notes {
		if n.Location == nil || strings.HasPrefix(n.Text, "Did you mean") {
			return plain(n.Text)
		}
	}
	return ""
}

// plain puts a sentence of esbuild into the words of this program.
func plain(text string) string {
	if before, rest, ok := strings.Cut(text, "the configured target environment ("); ok {
		_, after, _ := strings.Cut(rest, ")")
		text = before + "hooks" + after
	}
	text = strings.ReplaceAll(text, `"`+namespace+":", `"`)
	text = strings.ReplaceAll(text, `"`+hostNamespace+":", `"`)
	return strings.TrimSuffix(lower(text), ".")
}

// lower makes the first letter small unless it begins a name: TypeScript, JSON.
func lower(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	word, _, _ := strings.Cut(text[size:], " ")
	if strings.ContainsFunc(word, unicode.IsUpper) {
		return text
	}
	return string(unicode.ToLower(first)) + text[size:]
}
