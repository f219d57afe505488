package plan

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/topology"
)

// Limits of a role. Source: IAM User Guide, IAM and AWS STS quotas, 2026-11.
const (
	maxRoleName        = 64
	maxManagedPolicies = 20
	maxInlinePolicies  = 10240
	maxTrustPolicy     = 4096
)

// roleName is the grammar of names in IAM.
var roleName = regexp.MustCompile(`^[\w+=,.@-]+$`)

// serviceName is the grammar of service principals.
var serviceName = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$`)

func (s *setter) roles() {
	taken := map[string]string{}
	if s.accessRole != "" {
		taken[strings.ToLower(s.accessRole)] = "the role that leads into the account"
	}
	for _, name := range sortedKeys(s.baseline.Roles) {
		in := s.baseline.Roles[name]
		if in == nil {
			continue
		}
		path := settings.Path{"roles", name}
		if len(name) > maxRoleName || !roleName.MatchString(name) {
			s.failf(path, "malformed-role", "", "the role name %q must have at most %d letters, digits and _ + = , . @ -", name, maxRoleName)
		}
		// Source: IAM User Guide, IAM identifiers, Friendly names and paths, 2026-11.
		if other, twice := taken[strings.ToLower(name)]; twice {
			s.failf(path, "duplicate-role", "to IAM, names that differ in upper and lower case only are the same", "the name of role %s is that of %s already", name, other)
		}
		taken[strings.ToLower(name)] = "role " + name
		out := Role{
			Name: name, Description: in.Description, Path: in.Path, MaxSessionSeconds: in.MaxSessionSeconds,
			Trust: s.trust(path, in.Trust), ManagedPolicies: s.managed(path, in), Policies: []RolePolicy{},
			Boundary: s.policyARN(append(path[:len(path):len(path)], "boundary"), in.Boundary), Tags: in.Tags,
		}
		if out.Tags == nil {
			out.Tags = map[string]string{}
		}
		s.inline(path, in, &out)
		s.out.Roles = append(s.out.Roles, out)
	}
}

// policyARN turns the name of an AWS managed policy into its ARN.
func (s *setter) policyARN(path settings.Path, name string) string {
	name = s.expand(path, name, nil)
	if name == "" || strings.HasPrefix(name, "arn:") {
		return name
	}
	return fmt.Sprintf("arn:%s:iam::aws:policy/%s", partition(s.home), name)
}

func (s *setter) managed(path settings.Path, in *topology.Role) []string {
	path = append(path, "managedPolicies")
	out := []string{}
	for _, name := range in.ManagedPolicies {
		out = append(out, s.policyARN(path, name))
	}
	slices.Sort(out)
	if len(slices.Compact(slices.Clone(out))) < len(out) {
		s.failf(path, "malformed-role", "remove one of the two", "%s has a policy twice", path)
	}
	if len(out) > maxManagedPolicies {
		s.failf(path, "malformed-role", "", "%s has %d policies; AWS allows %d", path, len(out), maxManagedPolicies)
	}
	return out
}

// inline checks the inline policies and minifies them.
func (s *setter) inline(path settings.Path, in *topology.Role, out *Role) {
	size := 0
	for _, name := range sortedKeys(in.Policies) {
		doc := in.Policies[name]
		if doc == nil {
			continue
		}
		at := append(slices.Clone(path), "policies", name)
		text := s.expandJSON(at, doc.Text, nil)
		minified, err := policy.Minify(text)
		var fields struct{ Statement json.RawMessage }
		if err != nil || json.Unmarshal(text, &fields) != nil || fields.Statement == nil {
			s.failf(at, "malformed-policy", "", "%s must be a policy document with a Statement", at)
			continue
		}
		if !roleName.MatchString(name) || len(name) > 128 {
			s.failf(at, "malformed-policy", "", "the policy name %q must have at most 128 letters, digits and _ + = , . @ -", name)
		}
		size += policy.Size(minified)
		out.Policies = append(out.Policies, RolePolicy{name, minified})
	}
	if size > maxInlinePolicies {
		s.failf(append(path, "policies"), "malformed-policy", "", "the inline policies of role %s have %d characters; AWS allows %d in all", out.Name, size, maxInlinePolicies)
	}
}

// statement is a statement of a trust policy. Its fields are in the order in which people write them.
type statement struct {
	Effect    string
	Principal map[string][]string
	Action    string
	Condition map[string]map[string]any `json:",omitempty"`
}

// trust writes the trust policy of a role.
//
// A role or user is trusted by its account with a condition on its ARN, not as the principal itself: AWS
// refuses a principal that is not there yet, and silently stops trusting one that was made anew. Source:
// IAM User Guide, AWS JSON policy elements: Principal, 2026-11.
func (s *setter) trust(path settings.Path, t topology.Trust) string {
	path = append(path[:len(path):len(path)], "trust")
	if len(t.Accounts)+len(t.Roles)+len(t.Users)+len(t.Services) == 0 {
		s.failf(path, "role-without-trust", "name accounts, roles, users or services", "nobody may assume %s", path[:len(path)-1])
	}
	s.trustConditions(path, t)
	doc := struct {
		Version   string
		Statement []statement
	}{Version: "2012-10-17"}
	if roots := s.roots(append(path, "accounts"), t.Accounts); len(roots) > 0 {
		doc.Statement = append(doc.Statement, allow(map[string][]string{"AWS": roots}, conditions(t, nil)))
	}
	for _, kind := range []struct {
		name, noun string
		list       []string
	}{{"roles", "role", t.Roles}, {"users", "user", t.Users}} {
		roots, arns := s.principals(append(path, kind.name), kind.noun, kind.list)
		if len(arns) > 0 {
			doc.Statement = append(doc.Statement, allow(map[string][]string{"AWS": roots}, conditions(t, arns)))
		}
	}
	for _, name := range t.Services {
		if !serviceName.MatchString(name) {
			s.failf(append(path, "services"), "malformed-principal", "", "%q must be a service principal, such as ec2.amazonaws.com", name)
		}
	}
	if len(t.Services) > 0 {
		doc.Statement = append(doc.Statement, allow(map[string][]string{"Service": slices.Sorted(slices.Values(t.Services))}, nil))
	}
	text, err := json.Marshal(doc)
	if err != nil {
		panic("write trust policy: " + err.Error()) // texts always encode
	}
	minified, _ := policy.Minify(text) // it is JSON
	if size := policy.Size(minified); size > maxTrustPolicy {
		s.failf(path, "trust-too-large", "trust whole accounts instead of single roles", "the trust policy of %s has %d characters; AWS allows %d", path[:len(path)-1], size, maxTrustPolicy)
	}
	return minified
}

func allow(principal map[string][]string, condition map[string]map[string]any) statement {
	return statement{Effect: "Allow", Principal: principal, Action: "sts:AssumeRole", Condition: condition}
}

// conditions are what callers must satisfy.
func conditions(t topology.Trust, arns []string) map[string]map[string]any {
	out := map[string]map[string]any{}
	if len(arns) > 0 {
		out["ArnEquals"] = map[string]any{"aws:PrincipalArn": arns}
	}
	if t.ExternalID != "" {
		out["StringEquals"] = map[string]any{"sts:ExternalId": t.ExternalID}
	}
	if t.MFA != nil && *t.MFA {
		out["Bool"] = map[string]any{"aws:MultiFactorAuthPresent": "true"}
	}
	if t.MFAMaxAgeSeconds > 0 {
		out["NumericLessThan"] = map[string]any{"aws:MultiFactorAuthAge": fmt.Sprint(t.MFAMaxAgeSeconds)}
	}
	return out
}

// trustConditions refuses a second factor where nobody could give one (B03).
func (s *setter) trustConditions(path settings.Path, t topology.Trust) {
	mfa := t.MFA != nil && *t.MFA
	if t.MFAMaxAgeSeconds > 0 && !mfa {
		s.failf(append(path, "mfaMaxAgeSeconds"), "mfa", "set mfa: true as well", "%s has an age of the second factor without asking for one", path)
	}
	if (mfa || t.MFAMaxAgeSeconds > 0) && len(t.Roles)+len(t.Services) > 0 {
		s.failf(append(path, "mfa"), "mfa-lockout", "sessions of roles, Identity Center and services never carry a second factor: put people's users into a role of their own",
			"%s asks for a second factor of roles or services, which locks them out", path)
	}
}
