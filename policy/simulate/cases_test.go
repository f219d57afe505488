package simulate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy/simulate"
)

const account, orgID, orgPath = "111122223333", "o-a1b2c3d4e5", "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/ou-ab12-22222222/"

func load(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	require.NoError(t, yaml.UnmarshalWithOptions(text, into, yaml.Strict()))
}

var pages = sync.OnceValue(func() map[string]string {
	var out map[string]string
	text, err := os.ReadFile(filepath.Join("testdata", "pages.yaml"))
	if err != nil || yaml.Unmarshal(text, &out) != nil {
		return nil
	}
	return out
})

// cited fails where a case does not say on which page it rests.
func cited(t *testing.T, rule, page string) {
	t.Helper()
	require.NotEmpty(t, pages()[page], "case %q rests on page %q", rule, page)
}

func parse(t testing.TB, text string) *simulate.Document {
	t.Helper()
	d, err := simulate.ParseDocument([]byte(text))
	require.NoError(t, err, text)
	return d
}

// document makes a policy of statements as a test file writes them.
func document(t testing.TB, name, version string, statements any) simulate.Policy {
	t.Helper()
	doc := map[string]any{"Version": version, "Statement": statements}
	switch version {
	case "":
		doc["Version"] = "2012-10-17"
	case "none":
		delete(doc, "Version")
	}
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	return simulate.Policy{Name: name, Document: parse(t, string(text))}
}

func app() simulate.Principal {
	return simulate.Principal{ARN: "arn:aws:iam::" + account + ":role/app", Tags: map[string]string{"Team": "blue"}}
}

// chain has FullAWSAccess everywhere.
func chain() simulate.Chain {
	full := []simulate.Policy{simulate.FullAWSAccess()}
	return simulate.Chain{Account: account, OrgID: orgID, OrgPath: orgPath, Levels: []simulate.Level{
		{Node: "root", SCPs: full}, {Node: "Workloads", SCPs: full}, {Node: "Prod", SCPs: full}, {Node: "account", SCPs: full}}}
}

// both evaluates one statement as Deny of a service control policy and as Allow of an identity policy.
func both(t *testing.T, version string, statement map[string]any, r simulate.Request, want string) {
	t.Helper()
	run := func(effect string) simulate.Answer {
		statement["Effect"] = effect
		p := document(t, "p", version, []any{statement})
		c, grants := chain(), simulate.Grants{Identity: []simulate.Policy{p}}
		if effect == "Deny" {
			c.Levels[3].SCPs = append(c.Levels[3].SCPs[:1:1], p)
			grants = simulate.Grants{}
		}
		a, err := simulate.Evaluate(c, &r, grants)
		require.NoError(t, err)
		return a
	}
	denied, allowed := run("Deny"), run("Allow")
	require.Equal(t, want != "no", !denied.Allowed, "as Deny: %s", denied.Reason())
	require.Equal(t, want == "yes", allowed.Allowed, "as Allow: %s", allowed.Reason())
	require.Equal(t, want == "doubt", len(denied.Doubts) > 0 || want == "doubt" && len(allowed.Doubts) > 0, "doubts: %v, %v", denied.Doubts, allowed.Doubts)
}

type conditionCase struct {
	Rule, Page, Op, Key, Version, Want string

	RequestKey string `yaml:"requestKey"`
	Policy     any
	Request    *[]string
	Context    map[string][]string
	Derived    bool
}

// TestConditions runs the table of condition operators, keys and variables.
func TestConditions(t *testing.T) {
	t.Parallel()
	var cases []conditionCase
	load(t, "conditions.yaml", &cases)
	for _, c := range cases {
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			cited(t, c.Rule, c.Page)
			if c.Key == "" {
				c.Key = "test:key"
			}
			if c.RequestKey == "" {
				c.RequestKey = c.Key
			}
			r := simulate.Request{Principal: app(), Action: "s3:GetObject", Region: "eu-west-1", Context: map[string][]string{}}
			for k, v := range c.Context {
				r.Context[k] = v
			}
			if c.Request != nil {
				r.Context[c.RequestKey] = *c.Request
			}
			require.Contains(t, []string{"yes", "no", "doubt"}, c.Want)
			require.False(t, c.Derived && c.Request != nil)
			both(t, c.Version, map[string]any{"Action": "*", "Resource": "*", "Condition": map[string]any{c.Op: map[string]any{c.Key: c.Policy}}}, r, c.Want)
		})
	}
}

type matchingCase struct {
	Rule, Page, Version, Call, On, Want string
	Action, Resource                    any
	NotAction                           any `yaml:"notAction"`
	NotResource                         any `yaml:"notResource"`
	Context                             map[string][]string
}

