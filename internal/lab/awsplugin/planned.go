package awsplugin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// plannedTypes are the resource types that the emulator cannot hold. The provider still checks and
// diffs them; what would be created is only planned. Keep it short, and give each the reason: what
// can be applied, is.
var plannedTypes []plannedType

// plannedType is one row of plannedTypes.
type plannedType struct {
	// token is the type's Pulumi token.
	token string
	// reason says what the emulator lacks.
	reason string
	// id is a template for the resource's id, which should have the shape that AWS gives it. In
	// braces it may have region, account, uuid, hash (17 hexadecimal digits), or the name of a
	// property of the resource.
	id string
	// properties has templates, as for id, for computed properties whose shape matters, by the
	// names that the bridge has for them. They may have id in braces as well.
	properties map[string]string
}

// planner answers for resources of planned types.
type planner struct {
	types   []plannedType
	file    string // see PlannedEnv
	schemas *schemas

	mu              sync.Mutex
	region, account string
}

func newPlanner(ctx context.Context, o bridgeOptions, types []plannedType, file string) *planner {
	return &planner{types: types, file: file, schemas: newSchemas(ctx, o, types)}
}

func (p *planner) planned(token string) (plannedType, bool) {
	for _, t := range p.types {
		if t.token == token {
			return t, true
		}
	}
	return plannedType{}, false
}

// accountID finds an account id in configuration: in a list of them or in the ARN of a role.
var accountID = regexp.MustCompile(`\b\d{12}\b`)

// configure learns region and account from the provider's configuration.
func (p *planner) configure(config *structpb.Struct) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fields := config.GetFields()
	p.region = fields["region"].GetStringValue()
	for _, name := range []string{"allowedAccountIds", "assumeRole"} {
		if p.account = accountID.FindString(fields[name].String()); p.account != "" {
			return
		}
	}
}

// create answers a Create that is not a preview with what a preview would answer, completed.
func (p *planner) create(
	ctx context.Context, b pulumirpc.ResourceProviderClient, s subject, t plannedType, req *pulumirpc.CreateRequest,
) (*pulumirpc.CreateResponse, error) {
	req.Preview = true
	resp, err := b.Create(ctx, req)
	if err != nil {
		return nil, err
	}
	schema, err := p.schemas.resource(s.bridgeToken)
	if err != nil {
		return nil, err
	}
	state := resp.GetProperties()
	values := p.values(s.urn)
	resp.Id = expand(t.id, values, state)
	values["id"] = resp.GetId()
	for name, template := range t.properties {
		state.Fields[name] = structpb.NewStringValue(expand(template, values, state))
	}
	for _, name := range []string{"id", idProperty(s.token)} {
		if _, ok := state.GetFields()[name]; ok {
			state.Fields[name] = structpb.NewStringValue(resp.GetId())
		}
	}
	p.schemas.fill(state, schema.Properties, nil, values["hash"])
	return resp, p.mark(s.urn)
}

// update answers an Update that is not a preview with what a preview would answer, completed from
// the state before.
func (p *planner) update(
	ctx context.Context, b pulumirpc.ResourceProviderClient, s subject, req *pulumirpc.UpdateRequest,
) (*pulumirpc.UpdateResponse, error) {
	req.Preview = true
	resp, err := b.Update(ctx, req)
	if err != nil {
		return nil, err
	}
	schema, err := p.schemas.resource(s.bridgeToken)
	if err != nil {
		return nil, err
	}
	p.schemas.fill(resp.GetProperties(), schema.Properties, req.GetOlds(), p.values(s.urn)["hash"])
	return resp, nil
}

// values are what templates may use. They depend on the URN alone, so that the same resource has
// the same id in each lab.
func (p *planner) values(urn string) map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	sum := sha256.Sum256([]byte(urn))
	digits := hex.EncodeToString(sum[:])
	values := map[string]string{
		"region":  p.region,
		"account": p.account,
		"hash":    digits[:17],
		"uuid": strings.Join([]string{
			digits[:8], digits[8:12], "4" + digits[13:16], "8" + digits[17:20], digits[20:32],
		}, "-"),
	}
	if values["region"] == "" {
		values["region"] = "us-east-1"
	}
	if values["account"] == "" {
		values["account"] = "123456789012"
	}
	return values
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

// expand replaces each {name} in template with a value, or else with a property of that name.
func expand(template string, values map[string]string, state *structpb.Struct) string {
	return placeholder.ReplaceAllStringFunc(template, func(in string) string {
		name := strings.Trim(in, "{}")
		if v, ok := values[name]; ok {
			return v
		}
		return state.GetFields()[name].GetStringValue()
	})
}

// mark records that a resource was planned instead of applied.
func (p *planner) mark(urn string) error {
	if p.file == "" {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	// Several plugins write to the file. Short appends do not mix.
	f, err := os.OpenFile(p.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("record planned resource: %w", err)
	}
	_, err = f.WriteString(urn + "\n")
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("record planned resource: %w", err)
	}
	return nil
}
