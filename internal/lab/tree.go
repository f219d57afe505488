package lab

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/archipelago-iac/archipelago/internal/tree"
)

// Tree is an organization as the emulator has it.
type Tree struct {
	// Name is the organization's in the archipelago.
	Name string `json:"name"`
	// ID is empty if the organization does not exist yet.
	ID                string `json:"id,omitempty"`
	ManagementAccount string `json:"managementAccount"`
	Root              *Node  `json:"root,omitempty"`
}

// Node is the root of an organization or one of its units.
type Node struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Policies []string      `json:"policies"`
	Accounts []TreeAccount `json:"accounts"`
	Units    []*Node       `json:"units"`
}

// TreeAccount is an account in a tree.
type TreeAccount struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Status   string   `json:"status"`
	Policies []string `json:"policies"`
	// Administers are the services that the account administers for the organization.
	Administers []string `json:"administers"`
}

// AWSConfig is for clients that read the lab as the management account of an organization.
func (l *Lab) AWSConfig(organization string) (aws.Config, error) {
	for _, o := range l.organizations {
		if o.Name == organization {
			return l.AccountConfig(o.AccountID), nil
		}
	}
	return aws.Config{}, fmt.Errorf("find organization %s: not one of the lab's", organization)
}

// AccountConfig is for clients that read the lab as any account.
func (l *Lab) AccountConfig(account string) aws.Config {
	c := aws.Config{
		Region:       labRegion,
		BaseEndpoint: aws.String(l.Front.URL()),
		Credentials:  credentials.NewStaticCredentialsProvider(baseKey, baseKey, ""),
	}
	role := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(c), roleARN(account))
	c.Credentials = aws.NewCredentialsCache(role)
	return c
}

// Tree reads every organization from the emulator, in the order of the lab's organizations.
func (l *Lab) Tree(ctx context.Context) ([]*Tree, error) {
	trees := make([]*Tree, 0, len(l.organizations))
	for _, o := range l.organizations {
		r := reader{
			client:   organizations.NewFromConfig(l.AccountConfig(o.AccountID)),
			policies: map[string][]string{},
			services: map[string][]string{},
		}
		t := &Tree{Name: o.Name, ManagementAccount: o.AccountID}
		if err := r.read(ctx, t); err != nil {
			return nil, fmt.Errorf("read organization %s: %w", o.Name, err)
		}
		trees = append(trees, t)
	}
	return trees, nil
}

// reader reads one organization.
type reader struct {
	client *organizations.Client
	// policies are the names of those attached, by target.
	policies map[string][]string
	// services are those administered, by account.
	services map[string][]string
}

func (r *reader) read(ctx context.Context, t *Tree) error {
	d, err := r.client.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	var none *types.AWSOrganizationsNotInUseException
	if errors.As(err, &none) {
		return nil
	}
	if err != nil {
		return err
	}
	t.ID = aws.ToString(d.Organization.Id)
	roots, err := r.client.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		return err
	}
	if len(roots.Roots) != 1 {
		return fmt.Errorf("list roots: %d instead of one", len(roots.Roots))
	}
	root := roots.Roots[0]
	for _, p := range root.PolicyTypes {
		if err := r.readPolicies(ctx, p.Type); err != nil {
			return err
		}
	}
	if err := r.readAdministrators(ctx); err != nil {
		return err
	}
	t.Root = &Node{ID: aws.ToString(root.Id), Name: "Root", Policies: r.policies[aws.ToString(root.Id)]}
	return r.fill(ctx, t.Root)
}

