package toolchain

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/blang/semver"
)

const (
	motoServer = "moto_server"
	// motoPinned is the version that is installed where none is. Behaviour differs between versions, so a
	// lab that brings its own brings one that is known.
	motoPinned    = "5.2.1"
	motoImage     = "motoserver/moto:" + motoPinned
	emulatorHint  = "install it with: pip install 'moto[server]'"
	venvMark      = "complete"
	versionScript = "import importlib.metadata as m; print(m.version('moto'))"
)

// installedEmulator is moto_server on PATH. The note says why one that is there cannot be used.
func (f *finder) installedEmulator(ctx context.Context) (t Tool, note string) {
	path := f.sys.lookPath(motoServer)
	if path == "" {
		return Tool{}, "no " + motoServer + " on PATH"
	}
	t = Tool{Path: path, Version: motoVersion(ctx, path), Origin: "installed"}
	v, err := semver.ParseTolerant(t.Version)
	if t.Version != "" && err == nil && v.LT(semver.MustParse(minMoto)) {
		return Tool{}, fmt.Sprintf("%s is %s, older than %s", path, v, minMoto)
	}
	return t, ""
}

// motoVersion asks the Python that runs the server, since the server itself does not tell. Empty if it
// cannot be told, which is no reason to refuse it.
func motoVersion(ctx context.Context, server string) string {
	python := interpreter(server)
	if python == "" {
		return ""
	}
	out, err := output(ctx, nil, python, "-c", versionScript)
	if err != nil {
		return ""
	}
	return out
}

// interpreter is the Python of a script: the one of its first line, else (for the shims of version
// managers) the one beside it.
func interpreter(script string) string {
	f, err := os.Open(script)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	first := bufio.NewScanner(f)
	if first.Scan() {
		line, ok := strings.CutPrefix(first.Text(), "#!")
		if path := strings.TrimSpace(line); ok && strings.Contains(filepath.Base(path), "python") && executable(path) {
			return path
		}
	}
	if beside := filepath.Join(filepath.Dir(script), "python3"); executable(beside) {
		return beside
	}
	return ""
}

func (f *finder) venv() string { return filepath.Join(f.cache, "moto-"+motoPinned) }

// venvEmulator is the emulator in the cache's own Python environment, if that was finished.
func (f *finder) venvEmulator() Tool {
	path := filepath.Join(f.venv(), "bin", motoServer)
	if _, err := os.Stat(filepath.Join(f.venv(), venvMark)); err != nil || !executable(path) {
		return Tool{}
	}
	return Tool{Path: path, Version: motoPinned, Origin: "installed in the cache"}
}

func (f *finder) ensureEmulator(ctx context.Context, t *Tools) error {
	tool, note := f.installedEmulator(ctx)
	if tool.Path == "" {
		tool = f.venvEmulator()
	}
	err := errors.New(note)
	if tool.Path == "" {
		var failed error
		if tool, failed = f.makeVenv(ctx); failed != nil {
			err = errors.Join(err, failed)
		}
	}
	if tool.Path != "" {
		t.Emulator, t.EmulatorCommand = tool, []string{tool.Path}
		return nil
	}
	if docker := f.docker(ctx); docker != "" {
		t.Emulator = Tool{Path: docker, Version: motoPinned, Origin: "container"}
		t.EmulatorCommand = containerCommand(docker)
		return nil
	}
	return &MissingError{Tool: "AWS emulator (moto)", Reason: errors.Join(err, errors.New("no running docker")), Hint: emulatorHint}
}

// makeVenv installs the emulator into a Python environment of its own. Such an environment cannot be
// moved, as its scripts have its path in them; so it is made in place, and a mark written last says
// that it is whole.
func (f *finder) makeVenv(ctx context.Context) (Tool, error) {
	python := f.sys.lookPath("python3")
	if python == "" {
		return Tool{}, errors.New("no python3 on PATH")
	}
	unlock, err := f.lock(ctx, f.cache, "moto")
	if err != nil {
		return Tool{}, err
	}
	defer unlock()
	if t := f.venvEmulator(); t.Path != "" { // another process made it meanwhile
		return t, nil
	}
	err = f.progress.step("installing moto "+motoPinned, "with pip, into the cache", func() error {
		return f.fillVenv(ctx, python)
	})
	if err != nil {
		return Tool{}, errors.Join(fmt.Errorf("install moto: %w", err), os.RemoveAll(f.venv()))
	}
	return f.venvEmulator(), nil
}

func (f *finder) fillVenv(ctx context.Context, python string) error {
	if err := os.RemoveAll(f.venv()); err != nil {
		return err
	}
	if err := f.run(ctx, f.cache, nil, python, "-m", "venv", f.venv()); err != nil {
		return err
	}
	pip := filepath.Join(f.venv(), "bin", "pip")
	args := []string{"install", "--disable-pip-version-check", "--retries", "1", "moto[server]==" + motoPinned}
	if err := f.run(ctx, f.cache, nil, pip, args...); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.venv(), venvMark), nil, 0o644)
}

// docker is the docker client if it reaches a server.
func (f *finder) docker(ctx context.Context) string {
	path := f.sys.lookPath("docker")
	if path == "" {
		return ""
	}
	if _, err := output(ctx, nil, path, "version", "--format", "{{.Server.Version}}"); err != nil {
		return ""
	}
	return path
}

// containerCommand runs the emulator in the host's network, where it listens on the port that is
// appended, as if it ran here. The image's entry point is the server.
func containerCommand(docker string) []string {
	return []string{docker, "run", "--rm", "--init", "--network", "host", "--env", "MOTO_IAM_LOAD_MANAGED_POLICIES=true", motoImage}
}
