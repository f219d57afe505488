package plugins

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"

	"github.com/archipelago-iac/archipelago/plugins/sandbox"
)

// In a process that was started as a worker nothing but this runs: any program that imports the
// package can be one.
func init() {
	if parent, ok := os.LookupEnv(workerVariable); ok {
		exit(serve(parent, os.Stdin, os.Stdout, os.Stderr))
	}
}

// exit ends a worker; it is the main program of its process.
func exit(status int) { os.Exit(status) }

// worker is the child's side of a connection.
type worker struct {
	limits  sandbox.Limits
	frames  chan frame
	modules map[uint32]*sandbox.Module
	parts   map[uint32]*sandbox.Value
	mu      sync.Mutex // guards out
	out     *bufio.Writer
}

// serve is the main function of a worker; it returns the exit status.
func serve(parent string, stdin, stdout, stderr *os.File) int {
	in := bufio.NewReader(stdin)
	first, err := greet(parent, stdin, stdout, in)
	if err != nil {
		fmt.Fprintf(stderr, "archipelago starts itself with %s to run hooks, and this process was not started that way (%v): unset the variable\n", workerVariable, err)
		return 2
	}
	closeInherited()
	if err := limitProcess(first.Memory); err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	tune(first)
	w := &worker{limits: first.Limits, out: bufio.NewWriter(stdout), frames: make(chan frame, 64),
		modules: map[uint32]*sandbox.Module{}, parts: map[uint32]*sandbox.Value{}}
	go w.receive(in)
	go watchMemory(uint64(first.Memory)) //nolint:gosec // positive
	w.write(appendJSONFrame(nil, frameHello, 0, hello{Protocol: protocol}), true)
	for f := range w.frames {
		if err := w.handle(f); err != nil {
			fmt.Fprintln(stderr, err)
			return 2
		}
	}
	return 0
}

// greet makes sure that a parent of ours is at the other end.
func greet(parent string, stdin, stdout *os.File, in io.Reader) (hello, error) {
	if pid, err := strconv.Atoi(parent); err != nil || pid != os.Getppid() {
		return hello{}, errors.New("the parent is another process")
	}
	for _, f := range []*os.File{stdin, stdout} {
		if info, err := f.Stat(); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
			return hello{}, errors.New("there is no pipe to a parent")
		}
	}
	f, err := readFrame(in)
	if err != nil {
		return hello{}, fmt.Errorf("read hello: %w", err)
	}
	var first hello
	if err := json.Unmarshal(f.body, &first); err != nil || f.kind != frameHello || first.Protocol != protocol {
		return hello{}, errors.New("the parent speaks another protocol")
	}
	return first, nil
}

// tune sets what belongs to the process.
func tune(first hello) {
	time.Local = time.UTC
	// An interrupt ends a hook only between instructions, and one match of a regular expression is one.
	// A match that is given up would count as no match, so the interrupt must be pending by then: no
	// match began before the limit of time began to run.
	regexp2.DefaultMatchTimeout = first.Limits.Timeout
	// The live heap is a few MiB. Collecting it at every doubling would cost a quarter of the time.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(first.Memory / 4 * 3)
	// Recursion inside a built-in function ends the process; soon rather than at a GiB.
	debug.SetMaxStack(64 << 20)
}

// receive ends the process with its parent.
func (w *worker) receive(in io.Reader) {
	for {
		f, err := readFrame(in)
		if err != nil {
			exit(0)
		}
		w.frames <- f
	}
}

func (w *worker) handle(f frame) error {
	switch f.kind {
	case frameModule:
		var body moduleBody
		if err := json.Unmarshal(f.body, &body); err != nil {
			return fmt.Errorf("read a module: %w", err)
		}
		w.modules[f.number] = sandbox.NewModule(body.Base, body.Code)
	case framePart:
		w.parts[f.number] = sandbox.NewValue(f.body)
	case frameForget:
		clear(w.parts)
	case frameProbe:
		var body probeBody
		if err := json.Unmarshal(f.body, &body); err != nil {
			return fmt.Errorf("read a probe: %w", err)
		}
		w.answer(f.number, func() any {
			w.announce(f.number, 0)
			return w.probe(body.Module)
		})
	case frameRun:
		var body runBody
		if err := json.Unmarshal(f.body, &body); err != nil {
			return fmt.Errorf("read an account: %w", err)
		}
		w.answer(f.number, func() any { return w.run(f.number, body) })
		for _, number := range body.Drop {
			delete(w.parts, number)
		}
	default:
		return fmt.Errorf("a frame of kind %q", f.kind)
	}
	return nil
}

func (w *worker) probe(number uint32) probed {
	meta, fault := sandbox.Probe(w.modules[number], w.limits)
	return probed{Meta: meta, Fault: fault}
}

func (w *worker) run(task uint32, body runBody) *sandbox.Result {
	a := sandbox.Account{Context: w.values(body.Context), Draft: w.values(body.Draft)}
	for _, use := range body.Uses {
		a.Uses = append(a.Uses, sandbox.Use{Module: w.modules[use.Module], Params: w.parts[use.Params]})
	}
	return sandbox.Run(a, w.limits, func(use int) { w.announce(task, use) })
}

func (w *worker) values(numbers map[string]uint32) map[string]*sandbox.Value {
	out := make(map[string]*sandbox.Value, len(numbers))
	for key, number := range numbers {
		out[key] = w.parts[number]
	}
	return out
}

// answer carries out a task. The answer may wait for the next announcement, if one is about to follow.
func (w *worker) answer(task uint32, carryOut func() any) {
	started := time.Now()
	late := time.AfterFunc(w.limits.Timeout+grace/2, func() {
		w.write(appendFrame(nil, frameInside, task, []byte(insideBuiltin())), true)
	})
	answer := appendJSONFrame(nil, frameDone, task, carryOut())
	late.Stop()
	// One account's garbage must not count against the next.
	if time.Since(started) > 50*time.Millisecond {
		debug.FreeOSMemory()
	}
	w.write(answer, len(w.frames) == 0)
}

// announce tells the parent what comes next, before it may never come back.
func (w *worker) announce(task uint32, use int) {
	w.write(appendFrame(nil, frameUse, task, binary.LittleEndian.AppendUint32(nil, uint32(use))), true) //nolint:gosec // an index
}

// write sends frames. A parent that does not listen any more is gone, and receive sees that too.
func (w *worker) write(frames []byte, flush bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.out.Write(frames)
	if flush {
		_ = w.out.Flush()
	}
}
