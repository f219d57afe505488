package awsplugin

import (
	"context"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// proxy answers the engine with what the bridge says. What it does not implement is answered with
// "unimplemented", as the bridge would: Handshake (the engine then negotiates in Configure),
// Parameterize, Attach, Construct, Call and mappings.
type proxy struct {
	pulumirpc.UnimplementedResourceProviderServer

	host     *host
	planner  *planner
	archives *archives
	// started is closed when bridge and startErr are set.
	started  chan struct{}
	bridge   pulumirpc.ResourceProviderClient
	startErr error
}

// newProxy starts the bridge, and does not wait for it: the engine has other plugins to start.
func newProxy(ctx context.Context, o bridgeOptions, h *host, pl *planner) *proxy {
	p := &proxy{host: h, planner: pl, archives: newArchives(pl.file), started: make(chan struct{})}
	go func() {
		defer close(p.started)
		b, err := startBridge(ctx, o)
		if err != nil {
			p.startErr = err
			return
		}
		p.bridge = b
	}()
	return p
}

// ready waits for the bridge.
func (p *proxy) ready(ctx context.Context) (pulumirpc.ResourceProviderClient, error) {
	select {
	case <-p.started:
		return p.bridge, p.startErr
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// subject is what a call is about: a resource, or the provider itself, on both sides.
type subject struct {
	urn, token             string // as the engine calls it
	bridgeURN, bridgeToken string
	shapes                 []shape
	archives               *archives
}

func (p *proxy) subject(urn string) subject {
	token := typeOf(urn)
	s := subject{
		urn: urn, bridgeURN: p.host.bridgeURN(urn),
		token: token, bridgeToken: bridgeToken(token),
		shapes: resourceShapes[token], archives: p.archives,
	}
	if strings.HasPrefix(token, "pulumi:providers:") {
		s.shapes = configShapes
	}
	return s
}

// typ translates the type of a request, which engines before it existed leave out.
func (s subject) typ(requested string) string {
	if requested == s.token {
		return s.bridgeToken
	}
	return requested
}

func (s subject) toBridge(properties ...*structpb.Struct) {
	toBridge(s.shapes, properties...)
	s.convertArchives(s.archives.toFile, properties)
}

func (s subject) fromBridge(properties ...*structpb.Struct) {
	s.convertArchives(s.archives.fromFile, properties)
	fromBridge(s.shapes, properties...)
}

func (s subject) pathsToBridge(paths []string) []string {
	return s.translate(paths, pathToBridge)
}

func (s subject) pathsFromBridge(paths []string) []string {
	return s.translate(paths, pathFromBridge)
}

func (s subject) translate(paths []string, one func([]shape, string) string) []string {
	for i, path := range paths {
		paths[i] = one(s.shapes, path)
	}
	return paths
}

func (s subject) failures(failures []*pulumirpc.CheckFailure) {
	for _, f := range failures {
		f.Property = pathFromBridge(s.shapes, f.GetProperty())
		f.Reason = s.text(f.GetReason())
	}
}

func (s subject) diff(d *pulumirpc.DiffResponse) {
	d.Replaces = s.pathsFromBridge(d.GetReplaces())
	d.Stables = s.pathsFromBridge(d.GetStables())
	d.Diffs = s.pathsFromBridge(d.GetDiffs())
	if len(s.shapes) == 0 {
		return
	}
	detailed := make(map[string]*pulumirpc.PropertyDiff, len(d.GetDetailedDiff()))
	for path, change := range d.GetDetailedDiff() {
		detailed[pathFromBridge(s.shapes, path)] = change
	}
	d.DetailedDiff = detailed
}

// err keeps the status of an error, with its code and details, and names the subject as the
// engine does.
func (s subject) err(err error) error {
	st, ok := status.FromError(err)
	if !ok {
		return err
	}
	translated := st.Proto()
	translated.Message = s.text(translated.GetMessage())
	return status.ErrorProto(translated)
}

func (s subject) text(t string) string {
	if s.urn == s.bridgeURN {
		return t
	}
	t = strings.ReplaceAll(t, s.bridgeURN, s.urn)
	return strings.ReplaceAll(t, s.bridgeToken, s.token)
}

// GetPluginInfo answers at once: the engine asks before anything else.
func (p *proxy) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: Version}, nil
}

// GetSchema answers with an empty package. The bridge's own schema takes a minute and more than a
// gigabyte to make, and nothing that runs a Go program needs it.
func (p *proxy) GetSchema(context.Context, *pulumirpc.GetSchemaRequest) (*pulumirpc.GetSchemaResponse, error) {
	return &pulumirpc.GetSchemaResponse{Schema: `{"name":"aws","version":"` + Version + `"}`}, nil
}

// Cancel passes the call on if there is somebody to pass it to.
func (p *proxy) Cancel(ctx context.Context, req *emptypb.Empty) (*emptypb.Empty, error) {
	select {
	case <-p.started:
		if p.startErr == nil {
			return p.bridge.Cancel(ctx, req)
		}
	default:
	}
	return &emptypb.Empty{}, nil
}
