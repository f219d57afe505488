package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/dop251/goja"
	"github.com/dop251/goja/parser"
)

// Module is one hook with everything it imports. It may be used by several goroutines.
type Module struct {
	// Base is the file's name without directory and extension; the hook's own name must be the same.
	Base    string
	program func() (*goja.Program, error)
	// special says that the code may have generators or async functions in it.
	special bool
}

// NewModule takes one function expression, (function(module,exports,require){…}). It is compiled when it
// first runs, under the limits of that run: the compiler computes constants, and 2n ** (2n ** 34n) is one.
func NewModule(base, code string) *Module {
	return &Module{Base: base, program: sync.OnceValues(func() (*goja.Program, error) { return compile(code) }),
		special: strings.Contains(code, "async") || strings.Contains(code, "*")}
}

func compile(code string) (*goja.Program, error) {
	// Not goja.Compile: it follows source maps, and they may name any file of the host.
	parsed, err := parser.ParseFile(nil, "hook", code, 0, parser.WithDisableSourceMaps)
	if err != nil {
		var list parser.ErrorList
		if errors.As(err, &list) && len(list) > 0 {
			p := list[0].Position
			return nil, &Fault{Kind: Syntax, Place: Place{p.Line, p.Column}, Message: "syntax error: " + list[0].Message}
		}
		return nil, fmt.Errorf("parse a hook: %w", err)
	}
	// Strict mode: an assignment to what is frozen throws, an unknown variable is no new global.
	program, err := goja.CompileAST(parsed, true)
	var syntax *goja.CompilerSyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.File != nil:
		p := syntax.File.Position(syntax.Offset)
		return nil, &Fault{Kind: Syntax, Place: Place{p.Line, p.Column}, Message: "syntax error: " + syntax.Message}
	case err != nil:
		return nil, &Fault{Kind: Syntax, Message: "syntax error: " + oneLine(err.Error())}
	}
	return program, nil
}
