package plan

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/topology"
)

// managementKey names the management account of an organization where an account is named.
const managementKey = "management"

var (
	twelveDigits = regexp.MustCompile(`^[0-9]{12}$`)
	// iamARN finds account, kind and name in the ARN of a role or user.
	iamARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}):(role|user)/(.+)$`)
)

// roots returns the principals of whole accounts.
func (s *setter) roots(path settings.Path, accounts []string) []string {
	var out []string
	for _, ref := range accounts {
		if id := s.accountID(path, ref); id != "" {
			out = append(out, s.root(id))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s *setter) root(id string) string {
	return fmt.Sprintf("arn:%s:iam::%s:root", partition(s.home), id)
}

// principals returns the accounts of roles or users, and the ARNs to ask for.
func (s *setter) principals(path settings.Path, kind string, list []string) (roots, arns []string) {
	for _, ref := range list {
		id, name := "", ""
		if m := iamARN.FindStringSubmatch(ref); m != nil && m[2] == kind {
			id, name = s.accountID(path, m[1]), m[3]
		} else if parts := strings.SplitN(ref, "/", 3); len(parts) == 3 && parts[2] != "" {
			id, name = s.accountID(path, parts[0]+"/"+parts[1]), parts[2]
		} else {
			s.failf(path, "malformed-principal", "", "%q must be ORGANIZATION/ACCOUNT/%s or the ARN of a %s", ref, strings.ToUpper(kind), kind)
		}
		if id != "" {
			roots = append(roots, s.root(id))
			arns = append(arns, fmt.Sprintf("arn:%s:iam::%s:%s/%s", partition(s.home), id, kind, name))
		}
	}
	slices.Sort(roots)
	slices.Sort(arns)
	return slices.Compact(roots), slices.Compact(arns)
}

// accountID returns the id of an account, or the placeholder that will be its id, "" where there is neither.
func (s *setter) accountID(path settings.Path, ref string) string {
	if twelveDigits.MatchString(ref) {
		s.outsider(path, ref)
		return ref
	}
	name, key, ok := strings.Cut(ref, "/")
	if !ok {
		s.failf(path, "malformed-principal", "", "%q must be ORGANIZATION/ACCOUNT, ORGANIZATION/management or an id of twelve digits", ref)
		return ""
	}
	o := s.organizationNamed(name)
	switch {
	case o == nil:
		s.failf(path, "unknown-organization", "", "%s: there is no organization %q", ref, name)
		return ""
	case key == managementKey:
		return o.Management.AccountID
	case !s.active(o)[key]:
		s.failf(path, "unknown-account", "name an account by its key that is neither suspended nor closed", "there is no account %s", ref)
		return ""
	}
	return s.memberID(path, o, key)
}

// memberID returns the id of a member account, or the placeholder for it.
func (s *setter) memberID(path settings.Path, o *topology.Organization, key string) string {
	if id := s.ids(o)[key]; id != "" {
		return id
	}
	switch {
	case o == s.organization && key == s.key:
		return placeholder(accountIDFact)
	case o == s.organization:
		return placeholder(policy.AccountID(key))
	case o.Name == s.archipelago.Hub && s.organization.Kind != topology.KindBreakGlass:
		return placeholder("hub." + policy.AccountID(key))
	}
	s.failf(path, "unknown-id", "write the account's id (archipelago outputs "+o.Name+" has it), or give it in the account's field id",
		"the id of %s/%s is not known to organization %s, which reads no stack but the hub's", o.Name, key, s.organization.Name)
	return ""
}

func placeholder(name string) string { return "{{" + name + "}}" }

// outsider wants an external id where an account is trusted that belongs to nobody here (A24).
func (s *setter) outsider(path settings.Path, id string) {
	role := path[:2]
	external := s.baseline.Roles[role[1]].Trust.ExternalID
	if external != "" || s.declared(id) {
		return
	}
	s.failf(path, "external-id", "set trust.externalId to what the other party uses for you and nobody else",
		"%s trusts account %s, which is outside every declared organization, without an external id", role, id)
}

// declared reports whether the account is in any organization of the archipelago. Accounts whose id no
// file has are trusted by their names.
func (b *baselines) declared(id string) bool {
	if b.known == nil {
		b.known = map[string]bool{}
		for _, o := range b.archipelago.Organizations {
			b.known[o.Management.AccountID] = true
			for _, id := range b.ids(o) {
				b.known[id] = true
			}
		}
	}
	return b.known[id]
}

// ids returns the ids of an organization's accounts that its file has, by key.
func (b *baselines) ids(o *topology.Organization) map[string]string {
	if b.idsOf[o] == nil {
		out := map[string]string{}
		o.Walk(nil, func(n topology.Node, a *topology.Account) {
			if a.ID != "" {
				out[n.Key] = a.ID
			}
		})
		b.idsOf[o] = out
	}
	return b.idsOf[o]
}
