package topology

// Organization is a file of organizations/: one AWS organization, deployed by one Pulumi stack.
type Organization struct {
	Source `json:"-"`
	// The organization's short name, also the name of its stack. Lower-case letters, digits and hyphens; it never changes.
	Name string `json:"name" required:"true" pattern:"^[a-z][a-z0-9-]{0,31}$"`
	// What the organization is for; rules depend on it.
	Kind Kind `json:"kind" required:"true"`
	// The account that owns the organization. It exists before the first deployment.
	Management *Management `json:"management" required:"true"`
	// The id of an AWS organization that exists already (o-...): it is imported instead of created.
	ID string `json:"id,omitempty" pattern:"^o-[a-z0-9]{10,32}$"`
	// Which features of AWS Organizations are on. Default ALL; CONSOLIDATED_BILLING allows no policies.
	Features Features `json:"features,omitempty" default:"ALL"`
	// How the automation reaches the management account; overrides the archipelago's.
	Access *Access `json:"access,omitempty"`
	// How e-mail addresses of this organization's accounts are formed; overrides the archipelago's.
	Email string `json:"email,omitempty"`
	// AWS regions in use, the home region first; replaces the archipelago's list.
	Regions []string `json:"regions,omitempty" values:"regions"`
	// Tags of every account, unit and policy of the organization.
	Tags map[string]string `json:"tags,omitempty"`
	// Alternate contacts of the organization's accounts, the management account included.
	Contacts *Contacts `json:"contacts,omitempty"`
	// AWS services that may act in the organization, by short name or service principal (cloudtrail, cloudtrail.amazonaws.com). What delegated administrators and other features need is added by itself.
	TrustedAccess []string `json:"trustedAccess,omitempty" values:"services"`
	// Policy types to enable although no policy uses them yet. Types in use are enabled by themselves.
	PolicyTypes []PolicyType `json:"policyTypes,omitempty"`
	// Central management of the root users of member accounts.
	RootAccess []RootFeature `json:"rootAccess,omitempty"`
	// Policies of this organization, by name; a name of the archipelago's list may not be used again.
	Policies map[string]*Policy `json:"policies,omitempty"`
	// Names of policies attached to the organization's root.
	Attach []string `json:"attach,omitempty"`
	// The policy that is attached to an account in state "quarantined"; overrides the archipelago's.
	QuarantinePolicy string `json:"quarantinePolicy,omitempty"`
	// Member accounts that administer an AWS service for the organization: service to account, or to a list of accounts.
	DelegatedAdministrators map[string]StringList `json:"delegatedAdministrators,omitempty" keys:"services"`
	// The organization's resource policy: lets member accounts manage parts of AWS Organizations itself.
	DelegationPolicy *DelegationPolicy `json:"delegationPolicy,omitempty"`
	// Limits of this organization that differ from the defaults, by name (archipelago quotas lists them).
	Quotas map[string]int `json:"quotas,omitempty" keys:"quotas"`
	// The organizational units below the root, by name.
	Units map[string]*Unit `json:"units,omitempty"`
	// How the member accounts are set up.
	Baseline *Baseline `json:"baseline,omitempty"`
	// Settings that units, accounts and hooks below cannot change, by path.
	Locks map[string]*Lock `json:"locks,omitempty"`
	// Hooks that run for the member accounts.
	Hooks []*HookUse `json:"hooks,omitempty"`
	// Groups of accounts whose baselines must be the same, by name.
	Parity map[string]*Parity `json:"parity,omitempty"`
	// Accounts directly below the root, by name. Accounts in units are easier to govern.
	Accounts map[string]*Account `json:"accounts,omitempty"`
}

// Kind says what an organization is for.
type Kind string

