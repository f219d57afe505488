package guardrail_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/policy/guardrail"
)

type statement struct {
	Sid         string
	Effect      string
	Principal   string
	Action      any
	NotAction   any
	Resource    any
	NotResource any
	Condition   map[string]map[string]any
}

func statements(t *testing.T, id string, params map[string]any, principals guardrail.Exempt) []statement {
	t.Helper()
	parts, problems := guardrail.Build(id, params, principals)
	require.Empty(t, problems, "%s %v", id, params)
	out := make([]statement, len(parts))
	for i, part := range parts {
		require.NoError(t, json.Unmarshal(part, &out[i]))
	}
	return out
}

func ofStatements(g guardrail.Guardrail) bool {
	return g.Type == policy.ServiceControl || g.Type == policy.ResourceControl
}

// A36: whoever reads the catalogue learns what each guardrail is for, whose it is, and until when.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	all := guardrail.All()
	require.GreaterOrEqual(t, len(all), 32)
	require.True(t, slices.IsSortedFunc(all, func(a, b guardrail.Guardrail) int { return strings.Compare(a.ID, b.ID) }))
	types := map[policy.Type]bool{}
	for _, g := range all {
		t.Run(g.ID, func(t *testing.T) {
			t.Parallel()
			require.Regexp(t, `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, g.ID)
			for _, text := range []string{g.Title, g.Purpose, g.Owner, g.Attach} {
				require.NotEmpty(t, text)
			}
			require.Greater(t, len(g.Purpose), len(g.Title), "the purpose says more than the title")
			require.NotEmpty(t, g.NotCovered)
			require.NotEmpty(t, g.Services)
			require.NotEmpty(t, g.References)
			for _, r := range g.References {
				require.Regexp(t, `^https://(docs\.aws\.amazon\.com|github\.com/aws-samples)/[\w./-]+$`, r)
			}
			_, err := time.Parse(time.DateOnly, g.ReviewBy)
			require.NoError(t, err)
			require.Contains(t, policy.Types(), g.Type)
			for _, p := range g.Parameters {
				require.Regexp(t, `^[a-z][A-Za-z]*$`, p.Name)
				require.NotEmpty(t, p.What, p.Name)
				require.NotNil(t, p.Example, p.Name)
				require.NotEqual(t, "each", p.Name, "templates mean something else by it")
			}
		})
		types[g.Type] = true
	}
	require.Len(t, types, len(policy.Types()), "there is something of every type")
}

func TestGet(t *testing.T) {
	t.Parallel()
	for _, want := range guardrail.All() {
		got, ok := guardrail.Get(want.ID)
		require.True(t, ok)
		require.Equal(t, want.Title, got.Title)
	}
	_, ok := guardrail.Get("zzz")
	require.False(t, ok)
	first := guardrail.All()
	first[0].ID = "changed"
	require.NotEqual(t, "changed", guardrail.All()[0].ID)
}

// The Sid of each statement begins with its guardrail's, is what AWS allows, and belongs to no other.
func TestSids(t *testing.T) {
	t.Parallel()
	legal := regexp.MustCompile(`^[A-Za-z0-9]+$`)
	owners := map[string]string{}
	for _, g := range guardrail.All() {
		if !ofStatements(g) {
			continue
		}
		for _, s := range statements(t, g.ID, given(g, true), exempt()) {
			require.Regexp(t, legal, s.Sid)
			require.True(t, strings.HasPrefix(s.Sid, g.Sid()), "%s of %s", s.Sid, g.ID)
			require.Empty(t, owners[s.Sid], "%s of %s", s.Sid, g.ID)
			owners[s.Sid] = g.ID
		}
	}
	g, _ := guardrail.Get("require-imdsv2")
	require.Equal(t, "RequireImdsv2", g.Sid())
}

// Tags whose letters and digits are the same get Sids of their own.
func TestSidsOfTags(t *testing.T) {
	t.Parallel()
	got := statements(t, "require-tags", map[string]any{"tags": []any{"cost-center", "cost center", "Kosten/Größe"}, "actions": []any{}}, guardrail.Exempt{})
	var sids []string
	for _, s := range got {
		sids = append(sids, s.Sid)
	}
	require.Equal(t, []string{"RequireTagsInstanceKostenGrE", "RequireTagsInstanceCostCenter", "RequireTagsInstanceCostCenter2"}, sids)
}

