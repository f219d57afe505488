package stacks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/archipelago-iac/archipelago/plan"
)

// Ids that stand for those of a hub that is not deployed yet, in previews.
const (
	placeholderOrganization = "o-0000000000"
	placeholderAccount      = "000000000000"
)

// hub is what a spoke uses of the hub's outputs.
type hub struct {
	organizationID, managementAccountID pulumi.StringOutput
	// accounts are the ids of its member accounts, by key; nil where it is not deployed.
	accounts map[string]string
}

// readHub reads the outputs of the hub's stack, for an organization that depends on the hub; else it
// returns nil.
//
// The stack is read twice on purpose: first in a way whose failure the program can answer, with
// words or, in a preview, with placeholders; then through a StackReference, which fails on its own
// terms but puts the dependency on record in the state.
func readHub(ctx *pulumi.Context, p *plan.Plan, o *plan.Organization) (*hub, error) {
	if len(o.DependsOn) == 0 {
		return nil, nil
	}
	stack := hubStack(ctx, p)
	outputs, found, err := readStack(ctx, stack)
	if err != nil {
		return nil, fmt.Errorf("read hub %s: %w", p.Hub, err)
	}
	if !found || outputs.OrganizationID == "" {
		return missingHub(ctx, p, stack)
	}
	ref, err := pulumi.NewStackReference(ctx, p.Hub, &pulumi.StackReferenceArgs{Name: pulumi.String(stack)})
	if err != nil {
		return nil, fmt.Errorf("read hub %s: %w", p.Hub, err)
	}
	accounts := map[string]string{}
	for key, a := range outputs.Accounts {
		accounts[key] = a.ID
	}
	return &hub{
		organizationID:      ref.GetStringOutput(pulumi.String("organizationId")),
		managementAccountID: ref.GetStringOutput(pulumi.String("managementAccountId")),
		accounts:            accounts,
	}, nil
}

// hubStack returns the full name of the hub's stack.
func hubStack(ctx *pulumi.Context, p *plan.Plan) string {
	if name := config.Get(ctx, "archipelago:hubStack"); name != "" {
		return name
	}
	return strings.Join([]string{ctx.Organization(), ctx.Project(), p.Hub}, "/")
}

// missingHub answers for a hub that is not deployed: a preview can go on without it.
func missingHub(ctx *pulumi.Context, p *plan.Plan, stack string) (*hub, error) {
	if !ctx.DryRun() {
		return nil, fmt.Errorf("read hub %s: stack %s has no outputs yet: deploy %s first, or set archipelago:hubStack where its stack has another name", p.Hub, stack, p.Hub)
	}
	message := fmt.Sprintf("hub %s: stack %s has no outputs yet, so this preview uses %s and %s for its ids; deploy %s first",
		p.Hub, stack, placeholderOrganization, placeholderAccount, p.Hub)
	if err := ctx.Log.Warn(message, nil); err != nil {
		return nil, fmt.Errorf("log warning: %w", err)
	}
	return &hub{
		organizationID:      pulumi.String(placeholderOrganization).ToStringOutput(),
		managementAccountID: pulumi.String(placeholderAccount).ToStringOutput(),
	}, nil
}

// hubAccountID returns the id of a member account of the hub. A preview can go on without one that is not
// deployed yet.
func (d *deployment) hubAccountID(key string) (pulumi.StringInput, error) {
	if d.organization.Name == d.plan.Hub {
		if id, ok := d.accountID(key); ok {
			return id, nil
		}
	}
	if d.hub == nil {
		return nil, fmt.Errorf("the id of account %s of hub %s is not known here", key, d.plan.Hub)
	}
	if id := d.hub.accounts[key]; id != "" {
		return pulumi.String(id), nil
	}
	if !d.ctx.DryRun() {
		return nil, fmt.Errorf("hub %s has no account %s yet: deploy %s first", d.plan.Hub, key, d.plan.Hub)
	}
	// Where the hub itself is not deployed, that was said already.
	if d.hub.accounts != nil {
		message := fmt.Sprintf("hub %s has no account %s yet, so this preview uses %s for its id; deploy %s first", d.plan.Hub, key, placeholderAccount, d.plan.Hub)
		if err := d.ctx.Log.Warn(message, nil); err != nil {
			return nil, fmt.Errorf("log warning: %w", err)
		}
	}
	return pulumi.String(placeholderAccount), nil
}
