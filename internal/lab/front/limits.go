package front

import "maps"

// The policy types by name. The emulator has the first four; the others are the front's.
const (
	scp      = "SERVICE_CONTROL_POLICY"
	rcp      = "RESOURCE_CONTROL_POLICY"
	tagType  = "TAG_POLICY"
	aiOptOut = "AISERVICES_OPT_OUT_POLICY"
)

// AWS's quotas as of 2026. The size of service control policies and their number per target were
// doubled in May of that year.
const (
	defaultOUDepth      = 5
	defaultAccounts     = 10
	defaultDelegation   = 40_000
	defaultPolicyBytes  = 10_000
	defaultPerTarget    = 10
	maxAccountName      = 50
	minEmail            = 6
	maxEmail            = 64
	maxOrganizationUnit = 128
)

// Limits are the quotas that the front enforces. A zero field takes AWS's default.
type Limits struct {
	// PolicyBytes is the size of a policy's text by type. A type that is missing takes the default.
	PolicyBytes map[string]int
	// PoliciesPerTarget is how many policies of a type may be attached to one root, unit or
	// account. A type that is missing takes the default.
	PoliciesPerTarget map[string]int
	// DelegatedAdministrators is how many accounts may administer a service, by its principal. A
	// service that is missing has no limit.
	DelegatedAdministrators map[string]int
	// OUDepth is how many levels of units there may be below the root. Zero means 5.
	OUDepth int
	// Accounts is how many accounts an organization may have, the management account and closed
	// ones included. Zero means 10, what AWS gives to a new organization.
	Accounts int
	// AccountsOf replaces Accounts for single organizations, by their management account.
	AccountsOf map[string]int
	// DelegationBytes is the size of an organization's resource policy. Zero means 40,000.
	DelegationBytes int
}

func (l Limits) withDefaults() Limits {
	l.PolicyBytes = overlay(map[string]int{scp: 10_240, rcp: 5_120, aiOptOut: 2_500}, l.PolicyBytes)
	l.PoliciesPerTarget = overlay(map[string]int{scp: 10, rcp: 5, aiOptOut: 5, "CHATBOT_POLICY": 5}, l.PoliciesPerTarget)
	l.OUDepth = orDefault(l.OUDepth, defaultOUDepth)
	l.Accounts = orDefault(l.Accounts, defaultAccounts)
	l.DelegationBytes = orDefault(l.DelegationBytes, defaultDelegation)
	return l
}

func overlay(base, over map[string]int) map[string]int {
	maps.Copy(base, over)
	return base
}

func orDefault(v, d int) int {
	if v == 0 {
		return d
	}
	return v
}

func (l Limits) policyBytes(kind string) int {
	return orDefault(l.PolicyBytes[kind], defaultPolicyBytes)
}
func (l Limits) perTarget(kind string) int {
	return orDefault(l.PoliciesPerTarget[kind], defaultPerTarget)
}

func (l Limits) accounts(management string) int {
	return orDefault(l.AccountsOf[management], l.Accounts)
}

// ownPolicyTypes are the types that the emulator cannot hold, each with the service whose trusted
// access it needs first, if any. The front holds these policies itself.
func ownPolicyTypes() map[string]string {
	return map[string]string{
		"BACKUP_POLICY":                    "",
		"CHATBOT_POLICY":                   "",
		"DECLARATIVE_POLICY_EC2":           "",
		"UPGRADE_ROLLOUT_POLICY":           "",
		"BEDROCK_POLICY":                   "",
		"S3_POLICY":                        "",
		"NETWORK_SECURITY_DIRECTOR_POLICY": "",
		"SECURITYHUB_POLICY":               "securityhub.amazonaws.com",
		"INSPECTOR_POLICY":                 "inspector2.amazonaws.com",
		"GUARDDUTY_POLICY":                 "guardduty.amazonaws.com",
	}
}
