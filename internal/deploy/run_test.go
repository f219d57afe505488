package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/archipelago-iac/archipelago/plan"
)

// fakePulumi stands in for the Pulumi CLI below the real Automation API.
type fakePulumi struct {
	t *testing.T
	// operate answers preview, up, refresh and destroy of a stack: it sends events and returns what the
	// command writes to standard error, "" where it succeeds.
	operate func(ctx context.Context, stack string, send func(lines ...string)) string
	// state is the export of every stack.
	state string
	// later is the export from the second one on, "" for no other than the first.
	later   string
	exports int
	// imported is the state that was last imported.
	imported string

	mu    sync.Mutex
	calls []string
	env   []string
}

func (f *fakePulumi) Version() semver.Version { return semver.MustParse("3.220.0") }

func (f *fakePulumi) Run(ctx context.Context, _ string, _ io.Reader, _, _ []io.Writer, env []string, args ...string) (stdout, stderr string, code int, err error) {
	stack := flag(args, "--stack")
	f.record(stack, env, args)
	if ctx.Err() != nil {
		return "", "", -1, ctx.Err()
	}
	switch args[0] {
	case "stack":
		switch args[1] {
		case "export":
			if len(f.later) > 0 && f.exports > 0 {
				return f.later, "", 0, nil
			}
			f.exports++
			return f.state, "", 0, nil
		case "import":
			content, err := os.ReadFile(flag(args, "--file"))
			if err != nil {
				return "", err.Error(), 1, err
			}
			f.imported = string(content)
			return "", "", 0, nil
		case "output":
			value := `"[secret]"`
			if slices.Contains(args, "--show-secrets") {
				value = `"hunter2"`
			}
			return `{"organization": {"id": "o-` + stack + `"}, "key": ` + value + `}`, "", 0, nil
		case "history":
			return "[]", "", 0, nil
		}
		return "", "", 0, nil
	case "preview", "up", "refresh", "destroy":
		if !slices.Contains(args, "--exec-kind=auto.inline") {
			return "", "", 0, nil
		}
		stderr := f.operate(ctx, stack, func(lines ...string) { f.send(flag(args, "--event-log"), lines) })
		if stderr != "" {
			return "", stderr, 255, errors.New("exit status 255")
		}
	}
	return "", "", 0, nil
}

// flag returns the value of a flag, in either form of it.
func flag(args []string, name string) string {
	for i, a := range args {
		if value, ok := strings.CutPrefix(a, name+"="); ok {
			return value
		}
		if a == name && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// record keeps what was asked for, without what differs from run to run.
func (f *fakePulumi) record(stack string, env, args []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	call := stack + ":"
	for i, a := range args {
		if a == "--event-log" || a == "--stack" || i > 0 && (args[i-1] == "--event-log" || args[i-1] == "--stack") || strings.HasPrefix(a, "--client=") {
			continue
		}
		call += " " + a
	}
	f.calls = append(f.calls, call)
	f.env = env
}

// called returns the calls about a stack that begin with one of the words.
func (f *fakePulumi) called(stack string, words ...string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []string
	for _, c := range f.calls {
		rest, ok := strings.CutPrefix(c, stack+": ")
		if first, _, _ := strings.Cut(rest, " "); ok && slices.Contains(words, first) {
			out = append(out, rest)
		}
	}
	return out
}

// send streams events as the CLI does.
func (f *fakePulumi) send(address string, lines []string) {
	conn, err := grpc.NewClient(strings.TrimPrefix(address, "tcp://"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(f.t, err)
	defer conn.Close()
	stream, err := pulumirpc.NewEventsClient(conn).StreamEvents(context.Background())
	require.NoError(f.t, err)
	for _, line := range lines {
		if line == "kill" {
			return
		}
		require.NoError(f.t, stream.Send(&pulumirpc.EventRequest{Event: line}))
	}
	_, err = stream.CloseAndRecv()
	require.NoError(f.t, err)
}

func lines(t *testing.T, name string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".jsonl"))
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// options are those of a run over a hub, two spokes and a break-glass organization.
func options(t *testing.T, f *fakePulumi) Options {
	t.Helper()
	f.t = t
	if f.state == "" {
		f.state = `{"version": 3, "deployment": {}}`
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), []byte("name: archipelago\nruntime: go\n"), 0o600))
	return Options{
		Dir: dir, Plan: &plan.Plan{Name: "acme", Hub: "core", Organizations: organizations("payments", "platform")},
		Program: func(*pulumi.Context) error { return nil }, Parallel: 2, Command: func() (auto.PulumiCommand, error) { return f, nil },
		Env: map[string]string{"PULUMI_BACKEND_URL": "file:///state"}, PulumiHome: filepath.Join(dir, "home"),
	}
}

func statuses(results []Result) map[string]string {
	out := map[string]string{}
	for _, r := range results {
		out[r.Stack] = strings.TrimSpace(fmt.Sprint(r.Status, " ", r.BlockedBy))
	}
	return out
}

func TestRun(t *testing.T) {
	t.Parallel()
	up := lines(t, "up")
	for _, op := range []Operation{Preview, Up, Refresh, Destroy} {
		f := &fakePulumi{operate: func(_ context.Context, _ string, send func(...string)) string {
			send(up...)
			return ""
		}}
		o := options(t, f)
		var seen []Event
		o.Watch = func(e Event) { seen = append(seen, e) }
		results, err := Run(t.Context(), op, o)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"core": "succeeded", "payments": "succeeded", "platform": "succeeded", "break-glass": "succeeded"}, statuses(results))
		for _, r := range results {
			require.Equal(t, map[string]int{"create": 1, "delete": 1, "same": 3, "update": 1}, r.Changes)
			require.Len(t, r.Steps, 3)
			require.Len(t, f.called(r.Stack, string(op)), 1)
			require.Contains(t, f.called(r.Stack, string(op))[0], "--parallel=10")
		}
		require.Equal(t, "core", results[0].Stack, "in plan order")
		require.Contains(t, f.env, "PULUMI_BACKEND_URL=file:///state")
		require.Contains(t, f.env, "PULUMI_SKIP_UPDATE_CHECK=true")
		require.Contains(t, f.env, "PULUMI_HOME="+o.PulumiHome)
		count := map[EventKind]int{}
		for _, e := range seen {
			count[e.Kind]++
		}
		require.Equal(t, map[EventKind]int{Started: 4, Finished: 4, Message: 8, Progress: 56}, count)
	}
}

