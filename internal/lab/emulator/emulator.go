// Package emulator starts and stops the AWS emulator of the lab, moto's server, on a free port of
// the loopback interface. It runs below a guard, so it never outlives this process.
package emulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

const (
	host = "127.0.0.1"

	// startTimeout bounds the wait for the first answer. The server takes about a second; a
	// container that has to be fetched first takes far longer.
	startTimeout = 2 * time.Minute

	// pollInterval is how often a starting server is asked whether it answers yet.
	pollInterval = 50 * time.Millisecond

	// attempts is how many ports are tried. Between choosing a free port and the server's
	// binding it, another process may take it.
	attempts = 3

	// tailBytes is how much of the log an error shows: a Python traceback and some lines before it.
	tailBytes = 4 << 10
)

// errExited says that the server ended before it answered, which is what a taken port looks like.
var errExited = errors.New("emulator ended before it answered")

// Options say how to start the emulator.
type Options struct {
	// Command is the server and its leading arguments; host and port are appended. Empty means
	// moto_server on PATH.
	Command []string
	// LogFile receives the output of the server and is appended to. Empty means a temporary file
	// that Close removes.
	LogFile string
	// Env is added to this process's environment, as NAME=VALUE.
	Env []string
}

// Emulator is a running server.
type Emulator struct {
	url       string
	stop      context.CancelFunc
	done      chan struct{}
	logFile   string
	temporary bool
}

// Start starts the emulator and returns when it answers. ctx bounds the start only: the server
// runs until Close, or until this process ends.
func Start(ctx context.Context, o Options) (*Emulator, error) {
	if len(o.Command) == 0 {
		o.Command = []string{"moto_server"}
	}
	var err error
	for range attempts {
		var e *Emulator
		if e, err = start(ctx, o); err == nil {
			return e, nil
		}
		if !errors.Is(err, errExited) || ctx.Err() != nil {
			break
		}
	}
	return nil, fmt.Errorf("start emulator: %w", err)
}

func start(ctx context.Context, o Options) (*Emulator, error) {
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	log, temporary, err := openLog(o.LogFile)
	if err != nil {
		return nil, err
	}
	defer log.Close()

	// Detached from ctx, which may be a timeout of the start.
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	e := &Emulator{
		url:  "http://" + net.JoinHostPort(host, strconv.Itoa(port)),
		stop: stop, done: make(chan struct{}),
		logFile: log.Name(), temporary: temporary,
	}
	cmd, err := command(life, o, port)
	if err == nil {
		cmd.Stdout, cmd.Stderr = log, log
		err = cmd.Start()
	}
	if err != nil {
		stop()
		close(e.done)
		return nil, errors.Join(fmt.Errorf("run %s: %w", o.Command[0], err), e.Close())
	}
	go func() {
		// How it ended does not matter: that it did is what awaitAnswer reports.
		_ = cmd.Wait()
		close(e.done)
	}()

	if err := e.awaitAnswer(ctx); err != nil {
		tail := tailOf(e.logFile)
		return nil, errors.Join(fmt.Errorf("%w%s", err, tail), e.Close())
	}
	return e, nil
}

func command(ctx context.Context, o Options, port int) (*exec.Cmd, error) {
	args := slices.Concat(o.Command[1:], []string{"-H", host, "-p", strconv.Itoa(port)})
	cmd, err := guard.Command(ctx, o.Command[0], args...)
	if err != nil {
		return nil, err
	}
	// Without AWS's managed policies, attaching one to a role fails.
	cmd.Env = append(cmd.Env, "MOTO_IAM_LOAD_MANAGED_POLICIES=true", "PYTHONUNBUFFERED=1")
	cmd.Env = append(cmd.Env, o.Env...)
	return cmd, nil
}

// awaitAnswer returns when the server answers anything at all.
func (e *Emulator) awaitAnswer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	// A transport of its own, without a proxy: the environment's may be the front.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		if req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url+"/", nil); err == nil {
			if res, err := client.Do(req); err == nil {
				return res.Body.Close()
			}
		}
		select {
		case <-e.done:
			return errExited
		case <-ctx.Done():
			return fmt.Errorf("wait for an answer of %s: %w", e.url, ctx.Err())
		case <-tick.C:
		}
	}
}

// URL is the address of the server, as http://127.0.0.1:PORT.
func (e *Emulator) URL() string { return e.url }

// Done is closed when the server has ended, whether by Close or by itself.
func (e *Emulator) Done() <-chan struct{} { return e.done }

// Close stops the server and waits until it is gone. Its state is lost. A second Close does nothing.
func (e *Emulator) Close() error {
	e.stop()
	<-e.done
	if !e.temporary {
		return nil
	}
	if err := os.Remove(e.logFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove emulator log: %w", err)
	}
	return nil
}

func freePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

func openLog(name string) (f *os.File, temporary bool, err error) {
	if name == "" {
		f, err = os.CreateTemp("", "archipelago-emulator-*.log")
	} else {
		f, err = os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	}
	if err != nil {
		return nil, false, fmt.Errorf("open emulator log: %w", err)
	}
	return f, name == "", nil
}

// tailOf is the end of a log as an addition to an error, empty if there is nothing to show.
func tailOf(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > tailBytes {
		if _, err := f.Seek(-tailBytes, io.SeekEnd); err != nil {
			return ""
		}
	}
	b, err := io.ReadAll(f)
	if b = bytes.TrimSpace(b); err != nil || len(b) == 0 {
		return ""
	}
	return fmt.Sprintf("; the end of its log:\n%s", b)
}
