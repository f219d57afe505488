package sandbox

import (
	"regexp"
	"strconv"
	"strings"
)

// step is one step of a path: a key of an object, or an index of a list.
type step struct {
	key   string
	index int
	list  bool
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// pathText words a path as a hook would write it: roles["read-only"].trust.accounts[0].
func pathText(path []step) string {
	var b strings.Builder
	for i, s := range path {
		switch {
		case s.list:
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case !identifier.MatchString(s.key):
			b.WriteString("[" + strconv.Quote(s.key) + "]")
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.key)
		}
	}
	return b.String()
}

// pathKey makes a path usable as the key of a map.
func pathKey(path []step) string {
	var b strings.Builder
	for _, s := range path {
		if s.list {
			b.WriteString(strconv.Itoa(s.index))
		} else {
			b.WriteString(s.key)
		}
		b.WriteByte(0)
	}
	return b.String()
}

// keysOnly returns the part of a path that leads through objects alone; a list is one value.
func keysOnly(path []step) []step {
	for i, s := range path {
		if s.list {
			return path[:i]
		}
	}
	return path
}

// PathText words the path of a [Change] as a hook would write it.
func PathText(keys []string) string {
	path := make([]step, len(keys))
	for i, key := range keys {
		path[i] = step{key: key}
	}
	return pathText(path)
}
