package source

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// text checks the arguments of RegExp where they are written out. esbuild writes regular expressions
// that it takes for too new in this form.
func (l *linter) text(idx file.Idx, arguments []ast.Expression) {
	if len(arguments) == 0 || len(arguments) > 2 {
		return
	}
	pattern, ok := arguments[0].(*ast.StringLiteral)
	if !ok {
		return
	}
	flags := ""
	if len(arguments) == 2 {
		f, ok := arguments[1].(*ast.StringLiteral)
		if !ok {
			return
		}
		flags = f.Value.String()
	}
	l.pattern(idx, pattern.Value.String(), flags)
}

// pattern checks a regular expression.
func (l *linter) pattern(idx file.Idx, pattern, flags string) {
	switch {
	case strings.Contains(flags, "d"):
		l.report(idx, "the flag d of regular expressions is not available in hooks", "the index of a match and the lengths of its groups tell where they are")
	case strings.Contains(flags, "v"):
		l.report(idx, "the flag v of regular expressions is not available in hooks", "use the flag u, and list the characters")
	case hasProperty(pattern):
		l.report(idx, `\p{…} never matches in hooks`, "list the characters instead, such as [A-Za-zÀ-ÿ]")
	default:
		if message := l.compile(pattern, flags); message != "" {
			l.report(idx, "bad regular expression: "+message, "")
		}
	}
}

// hasProperty says whether a pattern has \p{…} or \P{…}.
func hasProperty(pattern string) bool {
	for i := 0; i+2 < len(pattern); i++ {
		if pattern[i] != '\\' {
			continue
		}
		i++
		if (pattern[i] == 'p' || pattern[i] == 'P') && pattern[i+1] == '{' {
			return true
		}
	}
	return false
}

// compile says what is wrong with a regular expression, "" for nothing. A hook would find out only
// when it gets there.
func (l *linter) compile(pattern, flags string) string {
	if l.runtime == nil {
		l.runtime = goja.New()
	}
	_, err := l.runtime.New(l.runtime.Get("RegExp"), l.runtime.ToValue(pattern), l.runtime.ToValue(flags))
	if err == nil {
		return ""
	}
	message := err.Error()
	if thrown, ok := err.(*goja.Exception); ok { //nolint:errorlint // New returns it as it is.
		message = thrown.Value().String()
	}
	return lower(strings.TrimPrefix(message, "SyntaxError: "))
}