// readPolicies asks each policy for its targets: there are fewer of them than targets. Those of AWS are
// everywhere and say nothing.
func (r *reader) readPolicies(ctx context.Context, t types.PolicyType) error {
	pages := organizations.NewListPoliciesPaginator(r.client, &organizations.ListPoliciesInput{Filter: t})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, p := range page.Policies {
			if p.AwsManaged {
				continue
			}
			if err := r.readTargets(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) readTargets(ctx context.Context, p types.PolicySummary) error {
	pages := organizations.NewListTargetsForPolicyPaginator(r.client, &organizations.ListTargetsForPolicyInput{PolicyId: p.Id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, target := range page.Targets {
			id := aws.ToString(target.TargetId)
			r.policies[id] = append(r.policies[id], aws.ToString(p.Name))
			slices.Sort(r.policies[id])
		}
	}
	return nil
}

func (r *reader) readAdministrators(ctx context.Context) error {
	pages := organizations.NewListDelegatedAdministratorsPaginator(r.client, &organizations.ListDelegatedAdministratorsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, a := range page.DelegatedAdministrators {
			if err := r.readServices(ctx, aws.ToString(a.Id)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) readServices(ctx context.Context, account string) error {
	pages := organizations.NewListDelegatedServicesForAccountPaginator(r.client,
		&organizations.ListDelegatedServicesForAccountInput{AccountId: aws.String(account)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, s := range page.DelegatedServices {
			r.services[account] = append(r.services[account], aws.ToString(s.ServicePrincipal))
		}
	}
	slices.Sort(r.services[account])
	return nil
}

// fill reads what is below a node.
func (r *reader) fill(ctx context.Context, n *Node) error {
	if err := r.fillAccounts(ctx, n); err != nil {
		return err
	}
	pages := organizations.NewListOrganizationalUnitsForParentPaginator(r.client,
		&organizations.ListOrganizationalUnitsForParentInput{ParentId: aws.String(n.ID)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, u := range page.OrganizationalUnits {
			id := aws.ToString(u.Id)
			unit := &Node{ID: id, Name: aws.ToString(u.Name), Policies: r.policies[id]}
			if err := r.fill(ctx, unit); err != nil {
				return err
			}
			n.Units = append(n.Units, unit)
		}
	}
	slices.SortFunc(n.Units, func(a, b *Node) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

func (r *reader) fillAccounts(ctx context.Context, n *Node) error {
	pages := organizations.NewListAccountsForParentPaginator(r.client,
		&organizations.ListAccountsForParentInput{ParentId: aws.String(n.ID)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, a := range page.Accounts {
			id := aws.ToString(a.Id)
			n.Accounts = append(n.Accounts, TreeAccount{
				ID: id, Name: aws.ToString(a.Name), Email: aws.ToString(a.Email), Status: string(a.Status),
				Policies: r.policies[id], Administers: r.services[id],
			})
		}
	}
	slices.SortFunc(n.Accounts, func(a, b TreeAccount) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}

// Render prints the tree as text.
func (t *Tree) Render(w io.Writer) error {
	text := fmt.Sprintf("%s  not deployed (management account %s)\n", t.Name, t.ManagementAccount)
	if t.Root != nil {
		text = fmt.Sprintf("%s  %s  management account %s%s\n%s", t.Name, t.ID, t.ManagementAccount,
			tree.List(t.Root.Policies), tree.Draw("", t.Root.below(t.ManagementAccount)))
	}
	_, err := io.WriteString(w, text)
	return err
}

// below returns the accounts and units in a node, without the management account: it stands above.
func (n *Node) below(management string) []tree.Node {
	var nodes []tree.Node
	for _, a := range n.Accounts {
		if a.ID != management {
			nodes = append(nodes, tree.Node{Text: a.line()})
		}
	}
	for _, u := range n.Units {
		nodes = append(nodes, tree.Node{Text: u.Name + "/" + tree.List(u.Policies), Children: u.below(management)})
	}
	return nodes
}

func (a TreeAccount) line() string {
	line := a.Name + "  " + a.ID
	if a.Status != string(types.AccountStatusActive) {
		line += "  " + a.Status
	}
	line += tree.List(a.Policies)
	if len(a.Administers) > 0 {
		line += "  administers " + strings.Join(a.Administers, ", ")
	}
	return line
}
