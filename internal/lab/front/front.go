// Package front is the reverse proxy of the lab between the AWS provider and the emulator. The
// emulator accepts much that AWS refuses and lacks some calls that whole areas depend on. The front
//
//   - counts the calls by service, action and account,
//   - refuses what AWS refuses, with AWS's error codes,
//   - injects faults on demand,
//   - answers the calls that the emulator does not have.
//
// Everything else passes through untouched, large bodies included.
//
// # What it knows
//
// Whatever the emulator knows is asked of the emulator, so there is one truth. The front keeps in
// memory only what the emulator has no place for, and forgets it when the emulator is reset.
//
// # Adding an answer
//
// A call that the front acts on is an entry of a table, service and action to handler. A new one is
// a file with the handler and the function that adds it, and that function's name in handlers.
package front

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

const (
	// baseAccount is the account that the emulator takes for unknown credentials.
	baseAccount = "123456789012"

	// idleConnections is how many connections to the emulator stay open. The engine works on tens
	// of resources at a time, and a new connection for each call would double its cost.
	idleConnections = 64

	// headerTimeout bounds how long a client may take to send a header. Everybody is local.
	headerTimeout = 30 * time.Second
)

// Options configure a front.
type Options struct {
	// Upstream is the URL of the emulator. It is required.
	Upstream string
	// Address is where the front listens. Empty means a free port on 127.0.0.1.
	Address string
	// Limits are AWS's quotas. Each zero field takes AWS's default.
	Limits Limits
	// RegionPolls is how many times a region that was just enabled or disabled is reported as
	// ENABLING or DISABLING. Zero means that it is done at once.
	RegionPolls int
	// ExpireClosed makes closing an account final at once, as if the 90 days had passed that AWS keeps
	// it suspended. Without it an account that was closed stands in the way of deleting its unit and
	// its organization, as on AWS.
	ExpireClosed bool
	// ServicePrincipals are accepted for trusted access and delegated administration, in addition
	// to those that the front knows.
	ServicePrincipals []string
	// Log receives one line for each call. Nil means none.
	Log io.Writer
}

// Front is a running proxy. All of its methods may be called at any time from any goroutine.
type Front struct {
	url        string
	server     *http.Server
	upstream   *url.URL
	transport  *http.Transport
	proxy      *httputil.ReverseProxy
	table      table
	limits     Limits
	polls      int
	expire     bool
	principals map[string]bool

	identities identities
	counts     counts
	faults     faults
	orgs       registry
	accounts   accountStore
	budgets    shelf[map[string]*budget]
	analyzers  shelf[map[string]*analyzer]
	compute    shelf[*computeSettings]

	logMu sync.Mutex
	log   io.Writer
}

// Start starts a front. ctx bounds the start only: the front runs until Close.
func Start(ctx context.Context, o Options) (*Front, error) {
	f, err := newFront(o)
	if err != nil {
		return nil, fmt.Errorf("start front: %w", err)
	}
	address := o.Address
	if address == "" {
		address = "127.0.0.1:0"
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("start front: %w", err)
	}
	f.url = "http://" + l.Addr().String()
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: headerTimeout}
	go func() {
		// Serve returns when Close closes the listener, and for no other reason that a loopback
		// listener has.
		_ = f.server.Serve(l)
	}()
	return f, nil
}

func newFront(o Options) (*Front, error) {
	upstream, err := url.Parse(o.Upstream)
	if err != nil {
		return nil, fmt.Errorf("read upstream: %w", err)
	}
	if upstream.Scheme == "" || upstream.Host == "" {
		return nil, fmt.Errorf("read upstream %q: not a URL with a scheme and a host", o.Upstream)
	}
	f := &Front{
		upstream: upstream,
		// No proxy: the environment's may be this very front.
		transport: &http.Transport{
			MaxIdleConnsPerHost: idleConnections,
			DisableCompression:  true,
		},
		table:      handlers(),
		limits:     o.Limits.withDefaults(),
		polls:      o.RegionPolls,
		expire:     o.ExpireClosed,
		principals: maps.Clone(servicePrincipals()),
		log:        o.Log,
	}
	for _, p := range o.ServicePrincipals {
		f.principals[p] = true
	}
	f.reset()
	f.proxy = &httputil.ReverseProxy{
		Transport:      f.transport,
		Rewrite:        f.rewrite,
		ModifyResponse: clarify,
		ErrorHandler:   f.unreachable,
	}
	return f, nil
}

