package stacks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/plan"
)

// sessionName is how CloudTrail names what the automation does.
const sessionName = "archipelago"

// BudgetError says that an organization needs more AWS providers than it may start.
type BudgetError struct {
	// Organization is the organization's name.
	Organization string
	// Budget is how many are allowed.
	Budget int
	// Providers are the ones needed, each with its reasons.
	Providers []plan.Provider
}

// Error lists every provider with its reasons, and what to do.
func (e *BudgetError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "deploy %s: %d AWS providers are needed and %d are allowed:\n", e.Organization, len(e.Providers), e.Budget)
	for _, p := range e.Providers {
		account := p.Account
		if account == "" {
			account = "the management account"
		}
		fmt.Fprintf(&b, "  %s in %s: %s\n", account, p.Region, strings.Join(p.Reasons, "; "))
	}
	b.WriteString("each is a process of 200-400 MB: drop what needs them, or raise providerBudget in archipelago.yaml if the machine has the memory")
	return b.String()
}

// checkBudget refuses an organization that would start more providers than allowed, before the
// first is started: the machine would run out of memory in the middle of a deployment.
func checkBudget(o *plan.Organization, needed []plan.Provider) error {
	if len(needed) <= o.ProviderBudget {
		return nil
	}
	return &BudgetError{Organization: o.Name, Budget: o.ProviderBudget, Providers: needed}
}

// providers is the one place where AWS providers are made: one for each account and region, when it
// is asked for.
type providers struct {
	ctx          *pulumi.Context
	organization *plan.Organization
	// accountID returns the id of a member account by key, once the account is registered.
	accountID func(key string) (pulumi.StringInput, bool)
	// needed are the providers that were counted.
	needed []plan.Provider
	// wait returns what must be there before a provider works in a member account: the account's
	// regions, some of which are switched on first. Nil means nothing.
	wait func(key string) []pulumi.Resource
	made map[place]*aws.Provider
}

// place is where a provider works: an account's key, "" for the management account, and a region.
type place struct {
	account, region string
	// regional tells the management account's providers apart, see [plan.Provider].
	regional bool
}

func newProviders(ctx *pulumi.Context, o *plan.Organization, accountID func(string) (pulumi.StringInput, bool)) *providers {
	return &providers{ctx: ctx, organization: o, accountID: accountID, needed: o.Providers, made: map[place]*aws.Provider{}}
}

// get returns the provider for an account and region. It must be in the list of those that are needed:
// only then was it counted.
//
// The management account's provider in its home region is for the global services (Organizations,
// Account Management, IAM) only: it may be in another region, see name.
func (p *providers) get(account, region string) (*aws.Provider, error) {
	return p.at(place{account: account, region: region})
}

// regional returns the provider for what belongs to a region of an account.
func (p *providers) regional(account, region string) (*aws.Provider, error) {
	return p.at(place{account: account, region: region, regional: account == ""})
}

func (p *providers) at(at place) (*aws.Provider, error) {
	if made := p.made[at]; made != nil {
		return made, nil
	}
	if !p.planned(at) {
		return nil, fmt.Errorf("start provider for account %q in %s: it is not in the plan; this is a mistake in archipelago", at.account, at.region)
	}
	made, err := p.start(at)
	if err != nil {
		return nil, err
	}
	p.made[at] = made
	return made, nil
}

func (p *providers) planned(at place) bool {
	for _, x := range p.needed {
		if x.Account == at.account && x.Region == at.region && x.Regional == at.regional {
			return true
		}
	}
	return false
}

func (p *providers) start(at place) (*aws.Provider, error) {
	name, opts := p.name(at)
	args := &aws.ProviderArgs{Region: pulumi.String(at.region)}
	if profile := p.organization.Management.Profile; profile != "" {
		args.Profile = pulumi.String(profile)
	}
	enter := p.enterManagement
	if at.account != "" {
		enter = p.enterMember
		if p.wait != nil {
			opts = append(opts, pulumi.DependsOn(p.wait(at.account)))
		}
	}
	if err := enter(at, args); err != nil {
		return nil, fmt.Errorf("start provider %s: %w", name, err)
	}
	provider, err := aws.NewProvider(p.ctx, name, args, opts...)
	if err != nil {
		return nil, fmt.Errorf("start provider %s: %w", name, err)
	}
	return provider, nil
}

// name returns the provider's Pulumi name and options. Where the region is part of the name, another
// region is another provider. The provider of the global services has no region in its name, and
// keeps the one that it was first started in: pulumi-aws 6 replaces everything that a provider made when
// its region changes, and for a global service the region means nothing.
// Source: github.com/pulumi/pulumi-aws pull request 4000.
func (p *providers) name(at place) (string, []pulumi.ResourceOption) {
	base := p.organization.Name + "/management"
	if at.account != "" {
		base = p.organization.Name + "/" + at.account
	}
	if at == (place{region: p.organization.Management.Region}) {
		return base, []pulumi.ResourceOption{pulumi.IgnoreChanges([]string{"region"})}
	}
	return base + "/" + at.region, nil
}

// enterManagement sets the way into the management account. With the account's id allowed and no
// other, a wrong credential stops the deployment instead of deploying to somebody else's account.
func (p *providers) enterManagement(_ place, args *aws.ProviderArgs) error {
	m := p.organization.Management
	args.AllowedAccountIds = pulumi.ToStringArray([]string{m.AccountID})
	if m.Role != "" {
		args.AssumeRole = assume(pulumi.String(m.RoleARN(m.AccountID, m.Role)))
	}
	return nil
}

// enterMember sets the way into a member account: from the management account by the role that AWS
// made for it.
func (p *providers) enterMember(at place, args *aws.ProviderArgs) error {
	if p.organization.Management.Role != "" {
		return fmt.Errorf("a provider can assume one role, and access.role of %s takes it for the management account: lead there with access.profile instead", p.organization.Name)
	}
	id, ok := p.accountID(at.account)
	if !ok {
		return fmt.Errorf("account %s is not deployed", at.account)
	}
	var role string
	for _, a := range p.organization.Accounts {
		if a.Key == at.account {
			role = a.Role
		}
	}
	args.AllowedAccountIds = pulumi.StringArray{id}
	args.AssumeRole = assume(id.ToStringOutput().ApplyT(func(id string) string {
		return p.organization.Management.RoleARN(id, role)
	}).(pulumi.StringOutput))
	return nil
}

func assume(role pulumi.StringInput) aws.ProviderAssumeRolePtrInput {
	return &aws.ProviderAssumeRoleArgs{RoleArn: role.ToStringOutput(), SessionName: pulumi.String(sessionName)}
}
