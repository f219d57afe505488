package front

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxBody bounds the bodies that the front reads: JSON documents and forms. What is larger, such as
// an object of a bucket, is not read but streamed.
const maxBody = 32 << 20

// protocol is the form of a service's requests, answers and errors.
type protocol int

const (
	protocolRESTJSON protocol = iota
	protocolJSON
	protocolQuery
	protocolEC2
	protocolRESTXML
)

// call is one request, understood.
type call struct {
	r *http.Request
	// Service is as in the signature, except that s3control is told apart from s3.
	Service string
	// Action is the name of the operation where it is known, else method and path.
	Action string
	// Account is where the caller's credentials belong.
	Account string
	// Region is the region of the signature, which means nothing for global services.
	Region string

	key      string
	protocol protocol
	// body is what was read of the request; streamed bodies stay unread.
	body []byte
	read bool
	// form is set for the query protocol.
	form url.Values
	// as makes the emulator take the call for another account's.
	as string
}

func (c *call) ctx() context.Context { return c.r.Context() }

// callKey finds the call in the context of its request, for the places that net/http gives only the
// request.
type callKey struct{}

// callOf is the call that a context belongs to. The front's own calls have none, and get one that
// is good for an error message.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{r: &http.Request{Method: http.MethodPost}, protocol: protocolJSON, Service: "front", Action: "call"}
}

func (f *Front) parse(r *http.Request) (*call, error) {
	c := &call{}
	c.r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	c.key, c.Region, c.Service = credentialScope(r)
	switch target := r.Header.Get("X-Amz-Target"); {
	case target != "":
		c.protocol = protocolJSON
		c.Action = target[strings.LastIndexByte(target, '.')+1:]
		if c.Service == "" {
			c.Service = strings.ToLower(target[:strings.IndexAny(target+".", "._")])
		}
	case isForm(r) && c.Service != "s3":
		if err := c.parseForm(); err != nil {
			return nil, err
		}
	case r.URL.Query().Has("Action"):
		c.query(r.URL.Query())
	}
	if c.Action == "" {
		c.rest()
	}
	if _, handled := f.table[c.Service][c.Action]; handled {
		if err := c.readBody(); err != nil {
			return nil, err
		}
	}
	c.Account = f.identities.account(f, c)
	return c, nil
}

// credentialScope is what the signature says about a call: the access key, the region and the service.
// They are empty for a call that is not signed.
func credentialScope(r *http.Request) (key, region, service string) {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, after, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(after, ",")
	}
	parts := strings.Split(credential, "/")
	if len(parts) != 5 {
		return "", "", ""
	}
	return parts[0], parts[2], strings.ToLower(parts[3])
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

func (c *call) parseForm() error {
	if err := c.readBody(); err != nil {
		return err
	}
	// A body that is no form has no action, and is then named by its path.
	if form, err := url.ParseQuery(string(c.body)); err == nil {
		c.query(form)
	}
	return nil
}

func (c *call) query(form url.Values) {
	c.form, c.Action, c.protocol = form, form.Get("Action"), protocolQuery
	if c.Service == "" && strings.HasPrefix(c.Action, "AssumeRoleWith") {
		c.Service = "sts" // the only calls of this protocol that are not signed
	}
	if c.Service == "ec2" {
		c.protocol = protocolEC2
	}
}

// readBody reads the body and puts a copy in its place, for the call may still pass through.
func (c *call) readBody() error {
	if c.read {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	if err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	if len(b) > maxBody {
		return fmt.Errorf("read body: longer than %d bytes", maxBody)
	}
	c.body, c.read = b, true
	c.r.Body = io.NopCloser(bytes.NewReader(b))
	c.r.ContentLength = int64(len(b))
	return nil
}

// with is a call like this one with other parameters.
func (c *call) with(form url.Values) *call {
	other := *c
	other.form, other.body = form, []byte(form.Encode())
	other.r = c.r.Clone(c.ctx())
	other.r.ContentLength = int64(len(other.body))
	return &other
}

// decode reads the parameters of a call whose body is JSON.
func decode[T any](c *call) (T, error) {
	var v T
	if len(bytes.TrimSpace(c.body)) == 0 {
		return v, nil
	}
	if err := json.Unmarshal(c.body, &v); err != nil {
		return v, &apiError{Code: "SerializationException", Message: err.Error()}
	}
	return v, nil
}

// reply is an answer that is held in memory.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func jsonReply(c *call, v any) (*reply, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	contentType := "application/json"
	if c.protocol == protocolJSON {
		contentType = "application/x-amz-json-1.1"
	}
	return &reply{status: http.StatusOK, header: http.Header{"Content-Type": {contentType}}, body: b}, nil
}

func (r *reply) ok() bool { return r.status < http.StatusMultipleChoices }

func (r *reply) write(w http.ResponseWriter, c *call) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	if w.Header().Get("X-Amzn-Requestid") == "" {
		w.Header().Set("X-Amzn-Requestid", requestID())
	}
	w.WriteHeader(r.status)
	if c.r.Method != http.MethodHead {
		// The client is gone if this fails, and there is nobody to tell.
		_, _ = w.Write(r.body)
	}
}

// forward sends a call on and returns the answer. A refusal by the emulator is an error.
func (f *Front) forward(c *call) (*reply, error) {
	req := c.r.Clone(c.ctx())
	req.RequestURI = ""
	req.URL.Scheme, req.URL.Host = f.upstream.Scheme, f.upstream.Host
	req.Header.Del("Expect")
	req.Header.Del("Connection")
	req.Body = io.NopCloser(bytes.NewReader(c.body))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(c.body)), nil }
	req.Header.Set(accountHeader, cmp.Or(c.as, c.Account))
	res, err := f.transport.RoundTrip(req)
	if err != nil {
		return nil, unreachableError(err)
	}
	defer res.Body.Close()
	if err := clarify(res); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, unreachableError(err)
	}
	out := &reply{status: res.StatusCode, header: res.Header, body: b}
	for _, hop := range []string{"Connection", "Keep-Alive", "Transfer-Encoding", "Date", "Server"} {
		out.header.Del(hop)
	}
	if !out.ok() && c.protocol == protocolJSON {
		return nil, readError(out)
	}
	return out, nil
}

// forwarded sends a call on and reads the answer.
func forwarded[T any](f *Front, c *call) (T, error) {
	var v T
	out, err := f.forward(c)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal(out.body, &v); err != nil {
		return v, fmt.Errorf("read answer to %s: %w", c.Action, err)
	}
	return v, nil
}

// pass is the handler of calls that need no more than forwarding.
func pass(f *Front, c *call) (*reply, error) { return f.forward(c) }

// code is the error code of a refusal, empty for other errors.
func code(err error) string {
	var e *apiError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
