package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/topology"
)

// Placeholders of baselines that only a deployment can fill in, beside those of policies.
const (
	// accountIDFact is the id of the account itself.
	accountIDFact = "account.id"
	// regionFact is the region where a resource or parameter goes.
	regionFact = "region"
)

// late are the placeholders that stay for the deployment.
var late = []string{
	policy.OrganizationID, policy.ManagementAccountID, policy.HubOrganizationID, policy.HubManagementAccountID,
	accountIDFact, regionFact,
}

// known returns the placeholders of the account's baseline whose values the files tell, made when first
// asked for: most baselines have none.
func (s *setter) known() map[string]string {
	if s.facts == nil {
		s.facts = map[string]string{
			"archipelago.name": s.archipelago.Name, "organization.name": s.organization.Name,
			"account.key": s.key, "account.name": s.accountName, "account.email": s.email, "account.unit": s.unit,
		}
		for tag, value := range s.baseline.Tags {
			s.facts["tags."+tag] = value
		}
	}
	return s.facts
}

// factNames lists what a placeholder of a baseline may be, for an error.
func factNames(known map[string]string) string {
	names := slices.Sorted(maps.Keys(known))
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, "tags.") })
	return strings.Join(append(append(names, late...), "tags.NAME"), ", ")
}

// unknownFacts returns the placeholders in a text that mean nothing in a baseline. Resources may refer to
// one another.
func unknownFacts(text string, known map[string]string, reference func(name string) bool) []string {
	if !strings.Contains(text, "{{") {
		return nil
	}
	var out []string
	for _, name := range policy.Placeholders(text) {
		if _, ok := known[name]; ok || slices.Contains(late, name) || memberFact(name) || reference != nil && reference(name) {
			continue
		}
		out = append(out, name)
	}
	return out
}

// memberFact reports whether a placeholder is the id of an account, here or in the hub.
func memberFact(name string) bool {
	name = strings.TrimPrefix(name, "hub.")
	return strings.HasPrefix(name, "account.") && strings.HasSuffix(name, ".id")
}

// partition is the AWS partition that a region is in.
func partition(region string) string {
	return strings.Split(Management{Region: region}.RoleARN("", ""), ":")[1]
}

// expandPattern replaces {archipelago}, {organization} and {account}.
func expandPattern(text, archipelago, organization, account string) string {
	return topology.Expand(text, archipelago, organization, account)
}
