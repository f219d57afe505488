package plan

import (
	"cmp"
	"io/fs"
	"slices"

	"github.com/archipelago-iac/archipelago/topology"
)

// defaultProviderBudget is how many providers one deployment may start where archipelago.yaml sets
// no other number: at 200-400 MB each they stay below 8 GiB.
const defaultProviderBudget = 24

// defaultRole is the role that AWS creates in a new member account where none is named.
// Source: AWS Organizations API Reference, CreateAccount, RoleName.
const defaultRole = "OrganizationAccountAccessRole"

// Load reads, validates and resolves the archipelago in fsys. The diagnostics are all there are,
// sorted; the plan is nil where one of them is an error. The error is for what is not the user's
// writing, see [topology.Load].
func Load(fsys fs.FS) (*Plan, *topology.Archipelago, topology.Diagnostics, error) {
	a, found, err := topology.Load(fsys)
	if err != nil || a == nil {
		return nil, a, found, err
	}
	if found.HasErrors() {
		// The documents are worth checking even so: the user wants to hear everything at once.
		return nil, a, append(found, newDocuments().checkAll(a)...).Sort(), nil
	}
	p, more := Resolve(a)
	found = append(found, more...).Sort()
	if found.HasErrors() {
		p = nil
	}
	return p, a, found, nil
}

// Resolve turns a valid archipelago into its plan. The diagnostics are about what only shows here:
// policy documents and their sizes. The cost is linear in the number of accounts.
func Resolve(a *topology.Archipelago) (*Plan, topology.Diagnostics) {
	docs := newDocuments()
	found := docs.checkAll(a)
	p := &Plan{Name: a.Name, Hub: a.Hub, Organizations: []*Organization{}}
	for _, o := range a.Organizations {
		r := &resolver{archipelago: a, organization: o, documents: docs}
		p.Organizations = append(p.Organizations, r.resolve())
		found = append(found, r.found...)
	}
	// The hub goes first; the organizations of the topology are sorted by name already.
	if i := slices.IndexFunc(p.Organizations, func(o *Organization) bool { return o.Name == a.Hub }); i > 0 {
		hub := p.Organizations[i]
		p.Organizations = slices.Insert(slices.Delete(p.Organizations, i, i+1), 0, hub)
	}
	return p, found.Sort()
}

// resolver builds the plan of one organization.
type resolver struct {
	archipelago  *topology.Archipelago
	organization *topology.Organization
	documents    *documents
	found        topology.Diagnostics

	plan *Organization
	// suspended is the path of the unit for suspended accounts.
	suspended string
	// used are the keys of the policies that are attached anywhere.
	used map[string]bool
	// unset says that contacts or regions of member accounts were left out.
	unset bool
	// trusted collects why each service principal needs trusted access.
	trusted map[string][]string
}

func (r *resolver) resolve() *Organization {
	a, o := r.archipelago, r.organization
	r.used, r.trusted = map[string]bool{}, map[string][]string{}
	r.plan = &Organization{
		Archipelago: a.Name, Name: o.Name, Kind: o.Kind, ID: o.ID, Source: o.Position().String(),
		DependsOn:      r.dependsOn(),
		Management:     r.management(),
		Features:       cmp.Or(o.Features, topology.FeaturesAll),
		RootAccess:     []string{},
		Units:          []*Unit{},
		Accounts:       []*Account{},
		Closed:         []Tombstone{},
		Policies:       []*Policy{},
		Attachments:    []Attachment{},
		AccountQuota:   a.Quota(o, topology.QuotaAccounts),
		ProviderBudget: cmp.Or(a.ProviderBudget, defaultProviderBudget),
		Providers: []Provider{{Region: r.home(), Reasons: []string{
			"the organization, its units, accounts and policies are managed from the management account"}}},
		DelegatedAdministrators: []DelegatedAdministrator{},
	}
	r.tree()
	if r.unset {
		r.found = append(r.found, o.Problem(topology.Warning, o.At("features"), "needs-all-features",
			"contacts and opt-in regions of the member accounts of organization "+o.Name+" are not set: that needs all features",
			"set features: ALL, or set them in each account by hand"))
	}
	r.attachments()
	r.delegation()
	r.rootAccess()
	r.access()
	r.policies()
	return r.plan
}

// dependsOn is the hub for every spoke but the break-glass organizations: the way in for the day
// when the hub is down must not need it.
func (r *resolver) dependsOn() []string {
	if o := r.organization; o.Name == r.archipelago.Hub || o.Kind == topology.KindBreakGlass {
		return []string{}
	}
	return []string{r.archipelago.Hub}
}

func (r *resolver) layers(chain []*topology.Unit, account *topology.Account) topology.Layers {
	return topology.Layers{Archipelago: r.archipelago, Organization: r.organization, Units: chain, Account: account}
}

// home is the region where the providers run.
func (r *resolver) home() string {
	if regions := r.layers(nil, nil).Regions(); len(regions) > 0 {
		return regions[0]
	}
	return ""
}

func (r *resolver) management() Management {
	a, o, m := r.archipelago, r.organization, r.organization.Management
	l := r.layers(nil, nil)
	l.Account = &topology.Account{Tags: m.Tags, Owner: m.Owner, Contacts: m.Contacts}
	out := Management{
		AccountID: m.AccountID,
		Name:      cmp.Or(m.Name, o.Name+"-management"),
		Email:     m.Email,
		Tags:      l.Tags(),
		Contacts:  contacts(l.Contacts()),
		Region:    r.home(),
	}
	access := o.Access
	if access == nil {
		access = a.Access
	}
	if access != nil {
		out.Profile = topology.Expand(access.Profile, a.Name, o.Name, "")
		out.Role = topology.Expand(access.Role, a.Name, o.Name, "")
	}
	return out
}

func contacts(c topology.Contacts) Contacts {
	return Contacts{Billing: contact(c.Billing), Operations: contact(c.Operations), Security: contact(c.Security)}
}

func contact(c *topology.Contact) *Contact {
	if c == nil {
		return nil
	}
	return &Contact{Name: c.Name, Title: c.Title, Email: c.Email, Phone: c.Phone}
}

// Any reports whether any contact is set.
func (c Contacts) Any() bool { return c.Billing != nil || c.Operations != nil || c.Security != nil }
