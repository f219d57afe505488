package tests

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/stretchr/testify/require"
)

// dumper writes down what the emulator holds of one organization, read with Amazon's own client and
// nothing of ours, without the ids that differ from run to run.
type dumper struct {
	t       *testing.T
	api     *organizations.Client
	account *account.Client
	// attached are the policy names by target id.
	attached map[string][]string
	// policies are the documents by name.
	policies []string
	out      strings.Builder
}

// dump returns the organization of a management account as text.
func (w *world) dump(t *testing.T, management string) string {
	t.Helper()
	cfg := w.lab.AccountConfig(management)
	d := &dumper{t: t, api: organizations.NewFromConfig(cfg), account: account.NewFromConfig(cfg), attached: map[string][]string{}}
	o, err := d.api.DescribeOrganization(background(), &organizations.DescribeOrganizationInput{})
	require.NoError(t, err)
	roots, err := d.api.ListRoots(background(), &organizations.ListRootsInput{})
	require.NoError(t, err)
	require.Len(t, roots.Roots, 1)
	root := roots.Roots[0]
	d.line("features %s, management account %s", o.Organization.FeatureSet, aws.ToString(o.Organization.MasterAccountId))
	slices.SortFunc(root.PolicyTypes, func(a, b types.PolicyTypeSummary) int { return strings.Compare(string(a.Type), string(b.Type)) })
	for _, p := range root.PolicyTypes {
		d.line("policy type %s %s", p.Type, p.Status)
		d.readPolicies(p.Type)
	}
	d.trusted()
	d.contacts("management", nil)
	d.delegation()
	d.line("root%s", d.list(aws.ToString(root.Id)))
	d.children(aws.ToString(root.Id), "  ", management)
	for _, p := range d.policies {
		d.line("%s", p)
	}
	// Ids that policies name differ from run to run.
	text := strings.ReplaceAll(d.out.String(), aws.ToString(o.Organization.Id), "o-own")
	for name, id := range accountsByName(t, d.api) {
		if id != management {
			text = strings.ReplaceAll(text, id, "id-of-"+name)
		}
	}
	return text
}

func (d *dumper) line(format string, args ...any) { fmt.Fprintf(&d.out, format+"\n", args...) }

func (d *dumper) list(target string) string {
	if len(d.attached[target]) == 0 {
		return ""
	}
	slices.Sort(d.attached[target])
	return "  [" + strings.Join(d.attached[target], ", ") + "]"
}

// readPolicies notes the policies of a type that are not Amazon's, and where they are attached.
func (d *dumper) readPolicies(kind types.PolicyType) {
	pages := organizations.NewListPoliciesPaginator(d.api, &organizations.ListPoliciesInput{Filter: kind})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(d.t, err)
		for _, p := range page.Policies {
			if p.AwsManaged {
				continue
			}
			full, err := d.api.DescribePolicy(background(), &organizations.DescribePolicyInput{PolicyId: p.Id})
			require.NoError(d.t, err)
			d.policies = append(d.policies, fmt.Sprintf("policy %s %s: %s\n  %s", aws.ToString(p.Name), p.Type, aws.ToString(p.Description), aws.ToString(full.Policy.Content)))
			targets := organizations.NewListTargetsForPolicyPaginator(d.api, &organizations.ListTargetsForPolicyInput{PolicyId: p.Id})
			for targets.HasMorePages() {
				page, err := targets.NextPage(background())
				require.NoError(d.t, err)
				for _, target := range page.Targets {
					id := aws.ToString(target.TargetId)
					d.attached[id] = append(d.attached[id], aws.ToString(p.Name))
				}
			}
		}
	}
	slices.Sort(d.policies)
}

func (d *dumper) trusted() {
	var names []string
	pages := organizations.NewListAWSServiceAccessForOrganizationPaginator(d.api, &organizations.ListAWSServiceAccessForOrganizationInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(d.t, err)
		for _, p := range page.EnabledServicePrincipals {
			names = append(names, aws.ToString(p.ServicePrincipal))
		}
	}
	slices.Sort(names)
	d.line("trusted access %s", strings.Join(names, ", "))
}

