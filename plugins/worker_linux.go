package plugins

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// limitProcess caps what the system gives to this process. Memory is counted from what a Go process has
// anyway: most of its address space is reserved and never used.
func limitProcess(memory int64) error {
	size, data, err := memoryNow()
	if err != nil {
		return err
	}
	limits := []struct {
		name     string
		resource int
		value    uint64
	}{
		{"data", syscall.RLIMIT_DATA, data + uint64(memory)},                //nolint:gosec // positive
		{"address space", syscall.RLIMIT_AS, size + uint64(memory) + 1<<28}, //nolint:gosec // positive
		{"core dumps", syscall.RLIMIT_CORE, 0},
		{"file size", syscall.RLIMIT_FSIZE, 0},
	}
	for _, l := range limits {
		if err := syscall.Setrlimit(l.resource, &syscall.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return fmt.Errorf("limit %s to %d: %w", l.name, l.value, err)
		}
	}
	return nil
}

// memoryNow returns the bytes of address space and of writable memory that this process has.
func memoryNow() (size, data uint64, err error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, 0, fmt.Errorf("read memory: %w", err)
	}
	fields := bytes.Fields(text)
	if len(fields) < 6 {
		return 0, 0, fmt.Errorf("read memory: %q", text)
	}
	page := uint64(os.Getpagesize()) //nolint:gosec // positive
	for i, value := range map[int]*uint64{0: &size, 5: &data} {
		n, err := strconv.ParseUint(string(fields[i]), 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("read memory: %w", err)
		}
		*value = n * page
	}
	return size, data, nil
}