// Only what is meant to stop everything may deny every action on every resource to everyone.
func TestNothingDeniesAll(t *testing.T) {
	t.Parallel()
	for _, g := range guardrail.All() {
		for _, examples := range []bool{false, true} {
			if !ofStatements(g) || g.ID == "quarantine" || g.ID == "suspended" {
				continue
			}
			params := given(g, examples)
			for _, s := range statements(t, g.ID, params, guardrail.Exempt{}) {
				narrow := s.Condition != nil && len(s.Condition["ArnNotLike"]) < len(s.Condition) || s.NotAction != nil || s.Action != "*"
				require.True(t, narrow, "%s denies everything: %+v", g.ID, s)
			}
		}
	}
}

// Optional parameters that are empty never widen what is denied to everything. Each is emptied alone.
func TestEmptyParameters(t *testing.T) {
	t.Parallel()
	for _, g := range guardrail.All() {
		if !ofStatements(g) {
			continue
		}
		for _, p := range g.Parameters {
			if p.Required || p.Kind == guardrail.Number {
				continue
			}
			params := given(g, false)
			params[p.Name] = map[guardrail.Kind]any{guardrail.Text: "", guardrail.List: []any{}, guardrail.Bool: false}[p.Kind]
			for _, s := range statements(t, g.ID, params, guardrail.Exempt{}) {
				if g.ID != "quarantine" && g.ID != "suspended" {
					require.False(t, s.Effect == "Deny" && s.Action == "*" && s.Resource == "*" && len(s.Condition) == 0, "%s without %s: %+v", g.ID, p.Name, s)
				}
			}
		}
	}
}

// E3: the groups that a guardrail names are exempt from every statement that is not for everyone, and
// no statement exempts anyone else.
func TestExceptions(t *testing.T) {
	t.Parallel()
	for _, g := range guardrail.All() {
		if !ofStatements(g) {
			require.Empty(t, g.Exceptions, g.ID)
			continue
		}
		params := given(g, false)
		some := false
		for _, s := range statements(t, g.ID, params, exempt()) {
			got := principals(s)
			if len(got) > 0 {
				some = true
				require.Equal(t, g.Patterns(exempt()), got, "%s: %s", g.ID, s.Sid)
			}
		}
		require.Equal(t, len(g.Exceptions) > 0, some, g.ID)
	}
}

// principals returns whom a statement exempts, without those of AWS itself.
func principals(s statement) []string {
	var out []string
	switch v := s.Condition["ArnNotLike"]["aws:PrincipalArn"].(type) {
	case string:
		out = []string{v}
	case []any:
		for _, item := range v {
			out = append(out, item.(string))
		}
	}
	return slices.DeleteFunc(out, func(arn string) bool { return strings.HasSuffix(arn, ":role/aws:ec2-infrastructure") })
}

// A pattern for roles of any account would let in strangers who give a role that name.
func TestResourceControlExemptsNobody(t *testing.T) {
	t.Parallel()
	for _, g := range guardrail.All() {
		if g.Type != policy.ResourceControl {
			continue
		}
		require.Empty(t, g.Exceptions, g.ID)
		for _, s := range statements(t, g.ID, given(g, true), exempt()) {
			require.Empty(t, principals(s), g.ID)
			require.Equal(t, "*", s.Principal)
		}
	}
}

// What is exempt from other guardrails cannot be made or changed by those who are not.
func TestProtectRoles(t *testing.T) {
	t.Parallel()
	want := []any{"arn:*:iam::*:role/platform-*", "arn:*:iam::*:role/stacksets-exec-*", "arn:aws:iam::*:role/OrganizationAccountAccessRole", "arn:aws:iam::*:role/automation", "arn:aws:iam::*:role/break-glass"}
	got := statements(t, "protect-roles", map[string]any{"roles": []any{"platform-*"}}, exempt())
	require.Equal(t, want, got[0].Resource)
}

