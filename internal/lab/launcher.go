package lab

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/internal/lab/awsplugin"
	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/langhost"
)

// writeLaunchers writes the programs that others start by name: the engine, its AWS plugin and, where
// Pulumi's own is missing, its language host for Go.
func (l *Lab) writeLaunchers() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own executable: %w", err)
	}
	if err := writeFile(filepath.Join(l.dir.bin(), "pulumi"), l.engineLauncher(self), 0o755); err != nil {
		return err
	}
	if l.Tools.Plugin.Path == "" {
		// The bridge names the package after the provider's file.
		if err := os.Symlink(l.Tools.Provider.Path, l.dir.provider()); err != nil {
			return fmt.Errorf("link provider: %w", err)
		}
	}
	if err := writeFile(l.dir.pluginLauncher(), l.launchPlugin(self), 0o755); err != nil {
		return err
	}
	if hasLanguageHost(l.Tools.Pulumi.Path) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(l.dir.hostLauncher()), 0o755); err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	return writeFile(l.dir.hostLauncher(), l.launchHost(self), 0o755)
}

// hasLanguageHost reports whether Pulumi's own language host for Go is where the engine looks for it
// first: beside the engine. The engine finds it there whatever we write; this keeps `pulumi plugin ls`
// from listing one that is not used.
func hasLanguageHost(pulumi string) bool {
	path, err := filepath.EvalSymlinks(pulumi)
	if err != nil {
		return false
	}
	info, err := os.Stat(filepath.Join(filepath.Dir(path), langhost.File))
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o100 != 0
}

// engineLauncher runs the engine under guard. At a terminal it does not: below a guard the engine would be
// in the background and could not ask whether to go on, and it ends with the terminal anyway.
func (l *Lab) engineLauncher(self string) string {
	real := quote(l.Tools.Pulumi.Path)
	return script(map[string]string{envMark: string(l.dir)},
		"if [ -t 0 ]; then exec "+real+` "$@"; fi`,
		underGuard(self, real))
}

// launchPlugin runs this program as the plugin, or the plugin itself under guard. The variables of AWS
// are in it, so that no engine, however it was started, deploys from this home to the real AWS.
func (l *Lab) launchPlugin(self string) string {
	env := l.aws()
	env[envMark] = string(l.dir)
	// S3 Control puts the account's number before the host's name; only a proxy leads such a name here.
	env["HTTP_PROXY"], env["http_proxy"] = l.Front.URL(), l.Front.URL()
	env["NO_PROXY"], env["no_proxy"] = "", ""
	if l.Tools.Plugin.Path != "" {
		return script(env, underGuard(self, quote(l.Tools.Plugin.Path)))
	}
	env[awsplugin.BridgeEnv], env[awsplugin.ProviderEnv] = l.Tools.Bridge.Path, l.dir.provider()
	env[awsplugin.PlannedEnv] = l.dir.planned()
	env[guard.ReexecEnv] = awsplugin.Name
	return script(env, "exec "+quote(self)+` "$@"`)
}

// launchHost runs this program as the language host.
func (l *Lab) launchHost(self string) string {
	return script(map[string]string{
		envMark: string(l.dir), guard.ReexecEnv: langhost.Name, langhost.ProgramsEnv: l.dir.programs(),
	}, "exec "+quote(self)+` "$@"`)
}

// underGuard is the command that guard.Command makes, in words of the shell: the guard watches the shell's
// parent, whose child it is after exec.
func underGuard(self, program string) string {
	return guard.ReexecEnv + "=guard exec " + quote(self) + ` "$PPID" ` + program + ` "$@"`
}

func script(env map[string]string, commands ...string) string {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n")
	for _, k := range slices.Sorted(maps.Keys(env)) {
		fmt.Fprintf(&b, "export %s=%s\n", k, quote(env[k]))
	}
	for _, c := range commands {
		b.WriteString(c + "\n")
	}
	return b.String()
}
