package tsc

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/archipelago-iac/archipelago/internal/lab/filelock"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain"
)

// pinDir is where the compiler's version is pinned, below the directory of go.mod.
const pinDir = "tools/typescript"

// pins are the files that pin it.
var pins = []string{"package.json", "package-lock.json"}

// install returns the compiler's script in the cache. Processes that need it at the same time install it
// once, and an installation that was interrupted is never taken for whole.
func install(ctx context.Context) (string, error) {
	if err := needed(exec.LookPath); err != nil {
		return "", err
	}
	from, err := findPins()
	if err != nil {
		return "", err
	}
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	lock, err := os.ReadFile(filepath.Join(from, "package-lock.json"))
	if err != nil {
		return "", fmt.Errorf("install TypeScript: %w", err)
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, fmt.Sprintf("typescript-%x", sum[:8]))
	script := filepath.Join(dir, "node_modules", "typescript", "bin", "tsc")
	if exists(script) {
		return script, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("make cache directory: %w", err)
	}
	held, err := filelock.Wait(ctx, filepath.Join(cache, ".typescript.lock"), nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = held.Unlock() }() // the kernel would release it anyway
	if exists(script) {                  // another process installed it meanwhile
		return script, nil
	}
	return script, fill(ctx, from, dir)
}

// needed says what is missing on this machine. A test that cannot run is a failure and no skip: what it
// guards would otherwise be unguarded without anybody knowing.
func needed(lookPath func(string) (string, error)) error {
	for _, name := range []string{"node", "npm"} {
		if _, err := lookPath(name); err != nil {
			return fmt.Errorf("check the types of hooks: there is no %s on PATH; install Node.js 18 or newer, which brings npm", name)
		}
	}
	return nil
}

// fill installs into a directory of its own and moves it into place in one step.
func fill(ctx context.Context, from, dir string) (err error) {
	// Holding the lock, nobody else installs here: what is left is no whole installation.
	tmp := dir + ".part"
	if err := errors.Join(os.RemoveAll(tmp), os.RemoveAll(dir)); err != nil {
		return fmt.Errorf("remove left-over: %w", err)
	}
	if err := os.Mkdir(tmp, 0o755); err != nil {
		return fmt.Errorf("install TypeScript: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	for _, name := range pins {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return fmt.Errorf("install TypeScript: %w", err)
		}
		if err := os.WriteFile(filepath.Join(tmp, name), text, 0o644); err != nil {
			return fmt.Errorf("install TypeScript: %w", err)
		}
	}
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir = tmp
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("install TypeScript: npm ci: %w\n%s", err, strings.TrimSpace(string(out)))
	}
	if err := os.Rename(tmp, dir); err != nil {
		return fmt.Errorf("install TypeScript: %w", err)
	}
	return nil
}

// findPins looks upwards from the current directory, which in a test is that of the package.
func findPins() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find %s: %w", pinDir, err)
	}
	for {
		if dir := filepath.Join(at, filepath.FromSlash(pinDir)); exists(filepath.Join(dir, pins[0])) {
			return dir, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("find %s: it is in no directory above the test's", pinDir)
		}
		at = filepath.Dir(at)
	}
}

// cacheDir is the directory of the lab's tools, see [toolchain.Options].
func cacheDir() (string, error) {
	cache := os.Getenv(toolchain.EnvCache)
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find cache directory: %w (set %s)", err, toolchain.EnvCache)
		}
		cache = filepath.Join(dir, "archipelago")
	}
	cache, err := filepath.Abs(cache)
	if err != nil {
		return "", fmt.Errorf("find cache directory: %w", err)
	}
	return filepath.Join(cache, "tools"), nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