// The order of lists, and repetitions, change nothing.
func TestOrder(t *testing.T) {
	t.Parallel()
	a := document(t, "region-lock", map[string]any{"allow": []any{"eu-west-1", "eu-central-1"}, "virginia": []any{"wafv2", "acm"}})
	b := document(t, "region-lock", map[string]any{"virginia": []string{"acm", "wafv2", "acm"}, "allow": []string{"eu-central-1", "eu-west-1", "eu-west-1"}})
	require.Equal(t, a, b)
	reversed := exempt()
	reversed.Automation = []string{"arn:aws:iam::*:role/z", "arn:aws:iam::*:role/a"}
	straight := exempt()
	straight.Automation = []string{"arn:aws:iam::*:role/a", "arn:aws:iam::*:role/z"}
	one, _ := guardrail.Document("deny-services", map[string]any{"services": []any{"s3"}}, reversed)
	two, _ := guardrail.Document("deny-services", map[string]any{"services": []any{"s3"}}, straight)
	require.Equal(t, string(one), string(two))
}

// C08: the lock lets the services through that have one endpoint for all regions.
func TestRegionLock(t *testing.T) {
	t.Parallel()
	got := statements(t, "region-lock", map[string]any{"allow": []any{"eu-west-1"}}, guardrail.Exempt{})
	require.Len(t, got, 2)
	for _, action := range []string{"iam:*", "organizations:*", "sts:*", "route53:*", "cloudfront:*", "support:*", "budgets:*", "ce:*", "health:*", "waf:*", "shield:*", "globalaccelerator:*",
		"account:*", "billing:*", "acm:*"} {
		require.Contains(t, got[0].NotAction, action)
	}
	for _, action := range []string{"kms:*", "ec2:*", "s3:*", "config:*"} {
		require.NotContains(t, got[0].NotAction, action)
	}
	require.Equal(t, []any{"acm:*", "cloudwatch:*", "wafv2:*"}, got[1].Action)
	require.Equal(t, []any{"eu-west-1", "us-east-1"}, got[1].Condition["StringNotEquals"]["aws:RequestedRegion"])
	require.Len(t, statements(t, "region-lock", map[string]any{"allow": []any{"eu-west-1"}, "virginia": []any{}}, guardrail.Exempt{}), 1)
}

// The root user's carve-outs.
func TestDenyRootUser(t *testing.T) {
	t.Parallel()
	plain := statements(t, "deny-root-user", nil, exempt())[0]
	require.Equal(t, "*", plain.Action)
	require.Equal(t, map[string]any{"aws:AssumedRoot": "true"}, plain.Condition["Null"], "denied only where the key is missing")
	strict := statements(t, "deny-root-user", map[string]any{"centralRootAccess": false}, exempt())[0]
	require.Nil(t, strict.Condition["Null"])
	tasks := statements(t, "deny-root-user", map[string]any{"allow": []any{"s3:DeleteBucketPolicy"}}, exempt())[0]
	require.Nil(t, tasks.Action)
	require.Equal(t, "s3:DeleteBucketPolicy", tasks.NotAction)
}

// A parameter's value stays as it is, policy variables too.
func TestValuesAreNotFilled(t *testing.T) {
	t.Parallel()
	got := statements(t, "perimeter-oidc", map[string]any{"provider": "oidc.example.com/id", "subjects": []any{"$provider:${aws:PrincipalAccount}"}}, guardrail.Exempt{})
	require.Equal(t, "$provider:${aws:PrincipalAccount}", got[0].Condition["StringNotLike"]["oidc.example.com/id:sub"])
}

func TestDocumentOfNothing(t *testing.T) {
	t.Parallel()
	doc, problems := guardrail.Document("deny-expensive-instances", map[string]any{"instances": []any{}, "databases": []any{}}, guardrail.Exempt{})
	require.Nil(t, doc)
	require.Empty(t, problems)
}

func ExampleBuild() {
	statements, problems := guardrail.Build("region-lock-sts", map[string]any{"allow": []any{"eu-west-1"}}, guardrail.Exempt{
		AccessRole: []string{"arn:aws:iam::*:role/OrganizationAccountAccessRole"},
	})
	fmt.Println(len(problems), "problems")
	fmt.Println(string(statements[0]))
	// Output:
	// 0 problems
	// {"Sid":"RegionLockSts","Effect":"Deny","Action":"sts:*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:*:iam::*:role/stacksets-exec-*","arn:aws:iam::*:role/OrganizationAccountAccessRole"]},"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}
}
