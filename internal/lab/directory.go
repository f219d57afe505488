package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/archipelago-iac/archipelago/internal/lab/filelock"
	"github.com/archipelago-iac/archipelago/internal/lab/langhost"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain"
)

// The two files that outlast a wipe.
const (
	markerFile = ".archipelago-lab"
	lockFile   = ".lock"
)

const markerText = "This directory belongs to `archipelago lab`. Everything in it is deleted when a lab starts here.\n"

// directory is a lab's own directory, absolute.
type directory string

func (d directory) path(parts ...string) string {
	return filepath.Join(append([]string{string(d)}, parts...)...)
}

func (d directory) pulumiHome() string     { return d.path("pulumi-home") }
func (d directory) state() string          { return d.path("state") }
func (d directory) awsConfig() string      { return d.path("aws", "config") }
func (d directory) bin() string            { return d.path("bin") }
func (d directory) project() string        { return d.path("project") }
func (d directory) planned() string        { return d.path("planned") }
func (d directory) provider() string       { return d.path("provider", "terraform-provider-aws") }
func (d directory) programs() string       { return d.path("programs") }
func (d directory) log(name string) string { return d.path("logs", name) }
func (d directory) pluginLauncher() string {
	return filepath.Join(d.pulumiHome(), "plugins", "resource-aws-v"+toolchain.PluginVersion, "pulumi-resource-aws")
}

// hostLauncher is in the cache of plugins, and not on PATH: the engine is told to look for none there. The
// engine asks for no particular version of a language host, so any will do.
func (d directory) hostLauncher() string {
	return filepath.Join(d.pulumiHome(), "plugins", "language-go-v0.0.0", langhost.File)
}

// InUseError says that a lab is running in the directory.
type InUseError struct {
	// Dir is the directory.
	Dir string
	// PID is the process that holds the lab; 0 if that is not known.
	PID int
}

func (e *InUseError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("use %s: another lab is running there", e.Dir)
	}
	return fmt.Sprintf("use %s: the lab of process %d is running there", e.Dir, e.PID)
}

// claim marks and locks a directory. It refuses one with content that no lab has marked, since what is in
// a lab's directory gets wiped.
func claim(path string) (directory, *filelock.Lock, error) {
	if path == "" {
		return "", nil, errors.New("use directory: none given")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", nil, fmt.Errorf("use directory: %w", err)
	}
	d := directory(abs)
	if err := d.mark(); err != nil {
		return "", nil, err
	}
	lock, err := filelock.Try(d.path(lockFile))
	var held *filelock.HeldError
	if errors.As(err, &held) {
		return "", nil, &InUseError{Dir: abs, PID: held.PID}
	}
	if err != nil {
		return "", nil, err
	}
	return d, lock, nil
}

func (d directory) mark() error {
	if err := os.MkdirAll(string(d), 0o755); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	if _, err := os.Lstat(d.path(markerFile)); err == nil {
		return nil
	}
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return fmt.Errorf("use directory: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("use %s: not empty, and not the directory of an earlier lab", d)
	}
	if err := os.WriteFile(d.path(markerFile), []byte(markerText), 0o644); err != nil {
		return fmt.Errorf("mark directory: %w", err)
	}
	return nil
}

// wipe removes what an earlier lab left. The emulator's accounts went with it, so its Pulumi state
// describes nothing any more.
func (d directory) wipe() error {
	entries, err := os.ReadDir(string(d))
	if err != nil {
		return fmt.Errorf("wipe directory: %w", err)
	}
	for _, e := range entries {
		if e.Name() == markerFile || e.Name() == lockFile {
			continue
		}
		if err := os.RemoveAll(d.path(e.Name())); err != nil {
			return fmt.Errorf("wipe directory: %w", err)
		}
	}
	for _, dir := range []string{d.state(), d.bin(), d.project(), filepath.Dir(d.awsConfig()),
		filepath.Dir(d.log("x")), filepath.Dir(d.provider()), filepath.Dir(d.pluginLauncher()), d.programs()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make directory: %w", err)
		}
	}
	return nil
}

// minimalProject is what Pulumi needs to run a program that another process serves.
const minimalProject = "name: archipelago\nruntime: go\n"

// viewProject fills the directory where Pulumi runs. Pulumi writes the key of a stack's secrets into
// Pulumi.STACK.yaml beside Pulumi.yaml, so these are copies; everything else is a link to the project's.
func (d directory) viewProject(project string) error {
	if project == "" {
		return writeFile(filepath.Join(d.project(), "Pulumi.yaml"), minimalProject, 0o644)
	}
	project, err := filepath.Abs(project)
	if err != nil {
		return fmt.Errorf("view project: %w", err)
	}
	entries, err := os.ReadDir(project)
	if err != nil {
		return fmt.Errorf("view project: %w", err)
	}
	for _, e := range entries {
		if err := d.viewEntry(project, e.Name()); err != nil {
			return fmt.Errorf("view project: %w", err)
		}
	}
	if _, err := os.Stat(filepath.Join(d.project(), "Pulumi.yaml")); err != nil {
		return writeFile(filepath.Join(d.project(), "Pulumi.yaml"), minimalProject, 0o644)
	}
	return nil
}

func (d directory) viewEntry(project, name string) error {
	from, to := filepath.Join(project, name), filepath.Join(d.project(), name)
	switch {
	case strings.HasPrefix(name, "Pulumi.") && strings.HasSuffix(name, ".yaml"):
		b, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		return writeFile(to, string(b), 0o644)
	// Hidden entries are tools' own (.git, editors); and a view that contains the lab would contain itself.
	case strings.HasPrefix(name, "."), inside(string(d), from):
		return nil
	default:
		return os.Symlink(from, to)
	}
}

// inside reports whether path is dir or below it.
func inside(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func writeFile(path, content string, mode os.FileMode) error {
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}
