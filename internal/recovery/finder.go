package recovery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/archipelago-iac/archipelago/internal/awsenv"
	"github.com/archipelago-iac/archipelago/plan"
)

// Finder looks resources up in one organization, from its management account.
type Finder struct {
	api *organizations.Client
	// management is the id of the management account.
	management string
	// poll is how long to wait before asking again whether accounts are still being created.
	poll time.Duration
	// settled says that no account is being created any more.
	settled bool
}

// NewFinder reaches the management account the way the deployment does: profile, then role. The
// environment is what the deployment's processes get beside this process's own.
func NewFinder(ctx context.Context, m plan.Management, env map[string]string) (*Finder, error) {
	options := append(awsenv.Options(env), config.WithRegion(m.Region))
	if m.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(m.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("load AWS configuration: %w", err)
	}
	if m.Role != "" {
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), m.RoleARN(m.AccountID, m.Role)))
	}
	// As allowedAccountIds does for the provider: in another account nothing would be found, so the note
	// of what was created would be lost, or worse, something of the same name would be found.
	caller, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("get caller identity: %w", err)
	}
	if account := aws.ToString(caller.Account); account != m.AccountID {
		return nil, fmt.Errorf("reach management account %s: the credentials lead to account %s", m.AccountID, account)
	}
	return &Finder{api: organizations.NewFromConfig(cfg), management: m.AccountID, poll: settlePoll}, nil
}

// lookups are the inputs by which a resource is found, by type.
var lookups = map[string][]string{
	"aws:organizations/account:Account":                               {"email"},
	"aws:organizations/organizationalUnit:OrganizationalUnit":         {"parentId", "name"},
	"aws:organizations/policy:Policy":                                 {"name", "type"},
	"aws:organizations/policyAttachment:PolicyAttachment":             {"policyId", "targetId"},
	"aws:organizations/delegatedAdministrator:DelegatedAdministrator": {"accountId", "servicePrincipal"},
}

// Find returns the id, as Pulumi's provider writes it, of what the creation made, or "" where AWS
// has nothing of the kind. Types whose creation can be repeated without harm are never looked up.
func (f *Finder) Find(ctx context.Context, c Creation) (string, error) {
	for _, name := range lookups[c.Type] {
		// Without it nothing would be found, and what exists would be created again.
		if c.Input(name) == "" {
			return "", fmt.Errorf("read %s: the state does not have it as a text", name)
		}
	}
	switch c.Type {
	case "aws:organizations/organization:Organization":
		return f.organization(ctx)
	case "aws:organizations/account:Account":
		return f.account(ctx, c.Input("email"))
	case "aws:organizations/organizationalUnit:OrganizationalUnit":
		return f.unit(ctx, c.Input("parentId"), c.Input("name"))
	case "aws:organizations/policy:Policy":
		return f.policy(ctx, c.Input("name"), c.Input("type"))
	case "aws:organizations/policyAttachment:PolicyAttachment":
		return f.attachment(ctx, c.Input("policyId"), c.Input("targetId"))
	case "aws:organizations/delegatedAdministrator:DelegatedAdministrator":
		return f.administrator(ctx, c.Input("accountId"), c.Input("servicePrincipal"))
	}
	// Contacts, regions and the resource policy are put, not created: putting them again is the same.
	return "", nil
}

func (f *Finder) organization(ctx context.Context) (string, error) {
	out, err := f.api.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	var none *types.AWSOrganizationsNotInUseException
	if errors.As(err, &none) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("describe organization: %w", err)
	}
	if owner := aws.ToString(out.Organization.MasterAccountId); owner != f.management {
		return "", fmt.Errorf("describe organization: account %s is a member of %s, which belongs to account %s", f.management, aws.ToString(out.Organization.Id), owner)
	}
	return aws.ToString(out.Organization.Id), nil
}

// settlePoll is how often AWS is asked whether accounts are still being created; it takes minutes.
const settlePoll = 5 * time.Second

// settle waits until no account of the organization is being created: an account in the making is in
// no list yet.
func (f *Finder) settle(ctx context.Context) error {
	for !f.settled {
		running, err := f.creating(ctx)
		if err != nil {
			return fmt.Errorf("list account creations: %w", err)
		}
		if !running {
			f.settled = true
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(f.poll):
		}
	}
	return nil
}

// creating reports whether an account is being created. A page may be empty and yet not be the last.
func (f *Finder) creating(ctx context.Context) (bool, error) {
	pages := organizations.NewListCreateAccountStatusPaginator(f.api, &organizations.ListCreateAccountStatusInput{
		States: []types.CreateAccountState{types.CreateAccountStateInProgress},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, err
		}
		if len(page.CreateAccountStatuses) > 0 {
			return true, nil
		}
	}
	return false, nil
}

func (f *Finder) account(ctx context.Context, email string) (string, error) {
	if err := f.settle(ctx); err != nil {
		return "", err
	}
	pages := organizations.NewListAccountsPaginator(f.api, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list accounts: %w", err)
		}
		for _, a := range page.Accounts {
			if strings.EqualFold(aws.ToString(a.Email), email) {
				return aws.ToString(a.Id), nil
			}
		}
	}
	return "", nil
}

func (f *Finder) unit(ctx context.Context, parent, name string) (string, error) {
	pages := organizations.NewListOrganizationalUnitsForParentPaginator(f.api, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &parent})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list organizational units: %w", err)
		}
		for _, u := range page.OrganizationalUnits {
			if aws.ToString(u.Name) == name {
				return aws.ToString(u.Id), nil
			}
		}
	}
	return "", nil
}

func (f *Finder) policy(ctx context.Context, name, kind string) (string, error) {
	pages := organizations.NewListPoliciesPaginator(f.api, &organizations.ListPoliciesInput{Filter: types.PolicyType(kind)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list policies: %w", err)
		}
		for _, p := range page.Policies {
			if aws.ToString(p.Name) == name {
				return aws.ToString(p.Id), nil
			}
		}
	}
	return "", nil
}

func (f *Finder) attachment(ctx context.Context, policy, target string) (string, error) {
	pages := organizations.NewListTargetsForPolicyPaginator(f.api, &organizations.ListTargetsForPolicyInput{PolicyId: &policy})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list targets of a policy: %w", err)
		}
		for _, t := range page.Targets {
			if aws.ToString(t.TargetId) == target {
				return target + ":" + policy, nil
			}
		}
	}
	return "", nil
}

func (f *Finder) administrator(ctx context.Context, account, service string) (string, error) {
	pages := organizations.NewListDelegatedAdministratorsPaginator(f.api, &organizations.ListDelegatedAdministratorsInput{ServicePrincipal: &service})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list delegated administrators: %w", err)
		}
		for _, a := range page.DelegatedAdministrators {
			if aws.ToString(a.Id) == account {
				return account + "/" + service, nil
			}
		}
	}
	return "", nil
}
