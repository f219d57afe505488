package source

import (
	"errors"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
	"github.com/dop251/goja/token"
)

// linter looks for what parses and cannot work in a hook. It reads the bundle as goja does, so that
// words in strings, comments and names of properties are what they are.
type linter struct {
	module *Module
	file   *file.File
	scope  *scope

	uses     []use           // what hooks may not have, unless the hook tests or defines it
	guarded  map[string]bool // names, members and methods that the hook tests or defines
	called   ast.Expression  // the callee of the call that is being walked
	problems []*Problem
	runtime  *goja.Runtime // compiles regular expressions; made when there is one
}

// lint checks a bundle.
func (m *Module) lint() []*Problem {
	program, err := parser.ParseFile(nil, "", m.Code, 0, parser.WithDisableSourceMaps)
	if err != nil {
		return []*Problem{m.syntax(err)}
	}
	l := &linter{module: m, file: program.File, scope: &scope{}, guarded: map[string]bool{}}
	visitList(l.visit, program.Body)
	// It is not compiled here: the compiler works constants out, for as long as that takes. What only it finds
	// it finds in the worker.
	l.conclude()
	return l.problems
}

// syntax is a problem that goja has with the bundle. esbuild has parsed it, so that this is rare.
func (m *Module) syntax(err error) *Problem {
	p := &Problem{Position: Position{File: m.File}, Message: lower(err.Error())}
	var list parser.ErrorList
	var at file.Position
	if errors.As(err, &list) && len(list) > 0 {
		p.Message, at = lower(list[0].Message), list[0].Position
	}
	if original, ok := m.Original(at.Line, at.Column); ok {
		p.Position, p.Excerpt = original, m.Excerpt(original)
	}
	return p
}

// original leads from a node to its source.
func (l *linter) original(idx file.Idx) (Position, bool) {
	at := l.file.Position(int(idx) - l.file.Base())
	return l.module.Original(at.Line, at.Column)
}

// report adds a problem unless the place is one that the bundler made.
func (l *linter) report(idx file.Idx, message, hint string) {
	if p, ok := l.original(idx); ok {
		l.problems = append(l.problems, &Problem{Position: p, Message: message, Hint: hint, Excerpt: l.module.Excerpt(p)})
	}
}

// visit walks a node. Names are declared before the nodes that refer to them, so that a name without
// a declaration is known at once.
func (l *linter) visit(node ast.Node) {
	switch n := node.(type) {
	case *ast.Identifier:
		l.reference(n)
		return
	case *ast.FunctionLiteral:
		l.function(n.Name, n.ParameterList, n.DeclarationList, n.Body, true)
		return
	case *ast.ArrowFunctionLiteral:
		l.function(nil, n.ParameterList, n.DeclarationList, n.Body, false)
		return
	case *ast.UnaryExpression:
		if name, ok := n.Operand.(*ast.Identifier); ok && n.Operator == token.TYPEOF {
			l.guarded[name.Name.String()] = true
			return
		} else if ok && n.Operator == token.DELETE {
			l.report(name.Idx, "delete of an unqualified identifier in strict mode", "")
		}
	case *ast.WithStatement:
		l.report(n.With, "strict mode code may not include a with statement", "")
	case *ast.CallExpression:
		l.call(n.Callee, n.ArgumentList)
	case *ast.NewExpression:
		l.construct(n)
	case *ast.DotExpression:
		l.member(n)
	case *ast.AssignExpression:
		l.assign(n)
	case *ast.PropertyKeyed:
		l.key(n.Key, n.Computed)
		l.visit(n.Value)
		return
	case *ast.BracketExpression:
		l.key(n.Member, true)
		l.visit(n.Left)
		return
	case *ast.RegExpLiteral:
		l.pattern(n.Idx, n.Pattern, n.Flags)
		return
	default:
		if l.block(node) {
			return
		}
	}
	each(node, l.visit)
}

// block walks a node that opens a scope other than a function's, and says whether it was one.
func (l *linter) block(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.BlockStatement:
		l.within(func() { l.list(n.List) })
	case *ast.CatchStatement:
		l.within(func() {
			l.scope.bind(n.Parameter)
			visitAll(l.visit, n.Parameter, n.Body)
		})
	case *ast.SwitchStatement:
		l.visit(n.Discriminant)
		l.within(func() { l.cases(n.Body) })
	case *ast.ForStatement:
		l.within(func() { l.loop(n) })
	case *ast.ForInStatement:
		l.within(func() { l.loopOver(n.Into, n.Source, n.Body) })
	case *ast.ForOfStatement:
		l.within(func() { l.loopOver(n.Into, n.Source, n.Body) })
	case *ast.ClassLiteral:
		l.within(func() { l.class(n) })
	default:
		return false
	}
	return true
}

func (l *linter) within(walk func()) {
	outer := l.scope
	l.scope = outer.inner()
	walk()
	l.scope = outer
}

// list walks statements in the current scope.
func (l *linter) list(statements []ast.Statement) {
	l.scope.hoist(statements)
	visitList(l.visit, statements)
}
