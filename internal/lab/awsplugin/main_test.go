package awsplugin

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain"
)

// engineEnv makes the test binary play an engine that starts the plugin, one that a test may kill.
const engineEnv = "AWSPLUGIN_TEST_ENGINE"

func TestMain(m *testing.M) {
	guard.Init()
	Init()
	if address := os.Getenv(engineEnv); address != "" {
		os.Exit(playEngine(address))
	}
	if err := os.Setenv(toolchain.EnvPlugin, toolchain.PluginBridge); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// playEngine starts the plugin and waits for it.
func playEngine(address string) int {
	cmd := exec.Command(os.Args[0], address)
	cmd.Env = append(os.Environ(), guard.ReexecEnv+"="+Name)
	cmd.Stdout, cmd.Stderr = os.Stdout, io.Discard
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
