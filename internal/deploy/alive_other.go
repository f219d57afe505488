//go:build !unix

package deploy

// alive cannot tell here, so every lock counts as held.
func alive(int) bool { return true }