func TestRunFailure(t *testing.T) {
	t.Parallel()
	failed := lines(t, "failed")
	f := &fakePulumi{operate: func(_ context.Context, stack string, send func(...string)) string {
		if stack != "core" {
			return ""
		}
		send(failed...)
		return "error: update failed"
	}}
	results, err := Run(t.Context(), Up, options(t, f))
	require.ErrorIs(t, err, ErrFailed)
	require.Equal(t, map[string]string{"core": "failed", "payments": "blocked core", "platform": "blocked core", "break-glass": "succeeded"}, statuses(results))
	require.Contains(t, results[0].Error, "payments/deny-leave: sdk-v2/provider2.go:572: sdk.helper_schema: creating Organizations Policy")
	require.Empty(t, f.called("payments", "up"))
}

// What the CLI leaves undone must not hold up, or be mistaken for success.
func TestRunBrokenStreams(t *testing.T) {
	t.Parallel()
	up := lines(t, "up")
	f := &fakePulumi{operate: func(_ context.Context, stack string, send func(...string)) string {
		switch stack {
		case "core":
			return "" // It never connects.
		case "payments":
			return "error: no credentials\n" // Nor here, and it fails.
		case "platform":
			send(append(slices.Clone(up[:9]), "kill")...)
			return "signal: killed"
		}
		send(append([]string{"{"}, up...)...)
		return ""
	}}
	results, err := Run(t.Context(), Up, options(t, f))
	require.ErrorIs(t, err, ErrFailed)
	require.Equal(t, map[string]string{"core": "succeeded", "payments": "failed", "platform": "failed", "break-glass": "succeeded"}, statuses(results))
	require.Empty(t, results[0].Changes)
	require.Equal(t, "no credentials", results[1].Error)
	require.Equal(t, "signal: killed", results[2].Error)
	require.Equal(t, 1, results[3].Changes["create"])
}

func TestRunInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	f := &fakePulumi{operate: func(ctx context.Context, _ string, _ func(...string)) string {
		cancel()
		<-ctx.Done()
		return "error: update canceled"
	}}
	o := options(t, f)
	o.Organizations = []string{"core", "payments"}
	results, err := Run(ctx, Up, o)
	require.ErrorIs(t, err, ErrFailed)
	require.Equal(t, map[string]string{"core": "failed", "payments": "blocked core"}, statuses(results))
	require.Equal(t, "update canceled", results[0].Error)
}

