package shape

import (
	"strconv"
	"strings"
)

// path leads to a value: it is a member or an item of what its parent leads to, and nil at the root. It
// becomes text only where there is a problem.
type path struct {
	parent *path
	// name is that of a member.
	name string
	// index is that of an item.
	index  int
	isItem bool
}

func (p *path) member(name string) *path { return &path{parent: p, name: name} }

func (p *path) item(i int) *path { return &path{parent: p, index: i, isItem: true} }

// String writes the path as JavaScript would.
func (p *path) String() string {
	if p == nil {
		return ""
	}
	before := p.parent.String()
	switch {
	case p.isItem:
		return before + "[" + strconv.Itoa(p.index) + "]"
	case !isIdentifier(p.name):
		return before + "[" + strconv.Quote(p.name) + "]"
	case before == "":
		return p.name
	}
	return before + "." + p.name
}

// isIdentifier says whether JavaScript needs no quotes around a name. Letters beyond ASCII get quotes.
func isIdentifier(name string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$"
	return name != "" && strings.Trim(name, letters+"0123456789") == "" && strings.IndexByte(letters, name[0]) >= 0
}
