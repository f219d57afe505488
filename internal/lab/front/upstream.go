package front

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// accountHeader makes the emulator take a call for that of an account, whatever its credentials. It
// is set on every call whose account is known. Without it the emulator looks through the access keys
// of all accounts, and the first look at an account builds its IAM for every partition, AWS's
// managed policies included: half a second and 20 MB for each account.
const accountHeader = "X-Moto-Account-Id"

// ask calls the Organizations API of the emulator as account, for the front's own purposes. Such
// calls are not counted. out may be nil.
func (f *Front) ask(ctx context.Context, account, action string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode %s: %w", action, err)
	}
	req, err := f.request(ctx, account, "organizations", body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "AWSOrganizationsV20161128."+action)
	res, err := f.exchange(req)
	if err != nil {
		return err
	}
	if !res.ok() {
		return readError(res)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(res.body, out); err != nil {
		return fmt.Errorf("read answer to %s: %w", action, err)
	}
	return nil
}

// askIdentity asks the emulator whose an access key is.
func (f *Front) askIdentity(ctx context.Context, key string) (string, error) {
	body := url.Values{"Action": {"GetCallerIdentity"}, "Version": {"2011-06-15"}}.Encode()
	req, err := f.request(ctx, "", "sts", []byte(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", authorization(key, "sts"))
	res, err := f.exchange(req)
	if err != nil {
		return "", err
	}
	var answer struct {
		Account string `xml:"GetCallerIdentityResult>Account"`
	}
	if err := xml.Unmarshal(res.body, &answer); err != nil || answer.Account == "" {
		return "", fmt.Errorf("read identity of %s: no account in the answer", key)
	}
	return answer.Account, nil
}

func (f *Front) request(ctx context.Context, account, service string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.upstream.JoinPath("/").String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Authorization", authorization("front", service))
	if account != "" {
		req.Header.Set(accountHeader, account)
	}
	return req, nil
}

// authorization is a signature that the emulator accepts: it reads the scope and verifies nothing.
func authorization(key, service string) string {
	return "AWS4-HMAC-SHA256 Credential=" + key + "/20000101/us-east-1/" + service +
		"/aws4_request, SignedHeaders=host, Signature=none"
}

func (f *Front) exchange(req *http.Request) (*reply, error) {
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
	return &reply{status: res.StatusCode, header: res.Header, body: b}, nil
}

// isLabHost says whether a host that a proxy is asked for stands for AWS here.
func isLabHost(host string) bool {
	for _, base := range []string{"127.0.0.1", "localhost", "amazonaws.com"} {
		if host == base || strings.HasSuffix(host, "."+base) {
			return true
		}
	}
	return false
}
