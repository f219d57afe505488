package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

// projectModule is the module whose tools directory pins the tools.
const projectModule = "github.com/archipelago-iac/archipelago"

// module is tools/: a Go module of its own that pins what is built, since the Pulumi CLI's own module
// cannot be installed by its path.
type module struct {
	dir   string
	goMod []byte
	hash  string
}

var errNoCheckout = errors.New("no checkout of " + projectModule + " around here, whose tools directory says what to build")

// findModule looks for the project upwards of each start.
func findModule(starts []string) (*module, error) {
	for _, start := range starts {
		if start == "" {
			continue
		}
		dir, err := filepath.Abs(start)
		if err != nil {
			return nil, fmt.Errorf("find tools: %w", err)
		}
		for ; ; dir = filepath.Dir(dir) {
			if isProject(dir) {
				return readModule(filepath.Join(dir, "tools"))
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return nil, errNoCheckout
}

func isProject(dir string) bool {
	b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && regexp.MustCompile(`(?m)^module\s+`+regexp.QuoteMeta(projectModule)+`\s*$`).Match(b)
}

func readModule(dir string) (*module, error) {
	goMod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("read tools: %w", err)
	}
	goSum, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		return nil, fmt.Errorf("read tools: %w", err)
	}
	h := sha256.New()
	// The platform is part of it because home directories are shared between machines.
	_, _ = fmt.Fprintf(h, "%s/%s\n%s\n%s", runtime.GOOS, runtime.GOARCH, goMod, goSum) // a hash takes everything
	return &module{dir: dir, goMod: goMod, hash: hex.EncodeToString(h.Sum(nil))[:12]}, nil
}

// version reads which version of a module is required, with its leading v.
func (m *module) version(path string) (string, error) {
	re := regexp.MustCompile(`(?m)^\s*(?:require\s+)?` + regexp.QuoteMeta(path) + `\s+(v\S+)`)
	match := re.FindSubmatch(m.goMod)
	if match == nil {
		return "", fmt.Errorf("read %s: no requirement of %s", filepath.Join(m.dir, "go.mod"), path)
	}
	return string(match[1]), nil
}
