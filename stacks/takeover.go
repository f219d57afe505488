package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/plan"
)

// takeover asks AWS about what this deployment imports for the first time, and refuses what would do
// harm on the way in. The lists of policy types and trusted services are complete ones: what a file does
// not list would be switched off, and with a policy type AWS detaches every policy of it. An account
// whose name or e-mail address differs would be replaced.
func (d *deployment) takeover() error {
	organization, accounts := d.imports()
	if !organization && len(accounts) == 0 {
		return nil
	}
	provider, err := d.providers.get("", d.organization.Management.Region)
	if err != nil {
		return err
	}
	live, err := organizations.LookupOrganization(d.ctx, pulumi.Provider(provider))
	if err != nil {
		return fmt.Errorf("read the organization that %s takes over: %w", d.organization.Name, err)
	}
	r := &refusals{organization: d.organization, accepted: accepted(d.ctx)}
	if organization {
		r.liveOrganization(live)
	}
	found := map[string]organizations.GetOrganizationAccount{}
	for _, a := range live.Accounts {
		found[a.Id] = a
	}
	for _, a := range accounts {
		r.liveAccount(a, found)
	}
	if err := r.found.Sort().Err(); err != nil {
		return err
	}
	if !organization {
		return nil
	}
	return d.warnUnmanaged(live)
}

// imports returns whether the organization, and which accounts, were not deployed before and exist in AWS.
func (d *deployment) imports() (organization bool, accounts []*plan.Account) {
	for _, a := range d.organization.Accounts {
		if a.ID == "" {
			continue
		}
		if d.last != nil {
			if _, known := d.last.Accounts[a.Key]; known {
				continue
			}
		}
		accounts = append(accounts, a)
	}
	return d.organization.ID != "" && d.last == nil, accounts
}

func (r *refusals) liveOrganization(live *organizations.LookupOrganizationResult) {
	o := r.organization
	if live.Id != o.ID {
		r.add("organization", r.stack(), "organization-id", fmt.Sprintf("account %s is in organization %s, not in %s", o.Management.AccountID, live.Id, o.ID),
			fmt.Sprintf("write id: %s if that is the organization that is meant", live.Id))
	}
	types := live.EnabledPolicyTypes
	slices.Sort(types)
	for _, t := range types {
		if !slices.Contains(o.PolicyTypes, t) {
			r.add("organization", r.stack(), "policy-type-lost",
				fmt.Sprintf("policy type %s is enabled in AWS; this deployment would disable it, and AWS would detach every policy of the type", t),
				fmt.Sprintf("add policyTypes: [%s]; or set archipelago:accept to organization", plan.PolicyTypeName(t)))
		}
	}
	trusted := map[string]bool{}
	for _, t := range o.TrustedAccess {
		trusted[t.Principal] = true
	}
	services := live.AwsServiceAccessPrincipals
	slices.Sort(services)
	for _, s := range services {
		if !trusted[s] {
			r.add("organization", r.stack(), "trusted-access-lost",
				fmt.Sprintf("%s has trusted access in AWS; this deployment would take it away", s),
				fmt.Sprintf("add trustedAccess: [%s]; or set archipelago:accept to organization", s))
		}
	}
}

// liveAccount compares an account with AWS. It cannot be accepted: Pulumi would replace the account.
func (r *refusals) liveAccount(a *plan.Account, found map[string]organizations.GetOrganizationAccount) {
	live, ok := found[a.ID]
	if !ok {
		r.add("", a.Source, "account-not-found", fmt.Sprintf("account %s has id %s, and the organization in AWS has no such account", a.Key, a.ID),
			"correct the id; an account of another organization is moved first")
		return
	}
	if live.Name != a.Name {
		r.add("", a.Source, "account-name-differs", fmt.Sprintf("account %s (%s) is called %q in AWS and %q here; it would be replaced", a.Key, a.ID, live.Name, a.Name),
			fmt.Sprintf("write name: %q", live.Name))
	}
	if live.Email != a.Email {
		r.add("", a.Source, "account-email-differs", fmt.Sprintf("account %s (%s) has the e-mail address %s in AWS and %s here; it would be replaced", a.Key, a.ID, live.Email, a.Email),
			"write email: "+live.Email)
	}
}

// warnUnmanaged names the accounts that are in the organization and in no file: they stay as they are.
func (d *deployment) warnUnmanaged(live *organizations.LookupOrganizationResult) error {
	known := map[string]bool{d.organization.Management.AccountID: true}
	for _, a := range d.organization.Accounts {
		known[a.ID] = true
	}
	var others []string
	for _, a := range live.Accounts {
		if !known[a.Id] {
			others = append(others, fmt.Sprintf("%s (%s)", a.Name, a.Id))
		}
	}
	if len(others) == 0 {
		return nil
	}
	slices.Sort(others)
	message := fmt.Sprintf("accounts in AWS that %s does not have, and that stay as they are: %s", d.organization.Name, strings.Join(others, ", "))
	if err := d.ctx.Log.Warn(message, nil); err != nil {
		return fmt.Errorf("log warning: %w", err)
	}
	return nil
}
