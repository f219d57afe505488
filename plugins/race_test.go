//go:build race

package plugins_test

// raced says that the race detector is on. It uses many times the memory of the program, so that the
// limits on memory do not mean what they mean without it.
const raced = true
