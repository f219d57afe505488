package policy

// Type is a policy type as AWS Organizations names it.
type Type string

// The policy types that provider aws 6.83 accepts. AWS has more; the provider rejects those.
const (
	ServiceControl   Type = "SERVICE_CONTROL_POLICY"
	ResourceControl  Type = "RESOURCE_CONTROL_POLICY"
	Tag              Type = "TAG_POLICY"
	Backup           Type = "BACKUP_POLICY"
	AIServicesOptOut Type = "AISERVICES_OPT_OUT_POLICY"
	Chatbot          Type = "CHATBOT_POLICY"
	DeclarativeEC2   Type = "DECLARATIVE_POLICY_EC2"
)

// Types lists the policy types.
func Types() []Type {
	return []Type{ServiceControl, ResourceControl, Tag, Backup, AIServicesOptOut, Chatbot, DeclarativeEC2}
}

// Problem is something wrong in a document.
type Problem struct {
	// Offset is the byte in the document that the problem is about.
	Offset int
	// Code names the rule.
	Code string
	// Message says what is wrong, without a full stop.
	Message string
	// Hint says what to do; may be empty.
	Hint string
	// Warning marks a problem that AWS accepts but that is hardly meant.
	Warning bool
}
