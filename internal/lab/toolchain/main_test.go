package toolchain

import (
	"os"
	"testing"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

func TestMain(m *testing.M) {
	guard.Init() // what the toolchain runs is guarded by this very binary
	os.Exit(m.Run())
}