// delegation notes the delegated administrators and the resource policy.
func (d *dumper) delegation() {
	var lines []string
	pages := organizations.NewListDelegatedAdministratorsPaginator(d.api, &organizations.ListDelegatedAdministratorsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(d.t, err)
		for _, a := range page.DelegatedAdministrators {
			services, err := d.api.ListDelegatedServicesForAccount(background(), &organizations.ListDelegatedServicesForAccountInput{AccountId: a.Id})
			require.NoError(d.t, err)
			for _, s := range services.DelegatedServices {
				lines = append(lines, fmt.Sprintf("%s administers %s", aws.ToString(a.Name), aws.ToString(s.ServicePrincipal)))
			}
		}
	}
	slices.Sort(lines)
	for _, l := range lines {
		d.line("%s", l)
	}
	p, err := d.api.DescribeResourcePolicy(background(), &organizations.DescribeResourcePolicyInput{})
	var none *types.ResourcePolicyNotFoundException
	if errors.As(err, &none) {
		return
	}
	require.NoError(d.t, err)
	d.line("resource policy %s", aws.ToString(p.ResourcePolicy.Content))
}

// children writes the units and accounts below a node.
func (d *dumper) children(parent, indent, management string) {
	var accounts []types.Account
	pages := organizations.NewListAccountsForParentPaginator(d.api, &organizations.ListAccountsForParentInput{ParentId: &parent})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(d.t, err)
		accounts = append(accounts, page.Accounts...)
	}
	slices.SortFunc(accounts, func(a, b types.Account) int { return strings.Compare(aws.ToString(a.Name), aws.ToString(b.Name)) })
	for _, a := range accounts {
		if aws.ToString(a.Id) == management {
			continue
		}
		d.line("%saccount %s <%s> %s%s%s", indent, aws.ToString(a.Name), aws.ToString(a.Email), a.State, d.list(aws.ToString(a.Id)), d.tags(aws.ToString(a.Id)))
		d.contacts(indent+"  ", a.Id)
		d.regions(indent+"  ", a.Id)
	}
	var units []types.OrganizationalUnit
	unitPages := organizations.NewListOrganizationalUnitsForParentPaginator(d.api, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &parent})
	for unitPages.HasMorePages() {
		page, err := unitPages.NextPage(background())
		require.NoError(d.t, err)
		units = append(units, page.OrganizationalUnits...)
	}
	slices.SortFunc(units, func(a, b types.OrganizationalUnit) int {
		return strings.Compare(aws.ToString(a.Name), aws.ToString(b.Name))
	})
	for _, u := range units {
		d.line("%sunit %s%s%s", indent, aws.ToString(u.Name), d.list(aws.ToString(u.Id)), d.tags(aws.ToString(u.Id)))
		d.children(aws.ToString(u.Id), indent+"  ", management)
	}
}

func (d *dumper) tags(id string) string {
	var out []string
	pages := organizations.NewListTagsForResourcePaginator(d.api, &organizations.ListTagsForResourceInput{ResourceId: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(d.t, err)
		for _, tag := range page.Tags {
			out = append(out, aws.ToString(tag.Key)+"="+aws.ToString(tag.Value))
		}
	}
	slices.Sort(out)
	return "  {" + strings.Join(out, ", ") + "}"
}

// contacts writes the alternate contacts of an account; nil is the management account itself.
func (d *dumper) contacts(indent string, id *string) {
	for _, kind := range accounttypes.AlternateContactType("").Values() {
		c, err := d.account.GetAlternateContact(background(), &account.GetAlternateContactInput{AccountId: id, AlternateContactType: kind})
		var none *accounttypes.ResourceNotFoundException
		if errors.As(err, &none) {
			continue
		}
		require.NoError(d.t, err)
		a := c.AlternateContact
		d.line("%s contact %s: %s, %s, %s, %s", indent, kind, aws.ToString(a.Name), aws.ToString(a.Title), aws.ToString(a.EmailAddress), aws.ToString(a.PhoneNumber))
	}
}

// regions writes the regions that were switched on for an account.
func (d *dumper) regions(indent string, id *string) {
	pages := account.NewListRegionsPaginator(d.account, &account.ListRegionsInput{
		AccountId: id, RegionOptStatusContains: []accounttypes.RegionOptStatus{accounttypes.RegionOptStatusEnabled},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(background())
		require.NoError(d.t, err)
		for _, r := range page.Regions {
			d.line("%s opted in to %s", indent, aws.ToString(r.RegionName))
		}
	}
}
