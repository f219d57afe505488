package plan

import (
	"fmt"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// Plan is a whole archipelago, ready to deploy.
type Plan struct {
	// Name is the archipelago's name.
	Name string `json:"name"`
	// Hub is the name of the hub organization.
	Hub string `json:"hub"`
	// Organizations are sorted: the hub, then the others by name. A stack may be deployed once those
	// it depends on are.
	Organizations []*Organization `json:"organizations"`
}

// Organization is everything that one stack deploys. Lists are sorted and never nil.
type Organization struct {
	// Archipelago is the name of the whole.
	Archipelago string        `json:"archipelago"`
	Name        string        `json:"name"`
	Kind        topology.Kind `json:"kind"`
	// ID is the id of an organization to import; empty to create one.
	ID string `json:"id,omitempty"`
	// DependsOn are the organizations whose stacks are deployed first: the hub, or nothing.
	DependsOn  []string   `json:"dependsOn"`
	Management Management `json:"management"`
	// Features is ALL or CONSOLIDATED_BILLING.
	Features topology.Features `json:"features"`
	// PolicyTypes are the policy types to enable, as AWS names them.
	PolicyTypes []string `json:"policyTypes"`
	// TrustedAccess are the services that may act in the organization.
	TrustedAccess []TrustedAccess `json:"trustedAccess"`
	// RootAccess is the central root access to switch on, as AWS names it.
	RootAccess  []string     `json:"rootAccess"`
	Units       []*Unit      `json:"units"`
	Accounts    []*Account   `json:"accounts"`
	Closed      []Tombstone  `json:"closed"`
	Policies    []*Policy    `json:"policies"`
	Attachments []Attachment `json:"attachments"`
	// DelegatedAdministrators is one entry per service and account.
	DelegatedAdministrators []DelegatedAdministrator `json:"delegatedAdministrators"`
	// DelegationPolicy is the organization's resource policy, minified; empty for none.
	DelegationPolicy string `json:"delegationPolicy,omitempty"`
	// AccountQuota is how many accounts the organization may have.
	AccountQuota int `json:"accountQuota"`
	// Providers are the AWS providers that the stack starts.
	Providers []Provider `json:"providers"`
	// ProviderBudget is how many of them are allowed.
	ProviderBudget int `json:"providerBudget"`
	// Source is the organization's file.
	Source string `json:"source"`
}

// Management is an organization's management account and the way into it.
type Management struct {
	AccountID string            `json:"accountId"`
	Name      string            `json:"name"`
	Email     string            `json:"email"`
	Tags      map[string]string `json:"tags"`
	Contacts  Contacts          `json:"contacts"`
	// Region is where the provider for the management account runs.
	Region string `json:"region"`
	// Profile is the AWS profile that leads there; empty for the default credentials.
	Profile string `json:"profile,omitempty"`
	// Role is the name of a role there to assume; empty for none.
	Role string `json:"role,omitempty"`
	// Setup is the management account's own baseline; nil where its file has none.
	Setup *Setup `json:"setup,omitempty"`

	value *settings.Value
	locks []settings.Lock
}

// RoleARN returns the ARN of a role in one of the organization's accounts. China and GovCloud are AWS
// partitions of their own.
func (m Management) RoleARN(account, role string) string {
	partition := "aws"
	switch {
	case strings.HasPrefix(m.Region, "cn-"):
		partition = "aws-cn"
	case strings.HasPrefix(m.Region, "us-gov-"):
		partition = "aws-us-gov"
	}
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", partition, account, role)
}

// TrustedAccess is an AWS service that may act in the organization.
type TrustedAccess struct {
	Principal string `json:"principal"`
	// Because says what asked for it: "trustedAccess", "delegated administrator", "contacts" ...
	Because []string `json:"because"`
}

// Unit is an organizational unit.
type Unit struct {
	// Path is the keys from below the root, joined by "/". It names the Pulumi resource.
	Path string `json:"path"`
	// Parent is the path of the unit above, "" for the root.
	Parent string `json:"parent"`
	// Formerly are paths that the unit had before, of which it takes over the resource.
	Formerly []string          `json:"formerly,omitempty"`
	Name     string            `json:"name"`
	ID       string            `json:"id,omitempty"`
	Tags     map[string]string `json:"tags"`
	// Suspended marks the unit for suspended accounts.
	Suspended bool `json:"suspended,omitempty"`
	// HoldsAccounts says that accounts are in the unit or in one below it: it must not be deleted.
	HoldsAccounts bool   `json:"holdsAccounts"`
	Source        string `json:"source"`
}

// Account is a member account that exists or is to be created. Closed accounts are [Tombstone]s.
type Account struct {
	// Key is the account's key in the file. It names the Pulumi resource and never changes.
	Key string `json:"key"`
	// Unit is the path of the unit that the account is in, "" for the root.
	Unit  string `json:"unit"`
	ID    string `json:"id,omitempty"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Owner string `json:"owner,omitempty"`
	// Role is the role that AWS creates for the management account.
	Role string `json:"role"`
	// BillingAccess is ALLOW or DENY.
	BillingAccess string            `json:"billingAccess"`
	State         topology.State    `json:"state"`
	AllowClose    bool              `json:"allowClose,omitempty"`
	Tags          map[string]string `json:"tags"`
	Contacts      Contacts          `json:"contacts"`
	// Regions are the regions in use, the home region first.
	Regions []string `json:"regions"`
	// OptInRegions are those of them that AWS has switched off until asked.
	OptInRegions []string `json:"optInRegions"`
	// Frozen says that everything in the account is denied (quarantined, suspended): what its
	// baseline deployed stays as it is.
	Frozen bool `json:"frozen,omitempty"`
	// Setup is the account's baseline. Of a frozen account only what the management account sets counts.
	Setup *Setup `json:"setup,omitempty"`
	// Hooks are the hooks that some layer uses for the account, in running order.
	Hooks []AppliedHook `json:"hooks,omitempty"`
	// Changes are what hooks changed in the baseline, in order.
	Changes []Change `json:"changes,omitempty"`

	// value and locks are what [Plan.Explain] tells of.
	value *settings.Value
	locks []settings.Lock

	Source string `json:"source"`
}

// Contacts are alternate contacts by type; nil where none is set.
type Contacts struct {
	Billing    *Contact `json:"billing,omitempty"`
	Operations *Contact `json:"operations,omitempty"`
	Security   *Contact `json:"security,omitempty"`
}

// Contact is one alternate contact.
type Contact struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// Tombstone is a closed account: nothing is deployed for it, its key and e-mail address stay taken.
type Tombstone struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Email  string `json:"email"`
	Source string `json:"source"`
}

// Policy is an AWS Organizations policy that something in the organization uses.
type Policy struct {
	// Key is the policy's key in the file. It names the Pulumi resource.
	Key         string `json:"key"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Type is the policy type as AWS names it, such as SERVICE_CONTROL_POLICY.
	Type string `json:"type"`
	// Content is the minified document. It may hold placeholders, see package policy.
	Content string            `json:"content"`
	Tags    map[string]string `json:"tags"`
	Source  string            `json:"source"`
}

// TargetKind is what a policy is attached to.
type TargetKind string

// The kinds of target.
const (
	TargetRoot    TargetKind = "root"
	TargetUnit    TargetKind = "unit"
	TargetAccount TargetKind = "account"
)

// Attachment attaches a policy to a target.
type Attachment struct {
	// Policy is the policy's key.
	Policy string `json:"policy"`
	// Kind is what the target is.
	Kind TargetKind `json:"kind"`
	// Target is the unit's path or the account's key; "" for the root.
	Target string `json:"target"`
	// Formerly are former paths of the target unit.
	Formerly []string `json:"formerly,omitempty"`
	// Because says which layer asked for it: "archipelago", "organization", "unit", "account", "quarantine".
	Because string `json:"because"`
}

// DelegatedAdministrator makes a member account administer a service.
type DelegatedAdministrator struct {
	// Service is the service principal, such as guardduty.amazonaws.com.
	Service string `json:"service"`
	// Account is the account's key.
	Account string `json:"account"`
}

// Provider is an AWS provider that a stack starts: one process per account and region.
type Provider struct {
	// Account is the account's key; "" for the management account.
	Account string `json:"account"`
	Region  string `json:"region"`
	// Regional marks a provider of the management account for what belongs to its region. The one for global
	// services is another, since it stays where it was first started.
	Regional bool     `json:"regional,omitempty"`
	Reasons  []string `json:"reasons"`
}

// Organization returns the organization with the given name, or nil.
func (p *Plan) Organization(name string) *Organization {
	for _, o := range p.Organizations {
		if o.Name == name {
			return o
		}
	}
	return nil
}
