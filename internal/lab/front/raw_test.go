package front

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// caller sends calls of services whose SDK is not at hand.
type caller struct {
	t           *testing.T
	f           *Front
	key, region string
}

// as logs in to an account, for calls to a region.
func as(t *testing.T, f *Front, account, region string) caller {
	t.Helper()
	keys, err := login(t, f, account).config.Credentials.Retrieve(t.Context())
	require.NoError(t, err)
	return caller{t, f, keys.AccessKeyID, region}
}

func (c caller) request(method, service, path, body string) *http.Request {
	c.t.Helper()
	r := signed(c.t, method, c.f.URL()+path, c.key, service, body)
	r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "/us-east-1/", "/"+c.region+"/", 1))
	return r
}

// ec2 makes a call with parameters, names and values in turn, and requires the status.
func (c caller) ec2(status int, action string, parameters ...string) string {
	c.t.Helper()
	return c.query(status, "ec2", action, parameters...)
}

func (c caller) query(status int, service, action string, parameters ...string) string {
	c.t.Helper()
	values := url.Values{"Action": {action}, "Version": {"2016-11-15"}}
	for i := 0; i < len(parameters); i += 2 {
		values.Set(parameters[i], parameters[i+1])
	}
	res, body := do(c.t, form(c.request(http.MethodPost, service, "/", values.Encode())))
	require.Equal(c.t, status, res.StatusCode, body)
	return body
}

// json makes a call of the protocol in which a header has the operation.
func (c caller) json(status int, service, target, in string) map[string]any {
	c.t.Helper()
	return c.answer(status, target11(c.request(http.MethodPost, service, "/", in), target))
}

// rest makes a call of the protocol in which method and path are the operation.
func (c caller) rest(status int, service, method, path, in string) map[string]any {
	c.t.Helper()
	return c.answer(status, c.request(method, service, path, in))
}

func (c caller) answer(status int, r *http.Request) map[string]any {
	c.t.Helper()
	res, body := do(c.t, r)
	require.Equal(c.t, status, res.StatusCode, body)
	var out map[string]any
	if err := json.NewDecoder(strings.NewReader(body)).Decode(&out); err != io.EOF {
		require.NoError(c.t, err, body)
	}
	return out
}
