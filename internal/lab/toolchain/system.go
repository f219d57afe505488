package toolchain

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// system is what the search depends on of the machine, so that a test can make up another one.
type system struct {
	getenv func(string) string
	home   string
	root   string
	goos   string
	goarch string
	// starts are where the search for the tools' module begins.
	starts []string
}

func realSystem() (system, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return system{}, fmt.Errorf("find home directory: %w", err)
	}
	s := system{getenv: os.Getenv, home: home, root: string(filepath.Separator), goos: runtime.GOOS, goarch: runtime.GOARCH}
	if dir, err := os.Getwd(); err == nil {
		s.starts = append(s.starts, dir)
	}
	if exe, err := os.Executable(); err == nil {
		s.starts = append(s.starts, filepath.Dir(exe))
	}
	return s, nil
}

// lookPath finds a program on the system's PATH; empty if it is not there.
func (s system) lookPath(name string) string {
	for _, dir := range filepath.SplitList(s.getenv("PATH")) {
		if path := filepath.Join(dir, name); filepath.IsAbs(path) && executable(path) {
			return path
		}
	}
	return ""
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}
