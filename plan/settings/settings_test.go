package settings_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

func setting(t *testing.T, yaml string) *topology.Setting {
	t.Helper()
	s, found := topology.ReadDraft("layer.yaml", []byte(yaml))
	require.Empty(t, found)
	return s
}

// C19: parts merge by name, lists as a whole, null removes, and every value knows its layer.
func TestMerge(t *testing.T) {
	t.Parallel()
	outer := settings.Merge(nil, setting(t, `
budget: { monthlyLimit: 100, recipients: [a@b.example, c@d.example] }
roles:
  audit: { managedPolicies: [SecurityAudit], trust: { accounts: ["111111111111"] } }
  gone: { trust: { services: [ec2.amazonaws.com] } }
s3: { blockPublicAccess: true }
`), "archipelago")
	v := settings.Merge(outer, setting(t, `
budget: { recipients: [e@f.example] }
roles: { gone: null, audit: { managedPolicies: [ReadOnlyAccess] } }
s3:
`), "account")
	require.JSONEq(t, `{
		"budget": {"monthlyLimit": 100, "recipients": ["e@f.example"]},
		"roles": {"audit": {"managedPolicies": ["ReadOnlyAccess"], "trust": {"accounts": ["111111111111"]}}}
	}`, string(v.JSON()))
	require.Equal(t, "archipelago", v.Get(settings.Path{"budget", "monthlyLimit"}).Origin.Layer)
	require.Equal(t, "layer.yaml:2:11", v.Get(settings.Path{"budget", "recipients"}).Origin.String())
	require.Equal(t, "account", v.Get(settings.Path{"budget", "recipients"}).Origin.Layer)
	require.NotNil(t, outer.Get(settings.Path{"roles", "gone"}), "the outer layer is not touched")
}

// A baseline made by a Go program has no file behind it and merges all the same.
func TestMergeOfModelWithoutFiles(t *testing.T) {
	t.Parallel()
	b := &topology.Baseline{Roles: map[string]*topology.Role{"a": {Path: "/x/"}, "b": nil}, Alias: "x"}
	outer := settings.Merge(nil, setting(t, `roles: { b: { path: / } }`), "archipelago")
	require.JSONEq(t, `{"alias": "x", "roles": {"a": {"path": "/x/"}}}`, string(settings.Merge(outer, b.Settings(), "account").JSON()))
}

// What nobody changes is the same pointer: ten thousand accounts hold it once.
func TestMergeShares(t *testing.T) {
	t.Parallel()
	outer := settings.Merge(nil, setting(t, "budget: { monthlyLimit: 1 }\nroles: { a: { path: / } }"), "archipelago")
	v := settings.Merge(outer, setting(t, "alias: x"), "account")
	require.Same(t, outer.Fields["roles"], v.Fields["roles"])
	require.Same(t, outer, settings.Merge(outer, nil, "account"))
}

func TestPath(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]settings.Path{
		"budget":                          {"budget"},
		"tags.cost-center":                {"tags", "cost-center"},
		`parameters["/team/a.b"]`:         {"parameters", "/team/a.b"},
		`roles["a \"b\""].trust.accounts`: {"roles", `a "b"`, "trust", "accounts"},
	} {
		got, err := settings.ParsePath(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
		require.Equal(t, text, got.String())
	}
	for text, message := range map[string]string{
		"":          "read path: it is empty",
		"a..b":      `read path "a..b": a name is missing`,
		"a.":        `read path "a.": names are joined by dots; a name with other characters is written ["name"]`,
		"a[0]":      `read path "a[0]": a name in brackets is written ["name"]`,
		`a["b"`:     `read path "a[\"b\"": a name in brackets is written ["name"]`,
		`a["b"]c.d`: `read path "a[\"b\"]c.d": names are joined by dots; a name with other characters is written ["name"]`,
	} {
		_, err := settings.ParsePath(text)
		require.EqualError(t, err, message)
	}
}

