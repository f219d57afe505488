package topology

import "bytes"

// Archipelago is the file archipelago.yaml: what holds for every organization.
type Archipelago struct {
	Source `json:"-"`
	// The company's short name. Lower-case letters, digits and hyphens; it is part of resource names, so it never changes.
	Name string `json:"name" required:"true" pattern:"^[a-z][a-z0-9-]{0,31}$"`
	// The one organization that the others may depend on. Its kind must be "hub".
	Hub string `json:"hub" required:"true"`
	// How account e-mail addresses are formed where an account does not set its own. {archipelago}, {organization} and {account} are replaced. The result has at most 64 characters and never changes once the account exists.
	Email string `json:"email,omitempty"`
	// Domains that account e-mail addresses may use. Default: the domain of the e-mail pattern.
	EmailDomains []string `json:"emailDomains,omitempty"`
	// AWS regions in use; the first is the home region, where the providers run. Opt-in regions in the list are enabled in every account.
	Regions []string `json:"regions,omitempty" values:"regions"`
	// Tags of every account, unit and policy.
	Tags map[string]string `json:"tags,omitempty"`
	// Tags that every account must have after inheritance. Default: owner, cost-center, environment. An empty list requires none.
	RequiredTags []string `json:"requiredTags,omitempty" default:"[owner, cost-center, environment]"`
	// Alternate contacts of every account.
	Contacts *Contacts `json:"contacts,omitempty"`
	// How the automation reaches management accounts.
	Access *Access `json:"access,omitempty"`
	// How many AWS providers one deployment may start; each is a process of 200-400 MB. Default 24.
	ProviderBudget int `json:"providerBudget,omitempty" default:"24" minimum:"1"`
	// Limits of your AWS organizations that differ from the defaults, by name (archipelago quotas lists them).
	Quotas map[string]int `json:"quotas,omitempty" keys:"quotas"`
	// Policies that any organization may attach, by name.
	Policies map[string]*Policy `json:"policies,omitempty"`
	// Names of policies attached to the root of every organization.
	Attach []string `json:"attach,omitempty"`
	// The policy that is attached to an account in state "quarantined".
	QuarantinePolicy string `json:"quarantinePolicy,omitempty"`
	// How every member account is set up.
	Baseline *Baseline `json:"baseline,omitempty"`
	// Settings that organizations, units, accounts and hooks cannot change, by path: budget.monthlyLimit, ec2, regions, tags["cost-center"].
	Locks map[string]*Lock `json:"locks,omitempty"`
	// Hooks that run for every member account.
	Hooks []*HookUse `json:"hooks,omitempty"`
	// Resource types that baselines may declare, as Pulumi type tokens.
	ResourceTypes []string `json:"resourceTypes,omitempty"`

	// Organizations are the files of organizations/, sorted by name.
	Organizations []*Organization `json:"-"`
	// incomplete says that a file of an organization could not be read, so that nothing is known to be
	// missing.
	incomplete bool
}

// Access says how the automation reaches a management account. Base credentials come from the
// standard AWS chain: environment, profile, OIDC in CI.
type Access struct {
	Source `json:"-"`
	// The AWS profile that leads to the management account. {archipelago} and {organization} are replaced.
	Profile string `json:"profile,omitempty"`
	// A role in the management account that is assumed from the base credentials or the profile: its name, without path. {archipelago} and {organization} are replaced.
	Role string `json:"role,omitempty" maxLength:"64"`
}

// Contacts are the alternate contacts of an account. A part that is not set is inherited from the layer above.
type Contacts struct {
	Source `json:"-"`
	// Receives bills and payment questions.
	Billing *Contact `json:"billing,omitempty"`
	// Receives notices about operations, such as retirement of hardware.
	Operations *Contact `json:"operations,omitempty"`
	// Receives abuse and security notices.
	Security *Contact `json:"security,omitempty"`
}

// Contact is one alternate contact: all four fields are required by AWS.
type Contact struct {
	Source `json:"-"`
	// The person's or team's name, 1-64 characters.
	Name string `json:"name" required:"true" minLength:"1" maxLength:"64"`
	// The title, 1-50 characters.
	Title string `json:"title" required:"true" minLength:"1" maxLength:"50"`
	// The e-mail address.
	Email string `json:"email" required:"true"`
	// The telephone number: digits, spaces and any of + - ( ), 1-25 characters.
	Phone string `json:"phone" required:"true" maxLength:"25"`
}

// Policy is an AWS Organizations policy. It has a file, a document, or a guardrail that writes the document.
type Policy struct {
	Source `json:"-"`
	// What kind of policy it is. It never changes: AWS would replace the policy, leaving its targets without it.
	Type PolicyType `json:"type" required:"true"`
	// The policy's name in AWS. Default: its key. At most 128 characters.
	Name string `json:"name,omitempty" maxLength:"128"`
	// What it is for, at most 512 characters.
	Description string `json:"description,omitempty" maxLength:"512"`
	// A JSON file with the policy document, relative to the file that names it.
	File string `json:"file,omitempty"`
	// The policy document itself, instead of a file.
	Document *Document `json:"document,omitempty"`
	// A guardrail of the catalogue that writes the document (archipelago policies list has them).
	Guardrail string `json:"guardrail,omitempty"`
	// What the guardrail is given, by parameter (archipelago policies show NAME has them).
	With *Document `json:"with,omitempty"`
	// Tags of the policy, beside the inherited ones.
	Tags map[string]string `json:"tags,omitempty"`
}

// PolicyType is the short name of a policy type that AWS Organizations knows and the provider accepts.
type PolicyType string

// The policy types that provider aws 6.83 accepts.
const (
	PolicySCP            PolicyType = "scp"
	PolicyRCP            PolicyType = "rcp"
	PolicyTag            PolicyType = "tag"
	PolicyBackup         PolicyType = "backup"
	PolicyAIOptOut       PolicyType = "ai-opt-out"
	PolicyChat           PolicyType = "chat"
	PolicyDeclarativeEC2 PolicyType = "declarative-ec2"
)

// Values lists the policy types in the order of the reference.
func (PolicyType) Values() []string {
	return values(PolicySCP, PolicyRCP, PolicyTag, PolicyBackup, PolicyAIOptOut, PolicyChat, PolicyDeclarativeEC2)
}

// Document is a JSON policy document: written in the YAML, or read from a file. Text is the JSON as
// it was written; for a document written in YAML it is the equivalent JSON with its keys in order.
type Document struct {
	Source
	Text []byte
	// Path is the JSON file it was read from; empty for a document in YAML.
	Path string
	json *File
}

// MarshalJSON returns the document's text.
func (d Document) MarshalJSON() ([]byte, error) {
	if len(d.Text) == 0 {
		return []byte("null"), nil
	}
	return d.Text, nil
}

// UnmarshalJSON keeps the text as it is.
func (d *Document) UnmarshalJSON(text []byte) error {
	d.Text = bytes.Clone(text)
	return nil
}

func values[T ~string](list ...T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
