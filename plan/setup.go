package plan

import (
	"encoding/json"

	"github.com/archipelago-iac/archipelago/topology"
)

// Setup is the baseline of an account in the form that is deployed: patterns expanded, trust written
// out as policy documents, facts that only AWS knows left as placeholders.
type Setup struct {
	// Class is a short hash of the baseline without tags and contacts: accounts with equal baselines
	// share it.
	Class string `json:"class"`
	// Settings is the effective baseline without tags, contacts and regions.
	Settings *topology.Baseline `json:"settings"`
	// Baseline is the effective baseline, whole.
	Baseline *Baseline `json:"-"`
	// Alias is the account's alias, "" for none.
	Alias string `json:"alias,omitempty"`
	// Roles are the IAM roles, sorted by name.
	Roles []Role `json:"roles"`
	// Parameters are the SSM parameters, sorted by name.
	Parameters []Parameter `json:"parameters"`
	// Resources are the resources declared as data, each after those it depends on.
	Resources []Resource `json:"resources"`
	// Regions are the regions in which something regional is set up, the home region first.
	Regions []string `json:"regions"`
}

// Role is an IAM role of a baseline.
type Role struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	Path        string `json:"path"`
	// Trust is the trust policy, minified. It may hold placeholders.
	Trust string `json:"trust"`
	// MaxSessionSeconds is 3600-43200.
	MaxSessionSeconds int `json:"maxSessionSeconds"`
	// ManagedPolicies are ARNs, sorted.
	ManagedPolicies []string `json:"managedPolicies"`
	// Policies are the inline policies, sorted by name.
	Policies []RolePolicy `json:"policies"`
	// Boundary is the ARN of the permissions boundary, "" for none.
	Boundary string            `json:"boundary,omitempty"`
	Tags     map[string]string `json:"tags"`
}

// RolePolicy is an inline policy of a role, minified. It may hold placeholders.
type RolePolicy struct {
	Name     string `json:"name"`
	Document string `json:"document"`
}

// Parameter is an SSM parameter. Its value may hold placeholders.
type Parameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Resource is an AWS resource declared as data.
type Resource struct {
	Name string `json:"name"`
	// Type is the Pulumi type token.
	Type string `json:"type"`
	// Properties is a JSON object. Its texts may hold placeholders, those of references to other resources
	// ({{resources.NAME.PROPERTY}}) included.
	Properties json.RawMessage `json:"properties"`
	// Regions are where it goes, one copy in each.
	Regions []string `json:"regions"`
	Protect bool     `json:"protect,omitempty"`
	Retain  bool     `json:"retain,omitempty"`
	// DependsOn are the names of the resources it waits for, those that it refers to included, sorted.
	DependsOn     []string `json:"dependsOn"`
	IgnoreChanges []string `json:"ignoreChanges,omitempty"`
}