// A lock that a killed deployment left is lifted, once; any other is an error.
func TestRunLocked(t *testing.T) {
	t.Parallel()
	host, err := os.Hostname()
	require.NoError(t, err)
	for name, c := range map[string]struct {
		pid      int
		stays    bool
		want     Status
		canceled int
		attempts int
	}{
		"by a dead process":                {nobody, false, Succeeded, 1, 2},
		"by a dead process, and it stays":  {nobody, true, Failed, 1, 2},
		"by a process that is still there": {os.Getpid(), false, Failed, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakePulumi{}
			f.operate = func(_ context.Context, stack string, _ func(...string)) string {
				if !c.stays && len(f.called(stack, "cancel")) > 0 {
					return ""
				}
				_, message, _ := strings.Cut(lockMessage(fmt.Sprintf("ada@%s (pid %d)", host, c.pid)), "stderr: ")
				return message
			}
			o := options(t, f)
			o.Organizations = []string{"payments"}
			var messages []string
			o.Watch = func(e Event) {
				if e.Kind == Message {
					messages = append(messages, e.Text)
				}
			}
			results, _ := Run(t.Context(), Up, o)
			require.Equal(t, c.want, results[0].Status)
			require.Len(t, f.called("payments", "cancel"), c.canceled)
			require.Len(t, messages, c.canceled)
			require.Len(t, f.called("payments", "up"), c.attempts)
			for _, call := range f.called("payments", "cancel") {
				require.Contains(t, call, "--yes", "nobody is there to be asked")
			}
		})
	}
}

// guarded is a stack with a protected organization, an account that may be closed, and a policy.
const guarded = `{"version": 3, "deployment": {"resources": [
	{"urn": "urn:x::payments", "type": "aws:organizations/organization:Organization", "protect": true, "retainOnDelete": true, "n": 12345678901234567890},
	{"urn": "urn:x::payments/old", "type": "aws:organizations/account:Account", "inputs": {"closeOnDeletion": true}},
	{"urn": "urn:x::payments/deny", "type": "aws:organizations/policy:Policy"}]}}`

// A destroy that would end at protected resources does not begin; one that releases them closes no account.
func TestRunDestroy(t *testing.T) {
	t.Parallel()
	run := func(op Operation, state string, release bool) (Result, *fakePulumi) {
		f := &fakePulumi{operate: func(context.Context, string, func(...string)) string { return "" }, state: state}
		o := options(t, f)
		o.ReleaseProtected, o.Organizations = release, []string{"payments"}
		results, _ := Run(t.Context(), op, o)
		return results[0], f
	}
	refused, f := run(Destroy, guarded, false)
	require.Equal(t, Failed, refused.Status)
	require.Equal(t, "destroy payments: payments are protected, so nothing was deleted: with --release-protected they stay in AWS, without policies, and Pulumi forgets them", refused.Error)
	require.Empty(t, f.called("payments", "destroy"))
	require.Empty(t, f.imported)

	released, f := run(Destroy, guarded, true)
	require.Equal(t, Succeeded, released.Status)
	require.JSONEq(t, strings.NewReplacer(`"protect": true, `, "", `Account", `, `Account", "retainOnDelete": true, `).Replace(guarded), f.imported)
	require.Contains(t, f.imported, "12345678901234567890")
	require.Len(t, f.called("payments", "destroy"), 1)

	for _, state := range []string{`{"version": 3}`, `{"version": 3, "deployment": {"resources": [{"urn": "u", "type": "t"}]}}`} {
		plain, f := run(Destroy, state, false)
		require.Equal(t, Succeeded, plain.Status, plain.Error)
		require.Empty(t, f.imported)
	}
	broken, f := run(Destroy, `{"version": 3, "deployment": []}`, true)
	require.Contains(t, broken.Error, "read state: ")
	require.Empty(t, f.called("payments", "destroy"))

	_, f = run(Up, guarded, true)
	require.Empty(t, f.imported)
}

// A stack without interrupted creations needs no help and no AWS.
func TestRunRecoversNothing(t *testing.T) {
	t.Parallel()
	f := &fakePulumi{
		operate: func(context.Context, string, func(...string)) string { return "" },
		state:   `{"version": 3, "deployment": {"pending_operations": [{"type": "updating", "resource": {"urn": "u", "type": "t"}}]}}`,
	}
	_, err := Run(t.Context(), Up, options(t, f))
	require.NoError(t, err)
	require.Empty(t, f.called("payments", "refresh"))
	require.Len(t, f.called("payments", "up"), 1)
}

