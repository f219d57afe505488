// Package toolchain finds the tools that a lab needs or makes them.
//
// A lab needs the Pulumi CLI, Pulumi's AWS plugin and an AWS emulator. What is installed is used as it
// is. The rest comes from where it can be had:
//
//   - The Pulumi CLI is built from tools/go.mod.
//   - The AWS plugin is replaced by Pulumi's bridge for any Terraform provider, built from
//     tools/go.mod, together with the Terraform AWS provider of the version that the plugin is made
//     from; without that provider on the machine the plugin is downloaded.
//   - The emulator is installed in a virtual Python environment, or run as a container.
//
// Results are kept in a cache directory by version. Processes that need the same tool at the same time
// make it once, and what is interrupted leaves nothing that a later run would take for whole.
package toolchain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// The versions that belong together: the bridge stands in for the plugin because the plugin is that
// version of the Terraform provider. PluginVersion is the one of pulumi-aws's SDK in go.mod.
const (
	PluginVersion   = "6.83.2"
	ProviderVersion = "5.100.0"
)

// The oldest tools that a lab works with.
const (
	minPulumi = "3.200.0"
	minMoto   = "5.1.0"
)

// EnvCache names a directory for the cache in place of the user's cache directory.
const EnvCache = "ARCHIPELAGO_CACHE"

// EnvPlugin chooses where the AWS plugin comes from: PluginBridge or PluginDownload. Unset, what is
// installed is used, then the bridge, then a download.
const EnvPlugin = "ARCHIPELAGO_LAB_PLUGIN"

// The values of EnvPlugin.
const (
	PluginBridge   = "bridge"
	PluginDownload = "download"
)

// Options say where to look.
type Options struct {
	// Dir is where the search for the tools' module begins, upwards, before the current directory and
	// that of the running binary. Empty for those two only.
	Dir string
	// Cache is the cache's directory. Empty for the one that EnvCache names, else the user's.
	Cache string
	// Out gets the progress, a line a step. Nil for none.
	Out io.Writer
}

// Tool is a program that is ready to run.
type Tool struct {
	// Path is the program's file.
	Path string
	// Version has no leading v; empty if it could not be told.
	Version string
	// Origin says where it comes from: "installed", "built", "downloaded".
	Origin string
}

// Tools are what a lab runs.
type Tools struct {
	// Pulumi is the engine.
	Pulumi Tool
	// Plugin is pulumi-aws itself. Its path is empty if Bridge and Provider stand in for it.
	Plugin Tool
	// Bridge is Pulumi's plugin for any Terraform provider. Its path is empty if there is a Plugin.
	Bridge Tool
	// Provider is the Terraform AWS provider behind the bridge.
	Provider Tool
	// Emulator is the AWS emulator; its path is the first word of EmulatorCommand.
	Emulator Tool
	// EmulatorCommand starts the emulator when "-H HOST -p PORT" is appended.
	EmulatorCommand []string
}

// Ensure finds every tool and makes those that are missing. Its error lists all that could not be had.
func Ensure(ctx context.Context, o Options) (*Tools, error) {
	f, err := newFinder(o)
	if err != nil {
		return nil, err
	}
	t := &Tools{}
	return t, errors.Join(f.ensurePulumi(ctx, t), f.ensurePlugin(ctx, t), f.ensureEmulator(ctx, t))
}

// EnsureEmulator finds or makes the emulator alone and returns the command that starts it, see
// [Tools.EmulatorCommand].
func EnsureEmulator(ctx context.Context, o Options) ([]string, error) {
	f, err := newFinder(o)
	if err != nil {
		return nil, err
	}
	t := &Tools{}
	if err := f.ensureEmulator(ctx, t); err != nil {
		return nil, err
	}
	return t.EmulatorCommand, nil
}

// MissingError says that a tool is neither installed nor can be made here.
type MissingError struct {
	// Tool is its name.
	Tool string
	// Reason is what was tried.
	Reason error
	// Hint says how to get it.
	Hint string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("get %s: %v (%s)", e.Tool, e.Reason, e.Hint)
}

func (e *MissingError) Unwrap() error { return e.Reason }

// finder knows the places to look at.
type finder struct {
	sys      system
	cache    string
	module   *module // nil outside a checkout
	moduleNo error   // why module is nil
	progress *progress
}

func newFinder(o Options) (*finder, error) {
	sys, err := realSystem()
	if err != nil {
		return nil, err
	}
	cache := o.Cache
	if cache == "" {
		cache = sys.getenv(EnvCache)
	}
	if cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("find cache directory: %w (set %s)", err, EnvCache)
		}
		cache = filepath.Join(dir, "archipelago")
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return nil, fmt.Errorf("find cache directory: %w", err)
	}
	f := &finder{sys: sys, cache: filepath.Join(cache, "tools"), progress: newProgress(o.Out)}
	f.module, f.moduleNo = findModule(append([]string{o.Dir}, sys.starts...))
	return f, nil
}
