package deploy

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"github.com/archipelago-iac/archipelago/plan"
)

// What a deployment takes, measured on Linux with provider aws 6.83: an AWS provider has 280-340 MB,
// the engine and the language runtime about 200 MB.
const (
	providerMemory = 350 << 20
	engineMemory   = 200 << 20
	// reserve is left to the rest of the machine.
	reserve = 512 << 20
)

// maxParallel bounds how many stacks run at once where memory would allow more: the engine is busy
// enough with what AWS lets it do.
const maxParallel = 4

// parallel returns how many of the organizations can run at once in the memory that is free: the
// largest of them counts for each.
func parallel(organizations []*plan.Organization, free uint64) int {
	largest := uint64(1)
	for _, o := range organizations {
		largest = max(largest, engineMemory+uint64(len(o.Providers))*providerMemory)
	}
	if free == 0 {
		return maxParallel
	}
	if free <= reserve {
		return 1
	}
	return int(max(1, min(maxParallel, (free-reserve)/largest)))
}

// freeMemory returns how much memory can be used without swapping, 0 where the system does not say.
func freeMemory() uint64 {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if rest, ok := strings.CutPrefix(s.Text(), "MemAvailable:"); ok {
			kb, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kb << 10
		}
	}
	return 0
}
