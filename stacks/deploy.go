package stacks

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumiconfig "github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/archipelago-iac/archipelago/components/organization"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks/defaultvpc"
	"github.com/archipelago-iac/archipelago/topology"
)

// Deploy loads the archipelago in the current directory and deploys the organization that the
// stack is for.
func Deploy(ctx *pulumi.Context) error {
	p, _, found, err := plan.Load(ctx.Context(), os.DirFS("."))
	if err != nil {
		return fmt.Errorf("load archipelago: %w", err)
	}
	if err := found.Err(); err != nil {
		return err
	}
	if err := warn(ctx, found); err != nil {
		return err
	}
	return Program(p)(ctx)
}

// Option changes how a program deploys.
type Option func(*deployment)

// WithAWS adds options for loading the AWS configuration, for what the program asks of AWS by itself. The
// providers have an environment of their own.
func WithAWS(load ...func(*config.LoadOptions) error) Option {
	return func(d *deployment) { d.load = load }
}

// Program returns the Pulumi program that deploys, of a plan, the organization that the stack is for.
func Program(p *plan.Plan, options ...Option) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		o, err := selected(ctx, p)
		if err != nil {
			return err
		}
		d := &deployment{ctx: ctx, plan: p, organization: o}
		if !ctx.RunningWithMocks() {
			d.removeVPC = defaultvpc.Remove
		}
		for _, option := range options {
			option(d)
		}
		if err := d.prepare(); err != nil {
			return err
		}
		return d.register()
	}
}

// warn passes the warnings about the files on to the engine.
func warn(ctx *pulumi.Context, found topology.Diagnostics) error {
	for _, f := range found {
		if f.Severity != topology.Warning {
			continue
		}
		if err := ctx.Log.Warn(strings.TrimRight(f.Render(), "\n"), nil); err != nil {
			return fmt.Errorf("log warning: %w", err)
		}
	}
	return nil
}

// selected returns the organization that the stack is for.
func selected(ctx *pulumi.Context, p *plan.Plan) (*plan.Organization, error) {
	name := pulumiconfig.Get(ctx, "archipelago:organization")
	from := "config archipelago:organization"
	if name == "" {
		name, from = ctx.Stack(), "the stack's name"
	}
	if o := p.Organization(name); o != nil {
		return o, nil
	}
	names := make([]string, len(p.Organizations))
	for i, o := range p.Organizations {
		names[i] = o.Name
	}
	return nil, fmt.Errorf("select organization: %s is %q, and the archipelago has %s: set archipelago:organization to one of them",
		from, name, strings.Join(names, ", "))
}

// accepted returns the subjects of refusals that the user has taken care of.
func accepted(ctx *pulumi.Context) []string {
	return strings.FieldsFunc(pulumiconfig.Get(ctx, "archipelago:accept"), func(r rune) bool { return r == ',' || r == ' ' })
}

// deployment is one run of the program.
type deployment struct {
	ctx          *pulumi.Context
	plan         *plan.Plan
	organization *plan.Organization

	// load are options for what the program asks of AWS by itself.
	load []func(*config.LoadOptions) error
	// removeVPC is [defaultvpc.Remove]; nil where there is no AWS to ask, as in programs that run with mocks.
	removeVPC func(context.Context, defaultvpc.Options) (defaultvpc.Report, error)

	// last is what the stack deployed last.
	last *Outputs
	// hub is nil where the organization depends on none.
	hub *hub

	providers *providers
	org       *organization.Organization
	units     *organization.Units
	policies  map[string]*organization.Policy
	// guards are the attachments to the root and to units, by the unit's path; "" for the root.
	guards   map[string][]pulumi.Resource
	accounts map[string]*organization.Account
	// held is what stays as it is in accounts, by the account's key.
	held map[string]*held
	// setUp is what was set up in accounts, by the account's key; "" for the management account.
	setUp map[string]setUp
}

// prepare does everything that can refuse the deployment. It registers nothing but the reference to
// the hub's stack and, where something is taken over, the provider that asks AWS about it.
func (d *deployment) prepare() error {
	last, err := readLast(d.ctx)
	if err != nil {
		return err
	}
	d.last = last
	if d.held, err = d.readHeld(); err != nil {
		return err
	}
	needed := d.neededProviders()
	if err := checkBudget(d.organization, needed); err != nil {
		return err
	}
	if err := refuse(d.organization, last, accepted(d.ctx)); err != nil {
		return err
	}
	if d.hub, err = readHub(d.ctx, d.plan, d.organization); err != nil {
		return err
	}
	d.providers = newProviders(d.ctx, d.organization, d.accountID)
	d.providers.needed = needed
	d.providers.wait = func(key string) []pulumi.Resource { return []pulumi.Resource{d.accounts[key]} }
	return d.takeover()
}

// register registers everything, guardrails before what they guard.
func (d *deployment) register() error {
	steps := []func() error{
		d.registerOrganization,
		d.registerUnits,
		d.registerPolicies,
		d.registerGuards,
		d.registerAccounts,
		d.registerAccountPolicies,
		d.registerDelegation,
		d.registerBudgets,
		d.registerBaselines,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("deploy %s: %w", d.organization.Name, err)
		}
	}
	d.export()
	return nil
}

// management returns the option that makes a component use the management account's provider.
func (d *deployment) management() (pulumi.ResourceOption, error) {
	p, err := d.providers.get("", d.organization.Management.Region)
	if err != nil {
		return nil, err
	}
	return pulumi.Provider(p), nil
}

// name returns the Pulumi name of something in the organization: names derive from what a thing
// is, never from its place in a list.
func (d *deployment) name(parts ...string) string {
	return strings.Join(append([]string{d.organization.Name}, parts...), "/")
}

// accountID returns the id of a member account, once it is registered.
func (d *deployment) accountID(key string) (pulumi.StringInput, bool) {
	if a := d.accounts[key]; a != nil {
		return a.AccountID, true
	}
	return nil, false
}
