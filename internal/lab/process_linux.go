package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// How long processes have between the request to end and its enforcement, and between two looks at them.
const (
	sweepGrace = 3 * time.Second
	sweepPoll  = 50 * time.Millisecond
)

// sweep ends the processes that carry the mark of a lab in this directory. The guards do so within
// seconds after a lab was killed; this covers those seconds, guards that were killed themselves, and
// engines that were started through the lab from elsewhere. Nothing else can carry the mark.
func sweep(ctx context.Context, d directory) error {
	left := marked(d)
	for _, pid := range left {
		_ = syscall.Kill(pid, syscall.SIGTERM) // gone by now is as good
	}
	deadline := time.Now().Add(sweepGrace)
	for len(left) > 0 {
		if time.Now().After(deadline) {
			for _, pid := range left {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("end processes of an earlier lab: %w", ctx.Err())
		case <-time.After(sweepPoll):
		}
		if left = marked(d); len(left) > 0 && time.Now().After(deadline.Add(sweepGrace)) {
			return fmt.Errorf("end processes of an earlier lab: %v are still there", left)
		}
	}
	return nil
}

// marked lists the live processes with the mark, without this one and its ancestors.
func marked(d directory) []int {
	ours := ancestors(os.Getpid())
	mark := []byte(envMark + "=" + string(d))
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well formed
	var pids []int
	for _, dir := range dirs {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || slices.Contains(ours, pid) {
			continue
		}
		env, err := os.ReadFile(filepath.Join(dir, "environ"))
		if err != nil {
			continue // another user's, or gone
		}
		if s, err := readStat(pid); err != nil || s.zombie {
			continue // a zombie waits for its parent and does nothing
		}
		if slices.ContainsFunc(bytes.Split(env, []byte{0}), func(v []byte) bool { return bytes.Equal(v, mark) }) {
			pids = append(pids, pid)
		}
	}
	return pids
}

func ancestors(pid int) []int {
	var pids []int
	for pid > 0 {
		pids = append(pids, pid)
		s, err := readStat(pid)
		if err != nil {
			break
		}
		pid = s.parent
	}
	return pids
}

// stat is what we need of a process.
type stat struct {
	parent int
	zombie bool
	// memory is its resident set in bytes.
	memory uint64
}

// readStat reads /proc/PID/stat. The second field is the program's name in parentheses, which may itself
// hold blanks and parentheses.
func readStat(pid int) (stat, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return stat{}, err
	}
	const state, parent, rss = 0, 1, 21 // counted from the third field
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(fields) <= rss {
		return stat{}, fmt.Errorf("read stat of process %d: too short", pid)
	}
	ppid, err := strconv.Atoi(fields[parent])
	pages, err2 := strconv.ParseUint(fields[rss], 10, 64)
	if err := errors.Join(err, err2); err != nil {
		return stat{}, fmt.Errorf("read stat of process %d: %w", pid, err)
	}
	return stat{parent: ppid, zombie: fields[state] == "Z", memory: pages * uint64(os.Getpagesize())}, nil
}

// treeMemory is the sum of the resident memory of a process and its descendants. Pages that two of them
// share count twice.
func treeMemory(root int) (uint64, bool) {
	dirs, _ := filepath.Glob("/proc/[0-9]*") // the pattern is well formed
	stats, children := map[int]stat{}, map[int][]int{}
	for _, dir := range dirs {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		s, err := readStat(pid)
		if err != nil {
			continue // gone
		}
		stats[pid] = s
		children[s.parent] = append(children[s.parent], pid)
	}
	var sum uint64
	for todo := []int{root}; len(todo) > 0; todo = todo[1:] {
		sum += stats[todo[0]].memory
		todo = append(todo, children[todo[0]]...)
	}
	return sum, true
}
