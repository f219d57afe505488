package source

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"
)

// scope holds the names that a function, a block or a class declares.
type scope struct {
	names map[unistring.String]bool
	outer *scope
}

func (s *scope) inner() *scope { return &scope{outer: s} }

func (s *scope) declare(name unistring.String) {
	if s.names == nil {
		s.names = map[unistring.String]bool{}
	}
	s.names[name] = true
}

func (s *scope) has(name unistring.String) bool {
	for ; s != nil; s = s.outer {
		if s.names[name] {
			return true
		}
	}
	return false
}

// bind declares the names in a binding: x, [x, y = 1, ...z], {x, a: y, ...z}.
func (s *scope) bind(target ast.Expression) {
	switch t := target.(type) {
	case *ast.Identifier:
		s.declare(t.Name)
	case *ast.AssignExpression:
		s.bind(t.Left)
	case *ast.ArrayPattern:
		for _, e := range t.Elements {
			s.bind(e)
		}
		s.bind(t.Rest)
	case *ast.ObjectPattern:
		for _, p := range t.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				s.declare(p.Name.Name)
			case *ast.PropertyKeyed:
				s.bind(p.Value)
			}
		}
		s.bind(t.Rest)
	case *ast.Binding:
		s.bind(t.Target)
	}
}

func (s *scope) bindAll(list []*ast.Binding) {
	for _, b := range list {
		s.bind(b.Target)
	}
}

// hoistVars declares what var declares anywhere in a function.
func (s *scope) hoistVars(list []*ast.VariableDeclaration) {
	for _, d := range list {
		s.bindAll(d.List)
	}
}

// hoist declares what the statements of a block declare: the names exist before their statements run.
func (s *scope) hoist(list []ast.Statement) {
	for _, one := range list {
		switch d := one.(type) {
		case *ast.LexicalDeclaration:
			s.bindAll(d.List)
		case *ast.FunctionDeclaration:
			s.declare(d.Function.Name.Name)
		case *ast.ClassDeclaration:
			s.declare(d.Class.Name.Name)
		}
	}
}

// parameters declares the parameters of a function.
func (s *scope) parameters(list *ast.ParameterList) {
	s.bindAll(list.List)
	s.bind(list.Rest)
}
