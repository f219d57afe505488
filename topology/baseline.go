package topology

// Baseline is how an account is set up. Every layer (archipelago, organization, unit, account) may
// set parts of it; they merge from the outside in: fields and named entries one by one, lists and
// policy documents as a whole, and null removes what an outer layer set.
type Baseline struct {
	Source `json:"-"`
	// The account's monthly budget. Set from the management account.
	Budget *Budget `json:"budget,omitempty"`
	// The account's alias for the sign-in page, unique in all of AWS: 3-63 lower-case letters, digits and hyphens. {archipelago}, {organization} and {account} are replaced.
	Alias string `json:"alias,omitempty"`
	// The rules for passwords of IAM users in the account.
	PasswordPolicy *PasswordPolicy `json:"passwordPolicy,omitempty"`
	// IAM roles in the account, by name.
	Roles map[string]*Role `json:"roles"`
	// Settings of Amazon S3 for the whole account.
	S3 S3Baseline `json:"s3"`
	// Settings of Amazon EC2 and EBS, in each of the account's regions.
	EC2 EC2Baseline `json:"ec2"`
	// IAM Access Analyzer for the account, in each of its regions.
	AccessAnalyzer *AccessAnalyzer `json:"accessAnalyzer,omitempty"`
	// SSM parameters with facts about the account, by name, in each of its regions. Values may hold placeholders such as {{account.id}} or {{tags.owner}}.
	Parameters map[string]string `json:"parameters"`
	// Further AWS resources in the account, by name.
	Resources map[string]*Resource `json:"resources"`
}

// Budget is the monthly cost budget of an account.
type Budget struct {
	Source `json:"-"`
	// How much the account may cost in a month, in whole units of the currency.
	MonthlyLimit int `json:"monthlyLimit" minimum:"1"`
	// The currency of the limit, as the bill has it.
	Currency string `json:"currency,omitempty" default:"USD" pattern:"^[A-Z]{3}$"`
	// Percentages of the limit at which the cost so far raises an alarm.
	Actual []int `json:"actual,omitempty" default:"[80, 100]" minimum:"1" maximum:"1000"`
	// Percentages of the limit at which the cost forecast for the month raises an alarm.
	Forecast []int `json:"forecast,omitempty" default:"[100]" minimum:"1" maximum:"1000"`
	// E-mail addresses that the alarms go to, at most ten.
	Recipients []string `json:"recipients"`
}

// PasswordPolicy is the rules for passwords of IAM users.
type PasswordPolicy struct {
	Source `json:"-"`
	// The fewest characters a password has, 6-128.
	MinimumLength int `json:"minimumLength,omitempty" default:"14" minimum:"6" maximum:"128"`
	// After how many days a password expires; 0 for never.
	MaximumAgeDays int `json:"maximumAgeDays,omitempty" minimum:"0" maximum:"1095"`
	// How many earlier passwords cannot be used again, 0-24.
	ReusePrevention int `json:"reusePrevention,omitempty" minimum:"0" maximum:"24"`
	// Whether a password needs a lower-case letter, an upper-case letter, a digit and a symbol.
	AllCharacterTypes *bool `json:"allCharacterTypes,omitempty" default:"true"`
	// Whether users may change their own password.
	AllowChange *bool `json:"allowChange,omitempty" default:"true"`
}

// Role is an IAM role in the account.
type Role struct {
	Source `json:"-"`
	// Who may assume the role.
	Trust Trust `json:"trust"`
	// What the role is for.
	Description string `json:"description,omitempty" maxLength:"1000"`
	// The path of the role, such as /security/.
	Path string `json:"path,omitempty" default:"/" pattern:"^/([!-~]+/)?$" maxLength:"512"`
	// How long a session may last, in seconds: 3600-43200. Sessions of chained roles never last longer than an hour.
	MaxSessionSeconds int `json:"maxSessionSeconds,omitempty" default:"3600" minimum:"3600" maximum:"43200"`
	// Managed policies: names of AWS managed policies (ReadOnlyAccess, job-function/Billing) or ARNs.
	ManagedPolicies []string `json:"managedPolicies,omitempty"`
	// Inline policies: the documents by name.
	Policies map[string]*Document `json:"policies,omitempty"`
	// The permissions boundary: the name of an AWS managed policy or an ARN.
	Boundary string `json:"boundary,omitempty"`
	// Tags of the role.
	Tags map[string]string `json:"tags,omitempty"`
}

