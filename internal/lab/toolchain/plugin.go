package toolchain

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

const (
	pluginName = "pulumi-resource-aws"
	pluginHint = "where the network allows: pulumi plugin install resource aws v" + PluginVersion +
		"; without network: put the Terraform AWS provider " + ProviderVersion + " into a directory that Terraform uses as a mirror"
)

// pluginDir is where a Pulumi home keeps the plugin.
func pluginDir(home string) string {
	return filepath.Join(home, "plugins", "resource-aws-v"+PluginVersion)
}

// downloadHome is the Pulumi home, in the cache, of the plugin that we download.
func (f *finder) downloadHome() string { return filepath.Join(f.cache, "pulumi-home") }

// installedPlugin is pulumi-aws in the user's Pulumi home or, downloaded earlier, in the cache.
func (f *finder) installedPlugin() Tool {
	home := f.sys.getenv("PULUMI_HOME")
	if home == "" {
		home = filepath.Join(f.sys.home, ".pulumi")
	}
	if path := pluginIn(home); path != "" {
		return Tool{Path: path, Version: PluginVersion, Origin: "installed"}
	}
	if path := pluginIn(f.downloadHome()); path != "" {
		return Tool{Path: path, Version: PluginVersion, Origin: "downloaded"}
	}
	return Tool{}
}

// pluginIn finds the plugin in a Pulumi home: whole, and not the launcher that a lab puts into its own
// home, which a lab inside a lab would otherwise take for the real one.
func pluginIn(home string) string {
	dir := pluginDir(home)
	if _, err := os.Stat(dir + ".partial"); err == nil {
		return ""
	}
	path := filepath.Join(dir, pluginName)
	if !executable(path) || isScript(path) {
		return ""
	}
	return path
}

func isScript(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 2)
	_, err = io.ReadFull(f, head)
	return err == nil && bytes.Equal(head, []byte("#!"))
}

// ensurePlugin gets the plugin or what stands in for it.
func (f *finder) ensurePlugin(ctx context.Context, t *Tools) error {
	choice := f.sys.getenv(EnvPlugin)
	switch choice {
	case "", PluginBridge, PluginDownload:
	default:
		return fmt.Errorf("read %s: %q is none of %s, %s", EnvPlugin, choice, PluginBridge, PluginDownload)
	}
	if choice != PluginBridge {
		if t.Plugin = f.installedPlugin(); t.Plugin.Path != "" {
			return nil
		}
	}
	var err error
	if choice != PluginDownload {
		if err = f.ensureBridge(ctx, t); err == nil {
			return nil
		}
	}
	if choice != PluginBridge && ctx.Err() == nil {
		err = errors.Join(err, f.download(ctx, t))
		if t.Plugin.Path != "" {
			return nil
		}
	}
	return &MissingError{Tool: "pulumi-aws " + PluginVersion, Reason: err, Hint: pluginHint}
}

// ensureBridge gets the bridge and the provider behind it. The provider first: without it the bridge
// need not be built.
func (f *finder) ensureBridge(ctx context.Context, t *Tools) error {
	provider, err := f.ensureProvider(ctx)
	if err != nil {
		return err
	}
	bridge, err := f.build(ctx, bridgeTarget)
	if err != nil {
		return err
	}
	t.Bridge, t.Provider = bridge, provider
	return nil
}

// download lets the Pulumi CLI install its plugin into the cache. A refusal is final: there is no retry.
func (f *finder) download(ctx context.Context, t *Tools) error {
	if t.Pulumi.Path == "" {
		return errors.New("download needs the Pulumi CLI")
	}
	unlock, err := f.lock(ctx, f.cache, pluginName)
	if err != nil {
		return err
	}
	defer unlock()
	err = f.progress.step("downloading pulumi-aws "+PluginVersion, "about 200 MB", func() error {
		env := []string{"PULUMI_HOME=" + f.downloadHome(), "PULUMI_SKIP_UPDATE_CHECK=true"}
		return f.run(ctx, f.cache, env, t.Pulumi.Path, "plugin", "install", "resource", "aws", "v"+PluginVersion, "--non-interactive")
	})
	if err != nil {
		return fmt.Errorf("download pulumi-aws: %w", err)
	}
	path := pluginIn(f.downloadHome())
	if path == "" {
		return fmt.Errorf("download pulumi-aws: nothing in %s afterwards", pluginDir(f.downloadHome()))
	}
	t.Plugin = Tool{Path: path, Version: PluginVersion, Origin: "downloaded"}
	return nil
}
