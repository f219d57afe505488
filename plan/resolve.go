package plan

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/topology"
)

// defaultProviderBudget is how many providers one deployment may start where archipelago.yaml sets
// no other number: at 200-400 MB each they stay below 8 GiB.
const defaultProviderBudget = 24

// defaultRole is the role that AWS creates in a new member account where none is named.
// Source: AWS Organizations API Reference, CreateAccount, RoleName.
const defaultRole = "OrganizationAccountAccessRole"

// Load reads, validates and resolves the archipelago in fsys, its hooks included. The diagnostics are all
// there are, sorted; the plan is nil where one of them is an error. The error is for what is not the
// user's writing, see [topology.Load].
func Load(ctx context.Context, fsys fs.FS) (*Plan, *topology.Archipelago, topology.Diagnostics, error) {
	a, found, err := topology.Load(fsys)
	if err != nil || a == nil {
		return nil, a, found, err
	}
	hooks, broken, err := LoadHooks(ctx, fsys, a)
	if err != nil {
		return nil, a, nil, err
	}
	if hooks != nil {
		defer func() { _ = hooks.Close() }() // the results are there
	}
	found = append(found, broken...)
	if found.HasErrors() {
		// The documents are worth checking even so: the user wants to hear everything at once.
		found = append(found, buildGuardrails(a)...)
		return nil, a, append(found, newDocuments().checkAll(a)...).Sort(), nil
	}
	p, b, more, err := resolve(ctx, a, hooks, lines(fsys), nil)
	if err != nil {
		return nil, a, nil, err
	}
	found = append(append(found, more...), b.diagnostics()...).Sort()
	if found.HasErrors() {
		p = nil
	}
	return p, a, found, nil
}

// Resolve turns a valid archipelago into its plan. The hooks are those that [LoadHooks] returns; nil where
// none is used. The diagnostics are about what only shows here: policy documents, hooks and baselines.
// The cost is linear in the number of accounts. The error is for hooks that cannot be run.
func Resolve(ctx context.Context, a *topology.Archipelago, hooks *plugins.Set) (*Plan, topology.Diagnostics, error) {
	p, b, found, err := resolve(ctx, a, hooks, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	return p, append(found, b.diagnostics()...).Sort(), nil
}

// resolve does what [Resolve] does. The diagnostics about baselines are in what it returns beside the others.
// Watch, which may be nil, sees what the hooks of each account did.
func resolve(
	ctx context.Context, a *topology.Archipelago, hooks *plugins.Set, lines func(topology.Position) string, watch func(*member, *plugins.Result),
) (*Plan, *baselines, topology.Diagnostics, error) {
	if files := a.HookFiles(); hooks == nil && len(files) > 0 {
		return nil, nil, nil, fmt.Errorf("resolve archipelago: its hooks are not loaded: %s", strings.Join(files, ", "))
	}
	docs, b := newDocuments(), newBaselines(a)
	b.lines = lines
	found := append(append(buildGuardrails(a), docs.checkAll(a)...), b.checkPaths()...)
	var resolvers []*resolver
	for _, o := range a.Organizations {
		r := &resolver{archipelago: a, organization: o, documents: docs, baselines: b}
		r.begin()
		resolvers = append(resolvers, r)
	}
	if err := b.run(ctx, hooks, watch); err != nil {
		return nil, nil, nil, err
	}
	p := &Plan{Name: a.Name, Hub: a.Hub, Organizations: []*Organization{}}
	for _, r := range resolvers {
		r.finish()
		p.Organizations = append(p.Organizations, r.plan)
		found = append(found, r.found...)
		b.unlike = append(b.unlike, b.parity(r.organization)...)
	}
	// The hub goes first; the organizations of the topology are sorted by name already.
	if i := slices.IndexFunc(p.Organizations, func(o *Organization) bool { return o.Name == a.Hub }); i > 0 {
		hub := p.Organizations[i]
		p.Organizations = slices.Insert(slices.Delete(p.Organizations, i, i+1), 0, hub)
	}
	return p, b, found, nil
}

// lines returns lines of files, for excerpts of hooks. What cannot be read has none.
func lines(fsys fs.FS) func(topology.Position) string {
	read := map[string][]string{}
	return func(pos topology.Position) string {
		if _, done := read[pos.File]; !done && pos.File != "" {
			text, _ := fs.ReadFile(fsys, pos.File)
			read[pos.File] = strings.Split(string(text), "\n")
		}
		if text := read[pos.File]; pos.Line >= 1 && pos.Line <= len(text) {
			return strings.TrimSuffix(text[pos.Line-1], "\r")
		}
		return ""
	}
}

// resolver builds the plan of one organization.
type resolver struct {
	archipelago  *topology.Archipelago
	organization *topology.Organization
	documents    *documents
	baselines    *baselines
	found        topology.Diagnostics

	plan *Organization
	// members are the accounts whose baselines are being made.
	members []*member
	// locks are those of the archipelago and the organization.
	locks []settings.Lock
	// suspended is the path of the unit for suspended accounts.
	suspended string
	// used are the keys of the policies that are attached anywhere.
	used map[string]bool
	// unset says that contacts or regions of member accounts were left out.
	unset bool
	// trusted collects why each service principal needs trusted access.
	trusted map[string][]string
}

// begin resolves what does not depend on hooks.
func (r *resolver) begin() {
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
}

// finish resolves the rest, once the hooks have run.
func (r *resolver) finish() {
	o := r.organization
	r.setups()
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
