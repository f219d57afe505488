package topology

// Quota is a limit of AWS that is checked before anything is deployed.
type Quota struct {
	// Name is how archipelago.yaml and organization files override it.
	Name string `json:"name"`
	// Value is the default limit.
	Value int `json:"value"`
	// What says what is counted, for messages: "accounts in an organization".
	What string `json:"what"`
	// Source says where the number is from, with the date it was checked.
	Source string `json:"source"`
}

// Names of the quotas.
const (
	QuotaAccounts           = "accounts"
	QuotaUnits              = "units"
	QuotaUnitDepth          = "unit-depth"
	QuotaTags               = "tags"
	QuotaSCPSize            = "scp-size"
	QuotaRCPSize            = "rcp-size"
	QuotaTagPolicySize      = "tag-size"
	QuotaBackupSize         = "backup-size"
	QuotaAIOptOutSize       = "ai-opt-out-size"
	QuotaChatSize           = "chat-size"
	QuotaDeclarativeEC2Size = "declarative-ec2-size"
	QuotaDelegationSize     = "delegation-policy-size"
	QuotaSCPPerTarget       = "scp-per-target"
	QuotaRCPPerTarget       = "rcp-per-target"
	QuotaOtherPerTarget     = "policies-per-target"
	QuotaSCPs               = "scps"
	QuotaPolicies           = "policies"
	QuotaClosures           = "closures"
	// QuotaAdministrators is followed by the short name of a service.
	QuotaAdministrators = "administrators-"
)

const (
	sourceQuotas = "AWS Organizations User Guide, Quotas and service limits, 2026-11"
	sourceClose  = "AWS Organizations API Reference, CloseAccount, in aws-sdk-go-v2 service/organizations 1.62.6"
	source2026   = "AWS What's New, higher service control policy quotas, 2026-05-15"
)

// quotas is the table of defaults. Sizes are in characters of the minified document.
var quotas = append([]Quota{
	{QuotaAccounts, 10, "accounts in an organization, closed ones included", sourceQuotas},
	{QuotaUnits, 2000, "organizational units in an organization", sourceQuotas},
	{QuotaUnitDepth, 5, "levels of organizational units below the root", sourceQuotas},
	{QuotaTags, 50, "tags of one account, unit or policy", sourceQuotas},
	{QuotaSCPSize, 10240, "characters in a service control policy", source2026},
	{QuotaRCPSize, 5120, "characters in a resource control policy", sourceQuotas},
	{QuotaTagPolicySize, 10000, "characters in a tag policy", sourceQuotas},
	{QuotaBackupSize, 10000, "characters in a backup policy", sourceQuotas},
	{QuotaAIOptOutSize, 2500, "characters in an AI services opt-out policy", sourceQuotas},
	{QuotaChatSize, 10000, "characters in a chat applications policy", sourceQuotas},
	{QuotaDeclarativeEC2Size, 10000, "characters in a declarative policy for EC2", sourceQuotas},
	{QuotaDelegationSize, 40000, "characters in the delegation policy", sourceQuotas},
	{QuotaSCPPerTarget, 10, "service control policies attached to one target, FullAWSAccess included", source2026},
	{QuotaRCPPerTarget, 5, "resource control policies attached to one target, RCPFullAWSAccess included", sourceQuotas},
	{QuotaOtherPerTarget, 10, "policies of one other type attached to one target", sourceQuotas},
	{QuotaSCPs, 10000, "service control policies in an organization", sourceQuotas},
	{QuotaPolicies, 1000, "policies of one other type in an organization", sourceQuotas},
	{QuotaClosures, 250, "accounts closed within 30 days; a fifth of all accounts where that is more, but 1,000 at most", sourceClose},
}, administratorQuotas()...)

// administratorQuotas are the maximum numbers of delegated administrators, one limit per service.
func administratorQuotas() []Quota {
	var out []Quota
	for _, s := range services {
		if s.Administrators > 0 {
			out = append(out, Quota{QuotaAdministrators + s.Name, s.Administrators, "delegated administrators of " + s.Name, s.Source})
		}
	}
	return out
}

// Quotas lists the limits with their defaults, in the order of the reference.
func Quotas() []Quota { return append([]Quota(nil), quotas...) }

// Quota returns the limit with the given name that holds in organization o: its own, else the
// archipelago's, else the default. It panics for a name that is not in the table.
func (a *Archipelago) Quota(o *Organization, name string) int {
	if o != nil {
		if v, ok := o.Quotas[name]; ok {
			return v
		}
	}
	if v, ok := a.Quotas[name]; ok {
		return v
	}
	q, ok := lookupQuota(name)
	if !ok {
		panic("no quota named " + name)
	}
	return q.Value
}

func lookupQuota(name string) (Quota, bool) {
	for _, q := range quotas {
		if q.Name == name {
			return q, true
		}
	}
	return Quota{}, false
}
