// Package tree draws trees as text.
package tree

import "strings"

// Node is a line with others below it.
type Node struct {
	Text     string
	Children []Node
}

// Draw returns the nodes and all below them, a line each, the first level at the given indent.
func Draw(indent string, nodes []Node) string {
	var b strings.Builder
	draw(&b, indent, nodes)
	return b.String()
}

func draw(b *strings.Builder, indent string, nodes []Node) {
	for i, n := range nodes {
		branch, below := "├── ", "│   "
		if i == len(nodes)-1 {
			branch, below = "└── ", "    "
		}
		b.WriteString(indent + branch + n.Text + "\n")
		draw(b, indent+below, n.Children)
	}
}

// List returns names in brackets after two blanks, for the end of a line; nothing for no names.
func List(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "  [" + strings.Join(names, ", ") + "]"
}
