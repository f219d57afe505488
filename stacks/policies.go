package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/components/organization"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/policy"
)

// registerPolicies registers the policies, attached to nothing yet.
func (d *deployment) registerPolicies() error {
	provider, err := d.management()
	if err != nil {
		return err
	}
	d.policies = map[string]*organization.Policy{}
	for _, p := range d.organization.Policies {
		made, err := organization.NewPolicy(d.ctx, d.name(p.Key), &organization.PolicyArgs{
			Type:        policy.Type(p.Type),
			Name:        pulumi.String(p.Name),
			Description: optional(p.Description),
			Content:     pulumi.String(p.Content),
			Values:      d.values(p.Content),
			Tags:        pulumi.ToStringMap(p.Tags),
			DependsOn:   []pulumi.Resource{d.org.Resource},
		}, provider)
		if err != nil {
			return err
		}
		d.policies[p.Key] = made
	}
	return nil
}

// values returns what the placeholders in a document stand for.
func (d *deployment) values(document string) map[string]pulumi.StringInput {
	used := map[string]pulumi.StringInput{}
	for _, name := range policy.Placeholders(document) {
		if v, ok := d.fact(name); ok {
			used[name] = v
		}
	}
	return used
}

// fact returns what a placeholder stands for wherever it is in the organization. In the hub it may speak
// of the hub: that is the organization itself. Policies are made before there are accounts; what comes
// after them may name members.
func (d *deployment) fact(name string) (pulumi.StringInput, bool) {
	hub := d.organization.Name == d.plan.Hub
	switch {
	case name == policy.OrganizationID, hub && name == policy.HubOrganizationID:
		return d.org.OrganizationID, true
	case name == policy.ManagementAccountID, hub && name == policy.HubManagementAccountID:
		return pulumi.String(d.organization.Management.AccountID), true
	case d.hub != nil && name == policy.HubOrganizationID:
		return d.hub.organizationID, true
	case d.hub != nil && name == policy.HubManagementAccountID:
		return d.hub.managementAccountID, true
	}
	if key, ok := accountKey(name); ok {
		return d.accountID(key)
	}
	return nil, false
}

// accountKey returns the key of the member account whose id a placeholder stands for.
func accountKey(name string) (string, bool) {
	key, ok := strings.CutPrefix(name, "account.")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(key, ".id")
}

// registerGuards attaches policies to the root and to units, before there are accounts in them.
func (d *deployment) registerGuards() error {
	d.guards = map[string][]pulumi.Resource{}
	return d.attach(func(a plan.Attachment) (pulumi.StringInput, bool) {
		switch a.Kind {
		case plan.TargetRoot:
			return d.org.RootID, true
		case plan.TargetUnit:
			return d.units.ID(a.Target), true
		default:
			return nil, false
		}
	})
}

// registerAccountPolicies attaches policies to accounts.
func (d *deployment) registerAccountPolicies() error {
	return d.attach(func(a plan.Attachment) (pulumi.StringInput, bool) {
		if a.Kind != plan.TargetAccount {
			return nil, false
		}
		return d.accounts[a.Target].AccountID, true
	})
}

// attach makes the attachments for which target gives an id.
func (d *deployment) attach(target func(plan.Attachment) (pulumi.StringInput, bool)) error {
	for _, a := range d.organization.Attachments {
		id, ok := target(a)
		if !ok {
			continue
		}
		made, err := d.policies[a.Policy].Attach(d.ctx, d.name(attachmentName(a, a.Target)), &organization.AttachmentArgs{
			TargetID: id,
			Formerly: d.formerNames(a),
		})
		if err != nil {
			return err
		}
		if a.Kind != plan.TargetAccount {
			d.guards[a.Target] = append(d.guards[a.Target], made)
		}
	}
	return nil
}

// attachmentName names an attachment to a target, without the organization.
func attachmentName(a plan.Attachment, target string) string {
	if a.Kind == plan.TargetRoot {
		return a.Policy + "@root"
	}
	return fmt.Sprintf("%s@%s:%s", a.Policy, a.Kind, target)
}

func (d *deployment) formerNames(a plan.Attachment) []string {
	names := make([]string, len(a.Formerly))
	for i, target := range a.Formerly {
		names[i] = d.name(attachmentName(a, target))
	}
	return names
}

// registerDelegation hands services over to member accounts. It waits for the organization, whose
// trusted access a delegated administrator needs.
func (d *deployment) registerDelegation() error {
	o := d.organization
	if len(o.DelegatedAdministrators) == 0 && o.DelegationPolicy == "" {
		return nil
	}
	provider, err := d.management()
	if err != nil {
		return err
	}
	args := &organization.DelegationArgs{DependsOn: []pulumi.Resource{d.org.Resource}}
	for _, a := range o.DelegatedAdministrators {
		args.Administrators = append(args.Administrators, organization.Administrator{
			Service: a.Service, Account: a.Account, AccountID: d.accounts[a.Account].AccountID,
		})
	}
	if o.DelegationPolicy != "" {
		args.Policy = pulumi.String(o.DelegationPolicy)
		args.Values = d.values(o.DelegationPolicy)
	}
	_, err = organization.NewDelegation(d.ctx, d.name(), args, provider)
	return err
}

// optional leaves an empty text out.
func optional(s string) pulumi.StringPtrInput {
	if s == "" {
		return nil
	}
	return pulumi.String(s)
}

func sortedKeys[V any](m map[string]V) []string {
	return slices.Sorted(maps.Keys(m))
}
