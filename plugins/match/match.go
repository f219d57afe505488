// Package match decides which accounts a hook is for. The match of a hook is plain data, so that 10,000
// accounts are sorted out without running any JavaScript:
//
//	match: { unit: "Workloads/Prod/**", tags: { environment: ["prod", "production"] } }
package match

import "encoding/json"

// Match is the match of a hook. All fields that are set must hold for an account; within a field one of
// the patterns is enough. The zero Match and a nil *Match hold for every account.
//
// A Match comes from [Parse] and is never changed afterwards, so it is safe for concurrent use.
type Match struct {
	// Organization is about the name of the account's organization.
	Organization Patterns `json:"organization,omitempty"`
	// Kind is about the kind of that organization.
	Kind Patterns `json:"kind,omitempty"`
	// Unit is about the path of the account's unit, "Workloads/Prod", or "" for an account in no unit.
	Unit Patterns `json:"unit,omitempty"`
	// Account is about the account's name.
	Account Patterns `json:"account,omitempty"`
	// State is about the account's state.
	State Patterns `json:"state,omitempty"`
	// Tags are about the values of tags. All of them must be there and hold; "*" is any value.
	Tags map[string]Patterns `json:"tags,omitempty"`
	// Not must not hold.
	Not *Match `json:"not,omitempty"`
}

// Subject is what a match knows of an account.
type Subject struct {
	Organization string
	Kind         string
	// Unit is the path of the account's unit, "Workloads/Prod"; "" for none.
	Unit    string
	Account string
	State   string
	Tags    map[string]string
}

// Matches says whether the match holds for an account.
func (m *Match) Matches(s Subject) bool {
	if m == nil {
		return true
	}
	return m.Organization.hold(s.Organization) &&
		m.Kind.hold(s.Kind) &&
		m.Unit.hold(s.Unit) &&
		m.Account.hold(s.Account) &&
		m.State.hold(s.State) &&
		m.holdTags(s.Tags) &&
		(m.Not == nil || !m.Not.Matches(s))
}

func (m *Match) holdTags(tags map[string]string) bool {
	for name, patterns := range m.Tags {
		value, ok := tags[name]
		if !ok || !patterns.hold(value) {
			return false
		}
	}
	return true
}

// Patterns is one pattern or a list of which one is enough. Empty means that the field is not set.
type Patterns []Pattern

// MarshalJSON writes one pattern as a text and more as a list, as in a hook.
func (ps Patterns) MarshalJSON() ([]byte, error) {
	if len(ps) == 1 {
		return json.Marshal(ps[0])
	}
	return json.Marshal([]Pattern(ps))
}

func (ps Patterns) hold(text string) bool {
	for _, p := range ps {
		if p.holds(text) {
			return true
		}
	}
	return len(ps) == 0
}
