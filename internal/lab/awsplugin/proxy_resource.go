package awsplugin

import (
	"context"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

// Check passes the call on.
func (p *proxy) Check(ctx context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	s := p.subject(req.GetUrn())
	req.Urn, req.Type = s.bridgeURN, s.typ(req.GetType())
	s.toBridge(req.GetOlds(), req.GetNews())
	resp, err := b.Check(ctx, req)
	if err != nil {
		return nil, s.err(err)
	}
	s.fromBridge(resp.GetInputs())
	s.failures(resp.GetFailures())
	return resp, nil
}

// Diff passes the call on.
func (p *proxy) Diff(ctx context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	s := p.subject(req.GetUrn())
	req.Urn, req.Type = s.bridgeURN, s.typ(req.GetType())
	s.toBridge(req.GetOlds(), req.GetNews(), req.GetOldInputs())
	req.IgnoreChanges = s.pathsToBridge(req.GetIgnoreChanges())
	resp, err := b.Diff(ctx, req)
	if err != nil {
		return nil, s.err(err)
	}
	s.diff(resp)
	return resp, nil
}

// Create passes the call on, or plans.
func (p *proxy) Create(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	s := p.subject(req.GetUrn())
	req.Urn, req.Type = s.bridgeURN, s.typ(req.GetType())
	s.toBridge(req.GetProperties())
	if err := s.writeArchives(req.GetProperties(), req.GetPreview()); err != nil {
		return nil, err
	}
	var resp *pulumirpc.CreateResponse
	if t, ok := p.planner.planned(s.token); ok && !req.GetPreview() {
		resp, err = p.planner.create(ctx, b, s, t, req)
	} else {
		resp, err = b.Create(ctx, req)
	}
	if err != nil {
		return nil, s.err(err)
	}
	s.fromBridge(resp.GetProperties())
	return resp, nil
}

// Read passes the call on. What is only planned is as the state has it.
func (p *proxy) Read(ctx context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	s := p.subject(req.GetUrn())
	if _, ok := p.planner.planned(s.token); ok {
		return readPlanned(req)
	}
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	req.Urn, req.Type = s.bridgeURN, s.typ(req.GetType())
	s.toBridge(req.GetProperties(), req.GetInputs())
	withID(req, idProperty(s.token))
	resp, err := b.Read(ctx, req)
	if err != nil {
		return nil, s.err(err)
	}
	s.fromBridge(resp.GetProperties(), resp.GetInputs())
	// The bridge offers a resource's id as a property with a name of its own, which no program
	// can set: among the inputs of an import it would be a difference.
	delete(resp.GetInputs().GetFields(), idProperty(s.token))
	return resp, nil
}

// withID adds the id to a state that lacks the bridge's own property for it, as a state that pulumi-aws
// wrote does: without it the bridge looks for a resource with no id, and finds none.
func withID(req *pulumirpc.ReadRequest, property string) {
	state := req.GetProperties().GetFields()
	if len(state) == 0 || state[property].GetStringValue() != "" {
		return
	}
	state[property] = structpb.NewStringValue(req.GetId())
}

// Update passes the call on, or plans.
func (p *proxy) Update(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	s := p.subject(req.GetUrn())
	req.Urn, req.Type = s.bridgeURN, s.typ(req.GetType())
	s.toBridge(req.GetOlds(), req.GetNews(), req.GetOldInputs())
	req.IgnoreChanges = s.pathsToBridge(req.GetIgnoreChanges())
	if err := s.writeArchives(req.GetNews(), req.GetPreview()); err != nil {
		return nil, err
	}
	var resp *pulumirpc.UpdateResponse
	if _, ok := p.planner.planned(s.token); ok && !req.GetPreview() {
		resp, err = p.planner.update(ctx, b, s, req)
	} else {
		resp, err = b.Update(ctx, req)
	}
	if err != nil {
		return nil, s.err(err)
	}
	s.fromBridge(resp.GetProperties())
	return resp, nil
}

// Delete passes the call on. What is only planned is gone at once.
func (p *proxy) Delete(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	s := p.subject(req.GetUrn())
	if _, ok := p.planner.planned(s.token); ok {
		return &emptypb.Empty{}, nil
	}
	b, err := p.ready(ctx)
	if err != nil {
		return nil, err
	}
	req.Urn, req.Type = s.bridgeURN, s.typ(req.GetType())
	s.toBridge(req.GetProperties(), req.GetOldInputs())
	resp, err := b.Delete(ctx, req)
	if err != nil {
		return nil, s.err(err)
	}
	return resp, nil
}

// readPlanned answers with the stored state. There is none when a resource is imported, and so
// nothing is found.
func readPlanned(req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	if len(req.GetProperties().GetFields()) == 0 {
		return &pulumirpc.ReadResponse{Properties: &structpb.Struct{}}, nil
	}
	return &pulumirpc.ReadResponse{
		Id: req.GetId(), Properties: req.GetProperties(), Inputs: req.GetInputs(),
	}, nil
}
