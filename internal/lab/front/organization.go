package front

import (
	"context"
	"sync"
	"time"
)

// organization is what the front knows of one organization beyond the emulator. Its fields are
// guarded by mu, which is held for the whole of a call that the front acts on: a check and what it
// allows must not be separated, and AWS, too, changes an organization one step at a time.
type organization struct {
	mu sync.Mutex

	id         string
	root       string
	management string
	allFeature bool

	// members are the accounts but the management account; the value is true for closed ones.
	members map[string]bool
	// failed are the requests for accounts that came to nothing, by request id.
	failed map[string]createAccountStatus
	// names are the units whose name in the emulator is not the real one, see renameUnit.
	names map[string]string
	// enabled are the policy types that are enabled on the root, whoever holds the policies.
	enabled map[string]bool
	// kinds are the types of the emulator's policies that were seen, by id.
	kinds map[string]string
	// policies are those of the types that the emulator cannot hold, by id.
	policies map[string]*policy
	// resourcePolicy is the delegation policy, nil if there is none.
	resourcePolicy *resourcePolicy
	// access is when services were given trusted access.
	access map[string]time.Time
	// delegates are the delegated administrators: account, service, since when.
	delegates map[string]map[string]time.Time
	// rootFeatures are the features of central root access that are on.
	rootFeatures map[string]bool
}

// registry finds the organization of an account, in whichever organization it is, and keeps what
// holds across organizations.
type registry struct {
	mu        sync.Mutex
	byAccount map[string]*organization
	shut      map[string]bool
	// emails are the addresses in use, in lower case. AWS never gives one free again.
	emails map[string]bool

	// loading is held while an organization is read, so that two calls do not make two of it.
	loading sync.Mutex
}

func (r *registry) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byAccount = map[string]*organization{}
	r.shut = map[string]bool{}
	r.emails = map[string]bool{}
}

func (r *registry) find(account string) *organization {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byAccount[account]
}

// join notes that an account belongs to an organization.
func (r *registry) join(o *organization, account string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byAccount[account] = o
}

func (r *registry) leave(account string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byAccount, account)
}

// forget drops an organization that was deleted. Its e-mail addresses stay in use.
func (r *registry) forget(o *organization) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for account, of := range r.byAccount {
		if of == o {
			delete(r.byAccount, account)
		}
	}
}

func (r *registry) shutAccount(account string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shut[account] = true
}

func (r *registry) closed(account string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.shut[account]
}

// reserve takes an e-mail address and reports whether it was free.
func (r *registry) reserve(email string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.emails[email] {
		return false
	}
	r.emails[email] = true
	return true
}

func (r *registry) release(email string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.emails, email)
}

func (r *registry) all() map[*organization]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[*organization]bool{}
	for _, o := range r.byAccount {
		all[o] = true
	}
	return all
}

// organizationOf is the organization of an account. One that the front does not know yet is read
// from the emulator, so it does not matter who made it, or when.
func (f *Front) organizationOf(ctx context.Context, account string) (*organization, error) {
	if o := f.orgs.find(account); o != nil {
		return o, nil
	}
	f.orgs.loading.Lock()
	defer f.orgs.loading.Unlock()
	if o := f.orgs.find(account); o != nil {
		return o, nil
	}
	var d struct {
		Organization struct{ ID, MasterAccountID, FeatureSet string }
	}
	if err := f.ask(ctx, account, "DescribeOrganization", struct{}{}, &d); err != nil {
		return nil, err
	}
	if o := f.orgs.find(d.Organization.MasterAccountID); o != nil {
		f.orgs.join(o, account)
		return o, nil
	}
	o := &organization{
		id: d.Organization.ID, management: d.Organization.MasterAccountID,
		allFeature: d.Organization.FeatureSet != "CONSOLIDATED_BILLING",
		members:    map[string]bool{}, failed: map[string]createAccountStatus{}, names: map[string]string{},
		enabled: map[string]bool{}, kinds: map[string]string{}, policies: map[string]*policy{},
		access: map[string]time.Time{}, delegates: map[string]map[string]time.Time{}, rootFeatures: map[string]bool{},
	}
	if err := f.load(ctx, o); err != nil {
		return nil, err
	}
	f.orgs.join(o, o.management)
	return o, nil
}

// load reads what the emulator knows of an organization and the front keeps as well.
func (f *Front) load(ctx context.Context, o *organization) error {
	roots, err := f.roots(ctx, o)
	if err != nil {
		return err
	}
	for _, r := range roots {
		o.root = r.ID
		for _, t := range r.PolicyTypes {
			o.enabled[t.Type] = true
		}
	}
	var access struct{ EnabledServicePrincipals []enabledPrincipal }
	if err := f.ask(ctx, o.management, "ListAWSServiceAccessForOrganization", struct{}{}, &access); err != nil {
		return err
	}
	for _, p := range access.EnabledServicePrincipals {
		o.access[p.ServicePrincipal] = p.DateEnabled.Time
	}
	accounts, err := f.listAccounts(ctx, o)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if a.ID == o.management {
			continue // the emulator gives every management account the same address
		}
		o.members[a.ID] = a.Status == suspended
		f.orgs.join(o, a.ID)
		f.orgs.reserve(normalEmail(a.Email))
		if a.Status == suspended {
			f.orgs.shutAccount(a.ID)
		}
	}
	return nil
}

// inOrganization is the handler of calls that any account of an organization may make. The
// organization is locked meanwhile. A delegated administrator reads what the management account
// reads; to the emulator, any member is a stranger.
func inOrganization(h func(f *Front, c *call, o *organization) (*reply, error)) handler {
	return func(f *Front, c *call) (*reply, error) {
		o, err := f.organizationOf(c.ctx(), c.Account)
		if err != nil {
			return nil, err
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.delegates[c.Account]) > 0 {
			c.as = o.management
		}
		return h(f, c, o)
	}
}

// byManagement is the handler of calls that only the management account may make.
func byManagement(h func(f *Front, c *call, o *organization) (*reply, error)) handler {
	return inOrganization(func(f *Front, c *call, o *organization) (*reply, error) {
		if c.Account != o.management {
			return nil, refuse("AccessDeniedException", "You don't have permissions to access this resource.")
		}
		return h(f, c, o)
	})
}

// withAllFeatures is the handler of calls that need more than consolidated billing.
func withAllFeatures(h func(f *Front, c *call, o *organization) (*reply, error)) handler {
	return byManagement(func(f *Front, c *call, o *organization) (*reply, error) {
		if !o.allFeature {
			return nil, constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "The organization does not have all features enabled.")
		}
		return h(f, c, o)
	})
}

func addOrganization(t table) {
	t.add("organizations", "DeleteOrganization", byManagement(deleteOrganization))
	for _, read := range []string{
		"ListAccounts", "ListAccountsForParent", "ListChildren", "ListParents", "DescribeAccount",
	} {
		t.add("organizations", read, inOrganization(forwardFor))
	}
}

func deleteOrganization(f *Front, c *call, o *organization) (*reply, error) {
	if len(o.members) > 0 {
		return nil, refuse("OrganizationNotEmptyException",
			"To delete an organization you must first remove all member accounts (except the master).")
	}
	out, err := f.forward(c)
	if err == nil {
		f.orgs.forget(o)
	}
	return out, err
}

func forwardFor(f *Front, c *call, _ *organization) (*reply, error) { return f.forward(c) }
