package topology

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"reflect"
	"strings"
)

// sources are the files whose comments are the reference that users read. They are part of the
// binary, so that what it prints is always about the types that it was built from.
//
//go:embed archipelago.go organization.go baseline.go
var sources embed.FS

// comments are the comments of types ("Account"), fields ("Account.Email") and values ("State.active").
type comments map[string]string

func readComments() (comments, error) { return ReadComments(sources) }

// Comments returns what the comments of the model say about a type, or about one of its fields by its Go
// name; "" for nothing.
func Comments() (func(typeName, field string) string, error) {
	c, err := readComments()
	if err != nil {
		return nil, err
	}
	return func(typeName, field string) string {
		if field != "" {
			typeName += "." + field
		}
		return c[typeName]
	}, nil
}

// ReadComments reads the comments of Go files: of types ("Account"), fields ("Account.Email") and values
// ("State.active").
func ReadComments(sources fs.FS) (map[string]string, error) {
	out := comments{}
	entries, err := fs.ReadDir(sources, ".")
	if err != nil {
		return nil, fmt.Errorf("read embedded sources: %w", err)
	}
	for _, e := range entries {
		text, err := fs.ReadFile(sources, e.Name())
		if err != nil {
			return nil, fmt.Errorf("read embedded source: %w", err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), text, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("parse embedded source: %w", err)
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				out.declaration(g)
			}
		}
	}
	return out, nil
}

func (c comments) declaration(g *ast.GenDecl) {
	for _, spec := range g.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			c[spec.Name.Name] = sentence(g.Doc.Text())
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, name := range f.Names {
						c[spec.Name.Name+"."+name.Name] = sentence(f.Doc.Text())
					}
				}
			}
		case *ast.ValueSpec:
			c.value(spec)
		}
	}
}

// value keeps the comment of a constant such as StateActive without its name: "is an account in use."
func (c comments) value(spec *ast.ValueSpec) {
	t, ok := spec.Type.(*ast.Ident)
	if !ok || len(spec.Values) != 1 {
		return
	}
	literal, ok := spec.Values[0].(*ast.BasicLit)
	if !ok {
		return
	}
	text := strings.TrimPrefix(sentence(spec.Doc.Text()), spec.Names[0].Name+" ")
	c[t.Name+"."+strings.Trim(literal.Value, `"`)] = text
}

// sentence joins the lines of a comment.
func sentence(text string) string { return strings.Join(strings.Fields(text), " ") }

func (c comments) ofType(t reflect.Type) string { return c[t.Name()] }

func (c comments) ofField(t reflect.Type, f Field) string { return c[t.Name()+"."+f.Go.Name] }
