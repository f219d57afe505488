package source

import (
	"github.com/dop251/goja/ast"
)

func (l *linter) function(name *ast.Identifier, parameters *ast.ParameterList, vars []*ast.VariableDeclaration, body ast.Node, hasArguments bool) {
	l.within(func() {
		if name != nil {
			l.scope.declare(name.Name)
		}
		if hasArguments {
			l.scope.declare("arguments")
		}
		l.scope.parameters(parameters)
		l.scope.hoistVars(vars)
		visitList(l.visit, parameters.List)
		visitAll(l.visit, parameters.Rest)
		switch b := body.(type) {
		case *ast.BlockStatement:
			l.list(b.List)
		case *ast.ExpressionBody:
			l.visit(b.Expression)
		}
	})
}

func (l *linter) cases(list []*ast.CaseStatement) {
	for _, c := range list {
		l.scope.hoist(c.Consequent)
	}
	for _, c := range list {
		visitAll(l.visit, c.Test)
		visitList(l.visit, c.Consequent)
	}
}

func (l *linter) loop(n *ast.ForStatement) {
	switch i := n.Initializer.(type) {
	case *ast.ForLoopInitializerExpression:
		l.visit(i.Expression)
	case *ast.ForLoopInitializerVarDeclList:
		visitList(l.visit, i.List)
	case *ast.ForLoopInitializerLexicalDecl:
		l.scope.bindAll(i.LexicalDeclaration.List)
		visitList(l.visit, i.LexicalDeclaration.List)
	}
	visitAll(l.visit, n.Test, n.Update, n.Body)
}

func (l *linter) loopOver(into ast.ForInto, source ast.Expression, body ast.Statement) {
	switch i := into.(type) {
	case *ast.ForIntoVar:
		l.visit(i.Binding)
	case *ast.ForDeclaration:
		l.scope.bind(i.Target)
		l.visit(i.Target)
	case *ast.ForIntoExpression:
		l.visit(i.Expression)
	}
	visitAll(l.visit, source, body)
}

func (l *linter) class(n *ast.ClassLiteral) {
	if n.Name != nil {
		l.scope.declare(n.Name.Name)
	}
	visitAll(l.visit, n.SuperClass)
	for _, element := range n.Body {
		switch e := element.(type) {
		case *ast.FieldDefinition:
			l.key(e.Key, e.Computed)
			visitAll(l.visit, e.Initializer)
		case *ast.MethodDefinition:
			l.key(e.Key, e.Computed)
			l.visit(e.Body)
		case *ast.ClassStaticBlock:
			l.within(func() {
				l.scope.hoistVars(e.DeclarationList)
				l.list(e.Block.List)
			})
		}
	}
}
