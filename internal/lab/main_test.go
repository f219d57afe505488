package lab

import (
	"fmt"
	"os"
	"testing"

	"github.com/archipelago-iac/archipelago/internal/lab/awsplugin"
	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/langhost"
)

// envHold makes this binary a process that holds a lab in the directory named, until it is killed.
const envHold = "ARCHIPELAGO_TEST_HOLD"

func TestMain(m *testing.M) {
	guard.Init()
	awsplugin.Init()
	langhost.Init()
	if dir := os.Getenv(envHold); dir != "" {
		fmt.Fprintln(os.Stderr, "hold lab:", hold(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}
