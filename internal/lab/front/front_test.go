package front

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fakeEmulator answers every call the same way and remembers what it was asked.
type fakeEmulator struct {
	mu     sync.Mutex
	seen   []*http.Request
	bodies []string
	answer http.HandlerFunc
}

func (e *fakeEmulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	e.seen = append(e.seen, r)
	e.bodies = append(e.bodies, string(b))
	e.mu.Unlock()
	if e.answer != nil {
		e.answer(w, r)
	}
}

func (e *fakeEmulator) requests() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.seen)
}

func startFake(t *testing.T, answer http.HandlerFunc) (*Front, *fakeEmulator) {
	t.Helper()
	e := &fakeEmulator{answer: answer}
	s := httptest.NewServer(e)
	t.Cleanup(s.Close)
	f, err := Start(t.Context(), Options{Upstream: s.URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f, e
}

// signed makes a request as an SDK would sign it.
func signed(t *testing.T, method, address, key, service, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", authorization(key, service))
	return r
}

func form(r *http.Request) *http.Request {
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func target11(r *http.Request, target string) *http.Request {
	r.Header.Set("X-Amz-Target", target)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	return r
}

func do(t *testing.T, r *http.Request) (*http.Response, string) {
	t.Helper()
	res, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(b)
}

func TestCallsAreNamed(t *testing.T) {
	t.Parallel()
	const base = "http://127.0.0.1:1"
	get := func(service, path string) *http.Request {
		return signed(t, http.MethodGet, base+path, "test", service, "")
	}
	put := func(service, path string) *http.Request {
		return signed(t, http.MethodPut, base+path, "test", service, "x")
	}
	post := func(service, path, body string) *http.Request {
		return signed(t, http.MethodPost, base+path, "test", service, body)
	}
	cases := map[string]struct {
		request  *http.Request
		want     string
		protocol protocol
	}{
		"json":               {target11(post("organizations", "/", "{}"), "AWSOrganizationsV20161128.ListHandshakesForAccount"), "organizations ListHandshakesForAccount", protocolJSON},
		"json without dot":   {target11(post("dynamodb", "/", "{}"), "Odd"), "dynamodb Odd", protocolJSON},
		"query":              {form(post("iam", "/", "Action=GetRole&Version=2010-05-08")), "iam GetRole", protocolQuery},
		"ec2":                {form(post("ec2", "/", "Action=DescribeVpcs")), "ec2 DescribeVpcs", protocolEC2},
		"query in the URL":   {get("sts", "/?Action=GetCallerIdentity&Version=2011-06-15"), "sts GetCallerIdentity", protocolQuery},
		"account":            {post("account", "/listPrimaryThings", "{}"), "account ListPrimaryThings", protocolRESTJSON},
		"cbor":               {post("logs", "/service/Logs/operation/PutLogEvents", ""), "logs PutLogEvents", protocolRESTJSON},
		"buckets":            {get("s3", "/"), "s3 ListBuckets", protocolRESTXML},
		"bucket":             {put("s3", "/logs"), "s3 CreateBucket", protocolRESTXML},
		"bucket part":        {put("s3", "/logs?versioning"), "s3 PutBucketVersioning", protocolRESTXML},
		"objects":            {get("s3", "/logs?list-type=2"), "s3 ListObjects", protocolRESTXML},
		"object":             {put("s3", "/logs/a/b.txt"), "s3 PutObject", protocolRESTXML},
		"object tags":        {get("s3", "/logs/a?tagging"), "s3 GetObjectTagging", protocolRESTXML},
		"control":            {put("s3", "/v20180820/configuration/publicAccessBlock"), "s3control PutPublicAccessBlock", protocolRESTXML},
		"rest":               {get("guardduty", "/detector/12abc/filter/x"), "guardduty GET /detector/*/filter/x", protocolRESTJSON},
		"analyzers":          {get("access-analyzer", "/analyzer"), "access-analyzer ListAnalyzers", protocolRESTJSON},
		"analyzer":           {put("access-analyzer", "/analyzer/x"), "access-analyzer UpdateAnalyzer", protocolRESTJSON},
		"analyzer's rules":   {get("access-analyzer", "/analyzer/x/archive-rule"), "access-analyzer GET /analyzer/x/archive-rule", protocolRESTJSON},
		"analyzer's tags":    {get("access-analyzer", "/tags/arn%3Aaws%3Aaccess-analyzer%3Aeu-west-1%3A1%3Aanalyzer%2Fx"), "access-analyzer ListTagsForResource", protocolRESTJSON},
		"rest with version":  {get("lambda", "/2015-03-31/functions"), "lambda GET /2015-03-31/functions", protocolRESTJSON},
		"rest with xml":      {get("route53", "/2013-04-01/hostedzone/Z123"), "route53 GET /2013-04-01/hostedzone/*", protocolRESTXML},
		"form that is an S3": {form(post("s3", "/logs/x", "Action=no")), "s3 PostObject", protocolRESTXML},
	}
	f, err := newFront(Options{Upstream: base})
	require.NoError(t, err)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := f.parse(c.request)
			require.NoError(t, err)
			require.Equal(t, c.want, got.Service+" "+got.Action)
			require.Equal(t, c.protocol, got.protocol)
			require.Equal(t, baseAccount, got.Account)
		})
	}
	t.Run("unsigned", func(t *testing.T) {
		t.Parallel()
		r := form(post("", "/", "Action=AssumeRoleWithWebIdentity"))
		r.Header.Del("Authorization")
		got, err := f.parse(r)
		require.NoError(t, err)
		require.Equal(t, "sts AssumeRoleWithWebIdentity", got.Service+" "+got.Action)
	})
}

