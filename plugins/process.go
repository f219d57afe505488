package plugins

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// process is the parent's side of a connection to a worker.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *head
	// modules and parts are what the worker has, parts by number.
	modules map[uint32]bool
	parts   map[*Part]uint32
	last    uint32 // number of a part
	// overdue is the number of the task that the worker was killed for, plus 1.
	overdue atomic.Uint64
	wait    func() error
}

// start starts a worker: this program again, with an empty environment and no descriptors but pipes.
func start(ctx context.Context, o Options) (*process, error) {
	path, err := executable()
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	p := &process{stderr: &head{}, modules: map[uint32]bool{}, parts: map[*Part]uint32{}}
	p.cmd = &exec.Cmd{Path: path, Args: []string{"archipelago-hooks"}, Dir: "/", Stderr: p.stderr, SysProcAttr: attributes(),
		Env: []string{workerVariable + "=" + strconv.Itoa(os.Getpid()), "TZ=UTC", "GOMAXPROCS=2"}}
	p.wait = sync.OnceValue(p.cmd.Wait)
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	if err := p.greet(ctx, o); err != nil {
		p.end()
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	return p, nil
}

// greet says hello and waits for the answer.
func (p *process) greet(ctx context.Context, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, handshake)
	defer cancel()
	defer context.AfterFunc(ctx, p.kill)()
	_, err := p.in.Write(appendJSONFrame(nil, frameHello, 0, hello{Protocol: protocol, Limits: o.limits(), Memory: o.Memory}))
	var answer hello
	if err == nil {
		var f frame
		if f, err = readFrame(p.out); err == nil {
			err = json.Unmarshal(f.body, &answer)
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		_ = p.wait()
		return fmt.Errorf("it ended at once (%v): %s", p.cmd.ProcessState, p.stderr.line())
	case answer.Protocol != protocol:
		return errors.New("it speaks another protocol")
	}
	return nil
}

func (p *process) kill() { _ = p.cmd.Process.Kill() }

// end ends the worker, politely at first.
func (p *process) end() {
	p.in.Close()
	timer := time.AfterFunc(time.Second, p.kill)
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, p.out)
	_ = p.wait()
}

// head keeps the beginning of what a worker says before it dies; a Go program then says a lot.
type head struct {
	mu   sync.Mutex
	text bytes.Buffer
}

const maxHead = 16 << 10

// Write never fails: the worker must be able to go on dying.
func (h *head) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text.Write(b[:min(len(b), maxHead-h.text.Len())])
	return len(b), nil
}

func (h *head) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// line is the first line.
func (h *head) line() string {
	line, _, _ := bytes.Cut([]byte(h.String()), []byte("\n"))
	return string(line)
}
