package guardrail

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/archipelago-iac/archipelago/policy"
)

// Guardrail is an entry of the catalogue. Its slices are shared: read them, do not change them.
type Guardrail struct {
	// ID is what an organization file writes, such as region-lock.
	ID string `json:"id"`
	// Title is the id in words.
	Title string `json:"title"`
	// Purpose says what is wrong in the world without it.
	Purpose string `json:"purpose"`
	// Owner is the team that a company usually gives it to.
	Owner string `json:"owner"`
	// References are the pages that it rests on.
	References []string `json:"references"`
	// Services are the service prefixes that it decides about; "*" is every service.
	Services []string `json:"services"`
	// Type is the policy type of its document.
	Type policy.Type `json:"type"`
	// Parameters are what it can be given, sorted by name.
	Parameters []Parameter `json:"parameters,omitempty"`
	// Exceptions are the groups of principals that it exempts by default; empty exempts nobody.
	Exceptions []Exception `json:"exceptions,omitempty"`
	// NotCovered says what still gets through.
	NotCovered []string `json:"notCovered"`
	// ReviewBy is the day, as 2027-05-31, by which somebody should compare it with AWS again.
	ReviewBy string `json:"reviewBy"`
	// Attach says where it belongs, and what should be attached with it.
	Attach string `json:"attach"`

	// statements are the templates of a service or resource control policy.
	statements []template
	// document writes the other types, which are not made of statements.
	document func(values) json.RawMessage
	// check finds what is wrong between parameters that are right one by one. Nil checks nothing.
	check func(values) []Problem
}

// Owners: a company maps these to its teams.
const (
	ownerData     = "data protection"
	ownerFinance  = "cloud finance"
	ownerNetwork  = "network"
	ownerPlatform = "cloud platform"
	ownerSecurity = "security"
)

// Days by which an entry is compared with AWS again: soon where lists of services age, once a year where
// the API has been the same for long.
const (
	reviewSoon   = "2027-05-31"
	reviewYearly = "2027-11-30"
)

var catalogue = sync.OnceValue(func() []Guardrail {
	all := slices.Concat(
		rootGuardrails(), regionGuardrails(), serviceGuardrails(), detectionGuardrails(), baselineGuardrails(),
		identityGuardrails(), computeGuardrails(), publicGuardrails(), encryptionGuardrails(), networkGuardrails(),
		costGuardrails(), tagGuardrails(), perimeterGuardrails(), aiGuardrails(), stateGuardrails(), managementGuardrails(),
	)
	for i := range all {
		slices.SortFunc(all[i].Parameters, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
	}
	slices.SortFunc(all, func(a, b Guardrail) int { return strings.Compare(a.ID, b.ID) })
	return all
})

// All returns the catalogue, sorted by id.
func All() []Guardrail { return slices.Clone(catalogue()) }

// Get returns the guardrail with the given id.
func Get(id string) (Guardrail, bool) {
	all := catalogue()
	at, found := slices.BinarySearchFunc(all, id, func(g Guardrail, id string) int { return strings.Compare(g.ID, id) })
	if !found {
		return Guardrail{}, false
	}
	return all[at], true
}

// ids returns the ids of the catalogue.
func ids() []string {
	var names []string
	for _, g := range catalogue() {
		names = append(names, g.ID)
	}
	return names
}

// knows reports whether there is a parameter with the given name.
func (g Guardrail) knows(name string) bool {
	return slices.ContainsFunc(g.Parameters, func(p Parameter) bool { return p.Name == name })
}

// Sid returns what the Sids of its statements begin with.
func (g Guardrail) Sid() string {
	var b strings.Builder
	for part := range strings.SplitSeq(g.ID, "-") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}