// Trust says who may assume a role. Each list adds principals; conditions hold for all of them but services.
type Trust struct {
	Source `json:"-"`
	// Accounts whose administrators decide who may: ORGANIZATION/ACCOUNT, ORGANIZATION/management, or an id of twelve digits in quotes.
	Accounts []string `json:"accounts,omitempty"`
	// Roles that may: ORGANIZATION/ACCOUNT/ROLE with the role's name, or an ARN.
	Roles []string `json:"roles,omitempty"`
	// IAM users that may: ORGANIZATION/ACCOUNT/USER, or an ARN.
	Users []string `json:"users,omitempty"`
	// AWS services that may, such as ec2.amazonaws.com.
	Services []string `json:"services,omitempty"`
	// The external id that callers must give. Required where an account outside every declared organization is trusted.
	ExternalID string `json:"externalId,omitempty" pattern:"^[A-Za-z0-9+=,.@:/_-]+$" minLength:"2" maxLength:"1224"`
	// Callers must have signed in with a second factor. Works for IAM users only: Identity Center, services and chained roles never carry it.
	MFA *bool `json:"mfa,omitempty"`
	// How many seconds ago the second factor may have been given.
	MFAMaxAgeSeconds int `json:"mfaMaxAgeSeconds,omitempty" minimum:"900" maximum:"129600"`
}

// S3Baseline is the settings of Amazon S3 for an account.
type S3Baseline struct {
	Source `json:"-"`
	// Blocks public access to every bucket of the account.
	BlockPublicAccess *bool `json:"blockPublicAccess,omitempty"`
}

// EC2Baseline is the settings of Amazon EC2 and EBS in a region of an account.
type EC2Baseline struct {
	Source `json:"-"`
	// New volumes are encrypted.
	EncryptVolumes *bool `json:"encryptVolumes,omitempty"`
	// Which snapshots cannot be shared with everybody.
	SnapshotSharing SnapshotSharing `json:"snapshotSharing,omitempty"`
	// Images cannot be shared with everybody.
	BlockPublicImages *bool `json:"blockPublicImages,omitempty"`
	// What new instances get for their metadata service.
	Metadata *InstanceMetadata `json:"metadata,omitempty"`
	// Whether the serial console may be used.
	SerialConsole *bool `json:"serialConsole,omitempty"`
	// What becomes of the VPC that AWS makes in every region. It is removed only while nothing is in it.
	DefaultVPC DefaultVPC `json:"defaultVpc,omitempty"`
}

// InstanceMetadata is the account's defaults for the metadata service of new instances.
type InstanceMetadata struct {
	Source `json:"-"`
	// Whether requests need a session token (IMDSv2).
	Tokens TokenUse `json:"tokens,omitempty" default:"required"`
	// How many network hops an answer may travel: 1 for instances, 2 where containers ask.
	HopLimit int `json:"hopLimit,omitempty" default:"2" minimum:"1" maximum:"64"`
}

// SnapshotSharing says which EBS snapshots of an account cannot be public.
type SnapshotSharing string

// The choices of snapshot sharing.
const (
	// SnapshotsBlockAll keeps every snapshot from being public, those that are already included.
	SnapshotsBlockAll SnapshotSharing = "block-all-sharing"
	// SnapshotsBlockNew lets snapshots that are public stay so.
	SnapshotsBlockNew SnapshotSharing = "block-new-sharing"
	// SnapshotsUnblocked allows public snapshots.
	SnapshotsUnblocked SnapshotSharing = "unblocked"
)

// Values lists the choices of snapshot sharing.
func (SnapshotSharing) Values() []string {
	return values(SnapshotsBlockAll, SnapshotsBlockNew, SnapshotsUnblocked)
}

