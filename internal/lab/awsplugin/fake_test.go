package awsplugin

import (
	"context"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	"strconv"
)

// fakeBridge answers with what a test prepared, and keeps the last request.
type fakeBridge struct {
	pulumirpc.UnimplementedResourceProviderServer

	mu      sync.Mutex
	request proto.Message

	check     *pulumirpc.CheckResponse
	diff      *pulumirpc.DiffResponse
	create    *pulumirpc.CreateResponse
	read      *pulumirpc.ReadResponse
	update    *pulumirpc.UpdateResponse
	configure *pulumirpc.ConfigureResponse
	invoke    *pulumirpc.InvokeResponse
	err       error
}

// last returns the last request.
func (f *fakeBridge) last() proto.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.request
}

func answer[R proto.Message](f *fakeBridge, req proto.Message, resp R) (R, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.request = req
	return resp, f.err
}

func (f *fakeBridge) CheckConfig(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return answer(f, req, f.check)
}

func (f *fakeBridge) DiffConfig(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return answer(f, req, f.diff)
}

func (f *fakeBridge) Configure(
	_ context.Context, req *pulumirpc.ConfigureRequest,
) (*pulumirpc.ConfigureResponse, error) {
	return answer(f, req, f.configure)
}

func (f *fakeBridge) Invoke(_ context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	return answer(f, req, f.invoke)
}

func (f *fakeBridge) Check(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return answer(f, req, f.check)
}

func (f *fakeBridge) Diff(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return answer(f, req, f.diff)
}

func (f *fakeBridge) Create(_ context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	return answer(f, req, f.create)
}

func (f *fakeBridge) Read(_ context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	return answer(f, req, f.read)
}

func (f *fakeBridge) Update(_ context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	return answer(f, req, f.update)
}

func (f *fakeBridge) Delete(_ context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	return answer(f, req, &emptypb.Empty{})
}

// proxyTo returns a proxy in front of f, over a connection as in real life.
func proxyTo(t *testing.T, f *fakeBridge, p *planner) *proxy {
	t.Helper()
	conn := serveTest(t, func(s *grpc.Server) { pulumirpc.RegisterResourceProviderServer(s, f) })
	if p == nil {
		p = &planner{}
	}
	proxy := &proxy{host: &host{}, planner: p, archives: newArchives(""), started: make(chan struct{})}
	proxy.bridge = pulumirpc.NewResourceProviderClient(conn)
	close(proxy.started)
	return proxy
}

// serveTest serves what register registers for as long as the test runs.
func serveTest(t *testing.T, register func(*grpc.Server)) *grpc.ClientConn {
	t.Helper()
	cancel := make(chan bool)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(s *grpc.Server) error {
			register(s)
			return nil
		},
	})
	require.NoError(t, err)
	conn, err := grpc.NewClient("127.0.0.1:"+strconv.Itoa(handle.Port),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, conn.Close())
		close(cancel)
		require.NoError(t, <-handle.Done)
	})
	return conn
}
