package awsplugin

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// host is the engine as the bridge sees it. All that the bridge wants of an engine is to log; it
// passes that on, with the resource that a message is about called by the name the engine knows.
type host struct {
	pulumirpc.UnimplementedEngineServer

	engine pulumirpc.EngineClient // nil: nobody listens
	// urns has the engine's URN of each one that was given to the bridge. Types cannot be
	// translated back one by one: two of pulumi-aws may be the same to the bridge.
	urns sync.Map
}

func dialHost(address string) (*host, error) {
	conn, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return nil, fmt.Errorf("connect to engine: %w", err)
	}
	return &host{engine: pulumirpc.NewEngineClient(conn)}, nil
}

// serve listens for the bridge and returns the address.
func (h *host) serve() (string, error) {
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterEngineServer(s, h)
			return nil
		},
	})
	if err != nil {
		return "", fmt.Errorf("serve engine to bridge: %w", err)
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(handle.Port)), nil
}

// bridgeURN is the function of that name, and remembers the result for log messages.
func (h *host) bridgeURN(urn string) string {
	translated := bridgeURN(urn)
	if translated != urn {
		h.urns.Store(translated, urn)
	}
	return translated
}

// Log passes a message of the bridge to the engine.
func (h *host) Log(ctx context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	if urn, ok := h.urns.Load(req.GetUrn()); ok {
		req.Urn, _ = urn.(string)
	}
	if h.engine == nil {
		return &emptypb.Empty{}, nil
	}
	return h.engine.Log(ctx, req)
}
