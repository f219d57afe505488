package plan

import (
	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// whose checks tags, contacts and regions that hooks may have made. What the files say was checked when
// they were read.
func (s *setter) whose(m *member) {
	if len(m.layer.uses) == 0 {
		return
	}
	b := s.baseline
	for _, key := range sortedKeys(b.Tags) {
		if problem := topology.TagProblem(key, b.Tags[key]); problem != "" {
			s.failf(settings.Path{"tags", key}, "malformed-tag", "", "tag %q %s", key, problem)
		}
	}
	if limit := s.archipelago.Quota(m.organization, topology.QuotaTags); len(b.Tags) > limit {
		s.failf(settings.Path{"tags"}, "too-many-tags", "", "the account has %d tags; AWS allows %d", len(b.Tags), limit)
	}
	for _, name := range s.archipelago.RequiredTagsOf(m.organization) {
		if b.Tags[name] == "" {
			s.failf(settings.Path{"tags", name}, "missing-tags", "set it in the files or in a hook", "the required tag %s is missing, after all hooks", name)
		}
	}
	for name, c := range map[string]*Contact{"billing": b.Contacts.Billing, "operations": b.Contacts.Operations, "security": b.Contacts.Security} {
		if c == nil {
			continue
		}
		written := topology.Contact{Name: c.Name, Title: c.Title, Email: c.Email, Phone: c.Phone}
		for _, problem := range written.Problems() {
			s.failf(settings.Path{"contacts", name, problem.Field}, "malformed-contact", "", "contacts.%s: %s", name, problem.Message)
		}
	}
	if len(b.Regions) == 0 {
		s.failf(settings.Path{"regions"}, "no-regions", "keep at least the home region", "the account has no regions")
	}
	seen := map[string]bool{}
	for _, region := range b.Regions {
		if _, known := topology.LookupRegion(region); !known {
			s.failf(settings.Path{"regions"}, "unknown-region", "names look like eu-west-1", "there is no AWS region %q", region)
		}
		if seen[region] {
			s.failf(settings.Path{"regions"}, "repeated-item", "", "region %s is twice in the list", region)
		}
		seen[region] = true
	}
}