// reset forgets what was learned. The counters and the faults stay.
func (f *Front) reset() {
	f.identities.reset()
	f.orgs.reset()
	f.accounts.reset()
	f.budgets.reset(func() map[string]*budget { return map[string]*budget{} })
	f.analyzers.reset(func() map[string]*analyzer { return map[string]*analyzer{} })
	f.compute.reset(newComputeSettings)
}

// URL is the address of the front, as http://127.0.0.1:PORT.
func (f *Front) URL() string { return f.url }

// Close stops the front at once; calls in flight are cut off.
func (f *Front) Close() error {
	err := f.server.Close()
	f.transport.CloseIdleConnections()
	if err != nil {
		return fmt.Errorf("stop front: %w", err)
	}
	return nil
}

// ServeHTTP serves one call: an admin call, a proxied one, or one addressed to the front as if it
// were AWS.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f.forUs(r); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	if isAdmin(r.URL.Path) {
		f.admin(w, r)
		return
	}
	c, err := f.parse(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	started := time.Now()
	sw := &statusWriter{ResponseWriter: w}
	// Deferred, since a dropped connection leaves by a panic that net/http knows.
	defer func() {
		f.counts.add(c, sw.failed())
		f.trace(c, sw.status, time.Since(started))
	}()
	f.serve(sw, c)
}

// forUs refuses what a forward proxy is asked and what the lab has no business with: a tunnel, which
// could not be looked into, and hosts of the world.
func (f *Front) forUs(r *http.Request) error {
	if r.Method == http.MethodConnect {
		return errors.New("the lab's front opens no tunnels: use http")
	}
	if r.URL.IsAbs() && !isLabHost(r.URL.Hostname()) {
		return fmt.Errorf("the lab's front serves AWS only, not %s", r.URL.Hostname())
	}
	return nil
}

func (f *Front) serve(w http.ResponseWriter, c *call) {
	fault, hit := f.faults.match(c)
	if hit && f.inject(w, c, fault) {
		return
	}
	if h, ok := f.table[c.Service][c.Action]; ok {
		out, err := h(f, c)
		if err != nil {
			out = errorReply(c, err)
		}
		out.write(w, c)
		return
	}
	f.proxy.ServeHTTP(w, c.r)
	if c.r.URL.Path == "/moto-api/reset" {
		f.reset()
	}
}

// rewrite turns a call into one to the emulator. The Host stays: the emulator reads buckets and
// account ids from it.
func (f *Front) rewrite(p *httputil.ProxyRequest) {
	p.Out.URL.Scheme, p.Out.URL.Host = f.upstream.Scheme, f.upstream.Host
	p.Out.Host = p.In.Host
	// This server has answered "100 Continue" itself; the emulator never does.
	p.Out.Header.Del("Expect")
	p.Out.Header.Set(accountHeader, callOf(p.In.Context()).Account)
}

// trace writes the line of one call to the log.
func (f *Front) trace(c *call, status int, took time.Duration) {
	if f.log == nil {
		return
	}
	f.logMu.Lock()
	defer f.logMu.Unlock()
	// A log that cannot be written must not fail the call.
	_, _ = fmt.Fprintf(f.log, "%s %s %s %d %s\n", c.Service, c.Action, c.Account, status, took.Round(time.Microsecond*100))
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// failed also holds for a call that never got an answer.
func (w *statusWriter) failed() bool { return w.status == 0 || w.status >= http.StatusBadRequest }
