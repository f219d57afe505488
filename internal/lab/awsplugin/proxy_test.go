package awsplugin

import (
	"context"
	"errors"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

const (
	accountType       = "aws:organizations/account:Account"
	accountURN        = "urn:pulumi:dev::p::" + accountType + "::a"
	bridgeAccountType = "aws:index/organizationsAccount:OrganizationsAccount"
	bridgeAccountURN  = "urn:pulumi:dev::p::" + bridgeAccountType + "::a"

	alarmURN    = "urn:pulumi:dev::p::aws:cloudwatch/metricAlarm:MetricAlarm::a"
	providerURN = "urn:pulumi:dev::p::pulumi:providers:aws::core"
)

func TestResourceCallsAreTranslated(t *testing.T) {
	t.Parallel()
	f := &fakeBridge{
		check:  &pulumirpc.CheckResponse{},
		diff:   &pulumirpc.DiffResponse{},
		create: &pulumirpc.CreateResponse{Id: "1"},
		read:   &pulumirpc.ReadResponse{Id: "1"},
		update: &pulumirpc.UpdateResponse{},
	}
	p := proxyTo(t, f, nil)
	ctx := context.Background()
	state := properties(t, object{"secret": secret("x"), "__meta": "m"})

	_, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: accountURN, Type: accountType, News: state, RandomSeed: []byte{1}})
	require.NoError(t, err)
	check, ok := f.last().(*pulumirpc.CheckRequest)
	require.True(t, ok)
	require.Equal(t, bridgeAccountURN, check.GetUrn())
	require.Equal(t, bridgeAccountType, check.GetType())
	require.Equal(t, []byte{1}, check.GetRandomSeed())
	require.Equal(t, state.AsMap(), check.GetNews().AsMap())

	// An engine that does not send the type yet gets no type sent on.
	type request interface {
		GetUrn() string
		GetType() string
	}
	calls := map[string]func() error{
		"diff":   func() error { _, err := p.Diff(ctx, &pulumirpc.DiffRequest{Urn: accountURN}); return err },
		"create": func() error { _, err := p.Create(ctx, &pulumirpc.CreateRequest{Urn: accountURN}); return err },
		"read":   func() error { _, err := p.Read(ctx, &pulumirpc.ReadRequest{Urn: accountURN}); return err },
		"update": func() error { _, err := p.Update(ctx, &pulumirpc.UpdateRequest{Urn: accountURN}); return err },
		"delete": func() error { _, err := p.Delete(ctx, &pulumirpc.DeleteRequest{Urn: accountURN}); return err },
	}
	for name, call := range calls {
		require.NoError(t, call(), name)
		r, ok := f.last().(request)
		require.True(t, ok, name)
		require.Equal(t, bridgeAccountURN, r.GetUrn(), name)
		require.Empty(t, r.GetType(), name)
	}
}

func TestPropertiesAndPathsAreTranslated(t *testing.T) {
	t.Parallel()
	f := &fakeBridge{
		check: &pulumirpc.CheckResponse{
			Inputs:   properties(t, object{"alarmName": "a"}),
			Failures: []*pulumirpc.CheckFailure{{Property: "alarmName", Reason: "bad"}},
		},
		diff: &pulumirpc.DiffResponse{
			Replaces: []string{"alarmName"}, Diffs: []string{"alarmName"}, HasDetailedDiff: true,
			DetailedDiff: map[string]*pulumirpc.PropertyDiff{"alarmName": {Kind: pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		},
	}
	p := proxyTo(t, f, nil)
	ctx := context.Background()

	check, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: alarmURN})
	require.NoError(t, err)
	require.Equal(t, object{"name": "a"}, check.GetInputs().AsMap())
	require.Equal(t, "name", check.GetFailures()[0].GetProperty())

	diff, err := p.Diff(ctx, &pulumirpc.DiffRequest{
		Urn: alarmURN, IgnoreChanges: []string{"name"},
		Olds: properties(t, object{"name": "b"}), News: properties(t, object{"name": "a"}),
	})
	require.NoError(t, err)
	require.Equal(t, []string{"name"}, diff.GetReplaces())
	require.Equal(t, []string{"name"}, diff.GetDiffs())
	require.Equal(t, pulumirpc.PropertyDiff_UPDATE_REPLACE, diff.GetDetailedDiff()["name"].GetKind())
	sent, ok := f.last().(*pulumirpc.DiffRequest)
	require.True(t, ok)
	require.Equal(t, []string{"alarmName"}, sent.GetIgnoreChanges())
	require.Equal(t, object{"alarmName": "b"}, sent.GetOlds().AsMap())
}

func TestImportHasNoInputForTheID(t *testing.T) {
	t.Parallel()
	f := &fakeBridge{read: &pulumirpc.ReadResponse{
		Id:         "1",
		Inputs:     properties(t, object{"name": "a", "organizationsAccountId": "1"}),
		Properties: properties(t, object{"name": "a", "organizationsAccountId": "1"}),
	}}
	resp, err := proxyTo(t, f, nil).Read(context.Background(), &pulumirpc.ReadRequest{Urn: accountURN, Id: "1"})
	require.NoError(t, err)
	require.Equal(t, object{"name": "a"}, resp.GetInputs().AsMap())
	require.Len(t, resp.GetProperties().GetFields(), 2)
}