// What an interrupted deployment created is taken over before anything is created again.
func TestRunRecovers(t *testing.T) {
	t.Parallel()
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch action := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSOrganizationsV20161128."); action {
		case "ListCreateAccountStatus":
			fmt.Fprint(w, `{"CreateAccountStatuses": []}`)
		case "ListAccounts":
			fmt.Fprint(w, `{"Accounts": [{"Id": "111122223333", "Email": "aws+web@acme.example"}]}`)
		case "":
			fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>200000000001</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
		default:
			t.Errorf("call of %s", action)
		}
	}))
	t.Cleanup(aws.Close)
	f := &fakePulumi{
		operate: func(context.Context, string, func(...string)) string { return "" },
		state: `{"version": 3, "deployment": {"pending_operations": [
			{"type": "creating", "resource": {"urn": "urn:pulumi:payments::archipelago::aws:organizations/account:Account::payments/web", "type": "aws:organizations/account:Account", "inputs": {"email": "aws+web@acme.example"}}},
			{"type": "creating", "resource": {"urn": "urn:pulumi:payments::archipelago::aws:organizations/account:Account::payments/db", "type": "aws:organizations/account:Account", "inputs": {"email": "aws+db@acme.example"}}}]}}`,
	}
	o := options(t, f)
	o.Organizations = []string{"payments"}
	config := filepath.Join(o.Dir, "aws")
	require.NoError(t, os.WriteFile(config, []byte("[default]\naws_access_key_id = x\naws_secret_access_key = x\n"), 0o600))
	o.Env = map[string]string{"AWS_ENDPOINT_URL": aws.URL, "AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "default"}
	for _, org := range o.Plan.Organizations {
		org.Management = plan.Management{AccountID: "200000000001", Region: "eu-west-1"}
	}
	var messages []string
	o.Watch = func(e Event) {
		if e.Kind == Message {
			messages = append(messages, e.Text)
		}
	}
	_, err := Run(t.Context(), Up, o)
	require.NoError(t, err)
	require.Equal(t, []string{
		"payments/web was being created when the last deployment was interrupted; AWS has it as 111122223333, it is taken over",
		"payments/db was being created when the last deployment was interrupted; AWS does not have it, it will be created again",
	}, messages)
	const web = "urn:pulumi:payments::archipelago::aws:organizations/account:Account::payments/web"
	require.JSONEq(t, `{"version": 3, "deployment": {"resources": [
		{"urn": "`+web+`", "id": "111122223333", "type": "aws:organizations/account:Account", "inputs": {"email": "aws+web@acme.example"},
		 "outputs": {"id": "111122223333", "email": "aws+web@acme.example"}}]}}`, f.imported)
	require.Equal(t, []string{"refresh --yes --skip-preview --target " + web}, f.called("payments", "refresh"))
	calls := f.called("payments", "refresh", "up")
	require.Len(t, calls, 2)
	require.True(t, strings.HasPrefix(calls[1], "up "), "first taken over, then deployed")

	// What seemed interrupted was under way: by now it has noted what it created.
	f.imported, f.exports, f.later = "", 0, `{"version": 3, "deployment": {"manifest": {"time": "2026-11-22T10:11:12Z"}, "resources": [{"urn": "`+web+`", "id": "111122223333"}]}}`
	results, err := Run(t.Context(), Up, o)
	require.ErrorIs(t, err, ErrFailed)
	require.Equal(t, "take over interrupted resources: another deployment of this stack has been under way; nothing was changed, run this one again", results[0].Error)
	require.Empty(t, f.imported, "the other deployment's state is not overwritten")
	f.later = ""

	f.state = `{"version": 3, "deployment": {"pending_operations": [{"type": "creating", "resource": {"urn": "urn:pulumi:p::a::t::payments/web", "type": "aws:organizations/account:Account", "inputs": {}}}]}}`
	results, err = Run(t.Context(), Up, o)
	require.ErrorIs(t, err, ErrFailed)
	require.Equal(t, "look for payments/web, whose creation was interrupted: read email: the state does not have it as a text", results[0].Error)
}

func TestRunRefusesToStart(t *testing.T) {
	t.Parallel()
	f := &fakePulumi{}
	o := options(t, f)
	o.Organizations = []string{"nowhere"}
	_, err := Run(t.Context(), Up, o)
	require.EqualError(t, err, `there is no organization "nowhere"; there are core, payments, platform, break-glass`)

	o = options(t, f)
	o.Dir = t.TempDir()
	_, err = Run(t.Context(), Up, o)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "find the Pulumi project")

	o = options(t, f)
	o.Plan.Organizations[0].DependsOn = []string{"payments"}
	_, err = Run(t.Context(), Up, o)
	require.EqualError(t, err, `organization "core" depends on itself`)
	require.Empty(t, f.calls)

	o = options(t, f)
	o.Command = func() (auto.PulumiCommand, error) { return nil, errors.New("find the Pulumi CLI: not there") }
	_, err = Run(t.Context(), Up, o)
	require.EqualError(t, err, "find the Pulumi CLI: not there")
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	f := &fakePulumi{}
	o := options(t, f)
	o.Organizations = []string{"payments", "core"}
	got, err := Outputs(t.Context(), o)
	require.NoError(t, err)
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, `{"core": {"organization": {"id": "o-core"}, "key": "[secret]"}, "payments": {"organization": {"id": "o-payments"}, "key": "[secret]"}}`, string(b))
	_, err = Outputs(t.Context(), Options{Plan: o.Plan, Organizations: []string{"x"}})
	require.Error(t, err)
}
