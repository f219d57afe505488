//go:build !unix

package plugins

// closeInherited has nothing to do where descriptors are not inherited unless asked for.
func closeInherited() {}