func TestProviderCallsAreTranslated(t *testing.T) {
	t.Parallel()
	f := &fakeBridge{
		check:     &pulumirpc.CheckResponse{Inputs: properties(t, object{"assumeRoles": `[{"roleArn":"a"}]`})},
		diff:      &pulumirpc.DiffResponse{Diffs: []string{"assumeRoles"}},
		configure: &pulumirpc.ConfigureResponse{SupportsPreview: true},
		invoke:    &pulumirpc.InvokeResponse{},
	}
	p := proxyTo(t, f, nil)
	ctx := context.Background()
	config := object{"assumeRole": object{"roleArn": "a"}}

	check, err := p.CheckConfig(ctx, &pulumirpc.CheckRequest{Urn: providerURN, News: properties(t, config)})
	require.NoError(t, err)
	require.Equal(t, object{"assumeRole": `{"roleArn":"a"}`}, check.GetInputs().AsMap())

	diff, err := p.DiffConfig(ctx, &pulumirpc.DiffRequest{Urn: providerURN})
	require.NoError(t, err)
	require.Equal(t, []string{"assumeRole"}, diff.GetDiffs())

	configured, err := p.Configure(ctx, &pulumirpc.ConfigureRequest{Args: properties(t, config)})
	require.NoError(t, err)
	require.True(t, configured.GetSupportsPreview())
	sent, ok := f.last().(*pulumirpc.ConfigureRequest)
	require.True(t, ok)
	require.Equal(t, object{"assumeRoles": []any{object{"roleArn": "a"}}}, sent.GetArgs().AsMap())

	_, err = p.Invoke(ctx, &pulumirpc.InvokeRequest{Tok: "aws:organizations/getOrganization:getOrganization"})
	require.NoError(t, err)
	invoked, ok := f.last().(*pulumirpc.InvokeRequest)
	require.True(t, ok)
	require.Equal(t, "aws:index/getOrganizationsOrganization:getOrganizationsOrganization", invoked.GetTok())
}

func TestErrorsKeepCodeAndDetailsAndNameTheResource(t *testing.T) {
	t.Parallel()
	st, err := status.New(codes.ResourceExhausted, bridgeAccountType+" of "+bridgeAccountURN+" went wrong").
		WithDetails(&pulumirpc.ErrorResourceInitFailed{Id: "1"})
	require.NoError(t, err)
	p := proxyTo(t, &fakeBridge{err: st.Err()}, nil)

	_, err = p.Create(context.Background(), &pulumirpc.CreateRequest{Urn: accountURN})
	got := status.Convert(err)
	require.Equal(t, codes.ResourceExhausted, got.Code())
	require.Equal(t, accountType+" of "+accountURN+" went wrong", got.Message())
	require.Len(t, got.Details(), 1)
}

func TestCallsFailWithTheReasonWhenTheBridgeDoesNotStart(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := bridgeOptions{}
	p := newProxy(ctx, o, &host{}, newPlanner(ctx, o, nil, ""))

	_, err := p.CheckConfig(ctx, &pulumirpc.CheckRequest{Urn: providerURN})
	require.ErrorContains(t, err, "start bridge: "+BridgeEnv)
	_, err = p.Cancel(ctx, &emptypb.Empty{})
	require.NoError(t, err)

	// A call that nobody waits for any longer ends as well.
	never := &proxy{host: &host{}, planner: &planner{}, started: make(chan struct{})}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = never.Check(canceled, &pulumirpc.CheckRequest{Urn: accountURN})
	require.ErrorIs(t, err, context.Canceled)
}

func TestAnswersOfItsOwn(t *testing.T) {
	t.Parallel()
	p := &proxy{}
	info, err := p.GetPluginInfo(context.Background(), &emptypb.Empty{})
	require.NoError(t, err)
	require.Equal(t, Version, info.GetVersion())
	schema, err := p.GetSchema(context.Background(), &pulumirpc.GetSchemaRequest{})
	require.NoError(t, err)
	require.JSONEq(t, `{"name":"aws","version":"`+Version+`"}`, schema.GetSchema())
	_, err = p.Handshake(context.Background(), &pulumirpc.ProviderHandshakeRequest{})
	require.Equal(t, codes.Unimplemented, status.Code(err))
}

// logs is an engine that keeps what is logged.
type logs struct {
	pulumirpc.UnimplementedEngineServer

	last *pulumirpc.LogRequest
}

func (l *logs) Log(_ context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	l.last = req
	if req.GetMessage() == "" {
		return nil, errors.New("empty")
	}
	return &emptypb.Empty{}, nil
}

func TestLogMessagesNameTheResourceAsTheEngineDoes(t *testing.T) {
	t.Parallel()
	engine := &logs{}
	conn := serveTest(t, func(s *grpc.Server) { pulumirpc.RegisterEngineServer(s, engine) })
	h := &host{engine: pulumirpc.NewEngineClient(conn)}
	require.Equal(t, bridgeAccountURN, h.bridgeURN(accountURN))

	_, err := h.Log(context.Background(), &pulumirpc.LogRequest{Urn: bridgeAccountURN, Message: "m", StreamId: 3})
	require.NoError(t, err)
	require.Equal(t, accountURN, engine.last.GetUrn())
	require.Equal(t, int32(3), engine.last.GetStreamId())

	_, err = h.Log(context.Background(), &pulumirpc.LogRequest{Message: "about the whole"})
	require.NoError(t, err)
	require.Empty(t, engine.last.GetUrn())
}