func TestPassesThroughAndCounts(t *testing.T) {
	t.Parallel()
	f, e := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone/x" {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, "hello")
	})
	res, body := do(t, form(signed(t, http.MethodPost, f.URL()+"/", "test", "iam", "Action=GetUser&UserName=a")))
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, "hello", body)
	do(t, form(signed(t, http.MethodPost, f.URL()+"/", "test", "iam", "Action=GetUser&UserName=b")))
	do(t, signed(t, http.MethodGet, f.URL()+"/gone/x", "test", "s3", ""))

	require.Equal(t, []CallCount{
		{Service: "iam", Action: "GetUser", Account: baseAccount, Count: 2},
		{Service: "s3", Action: "GetObject", Account: baseAccount, Count: 1, Errors: 1},
	}, f.Calls())
	require.Equal(t, "Action=GetUser&UserName=a", e.bodies[0], "the body went on whole")
	require.Equal(t, strings.TrimPrefix(f.URL(), "http://"), e.seen[0].Host, "the host stays")
}

const assumedRole = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<Credentials><AccessKeyId>ASIANEW</AccessKeyId></Credentials>
<AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::222222222222:assumed-role/automation/x</Arn></AssumedRoleUser>
</AssumeRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>`

func TestAccountsAreLearned(t *testing.T) {
	t.Parallel()
	f, e := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		if strings.Contains(r.Header.Get("Authorization"), "ASIAOLD") {
			_, _ = io.WriteString(w, "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>333333333333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
			return
		}
		_, _ = io.WriteString(w, assumedRole)
	})
	do(t, form(signed(t, http.MethodPost, f.URL()+"/", "test", "sts", "Action=AssumeRole&RoleArn="+url.QueryEscape("arn:aws:iam::222222222222:role/automation"))))
	for range 2 {
		do(t, signed(t, http.MethodGet, f.URL()+"/", "ASIANEW", "s3", ""))
		do(t, signed(t, http.MethodGet, f.URL()+"/", "ASIAOLD", "s3", ""))
	}
	require.Equal(t, []CallCount{
		{Service: "s3", Action: "ListBuckets", Account: "222222222222", Count: 2},
		{Service: "s3", Action: "ListBuckets", Account: "333333333333", Count: 2},
		{Service: "sts", Action: "AssumeRole", Account: baseAccount, Count: 1},
	}, f.Calls())
	require.Equal(t, 6, e.requests(), "an unknown key is asked for once, a learned one never")
}

func TestFaultsHaveTheFormOfTheService(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fault   Fault
		request func(t *testing.T, base string) *http.Request
		status  int
		body    string
	}{
		"organizations": {
			Fault{Kind: FaultThrottle},
			func(t *testing.T, base string) *http.Request {
				return target11(signed(t, http.MethodPost, base, "test", "organizations", "{}"), "AWSOrganizationsV20161128.ListRoots")
			},
			400, `{"Message":"Rate exceeded","__type":"TooManyRequestsException","message":"Rate exceeded"}`,
		},
		"another json": {
			Fault{Kind: FaultThrottle},
			func(t *testing.T, base string) *http.Request {
				return target11(signed(t, http.MethodPost, base, "test", "kms", "{}"), "TrentService.CreateKey")
			},
			400, `{"Message":"Rate exceeded","__type":"ThrottlingException","message":"Rate exceeded"}`,
		},
		"query": {
			Fault{Kind: FaultThrottle},
			func(t *testing.T, base string) *http.Request {
				return form(signed(t, http.MethodPost, base, "test", "iam", "Action=GetRole"))
			},
			400, `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>`,
		},
		"ec2": {
			Fault{Kind: FaultError},
			func(t *testing.T, base string) *http.Request {
				return form(signed(t, http.MethodPost, base, "test", "ec2", "Action=DescribeVpcs"))
			},
			500, `<Response><Errors><Error><Code>InternalError</Code><Message>injected by the lab</Message></Error></Errors>`,
		},
		"s3": {
			Fault{Kind: FaultThrottle},
			func(t *testing.T, base string) *http.Request {
				return signed(t, http.MethodGet, base+"/b", "test", "s3", "")
			},
			503, `<Error><Code>SlowDown</Code>`,
		},
		"rest": {
			Fault{Kind: FaultThrottle},
			func(t *testing.T, base string) *http.Request {
				return signed(t, http.MethodGet, base+"/detector", "test", "guardduty", "")
			},
			429, `{"Message":"Rate exceeded","__type":"TooManyRequestsException","message":"Rate exceeded"}`,
		},
		"a code of one's own": {
			Fault{Kind: FaultError, Code: "ConcurrentModificationException", Status: 400},
			func(t *testing.T, base string) *http.Request {
				return target11(signed(t, http.MethodPost, base, "test", "organizations", "{}"), "AWSOrganizationsV20161128.CreatePolicy")
			},
			400, `"__type":"ConcurrentModificationException"`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, e := startFake(t, nil)
			f.Inject(c.fault)
			res, body := do(t, c.request(t, f.URL()))
			require.Equal(t, c.status, res.StatusCode)
			require.Contains(t, body, c.body)
			require.Zero(t, e.requests(), "the call was not done")
			require.Equal(t, 1, f.Calls()[0].Errors)
		})
	}
}

func TestFaultsCountTheirCalls(t *testing.T) {
	t.Parallel()
	f, _ := startFake(t, nil)
	f.Inject(Fault{Service: "iam", Action: "GetRole", Kind: FaultError, After: 1, Count: 2})
	var got []int
	for range 5 {
		res, _ := do(t, form(signed(t, http.MethodPost, f.URL(), "test", "iam", "Action=GetRole")))
		got = append(got, res.StatusCode)
	}
	require.Equal(t, []int{200, 500, 500, 200, 200}, got)
	res, _ := do(t, form(signed(t, http.MethodPost, f.URL(), "test", "iam", "Action=GetUser")))
	require.Equal(t, 200, res.StatusCode, "another action is not hit")
}

func TestDropAndLose(t *testing.T) {
	t.Parallel()
	f, e := startFake(t, nil)
	send := func() error {
		// A connection of its own: the transport would send a second time on one that it reuses.
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Do(form(signed(t, http.MethodPost, f.URL(), "test", "iam", "Action=CreateRole")))
		if err != nil {
			return err
		}
		return res.Body.Close()
	}
	f.Inject(Fault{Kind: FaultDrop, Count: 1})
	require.ErrorIs(t, send(), io.EOF)
	require.Zero(t, e.requests())

	f.Inject(Fault{Kind: FaultLose, Count: 1})
	require.ErrorIs(t, send(), io.EOF)
	require.Equal(t, 1, e.requests(), "done, though nobody was told")

	require.NoError(t, send())
	require.Equal(t, []CallCount{{Service: "iam", Action: "CreateRole", Account: baseAccount, Count: 3, Errors: 2}}, f.Calls())
}

func TestDelayedCallIsDone(t *testing.T) {
	t.Parallel()
	f, e := startFake(t, nil)
	f.Inject(Fault{Kind: FaultDelay, Delay: time.Millisecond})
	res, _ := do(t, signed(t, http.MethodGet, f.URL()+"/b", "test", "s3", ""))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, 1, e.requests())
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	f, e := startFake(t, nil)
	call := func(method, path, body string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, f.URL()+path, strings.NewReader(body))
		require.NoError(t, err)
		res, answer := do(t, r)
		return res.StatusCode, strings.TrimSpace(answer)
	}

	do(t, signed(t, http.MethodGet, f.URL()+"/b/k", "test", "s3", ""))
	status, body := call(http.MethodGet, "/_lab/calls", "")
	require.Equal(t, 200, status)
	require.JSONEq(t, `[{"service":"s3","action":"GetObject","account":"123456789012","count":1,"errors":0}]`, body)
	call(http.MethodDelete, "/_lab/calls", "")
	require.Empty(t, f.Calls())

	status, _ = call(http.MethodPost, "/_lab/faults", `{"service":"s3","kind":"throttle","count":3,"after":1,"account":"1"}`)
	require.Equal(t, 200, status)
	status, _ = call(http.MethodPost, "/_lab/faults", `[{"kind":"delay","delay":"1.5s"}]`)
	require.Equal(t, 200, status)
	_, body = call(http.MethodGet, "/_lab/faults", "")
	require.JSONEq(t, `[{"service":"s3","account":"1","kind":"throttle","count":3,"after":1},{"kind":"delay","delay":"1.5s"}]`, body)
	call(http.MethodDelete, "/_lab/faults", "")
	require.Empty(t, f.Faults())

	status, body = call(http.MethodPost, "/_lab/faults", `{"kind":"explode"}`)
	require.Equal(t, 400, status)
	require.Equal(t, `read fault: kind "explode" is none of throttle, error, delay, drop, lose`, body)
	status, _ = call(http.MethodGet, "/_lab/nothing", "")
	require.Equal(t, 404, status)
	require.Equal(t, 1, e.requests(), "none of it reached the emulator")
}

func TestForwardProxy(t *testing.T) {
	t.Parallel()
	f, e := startFake(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })
	proxy, err := url.Parse(f.URL())
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}
	get := func(address string) int {
		res, err := client.Do(signed(t, http.MethodGet, address, "test", "s3", ""))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res.StatusCode
	}
	require.Equal(t, 200, get("http://123456789012.127.0.0.1:4566/v20180820/configuration/publicAccessBlock"))
	require.Equal(t, "123456789012.127.0.0.1:4566", e.seen[0].Host)
	require.Equal(t, "s3control", f.Calls()[0].Service)

	require.Equal(t, 200, get("http://bucket.s3.amazonaws.com/key"))
	require.Equal(t, 403, get("http://example.com/"), "the world is not AWS")
	require.Equal(t, 2, e.requests())

	tunnel := httptest.NewRecorder()
	f.ServeHTTP(tunnel, httptest.NewRequest(http.MethodConnect, "example.com:443", nil))
	require.Equal(t, 403, tunnel.Code)
}

func TestErrorPagesBecomeErrors(t *testing.T) {
	t.Parallel()
	f, _ := startFake(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusInternalServerError)
		if r.URL.Path != "/plain" {
			_, _ = io.WriteString(w, "<html><title>NotImplementedError: The list_handshakes action has not been implemented\n // Werkzeug Debugger</title>")
		}
	})
	res, body := do(t, target11(signed(t, http.MethodPost, f.URL(), "test", "organizations", "{}"), "AWSOrganizationsV20161128.ListHandshakes"))
	require.Equal(t, http.StatusNotImplemented, res.StatusCode, "which no SDK tries again")
	var answer map[string]string
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	require.Equal(t, "NotImplementedByEmulator", answer["__type"])
	require.Equal(t, "the lab's emulator cannot do organizations ListHandshakes (500 NotImplementedError: The list_handshakes action has not been implemented)", answer["message"])

	res, _ = do(t, signed(t, http.MethodGet, f.URL()+"/plain", "test", "s3", ""))
	require.Equal(t, http.StatusInternalServerError, res.StatusCode, "what is no page stays as it is")
}

func TestEmulatorGone(t *testing.T) {
	t.Parallel()
	f, err := Start(t.Context(), Options{Upstream: "http://127.0.0.1:1"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	for _, action := range []string{"ListHandshakes", "ListRoots"} {
		res, body := do(t, target11(signed(t, http.MethodPost, f.URL(), "test", "organizations", "{}"), "AWSOrganizationsV20161128."+action))
		require.Equal(t, http.StatusBadGateway, res.StatusCode)
		require.Contains(t, body, "EmulatorUnreachable")
	}
}

func TestLogLine(t *testing.T) {
	t.Parallel()
	e := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(e.Close)
	var log bytes.Buffer
	f, err := Start(t.Context(), Options{Upstream: e.URL, Log: &log})
	require.NoError(t, err)
	do(t, signed(t, http.MethodGet, f.URL()+"/b/k", "test", "s3", ""))
	require.NoError(t, f.Close())
	f.logMu.Lock()
	defer f.logMu.Unlock()
	require.Regexp(t, `^s3 GetObject 123456789012 404 \S+\n$`, log.String())
}

func TestBadUpstream(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{Upstream: "127.0.0.1:4000"})
	require.ErrorContains(t, err, "start front: read upstream")
}

func TestPolicyGrammar(t *testing.T) {
	t.Parallel()
	f, err := newFront(Options{Upstream: "http://127.0.0.1:1"})
	require.NoError(t, err)
	const allow = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	const denyAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`
	cases := map[string]struct{ kind, content, want string }{
		"one statement":     {scp, allow, ""},
		"rcp":               {rcp, denyAll, ""},
		"no JSON":           {scp, "not json", "not a JSON object"},
		"an array":          {tagType, "[]", "not a JSON object"},
		"no statement":      {scp, `{"Version":"2012-10-17"}`, "Statement is missing"},
		"no effect":         {scp, `{"Statement":[{"Action":"*","Resource":"*"}]}`, "Effect must be"},
		"no action":         {scp, `{"Statement":[{"Effect":"Deny","Resource":"*"}]}`, "neither Action"},
		"no resource":       {scp, `{"Statement":[{"Effect":"Deny","Action":"*"}]}`, "neither Resource"},
		"scp with whom":     {scp, denyAll, "Principal is not supported"},
		"rcp that allows":   {rcp, allow, "Effect must be Deny"},
		"rcp without whom":  {rcp, `{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`, `Principal must be "*"`},
		"largest":           {tagType, `{"a":"` + strings.Repeat("x", 10_000-8) + `"}`, ""},
		"one byte too long": {tagType, `{"a":"` + strings.Repeat("x", 10_001-8) + `"}`, "POLICY_CONTENT_LIMIT_EXCEEDED"},
		"scp is longer":     {scp, `{"a":"` + strings.Repeat("x", 10_241-8) + `"}`, "10241 bytes, the maximum for SERVICE_CONTROL_POLICY is 10240"},
		"rcp is shorter":    {rcp, `{"a":"` + strings.Repeat("x", 5_121-8) + `"}`, "is 5120"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := f.checkPolicy(c.kind, c.content)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestAccountNamesAndAddresses(t *testing.T) {
	t.Parallel()
	require.NoError(t, checkAccount("log archive", "aws+a.b@acme.example", "Admin"))
	for name, c := range map[string]struct{ account, email, role, want string }{
		"no name":       {"", "a@acme.example", "", "1 to 50"},
		"long name":     {strings.Repeat("x", 51), "a@acme.example", "", "1 to 50"},
		"odd name":      {"café", "a@acme.example", "", "not allowed"},
		"short address": {"a", "a@b.c", "", "6 to 64"},
		"long address":  {"a", strings.Repeat("x", 60) + "@acme.example", "", "6 to 64"},
		"two ats":       {"a", "a@b@acme.example", "", "pattern"},
		"no dot":        {"a", "somebody@acme", "", "pattern"},
		"odd role":      {"a", "a@acme.example", "a role", "role name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.ErrorContains(t, checkAccount(c.account, c.email, c.role), c.want)
		})
	}
	for address, want := range map[string]bool{
		"a.b+c@acme.example": true, ".a@acme.example": false, "a|b@acme.example": false,
		"a@-acme.example": false, "a@acme.example.": false, "a%b@acme.example": false,
	} {
		require.Equal(t, want, deliverable(address), address)
	}
}

func TestEveryHandlerHasAService(t *testing.T) {
	t.Parallel()
	n := 0
	for _, actions := range handlers() {
		n += len(actions)
	}
	// A reminder to test what is added.
	require.Equal(t, 95, n)
}

// BenchmarkPassThrough is what the front adds to a call, beside a direct one.
func BenchmarkPassThrough(b *testing.B) {
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	b.Cleanup(e.Close)
	f, err := Start(b.Context(), Options{Upstream: e.URL})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, f.Close()) })
	for name, address := range map[string]string{"direct": e.URL, "front": f.URL()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, address, strings.NewReader("Action=GetRole"))
				require.NoError(b, err)
				r.Header.Set("Authorization", authorization("test", "iam"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				res, err := http.DefaultClient.Do(r)
				require.NoError(b, err)
				_, err = io.Copy(io.Discard, res.Body)
				require.NoError(b, err)
				require.NoError(b, res.Body.Close())
			}
		})
	}
}