// A lock that ends at what is gone names who removed it.
func TestBlame(t *testing.T) {
	t.Parallel()
	v := settings.Merge(nil, setting(t, "s3: { blockPublicAccess: true }\nroles: { a: { path: / } }\ntags: { owner: a }"), "archipelago")
	v = settings.Merge(v, setting(t, "alias: x\nroles: { a: null, never: null }\ns3: { blockPublicAccess: null }"), "unit")
	v = settings.Merge(v, setting(t, "alias: y"), "account")
	from := settings.Origin{Layer: "hook hooks/a.ts", Position: topology.Position{File: "hooks/a.ts", Line: 7, Column: 5}}
	edits := []settings.Edit{{Path: settings.Path{"tags", "owner"}, Origin: from}}
	tags, err := settings.Replace(v.Fields["tags"], settings.Path{"tags"}, json.RawMessage(`{}`), reflect.TypeFor[map[string]string](), edits)
	require.NoError(t, err)
	v = settings.Complete(v.With("tags", tags), reflect.TypeFor[topology.Baseline]())
	for path, want := range map[string]string{
		"roles.a.path": "layer.yaml:2:10", "s3.blockPublicAccess": "layer.yaml:3:7", "tags.owner": "hooks/a.ts:7:5",
		"alias": "layer.yaml:1:1", "roles.never": "layer.yaml:2:1", "budget": "layer.yaml",
	} {
		p, err := settings.ParsePath(path)
		require.NoError(t, err)
		require.Equal(t, want, v.Blame(p).String(), path)
	}
	v = v.Remove("s3", []settings.Edit{{Path: settings.Path{"s3"}, Origin: from}})
	require.Equal(t, from, v.Blame(settings.Path{"s3", "blockPublicAccess"}))
}

