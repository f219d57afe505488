package tests

import (
	"os"
	"testing"

	"github.com/archipelago-iac/archipelago/internal/lab/awsplugin"
	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/langhost"
)

func TestMain(m *testing.M) {
	// The lab's helper processes are this test binary again.
	guard.Init()
	awsplugin.Init()
	langhost.Init()
	os.Exit(m.Run())
}
