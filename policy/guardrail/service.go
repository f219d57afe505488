package guardrail

import "github.com/archipelago-iac/archipelago/policy"

// foundationServices are what an account cannot do without: identity, organization, billing and support,
// and what baselines are made of. An allow list that forgets one locks out whoever repairs it.
var foundationServices = []string{"account", "billing", "cloudformation", "cloudtrail", "config", "health", "iam", "kms", "organizations", "signin", "sso", "sts", "support", "tag"}

func serviceGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-services", Title: "Deny services", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A service that the company has not reviewed, or has decided against, stays unused.",
			Services:   []string{"*"},
			Attach:     "any unit",
			References: []string{orgGuide + "orgs_manage_policies_scps_strategies.html"},
			NotCovered: []string{notManagement, notLinked, notExisting, "what another service does with the denied one by its own principal"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				{Name: "services", Kind: List, Required: true, Format: "service", What: "the prefixes of the services' actions", Example: []string{"gamelift", "lightsail"}},
				exemptParameter(),
			},
			statements: []template{{action: []string{"$services:*"}}},
		},
		{
			ID: "only-services", Title: "Deny all services but these", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "Only reviewed services are used, those of next year included, while FullAWSAccess stays attached.",
			Services:   []string{"*"},
			Attach:     "units with workloads",
			References: []string{orgGuide + "orgs_manage_policies_scps_strategies.html"},
			NotCovered: []string{notManagement, notLinked, notExisting, "single actions: a service is open or closed"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				{Name: "services", Kind: List, Required: true, Format: "service", What: "the prefixes of the services' actions", Example: []string{"ec2", "s3"}},
				{Name: "foundation", Kind: List, Format: "service", Default: foundationServices, What: "services that accounts cannot do without", Example: []string{"iam", "organizations", "sts", "support"}},
				exemptParameter(),
			},
			statements: []template{{notAction: []string{"$services:*", "$foundation:*"}}},
		},
		{
			ID: "allow-services", Title: "Allow services in place of FullAWSAccess", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "The allow-list strategy: nothing is possible that is not named, at this level of the tree.",
			Services:   []string{"*"},
			Attach:     "in place of FullAWSAccess, which it has no effect beside; every level above must allow as much",
			References: []string{orgGuide + "orgs_manage_policies_scps_strategies.html", orgGuide + "orgs_manage_policies_scps_evaluation.html"},
			NotCovered: []string{notManagement, notLinked, "exemptions: an Allow has none, so that automation and break-glass have these services only", "single actions: a service is open or closed"},
			Parameters: []Parameter{
				{Name: "services", Kind: List, Required: true, Format: "service", What: "the prefixes of the services' actions", Example: []string{"ec2", "s3"}},
				{Name: "foundation", Kind: List, Format: "service", Default: foundationServices, What: "services that accounts cannot do without", Example: []string{"iam", "organizations", "sts", "support"}},
			},
			statements: []template{{allow: true, action: []string{"$services:*", "$foundation:*"}}},
		},
	}
}
