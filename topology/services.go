package topology

import (
	"slices"
	"strings"
)

// Service is an AWS service that works with AWS Organizations. To have a delegated administrator, a
// service needs trusted access first, whichever it is.
type Service struct {
	// Name is the short name that users write, such as guardduty.
	Name string `json:"name"`
	// Principal is the service principal, such as guardduty.amazonaws.com.
	Principal string `json:"principal"`
	// Administrators is how many accounts may be its delegated administrator at once; 0 where none
	// is known to be possible. The quota "administrators-" and its name overrides it.
	Administrators int `json:"administrators"`
	// Source says where the entry is from.
	Source string `json:"source"`
}

const (
	// sourceStackSets and sourceCloudTrail are documents that give the number.
	sourceStackSets  = "AWS CloudFormation User Guide, StackSets and AWS Organizations"
	sourceCloudTrail = "AWS CloudTrail User Guide, Organization delegated administrator"
	// sourceUsage marks an entry whose principal is in use in public configurations, and whose number is
	// common knowledge that was not checked against a document.
	sourceUsage = "public configurations, 2026-11; the number is not from a document"
	// sourceNoLimit marks an entry for which no number is known.
	sourceNoLimit = "public configurations, 2026-11; no number is known"
)

// manyAdministrators stands where no maximum is known, so that the table never refuses what AWS allows.
const manyAdministrators = 50

// services is sorted by name. It is not complete, and rules must not take it for that.
var services = []Service{
	{"access-analyzer", "access-analyzer.amazonaws.com", 1, sourceUsage},
	{"account", "account.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"artifact", "artifact.amazonaws.com", 0, sourceUsage},
	{"artifact-account-sync", "aws-artifact-account-sync.amazonaws.com", 0, sourceUsage},
	{"auditmanager", "auditmanager.amazonaws.com", 1, sourceUsage},
	{"backup", "backup.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"chatbot", "management.chatbot.amazonaws.com", 0, sourceUsage},
	{"cloudtrail", "cloudtrail.amazonaws.com", 3, sourceCloudTrail},
	{"compute-optimizer", "compute-optimizer.amazonaws.com", 1, sourceUsage},
	{"config", "config.amazonaws.com", 3, sourceUsage},
	{"config-multiaccountsetup", "config-multiaccountsetup.amazonaws.com", 3, sourceUsage},
	{"controltower", "controltower.amazonaws.com", 0, sourceUsage},
	{"cost-optimization-hub", "cost-optimization-hub.bcm.amazonaws.com", 1, sourceUsage},
	{"detective", "detective.amazonaws.com", 1, sourceUsage},
	{"devops-guru", "devops-guru.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"ds", "ds.amazonaws.com", 0, sourceUsage},
	{"ec2", "ec2.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"fms", "fms.amazonaws.com", 10, sourceUsage},
	{"guardduty", "guardduty.amazonaws.com", 1, sourceUsage},
	{"guardduty-malware-protection", "malware-protection.guardduty.amazonaws.com", 0, sourceUsage},
	{"health", "health.amazonaws.com", 5, sourceUsage},
	{"iam", "iam.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"inspector2", "inspector2.amazonaws.com", 1, sourceUsage},
	{"ipam", "ipam.amazonaws.com", 1, sourceUsage},
	{"license-manager", "license-manager.amazonaws.com", 1, sourceUsage},
	{"license-manager-linux-subscriptions", "license-manager-linux-subscriptions.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"license-manager-member-account", "license-manager.member-account.amazonaws.com", 0, sourceUsage},
	{"macie", "macie.amazonaws.com", 1, sourceUsage},
	{"marketplace", "license-management.marketplace.amazonaws.com", 0, sourceUsage},
	{"networkmanager", "networkmanager.amazonaws.com", 10, sourceUsage},
	{"notifications", "notifications.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"observabilityadmin", "observabilityadmin.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"private-marketplace", "private-marketplace.marketplace.amazonaws.com", 1, sourceUsage},
	{"ram", "ram.amazonaws.com", 0, sourceUsage},
	{"reachabilityanalyzer", "reachabilityanalyzer.networkinsights.amazonaws.com", 5, sourceUsage},
	{"resource-explorer-2", "resource-explorer-2.amazonaws.com", 1, sourceUsage},
	{"security-ir", "security-ir.amazonaws.com", 1, sourceUsage},
	{"securityhub", "securityhub.amazonaws.com", 1, sourceUsage},
	{"securitylake", "securitylake.amazonaws.com", 1, sourceUsage},
	{"servicecatalog", "servicecatalog.amazonaws.com", 50, sourceUsage},
	{"servicequotas", "servicequotas.amazonaws.com", 0, sourceUsage},
	{"ssm", "ssm.amazonaws.com", 1, sourceUsage},
	{"ssm-opsdatasync", "opsdatasync.ssm.amazonaws.com", 0, sourceUsage},
	{"ssm-quicksetup", "ssm-quicksetup.amazonaws.com", manyAdministrators, sourceNoLimit},
	{"sso", "sso.amazonaws.com", 1, sourceUsage},
	{"stacksets", "member.org.stacksets.cloudformation.amazonaws.com", 5, sourceStackSets},
	{"storage-lens", "storage-lens.s3.amazonaws.com", 5, sourceUsage},
	{"tagpolicies", "tagpolicies.tag.amazonaws.com", 0, sourceUsage},
	{"trustedadvisor", "reporting.trustedadvisor.amazonaws.com", 5, sourceUsage},
	{"wellarchitected", "wellarchitected.amazonaws.com", 0, sourceUsage},
}

// Services lists the known services, sorted by name.
func Services() []Service { return slices.Clone(services) }

// LookupService returns the service with the given short name or principal.
func LookupService(name string) (Service, bool) {
	i := slices.IndexFunc(services, func(s Service) bool { return s.Name == name || s.Principal == name })
	if i < 0 {
		return Service{}, false
	}
	return services[i], true
}

// ServicePrincipal returns the principal of a service that is written as short name or principal. A
// name that the table does not know is taken for a principal.
func ServicePrincipal(name string) string {
	if s, ok := LookupService(name); ok {
		return s.Principal
	}
	return name
}

const principalSuffix = ".amazonaws.com"

// closestService returns what a misspelt service most likely meant, in the form it was written in:
// a principal for a principal, a short name for a short name.
func closestService(name string) string {
	var names, principals []string
	for _, s := range services {
		names = append(names, s.Name)
		principals = append(principals, strings.TrimSuffix(s.Principal, principalSuffix))
	}
	// Without the common ending: with it, any two principals would look alike.
	if short, ok := strings.CutSuffix(name, principalSuffix); ok {
		if guess := closest(short, principals); guess != "" {
			return guess + principalSuffix
		}
		return ""
	}
	if guess := closest(strings.ToLower(name), names); guess != "" {
		return guess
	}
	return serviceAliases[strings.ToLower(name)]
}

// serviceAliases maps what people call a service to its short name, where the two are not alike.
var serviceAliases = map[string]string{
	"cloudformation":    "stacksets",
	"directory-service": "ds",
	"firewall-manager":  "fms",
	"identity-center":   "sso",
	"root-access":       "iam",
	"s3":                "storage-lens",
	"systems-manager":   "ssm",
}