// TokenUse says whether the instance metadata service wants session tokens.
type TokenUse string

// The choices of session tokens.
const (
	TokensRequired TokenUse = "required"
	TokensOptional TokenUse = "optional"
)

// Values lists the choices of session tokens.
func (TokenUse) Values() []string { return values(TokensRequired, TokensOptional) }

// DefaultVPC says what becomes of a default VPC.
type DefaultVPC string

// The choices for default VPCs.
const (
	// DefaultVPCKeep leaves it alone.
	DefaultVPCKeep DefaultVPC = "keep"
	// DefaultVPCRemove removes it with its subnets and gateway while no network interface is in it.
	DefaultVPCRemove DefaultVPC = "remove"
)

// Values lists the choices for default VPCs.
func (DefaultVPC) Values() []string { return values(DefaultVPCKeep, DefaultVPCRemove) }

// AccessAnalyzer is the analyzers of an account.
type AccessAnalyzer struct {
	Source `json:"-"`
	// Finds what is shared outside the account.
	External *bool `json:"external,omitempty" default:"true"`
	// Finds access that was not used for so many days; it costs money per role and user. Unset for none.
	UnusedDays int `json:"unusedDays,omitempty" minimum:"1" maximum:"365"`
}

// Resource is an AWS resource declared as data. Its type must be in resourceTypes of archipelago.yaml.
type Resource struct {
	Source `json:"-"`
	// The Pulumi type token, such as aws:s3/bucketV2:BucketV2.
	Type string `json:"type" pattern:"^aws:[a-zA-Z0-9]+/[a-zA-Z0-9]+:[a-zA-Z0-9]+$"`
	// The properties as Pulumi names them. Texts may hold placeholders: {{account.id}}, {{region}}, {{resources.NAME.PROPERTY}}.
	Properties *Document `json:"properties,omitempty"`
	// Where it goes: the account's home region, or each of its regions. Default home.
	Regions ResourceRegions `json:"regions,omitempty" default:"home"`
	// It cannot be deleted while this is set.
	Protect *bool `json:"protect,omitempty"`
	// It stays in AWS when it leaves the baseline.
	Retain *bool `json:"retain,omitempty"`
	// Resources of the baseline, by name, that are made before it. References count by themselves.
	DependsOn []string `json:"dependsOn,omitempty"`
	// Properties whose changes are left alone.
	IgnoreChanges []string `json:"ignoreChanges,omitempty"`
}

// ResourceRegions says where a resource goes.
type ResourceRegions string

// The choices of where a resource goes.
const (
	RegionsHome ResourceRegions = "home"
	RegionsAll  ResourceRegions = "all"
)

// Values lists the choices of where a resource goes.
func (ResourceRegions) Values() []string { return values(RegionsHome, RegionsAll) }

// Lock keeps layers below, and hooks, from changing a setting. Without a bound the value is kept as it is
// at the layer that locks it.
type Lock struct {
	Source `json:"-"`
	// The largest number that is allowed.
	Maximum *int `json:"maximum,omitempty"`
	// The smallest number that is allowed.
	Minimum *int `json:"minimum,omitempty"`
	// Items that the list must have, or keys that the map must have.
	Contains []string `json:"contains,omitempty"`
	// Values that are allowed: of the setting, or of each item of the list.
	Within []string `json:"within,omitempty"`
	// Why it is locked; errors say so.
	Because string `json:"because,omitempty"`
}

// HookUse is the use of a hook for the accounts of a layer.
type HookUse struct {
	Source `json:"-"`
	// The hook's file, relative to the archipelago's directory: hooks/cost-center.ts.
	File string `json:"file" required:"true" shorthand:"true" pattern:"^hooks/.+\\.(ts|mts|js|mjs)$"`
	// Values that the hook gets as params.
	Params *Document `json:"params,omitempty"`
}

// Parity says that accounts have the same baseline, such as the stages of one product.
type Parity struct {
	Source `json:"-"`
	// The accounts, by key.
	Accounts []string `json:"accounts" required:"true"`
	// Settings that may differ, such as budget or roles.deploy.
	Except []string `json:"except,omitempty"`
}
