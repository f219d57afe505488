package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/components/organization"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/policy"
)

// registerOrganization registers the organization and what is switched on for all of it.
func (d *deployment) registerOrganization() error {
	provider, err := d.management()
	if err != nil {
		return err
	}
	o := d.organization
	types, services, err := d.lingering()
	if err != nil {
		return err
	}
	d.org, err = organization.NewOrganization(d.ctx, d.name(), &organization.Args{
		Features:      string(o.Features),
		PolicyTypes:   types,
		TrustedAccess: services,
		RootAccess:    o.RootAccess,
		Contacts:      contacts(o.Management.Contacts),
		ImportID:      o.ID,
	}, provider)
	return err
}

// lingering returns the policy types and trusted services to switch on: those of the plan, and those
// that something still uses which this very deployment removes. Pulumi deletes after it updates, while AWS
// wants it the other way round: policies are detached from under a type that is disabled; a service cannot
// lose its access while it has an administrator; and contacts and central root access cannot be taken
// away without the access of their services. They go with the next deployment.
func (d *deployment) lingering() ([]policy.Type, []string, error) {
	o := d.organization
	types, services := slices.Clone(o.PolicyTypes), []string{}
	for _, t := range o.TrustedAccess {
		services = append(services, t.Principal)
	}
	last := d.last
	if last == nil || o.Features != featuresAll {
		last = &Outputs{}
	}
	for _, name := range last.Uses {
		list, message := &types, "policy type %s stays enabled until the next deployment: this one deletes its last policy"
		if strings.Contains(name, ".") {
			list, message = &services, "trusted access of %s stays on until the next deployment: this one removes what needs it"
		}
		if err := d.keep(list, name, fmt.Sprintf(message, name)); err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(types)
	slices.Sort(services)
	return policyTypes(types), services, nil
}

// keep adds a name to a list that lacks it, and says so.
func (d *deployment) keep(list *[]string, name, message string) error {
	if slices.Contains(*list, name) {
		return nil
	}
	*list = append(*list, name)
	if err := d.ctx.Log.Warn(message, nil); err != nil {
		return fmt.Errorf("log warning: %w", err)
	}
	return nil
}

func policyTypes(names []string) []policy.Type {
	out := make([]policy.Type, len(names))
	for i, n := range names {
		out[i] = policy.Type(n)
	}
	return out
}

// registerUnits registers the tree of units.
func (d *deployment) registerUnits() error {
	provider, err := d.management()
	if err != nil {
		return err
	}
	args := &organization.UnitsArgs{RootID: d.org.RootID}
	for _, u := range d.organization.Units {
		args.Units = append(args.Units, organization.Unit{
			Path:     u.Path,
			Formerly: u.Formerly,
			Name:     u.Name,
			Tags:     pulumi.ToStringMap(u.Tags),
			Protect:  u.HoldsAccounts,
			ImportID: u.ID,
		})
	}
	d.units, err = organization.NewUnits(d.ctx, d.name(), args, provider)
	return err
}

func contacts(c plan.Contacts) organization.Contacts {
	return organization.Contacts{Billing: contact(c.Billing), Operations: contact(c.Operations), Security: contact(c.Security)}
}

func contact(c *plan.Contact) *organization.Contact {
	if c == nil {
		return nil
	}
	return &organization.Contact{
		Name: pulumi.String(c.Name), Title: pulumi.String(c.Title),
		Email: pulumi.String(c.Email), Phone: pulumi.String(c.Phone),
	}
}
