package source

import (
	"github.com/dop251/goja/ast"
)

// each calls visit for the direct children of a node that evaluate something, in the order of the
// source. Names of properties and labels are not among them. Nodes that open a scope, and those
// with keys, are left to [linter.visit].
func each(node ast.Node, visit func(ast.Node)) {
	switch n := node.(type) {
	case ast.Statement:
		eachOfStatement(n, visit)
	case ast.Expression:
		eachOfExpression(n, visit)
	}
}

func eachOfStatement(node ast.Statement, visit func(ast.Node)) {
	switch n := node.(type) {
	case *ast.ExpressionStatement:
		visit(n.Expression)
	case *ast.IfStatement:
		visitAll(visit, n.Test, n.Consequent, n.Alternate)
	case *ast.WhileStatement:
		visitAll(visit, n.Test, n.Body)
	case *ast.DoWhileStatement:
		visitAll(visit, n.Body, n.Test)
	case *ast.LabelledStatement:
		visit(n.Statement)
	case *ast.ReturnStatement:
		visitAll(visit, n.Argument)
	case *ast.ThrowStatement:
		visit(n.Argument)
	case *ast.WithStatement:
		visitAll(visit, n.Object, n.Body)
	case *ast.VariableStatement:
		visitList(visit, n.List)
	case *ast.LexicalDeclaration:
		visitList(visit, n.List)
	case *ast.FunctionDeclaration:
		visit(n.Function)
	case *ast.ClassDeclaration:
		visit(n.Class)
	case *ast.TryStatement:
		visit(n.Body)
		if n.Catch != nil {
			visit(n.Catch)
		}
		if n.Finally != nil {
			visit(n.Finally)
		}
	}
}

func eachOfExpression(node ast.Expression, visit func(ast.Node)) {
	switch n := node.(type) {
	case *ast.ArrayLiteral:
		visitList(visit, n.Value)
	case *ast.ObjectLiteral:
		visitList(visit, n.Value)
	case *ast.ArrayPattern:
		visitList(visit, n.Elements)
		visitAll(visit, n.Rest)
	case *ast.ObjectPattern:
		visitList(visit, n.Properties)
		visitAll(visit, n.Rest)
	case *ast.PropertyShort:
		visitAll(visit, &n.Name, n.Initializer)
	case *ast.Binding:
		visitAll(visit, n.Target, n.Initializer)
	case *ast.TemplateLiteral:
		visitAll(visit, n.Tag)
		visitList(visit, n.Expressions)
	case *ast.SequenceExpression:
		visitList(visit, n.Sequence)
	case *ast.CallExpression:
		visit(n.Callee)
		visitList(visit, n.ArgumentList)
	case *ast.NewExpression:
		visit(n.Callee)
		visitList(visit, n.ArgumentList)
	default:
		eachOperand(node, visit)
	}
}

func eachOperand(node ast.Expression, visit func(ast.Node)) {
	switch n := node.(type) {
	case *ast.AssignExpression:
		visitAll(visit, n.Left, n.Right)
	case *ast.BinaryExpression:
		visitAll(visit, n.Left, n.Right)
	case *ast.ConditionalExpression:
		visitAll(visit, n.Test, n.Consequent, n.Alternate)
	case *ast.DotExpression:
		visit(n.Left)
	case *ast.PrivateDotExpression:
		visit(n.Left)
	case *ast.OptionalChain:
		visit(n.Expression)
	case *ast.Optional:
		visit(n.Expression)
	case *ast.SpreadElement:
		visit(n.Expression)
	case *ast.UnaryExpression:
		visit(n.Operand)
	case *ast.AwaitExpression:
		visit(n.Argument)
	case *ast.YieldExpression:
		visitAll(visit, n.Argument)
	}
}

// visitAll visits the nodes that are there.
func visitAll(visit func(ast.Node), nodes ...ast.Node) {
	for _, n := range nodes {
		if n != nil {
			visit(n)
		}
	}
}

// visitList visits the nodes of a list that are there: [ , x] has a hole.
func visitList[T ast.Node](visit func(ast.Node), list []T) {
	for _, n := range list {
		if ast.Node(n) != nil {
			visit(n)
		}
	}
}
