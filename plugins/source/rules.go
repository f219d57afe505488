package source

import (
	"fmt"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// use is a place that needs what hooks may not have: the name of a variable, "Object.groupBy" for a
// member, ".toLocaleString" for a method of any object.
type use struct {
	name string
	idx  file.Idx
	hint string // for names that are not known to be missing
}

// conclude reports the uses. A hook that tests for a thing, or defines it, knows what it does.
func (l *linter) conclude() {
	for _, u := range l.uses {
		if l.guarded[u.name] {
			continue
		}
		if u.name == "using" {
			l.reportUsing(u)
			continue
		}
		if lack, ok := lacks[u.name]; ok {
			what := strings.TrimPrefix(u.name, ".")
			l.report(u.idx, fmt.Sprintf("%s is not available in hooks", what), lack)
			continue
		}
		l.report(u.idx, u.name+" is not declared", u.hint)
	}
}

// maxUses bounds what is reported of one hook: nobody reads more.
const maxUses = 50

func (l *linter) add(u use) {
	if len(l.uses) < maxUses {
		l.uses = append(l.uses, u)
	}
}

// reference notes a name that nothing declares.
func (l *linter) reference(n *ast.Identifier) {
	name := n.Name.String()
	if l.scope.has(n.Name) || globals[name] {
		return
	}
	u := use{name: name, idx: n.Idx}
	if _, known := lacks[name]; !known {
		u.hint = suggest(name, l.scope)
	}
	l.add(u)
}

// global is the name of an expression that is a global variable, "" for others.
func (l *linter) global(e ast.Expression) string {
	if n, ok := e.(*ast.Identifier); ok && !l.scope.has(n.Name) {
		return n.Name.String()
	}
	return ""
}

// property is the object and the name in object.name.
func property(e ast.Expression) (ast.Expression, string) {
	if n, ok := e.(*ast.DotExpression); ok {
		return n.Left, n.Identifier.Name.String()
	}
	return nil, ""
}

// call notes calls of what hooks do not have.
func (l *linter) call(callee ast.Expression, arguments []ast.Expression) {
	l.called = callee
	object, name := property(callee)
	switch name = l.qualified(object, name); {
	case name == "" && l.global(callee) == "RegExp":
		l.text(callee.Idx0(), arguments)
	case name == "" && l.global(callee) == "Date":
		l.add(use{name: "the current date", idx: callee.Idx0()})
	case name == "" && l.isUsing(callee):
		l.add(use{name: "using", idx: callee.Idx0()})
	case name == "" && l.global(callee) == "Function":
		l.add(use{name: "Function", idx: callee.Idx0()})
	case lacks[name] != "" && (name[0] != '.' || len(arguments) > 0):
		l.add(use{name: name, idx: callee.Idx0()})
	}
}

// qualified is "Object.groupBy" for a member of a global, ".groupBy" for one of anything else.
func (l *linter) qualified(object ast.Expression, name string) string {
	if object == nil {
		return ""
	}
	return l.global(object) + "." + name
}

func (l *linter) construct(n *ast.NewExpression) {
	switch l.global(n.Callee) {
	case "Function":
		l.add(use{name: "Function", idx: n.New})
	case "RegExp":
		l.text(n.New, n.ArgumentList)
	case "Date":
		if len(n.ArgumentList) == 0 {
			l.add(use{name: "the current date", idx: n.New})
		}
	}
}

// member notes that a hook reads a member without calling it: it tests for it, or defines it.
func (l *linter) member(n *ast.DotExpression) {
	if l.called == ast.Expression(n) {
		return
	}
	if global := l.global(n.Left); global != "" {
		l.guarded[global+"."+n.Identifier.Name.String()] = true
	}
}

// assign notes what a hook adds to the globals.
func (l *linter) assign(n *ast.AssignExpression) {
	if object, name := property(n.Left); name != "" && l.global(object) == "globalThis" {
		l.guarded[name] = true
	}
}

// key walks the key of a property: { name: … }, { [key]: … }, object[key].
func (l *linter) key(key ast.Expression, computed bool) {
	if !computed {
		if text, ok := key.(*ast.StringLiteral); ok {
			l.guarded["."+text.Value.String()] = true
		}
		return
	}
	if object, name := property(key); name != "" && l.global(object) == "Symbol" && lacks["Symbol."+name] != "" {
		l.add(use{name: "Symbol." + name, idx: key.Idx0()})
		return
	}
	l.visit(key)
}

// isUsing says whether a call is what esbuild makes of a using declaration.
func (l *linter) isUsing(callee ast.Expression) bool {
	n, ok := callee.(*ast.Identifier)
	return ok && n.Name == "__using"
}

// reportUsing reports a using declaration where the source has one: the helper's name is nobody's own.
func (l *linter) reportUsing(u use) {
	p, ok := l.original(u.idx)
	if !ok {
		return
	}
	line := []rune(l.module.Excerpt(p))
	at := strings.LastIndex(string(line[:min(p.Column-1, len(line))]), "using")
	if at < 0 {
		return
	}
	p.Column = fromBytes(string(line), at)
	l.problems = append(l.problems, &Problem{Position: p, Message: u.name + " is not available in hooks", Hint: lacks[u.name], Excerpt: string(line)})
}
