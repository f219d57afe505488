package toolchain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/archipelago-iac/archipelago/internal/lab/filelock"
	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

// The packages of the tools' module.
const (
	pulumiModule  = "github.com/pulumi/pulumi/pkg/v3"
	pulumiPackage = pulumiModule + "/cmd/pulumi"
	pulumiVersion = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
	bridgeModule  = "github.com/pulumi/pulumi-terraform-bridge/v3"
	bridgePackage = bridgeModule + "/dynamic"
)

// target is a program that the tools' module builds.
type target struct {
	name string
	// module is where the version comes from.
	module, pkg string
	// stamp is the linker's name of the variable for the version; empty for none.
	stamp string
	// cold is how long a build takes for the first time.
	cold string
}

var (
	// Without its version stamped in, the Automation API cannot parse what `pulumi version` says.
	pulumiTarget = target{name: "pulumi", module: pulumiModule, pkg: pulumiPackage, stamp: pulumiVersion, cold: "3 min"}
	bridgeTarget = target{name: "pulumi-terraform-bridge", module: bridgeModule, pkg: bridgePackage, cold: "2 min"}
)

// built says where the target is or would be once built. Its path is empty if it is not built yet.
func (f *finder) built(t target) (tool Tool, path string, err error) {
	if f.module == nil {
		return Tool{}, "", f.moduleNo
	}
	version, err := f.module.version(t.module)
	if err != nil {
		return Tool{}, "", err
	}
	tool = Tool{Version: strings.TrimPrefix(version, "v"), Origin: "built"}
	path = filepath.Join(f.cache, version+"-"+f.module.hash, t.name)
	if executable(path) {
		tool.Path = path
	}
	return tool, path, nil
}

// buildable says why the target cannot be built here.
func (f *finder) buildable() error {
	if f.module == nil {
		return f.moduleNo
	}
	if f.sys.lookPath("go") == "" {
		return errors.New("no go on PATH to build it with")
	}
	return nil
}

// build builds the target unless it is in the cache.
func (f *finder) build(ctx context.Context, t target) (Tool, error) {
	tool, path, err := f.built(t)
	if err != nil || tool.Path != "" {
		return tool, err
	}
	if err := f.buildable(); err != nil {
		return Tool{}, err
	}
	unlock, err := f.lock(ctx, filepath.Dir(path), t.name)
	if err != nil {
		return Tool{}, err
	}
	defer unlock()
	if tool.Path = path; executable(path) { // another process built it meanwhile
		return tool, nil
	}
	what := fmt.Sprintf("building %s %s", t.name, tool.Version)
	err = f.progress.step(what, "a first build takes about "+t.cold, func() error {
		return f.compile(ctx, t, tool.Version, path)
	})
	return tool, err
}

// compile builds into a directory of its own and moves the result into place in one step.
func (f *finder) compile(ctx context.Context, t target, version, path string) (err error) {
	// Holding the lock, nobody else builds here: what is left of a build is one that was killed.
	if err := removeAll(filepath.Join(filepath.Dir(path), "."+t.name+".build-*")); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(path), "."+t.name+".build-*")
	if err != nil {
		return fmt.Errorf("build %s: %w", t.name, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	out := filepath.Join(tmp, t.name)
	args := []string{"build", "-o", out}
	if t.stamp != "" {
		args = append(args, "-ldflags", "-X "+t.stamp+"=v"+version)
	}
	// GOFLAGS=-mod=mod or a workspace around the project would build other versions than those pinned.
	env := []string{"GOWORK=off", "GOFLAGS=-mod=readonly"}
	if err := f.run(ctx, f.module.dir, env, f.sys.lookPath("go"), append(args, t.pkg)...); err != nil {
		return fmt.Errorf("build %s: %w", t.name, err)
	}
	if err := os.Rename(out, path); err != nil {
		return fmt.Errorf("build %s: %w", t.name, err)
	}
	return nil
}

// lock makes the directory and takes the lock in it of what is being made.
func (f *finder) lock(ctx context.Context, dir, name string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make cache directory: %w", err)
	}
	l, err := filelock.Wait(ctx, filepath.Join(dir, "."+name+".lock"), func(h *filelock.HeldError) {
		f.progress.line("waiting for process %d, which is making %s", h.PID, name)
	})
	if err != nil {
		return nil, err
	}
	return func() { _ = l.Unlock() }, nil // the kernel would release it anyway
}

// run runs a command under guard, so that it ends when we do. The error has the end of its output.
func (f *finder) run(ctx context.Context, dir string, env []string, name string, args ...string) error {
	cmd, err := guard.Command(ctx, name, args...)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	cmd.Env = append(cmd.Environ(), env...)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return fmt.Errorf("run %s %s: %w%s", filepath.Base(name), args[0], err, tail(out.String()))
	}
	return nil
}

// output is what a short command prints.
func output(ctx context.Context, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(cmd.Environ(), env...)
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// tailLines are enough of a tool's output to see why it failed.
const tailLines = 12

func tail(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	lines := strings.Split(s, "\n")
	if len(lines) > tailLines {
		lines = append([]string{"..."}, lines[len(lines)-tailLines:]...)
	}
	return "\n  " + strings.Join(lines, "\n  ")
}

func removeAll(pattern string) error {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return fmt.Errorf("remove %s: %w", pattern, err)
	}
	for _, p := range paths {
		if err := os.RemoveAll(p); err != nil {
			return fmt.Errorf("remove left-over: %w", err)
		}
	}
	return nil
}
