package awsplugin

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// CheckConfig passes the call on.
func (p *proxy) CheckConfig(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	s := p.subject(req.GetUrn())
	s.toBridge(req.GetOlds(), req.GetNews())
	resp, err := b.CheckConfig(ctx, req)
	if err != nil {
		return nil, s.err(err)
	}
	s.fromBridge(resp.GetInputs())
	s.failures(resp.GetFailures())
	return resp, nil
}

// DiffConfig passes the call on.
func (p *proxy) DiffConfig(ctx context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	s := p.subject(req.GetUrn())
	s.toBridge(req.GetOlds(), req.GetNews(), req.GetOldInputs())
	req.IgnoreChanges = s.pathsToBridge(req.GetIgnoreChanges())
	resp, err := b.DiffConfig(ctx, req)
	if err != nil {
		return nil, s.err(err)
	}
	s.diff(resp)
	return resp, nil
}

// Configure passes the call on. The request has the configuration twice; the bridge reads Args.
func (p *proxy) Configure(
	ctx context.Context, req *pulumirpc.ConfigureRequest,
) (*pulumirpc.ConfigureResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	p.planner.configure(req.GetArgs())
	toBridge(configShapes, req.GetArgs())
	return b.Configure(ctx, req)
}

// Invoke passes the call on.
func (p *proxy) Invoke(ctx context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	req.Tok = bridgeToken(req.GetTok())
	return b.Invoke(ctx, req)
}