// The kinds of organization.
const (
	// KindHub is the organization that the others may depend on: automation, network, logs.
	KindHub Kind = "hub"
	// KindWorkload runs products.
	KindWorkload Kind = "workload"
	// KindBackOffice runs internal systems such as finance and personnel.
	KindBackOffice Kind = "back-office"
	// KindSandbox is where people try things: one region, accounts that come and go.
	KindSandbox Kind = "sandbox"
	// KindBreakGlass is the way in when every other way is broken. It depends on no other organization.
	KindBreakGlass Kind = "break-glass"
	// KindTransit holds accounts on their way elsewhere: ephemeral, suspended or being moved.
	KindTransit Kind = "transit"
	// KindAcquisition holds accounts that came with an acquired company.
	KindAcquisition Kind = "acquisition"
	// KindDivestiture holds accounts that are going to leave the company.
	KindDivestiture Kind = "divestiture"
)

// Values lists the kinds in the order of the reference.
func (Kind) Values() []string {
	return values(KindHub, KindWorkload, KindBackOffice, KindSandbox, KindBreakGlass, KindTransit, KindAcquisition, KindDivestiture)
}

// Features is the feature set of an AWS organization.
type Features string

// The feature sets of AWS Organizations.
const (
	FeaturesAll                 Features = "ALL"
	FeaturesConsolidatedBilling Features = "CONSOLIDATED_BILLING"
)

// Values lists the feature sets.
func (Features) Values() []string { return values(FeaturesAll, FeaturesConsolidatedBilling) }

// RootFeature is a part of central root access.
type RootFeature string

// The parts of central root access.
const (
	// RootCredentials removes the root password and keys of member accounts.
	RootCredentials RootFeature = "credentials"
	// RootSessions allows short privileged sessions in member accounts from the management account.
	RootSessions RootFeature = "sessions"
)

// Values lists the parts of central root access.
func (RootFeature) Values() []string { return values(RootCredentials, RootSessions) }

// Management is the management account of an organization. It exists before Archipelago deploys
// anything and is never created, moved or closed.
type Management struct {
	Source `json:"-"`
	// The account's id: twelve digits, in quotes.
	AccountID string `json:"accountId" required:"true" pattern:"^[0-9]{12}$"`
	// The e-mail address of the account's root user.
	Email string `json:"email" required:"true"`
	// The account's name. Default: the organization's name and "-management".
	Name string `json:"name,omitempty" maxLength:"50"`
	// Who answers for the account.
	Owner string `json:"owner,omitempty"`
	// Tags that required tags and reports are checked against. They are not written to AWS: the provider has no resource for a management account.
	Tags map[string]string `json:"tags,omitempty"`
	// Alternate contacts of the management account.
	Contacts *Contacts `json:"contacts,omitempty"`
	// How the management account is set up: only what is written here, nothing is inherited and no hook runs.
	Baseline *Baseline `json:"baseline,omitempty"`
}

// DelegationPolicy is a resource policy of the organization. It has either a file or a document.
type DelegationPolicy struct {
	Source `json:"-"`
	// A JSON file with the policy document, relative to the file that names it.
	File string `json:"file,omitempty"`
	// The policy document itself, instead of a file.
	Document *Document `json:"document,omitempty"`
}

// Unit is an organizational unit. Units exist to carry policies, not to draw the org chart.
type Unit struct {
	Source `json:"-"`
	// The unit's name in AWS. Default: its key. Changing it renames the unit in place.
	Name string `json:"name,omitempty" maxLength:"128"`
	// The id of an organizational unit that exists already (ou-...): it is imported instead of created.
	ID string `json:"id,omitempty" pattern:"^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$"`
	// Keys that this unit had before, so that changing the key renames it instead of replacing it.
	Formerly []string `json:"formerly,omitempty"`
	// Tags of the unit and of everything below it.
	Tags map[string]string `json:"tags,omitempty"`
	// AWS regions of the accounts below it; replaces the list from above.
	Regions []string `json:"regions,omitempty" values:"regions"`
	// Alternate contacts of the accounts below it.
	Contacts *Contacts `json:"contacts,omitempty"`
	// Names of policies attached to the unit.
	Attach []string `json:"attach,omitempty"`
	// This is the unit for suspended accounts: accounts in state "suspended" are moved here wherever they are written. One per organization.
	Suspended bool `json:"suspended,omitempty"`
	// How the accounts below it are set up.
	Baseline *Baseline `json:"baseline,omitempty"`
	// Settings that units, accounts and hooks below cannot change, by path.
	Locks map[string]*Lock `json:"locks,omitempty"`
	// Hooks that run for the accounts below it.
	Hooks []*HookUse `json:"hooks,omitempty"`
	// The accounts in the unit, by name.
	Accounts map[string]*Account `json:"accounts,omitempty"`
	// The units below it, by name.
	Units map[string]*Unit `json:"units,omitempty"`
}

