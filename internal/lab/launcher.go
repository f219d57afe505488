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
)

// writeLaunchers writes the two programs that others start by name: the engine and its AWS plugin.
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
	return writeFile(l.dir.pluginLauncher(), l.launchPlugin(self), 0o755)
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