// 0 is no limit where it says so, and a baseline that inherits nothing only keeps what it sets itself.
func TestLockEndlessAndPartial(t *testing.T) {
	t.Parallel()
	ninety := 90
	at := settings.Merge(nil, setting(t, "passwordPolicy: { minimumLength: 16, reusePrevention: 5 }\nroles: { audit: { path: / } }"), "archipelago")
	for _, c := range []struct {
		path, yaml, want string
		lock             settings.Lock
	}{
		{"passwordPolicy.maximumAgeDays", "passwordPolicy: { maximumAgeDays: 0 }",
			"passwordPolicy.maximumAgeDays is 0, which is no limit at all, and archipelago allows at most 90",
			settings.Lock{Spec: &topology.Lock{Maximum: &ninety}, Endless: true}},
		{"passwordPolicy.maximumAgeDays", "passwordPolicy: { maximumAgeDays: 0 }", "", settings.Lock{Spec: &topology.Lock{Maximum: &ninety}}},
		{"passwordPolicy", "passwordPolicy: { minimumLength: 16, maximumAgeDays: 3 }", "", settings.Lock{Spec: &topology.Lock{}, Partial: true}},
		{"passwordPolicy", "passwordPolicy: { minimumLength: 8 }", "passwordPolicy.minimumLength is 8, and archipelago locks it: there it is 16",
			settings.Lock{Spec: &topology.Lock{}, Partial: true}},
		{"passwordPolicy", "alias: x", "", settings.Lock{Spec: &topology.Lock{}, Partial: true}},
		{"roles", "roles: { other: { path: / } }", "", settings.Lock{Spec: &topology.Lock{Contains: []string{"audit"}}, Partial: true}},
	} {
		path, err := settings.ParsePath(c.path)
		require.NoError(t, err)
		c.lock.Path, c.lock.Layer, c.lock.Value = path, "archipelago", at.Get(path)
		v := c.lock.Check(settings.Merge(nil, setting(t, c.yaml), "management account"))
		if c.want == "" {
			require.Nil(t, v, c.path)
			continue
		}
		require.NotNil(t, v, c.path)
		require.Equal(t, c.want, v.Message)
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"a.b", `a["b"].c`, "a[", "..", `["\u0000"]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path, err := settings.ParsePath(text)
		if err != nil {
			return
		}
		again, err := settings.ParsePath(path.String())
		require.NoError(t, err)
		require.Equal(t, path, again)
	})
}

func TestComplete(t *testing.T) {
	t.Parallel()
	v := settings.Merge(nil, setting(t, "budget: { monthlyLimit: 1, actual: [50] }\nec2: { metadata: { hopLimit: 1 } }"), "archipelago")
	v = settings.Complete(v, reflect.TypeFor[topology.Baseline]())
	require.JSONEq(t, `{
		"budget": {"monthlyLimit": 1, "actual": [50], "forecast": [100], "currency": "USD"},
		"ec2": {"metadata": {"hopLimit": 1, "tokens": "required"}}
	}`, string(v.JSON()))
	require.Equal(t, "default", v.Get(settings.Path{"budget", "currency"}).Origin.String())
	require.Same(t, v, settings.Complete(v, reflect.TypeFor[topology.Baseline]()), "nothing is left to add")
}

// What a hook did not touch keeps the place where it was set; the rest has the hook's line.
func TestReplace(t *testing.T) {
	t.Parallel()
	before := settings.Merge(nil, setting(t, "budget: { monthlyLimit: 100, currency: EUR, recipients: [a@b.example] }"), "archipelago")
	from := settings.Origin{Layer: "hook hooks/a.ts", Position: topology.Position{File: "hooks/a.ts", Line: 7, Column: 5}}
	after, err := settings.Replace(before.Fields["budget"], settings.Path{"budget"},
		json.RawMessage(`{"currency":"EUR","monthlyLimit":250,"recipients":["a@b.example"]}`),
		reflect.TypeFor[*topology.Budget](), []settings.Edit{{Path: settings.Path{"budget", "monthlyLimit"}, Origin: from}})
	require.NoError(t, err)
	require.Equal(t, from, after.Fields["monthlyLimit"].Origin)
	require.Equal(t, "archipelago", after.Fields["currency"].Origin.Layer)
	require.Len(t, settings.Diff(before.Fields["budget"], after), 1)
	same, err := settings.Replace(after, settings.Path{"budget"}, after.JSON(), reflect.TypeFor[*topology.Budget](), nil)
	require.NoError(t, err)
	require.Same(t, after, same)
}

// C20: every kind of lock, and what it says.
func TestLock(t *testing.T) {
	t.Parallel()
	number := func(n int) *int { return &n }
	locked := setting(t, `
budget: { monthlyLimit: 100, recipients: [a@b.example] }
roles: { audit: { managedPolicies: [SecurityAudit] } }
regions: [eu-west-1]
s3: { blockPublicAccess: true }
`)
	for _, c := range []struct {
		name, path, yaml, want string
		lock                   topology.Lock
	}{
		{"fixed, unchanged", "budget", "alias: x", "", topology.Lock{}},
		{"fixed, same again", "budget.monthlyLimit", "budget: { monthlyLimit: 100 }", "", topology.Lock{}},
		{"fixed, changed", "budget", "budget: { monthlyLimit: 900 }", "budget.monthlyLimit is 900, and archipelago locks it: there it is 100", topology.Lock{}},
		{"fixed, added to", "roles", "roles: { more: { path: / } }", `roles.more is {"path":"/"}, and archipelago locks it: there it is not set`, topology.Lock{}},
		{"fixed, removed", "roles", "roles: { audit: null }", "roles.audit is removed, and archipelago locks it: there it is {\"managedPolicies\":[\"SecurityAudit\"]}", topology.Lock{}},
		{"fixed, gone", "budget", "budget: null", "budget is removed, and archipelago locks it", topology.Lock{}},
		{"fixed, never there", "alias", "budget: null", "", topology.Lock{}},
		{"fixed, never there and set", "alias", "alias: x", `alias is "x", and archipelago locks it: there it is not set`, topology.Lock{}},
		{"maximum kept", "budget.monthlyLimit", "budget: { monthlyLimit: 500 }", "", topology.Lock{Maximum: number(500)}},
		{"maximum", "budget.monthlyLimit", "budget: { monthlyLimit: 501 }", "budget.monthlyLimit is 501, and archipelago allows at most 500", topology.Lock{Maximum: number(500)}},
		{"minimum", "budget.monthlyLimit", "budget: { monthlyLimit: 1 }", "budget.monthlyLimit is 1, and archipelago wants at least 50", topology.Lock{Minimum: number(50)}},
		{"minimum gone", "budget.monthlyLimit", "budget: null", "budget.monthlyLimit is removed, and archipelago locks it", topology.Lock{Minimum: number(50)}},
		{"no number", "budget.recipients", "alias: x", `budget.recipients is ["a@b.example"], and archipelago bounds it as a number`, topology.Lock{Minimum: number(50)}},
		{"contains", "budget.recipients", "budget: { recipients: [x@y.example] }", `budget.recipients lacks "a@b.example", which archipelago wants in it`, topology.Lock{Contains: []string{"a@b.example"}}},
		{"contains keys", "roles", "roles: { audit: null }", `roles lacks "audit", which archipelago wants in it`, topology.Lock{Contains: []string{"audit"}}},
		{"contains, missing", "accessAnalyzer", "alias: x", "accessAnalyzer is missing, and archipelago locks it", topology.Lock{Contains: []string{"external"}}},
		{"within kept", "regions", "regions: [eu-central-1]", "", topology.Lock{Within: []string{"eu-west-1", "eu-central-1"}}},
		{"within", "regions", "regions: [us-east-1]", `regions has "us-east-1", and archipelago allows only eu-west-1`, topology.Lock{Within: []string{"eu-west-1"}}},
		{"within, one value", "s3.blockPublicAccess", "s3: { blockPublicAccess: false }", `s3.blockPublicAccess has "false", and archipelago allows only true`, topology.Lock{Within: []string{"true"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path, err := settings.ParsePath(c.path)
			require.NoError(t, err)
			at := settings.Merge(nil, locked, "archipelago")
			lock := settings.Lock{Path: path, Layer: "archipelago", Spec: &c.lock, Value: at.Get(path)}
			v := lock.Check(settings.Merge(at, setting(t, c.yaml), "account"))
			if c.want == "" {
				require.Nil(t, v)
				return
			}
			require.NotNil(t, v)
			require.Equal(t, c.want, v.Message)
		})
	}
}