// Account is a member account. Its key is unique in its organization and never changes.
type Account struct {
	Source `json:"-"`
	// The account's name in AWS. Default: its key. It never changes once the account exists. At most 50 characters.
	Name string `json:"name,omitempty" maxLength:"50"`
	// The id of an account that is a member already: it is imported instead of created.
	ID string `json:"id,omitempty" pattern:"^[0-9]{12}$"`
	// The e-mail address of the root user. Default: from the pattern. It never changes once the account exists.
	Email string `json:"email,omitempty"`
	// Who answers for the account; becomes the tag "owner".
	Owner string `json:"owner,omitempty"`
	// Tags of the account.
	Tags map[string]string `json:"tags,omitempty"`
	// Where the account is in its life. Default active.
	State State `json:"state,omitempty" default:"active"`
	// Allows the account to be closed: set it while the account is suspended, deploy, then set the state to "closed".
	AllowClose bool `json:"allowClose,omitempty"`
	// Alternate contacts of the account.
	Contacts *Contacts `json:"contacts,omitempty"`
	// Whether IAM users and roles of the account may see its bills. Default allow. It never changes once the account exists.
	BillingAccess BillingAccess `json:"billingAccess,omitempty" default:"allow"`
	// The role that AWS creates in a new account for the management account. Default OrganizationAccountAccessRole. It never changes once the account exists.
	Role string `json:"role,omitempty" maxLength:"64" default:"OrganizationAccountAccessRole"`
	// AWS regions of the account; replaces the list from above. Opt-in regions in it are enabled.
	Regions []string `json:"regions,omitempty" values:"regions"`
	// Names of policies attached to the account.
	Attach []string `json:"attach,omitempty"`
	// How the account is set up.
	Baseline *Baseline `json:"baseline,omitempty"`
	// Settings that hooks cannot change, by path.
	Locks map[string]*Lock `json:"locks,omitempty"`
	// Hooks that run for the account.
	Hooks []*HookUse `json:"hooks,omitempty"`
}

// State is where an account is in its life: active, quarantined, suspended, closed, in this order
// and back up to suspended.
type State string

// The states of an account.
const (
	// StateActive is an account in use.
	StateActive State = "active"
	// StateQuarantined keeps its place and gets the quarantine policy attached.
	StateQuarantined State = "quarantined"
	// StateSuspended is moved to the unit for suspended accounts. Its resources keep running and costing.
	StateSuspended State = "suspended"
	// StateClosed is a tombstone: the account is closed, its entry keeps the e-mail address reserved.
	StateClosed State = "closed"
)

// Values lists the states in the order of an account's life.
func (State) Values() []string {
	return values(StateActive, StateQuarantined, StateSuspended, StateClosed)
}

// BillingAccess says whether IAM users and roles of an account may see its bills.
type BillingAccess string

// The choices of billing access.
const (
	BillingAllow BillingAccess = "allow"
	BillingDeny  BillingAccess = "deny"
)

// Values lists the choices of billing access.
func (BillingAccess) Values() []string { return values(BillingAllow, BillingDeny) }

// StringList is written as one text or as a list of texts.
type StringList []string
