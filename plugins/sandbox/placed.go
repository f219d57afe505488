package sandbox

import "github.com/dop251/goja"

// place notes where the writes to an object ended up, now that its path is known.
func (w *walker) place(o *goja.Object) {
	for key, made := range w.writes[o] {
		path := append(w.path, step{key: key}) //nolint:gocritic // a path of its own for a moment
		w.note(path, made)
		// A list is one value: whatever was written inside counts for the list.
		if outer := keysOnly(w.path); len(outer) < len(w.path) || o.ClassName() == "Array" {
			w.note(outer, made)
		}
	}
}

func (w *walker) note(path []step, made write) {
	key := pathKey(path)
	if w.placed[key].number < made.number {
		w.placed[key] = made
	}
}

// at returns the write that a path has its value from: the one to the path itself, else the one to the
// nearest object above it.
func (w *walker) at(path []step) write {
	for n := len(path); n > 0; n-- {
		if made, ok := w.placed[pathKey(path[:n])]; ok {
			return made
		}
	}
	return write{}
}
