package plan

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/topology"
)

// expand replaces the placeholders that are known from the files, and reports those that mean nothing
// or that nobody will ever know.
func (s *setter) expand(path settings.Path, text string, reference func(string) bool) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	for _, name := range unknownFacts(text, s.known(), reference) {
		s.failf(path, "unknown-placeholder", "placeholders are "+factNames(s.known()), "there is no placeholder {{%s}}", name)
	}
	for _, name := range policy.Placeholders(text) {
		s.memberKnown(path, name)
	}
	return policy.Expand(text, s.known())
}

// memberKnown reports a placeholder for the id of an account that is not there.
func (s *setter) memberKnown(path settings.Path, name string) {
	fromHub := strings.HasPrefix(name, "hub.")
	if fromHub && s.organization.Kind == topology.KindBreakGlass {
		s.failf(path, "independence", "break-glass depends on no other organization", "{{%s}} is known from the hub, which break-glass organizations must not need", name)
		return
	}
	if name == accountIDFact || !memberFact(name) {
		return
	}
	o := s.organization
	if fromHub {
		o = s.organizationNamed(s.archipelago.Hub)
	}
	key := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(name, "hub."), "account."), ".id")
	if o == nil || !s.active(o)[key] {
		s.failf(path, "unknown-account", "name an account by its key that is neither suspended nor closed", "{{%s}}: there is no such account", name)
	}
}

func (b *baselines) organizationNamed(name string) *topology.Organization {
	i := slices.IndexFunc(b.archipelago.Organizations, func(o *topology.Organization) bool { return o.Name == name })
	if i < 0 {
		return nil
	}
	return b.archipelago.Organizations[i]
}

// active returns the accounts of an organization that others may rely on, found once.
func (b *baselines) active(o *topology.Organization) map[string]bool {
	if b.actives[o] == nil {
		b.actives[o] = activeAccounts(o)
	}
	return b.actives[o]
}

// expandJSON replaces placeholders in the texts of a JSON value.
func (s *setter) expandJSON(path settings.Path, text []byte, reference func(string) bool) json.RawMessage {
	if !strings.Contains(string(text), "{{") {
		return text
	}
	var value any
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	if dec.Decode(&value) != nil {
		return text
	}
	out, err := json.Marshal(s.expandValue(path, value, reference))
	if err != nil {
		return text
	}
	return out
}

func (s *setter) expandValue(path settings.Path, value any, reference func(string) bool) any {
	switch value := value.(type) {
	case string:
		return s.expand(path, value, reference)
	case []any:
		for i := range value {
			value[i] = s.expandValue(path, value[i], reference)
		}
	case map[string]any:
		for key := range value {
			if len(policy.Placeholders(key)) > 0 {
				s.failf(path, "placeholder-in-key", "placeholders are replaced in values", "the key %q has a placeholder in it", key)
			}
			value[key] = s.expandValue(path, value[key], reference)
		}
	}
	return value
}
