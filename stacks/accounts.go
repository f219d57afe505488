package stacks

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/components/organization"
	"github.com/archipelago-iac/archipelago/plan"
)

// lanes is how many accounts AWS creates at a time for one organization; a sixth request fails.
// Source: AWS Organizations User Guide, Quotas and service limits, "Number of accounts you can create
// concurrently".
const lanes = 5

// registerAccounts registers the member accounts. Each waits for the guardrails on the way down to
// it, and for the account before it in its lane: without that Pulumi would ask for as many at once as
// its parallelism allows. An account that exists passes in no time, so the lanes cost nothing later.
// Lanes go by the sorted keys, and what an account waits for is no property of it: another order in
// the file, or one account more, changes nothing in a preview.
func (d *deployment) registerAccounts() error {
	provider, err := d.management()
	if err != nil {
		return err
	}
	d.accounts = map[string]*organization.Account{}
	accounts := slices.SortedFunc(slices.Values(d.organization.Accounts), func(a, b *plan.Account) int {
		return cmp.Compare(a.Key, b.Key)
	})
	for i, a := range accounts {
		wait := d.guardsOf(a.Unit)
		if i >= lanes {
			wait = append(wait, d.accounts[accounts[i-lanes].Key].Resource)
		}
		account, err := organization.NewAccount(d.ctx, d.name(a.Key), d.accountArgs(a, wait), provider)
		if err != nil {
			return err
		}
		d.accounts[a.Key] = account
	}
	return nil
}

func (d *deployment) accountArgs(a *plan.Account, wait []pulumi.Resource) *organization.AccountArgs {
	return &organization.AccountArgs{
		Name:          pulumi.String(a.Name),
		Email:         pulumi.String(a.Email),
		ParentID:      d.units.ID(a.Unit),
		Role:          pulumi.String(a.Role),
		BillingAccess: pulumi.String(a.BillingAccess),
		Tags:          pulumi.ToStringMap(a.Tags),
		Contacts:      contacts(a.Contacts),
		Regions:       a.OptInRegions,
		AllowClose:    a.AllowClose,
		ImportID:      a.ID,
		DependsOn:     wait,
	}
}

// guardsOf returns the attachments to the root and to the units down to the given one.
func (d *deployment) guardsOf(unit string) []pulumi.Resource {
	guards := slices.Clone(d.guards[""])
	for i, r := range unit + "/" {
		if r == '/' && unit != "" {
			guards = append(guards, d.guards[unit[:i]]...)
		}
	}
	return guards
}