// TestMatching runs the table of actions and resources.
func TestMatching(t *testing.T) {
	t.Parallel()
	var cases []matchingCase
	load(t, "matching.yaml", &cases)
	for _, c := range cases {
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			cited(t, c.Rule, c.Page)
			statement := map[string]any{"Action": "*", "Resource": "*"}
			if c.Action != nil {
				statement["Action"] = c.Action
			}
			if c.NotAction != nil {
				delete(statement, "Action")
				statement["NotAction"] = c.NotAction
			}
			if c.Resource != nil {
				statement["Resource"] = c.Resource
			}
			if c.NotResource != nil {
				delete(statement, "Resource")
				statement["NotResource"] = c.NotResource
			}
			if c.Call == "" {
				c.Call = "s3:GetObject"
			}
			both(t, c.Version, statement, simulate.Request{Principal: app(), Action: c.Call, Resource: c.On, Context: c.Context}, c.Want)
		})
	}
}

type evaluationCase struct {
	Rule, Page, Want, By     string
	Management, Doubt        bool
	SCPs                     map[string][]any `yaml:"scps"`
	Deny, RCP                []any
	Identity, Session        *[]any
	Boundary, Grant          []any
	Principal                *principalCase
	Action, Resource, Region string
	ResourceAccount          string `yaml:"resourceAccount"`
	Context                  map[string][]string
	Unknown                  []string
}

type principalCase struct {
	Kind, ARN, Role string
	OrgID           string `yaml:"orgId"`
}

func (c *evaluationCase) chain(t *testing.T) simulate.Chain {
	out := chain()
	out.Management = c.Management
	for i := range out.Levels {
		level := &out.Levels[i]
		policies, given := c.SCPs[level.Node]
		if given {
			level.SCPs = nil
		}
		for n, p := range policies {
			if p == "full" {
				level.SCPs = append(level.SCPs, simulate.FullAWSAccess())
				continue
			}
			level.SCPs = append(level.SCPs, document(t, fmt.Sprintf("%s-%d", level.Node, n+1), "", p))
		}
	}
	last := &out.Levels[len(out.Levels)-1]
	if c.Deny != nil {
		last.SCPs = append(last.SCPs[:len(last.SCPs):len(last.SCPs)], document(t, "extra", "", c.Deny))
	}
	if c.RCP != nil {
		last.RCPs = append(last.RCPs, document(t, "extra", "", c.RCP))
	}
	return out
}

func (c *evaluationCase) grants(t *testing.T) simulate.Grants {
	var g simulate.Grants
	list := func(name string, statements *[]any) []simulate.Policy {
		switch {
		case statements == nil:
			return nil
		case len(*statements) == 0:
			return []simulate.Policy{}
		}
		return []simulate.Policy{document(t, name, "", *statements)}
	}
	g.Identity, g.Session = list("identity", c.Identity), list("session", c.Session)
	if c.Boundary != nil {
		g.Boundary = &list("boundary", &c.Boundary)[0]
	}
	if c.Grant != nil {
		g.Resource = &list("resource", &c.Grant)[0]
	}
	return g
}

func (c *evaluationCase) request() *simulate.Request {
	r := &simulate.Request{Principal: app(), Action: c.Action, Resource: c.Resource, Region: c.Region, ResourceAccount: c.ResourceAccount, Context: c.Context}
	if p := c.Principal; p != nil {
		r.Principal = simulate.Principal{Kind: simulate.Kind(p.Kind), ARN: p.ARN, Role: p.Role, OrgID: p.OrgID}
	}
	if r.Action == "" {
		r.Action = "s3:GetObject"
	}
	switch r.Region {
	case "":
		r.Region = "eu-west-1"
	case "none":
		r.Region = ""
	}
	return r
}

// by writes what decided: layer, node, policy, statement, Sid.
func by(a simulate.Answer) string {
	parts := []string{string(a.Layer), a.Node, a.Policy}
	if a.Statement > 0 {
		parts = append(parts, fmt.Sprint(a.Statement), a.Sid)
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// TestEvaluation runs the table of whole evaluations.
func TestEvaluation(t *testing.T) {
	t.Parallel()
	var cases []evaluationCase
	load(t, "evaluation.yaml", &cases)
	for _, c := range cases {
		t.Run(c.Rule, func(t *testing.T) {
			t.Parallel()
			cited(t, c.Rule, c.Page)
			a, err := simulate.Evaluate(c.chain(t), c.request(), c.grants(t))
			require.NoError(t, err)
			require.Equal(t, c.Want, string(a.Decision), a.Reason())
			require.Equal(t, c.Want == "allowed", a.Allowed)
			require.Equal(t, c.By, by(a), a.Reason())
			require.Equal(t, c.Unknown, a.Unknown)
			require.Equal(t, c.Doubt, len(a.Doubts) > 0, a.Doubts)
		})
	}
}

// TestTableSize keeps the tables as large as they are meant to be.
func TestTableSize(t *testing.T) {
	t.Parallel()
	var conditions []conditionCase
	var matching []matchingCase
	var evaluation []evaluationCase
	load(t, "conditions.yaml", &conditions)
	load(t, "matching.yaml", &matching)
	load(t, "evaluation.yaml", &evaluation)
	t.Logf("%d conditions, %d matchings, %d evaluations", len(conditions), len(matching), len(evaluation))
	require.GreaterOrEqual(t, len(conditions)+len(matching)+len(evaluation), 150)
}
