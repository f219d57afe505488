package topology_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/topology"
)

// loadCore loads the base archipelago with another file of the hub organization.
func loadCore(t testing.TB, core string) (*topology.Archipelago, topology.Diagnostics) {
	t.Helper()
	root, err := os.ReadFile("testdata/base/archipelago.yaml")
	require.NoError(t, err)
	a, found, err := topology.Load(fstest.MapFS{
		"archipelago.yaml":        {Data: root},
		"organizations/core.yaml": {Data: []byte(core)},
	})
	require.NoError(t, err)
	return a, found
}

const coreHead = "name: core\nkind: hub\nmanagement: { accountId: \"111111111111\", email: aws+core@acme.example }\n"

func TestLoadNoArchipelago(t *testing.T) {
	t.Parallel()
	_, _, err := topology.Load(fstest.MapFS{"organizations/core.yaml": {Data: []byte("name: core\n")}})
	require.ErrorIs(t, err, topology.ErrNoArchipelago)
}

func TestLoadUnreadable(t *testing.T) {
	t.Parallel()
	_, _, err := topology.Load(fstest.MapFS{"archipelago.yaml": {Mode: fs.ModeDir}})
	require.ErrorContains(t, err, "read archipelago.yaml: ")
}

func TestLoadBrokenRootStillReadsOrganizations(t *testing.T) {
	t.Parallel()
	a, found, err := topology.Load(fstest.MapFS{
		"archipelago.yaml":        {Data: []byte("name: [")},
		"organizations/core.yaml": {Data: []byte("nmae: core\n")},
	})
	require.NoError(t, err)
	require.Nil(t, a)
	require.Equal(t, []string{"syntax", "missing-field", "unknown-field"}, codes(found))
}

func codes(ds topology.Diagnostics) []string {
	out := make([]string, len(ds))
	for i, d := range ds {
		out[i] = d.Code
	}
	return out
}

func TestLoadText(t *testing.T) {
	t.Parallel()
	a, found := loadCore(t, strings.Replace(coreHead, `"111111111111"`, "012345678901", 1)+
		"tags: { cost-center: 0042, confidential: yes, ratio: 1.50, on: true }\n")
	require.Empty(t, render(found))
	o := a.Organizations[0]
	require.Equal(t, "012345678901", o.Management.AccountID)
	require.Equal(t, map[string]string{"cost-center": "0042", "confidential": "yes", "ratio": "1.50", "on": "true"}, o.Tags)
}

func TestLoadNull(t *testing.T) {
	t.Parallel()
	a, found := loadCore(t, coreHead+"regions:\nfeatures: ~\nunits:\n  Security:\n    accounts:\n      audit:\n      log-archive: null\n")
	require.Empty(t, render(found))
	o := a.Organizations[0]
	require.Empty(t, o.Regions)
	audit := o.Units["Security"].Accounts["audit"]
	require.NotNil(t, audit)
	require.Equal(t, "organizations/core.yaml:9:7", audit.Position().String())
}

func TestLoadAliases(t *testing.T) {
	t.Parallel()
	a, found := loadCore(t, coreHead+`units:
  Security:
    accounts:
      audit: &small
        tags: &tags { tier: one, size: small }
        regions: &regions [eu-west-1]
      log-archive:
        <<: *small
        tags: { <<: *tags, size: large }
      network:
        <<: [{ owner: net@acme.example }, *small]
        regions: *regions
`)
	require.Empty(t, render(found))
	accounts := a.Organizations[0].Units["Security"].Accounts
	require.Equal(t, map[string]string{"tier": "one", "size": "large"}, accounts["log-archive"].Tags)
	require.Equal(t, []string{"eu-west-1"}, accounts["log-archive"].Regions)
	require.Equal(t, "net@acme.example", accounts["network"].Owner)
	require.Equal(t, map[string]string{"tier": "one", "size": "small"}, accounts["network"].Tags)
}

func TestLoadAliasPosition(t *testing.T) {
	t.Parallel()
	_, found := loadCore(t, coreHead+"units:\n  A:\n    tags: &t { a: \"1\" }\n    accounts: { one: {} }\n  B:\n    regions: *t\n    accounts: { two: {} }\n")
	require.Equal(t, `organizations/core.yaml:9:14: error: regions must be a list, not a mapping [wrong-type]
    9 |     regions: *t
      |              ^~
`, render(found))
}

// TestLoadEncodings loads the same mistake in files of different editors: the position stays right.
func TestLoadEncodings(t *testing.T) {
	t.Parallel()
	text := coreHead + "units:\n  Sécurité:\n    accounts:\n      audit: { owner: \"Zoë\", stat: active }\n"
	want := `organizations/core.yaml:7:30: error: an account has no field "stat" [unknown-field]
    7 |       audit: { owner: "Zoë", stat: active }
      |                              ^~~~
      = help: did you mean "state"?
`
	for name, text := range map[string]string{
		"unix":             text,
		"windows":          strings.ReplaceAll(text, "\n", "\r\n"),
		"byte order mark":  "\ufeff" + text,
		"document start":   text + "...\n",
		"no final newline": strings.TrimSuffix(text, "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, found := loadCore(t, text)
			require.Equal(t, want, render(found))
		})
	}
}

func TestLoadTab(t *testing.T) {
	t.Parallel()
	_, found := loadCore(t, coreHead+"units:\n\tSecurity: {}\n")
	require.Equal(t, []string{"syntax"}, codes(found))
	require.Equal(t, 5, found[0].Line)
}

func TestLoadBlockText(t *testing.T) {
	t.Parallel()
	a, found := loadCore(t, coreHead+`policies:
  deny:
    type: scp
    description: >-
      Keeps accounts
      where they are.
    document:
      Version: 2012-10-17
      Statement:
        - Sid: One
          Effect: Deny
          Action: ["organizations:LeaveOrganization"]
          Resource: "*"
          Condition: { NumericLessThan: { "x:y": 0017 }, Bool: { "a:b": false }, Null: { "c:d": ~ } }
attach: [deny]
`)
	require.Empty(t, render(found))
	p := a.Organizations[0].Policies["deny"]
	require.Equal(t, "Keeps accounts where they are.", p.Description)
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Deny","Action":["organizations:LeaveOrganization"],"Resource":"*",
		"Condition":{"NumericLessThan":{"x:y":"0017"},"Bool":{"a:b":false},"Null":{"c:d":null}}}]}`, string(p.Document.Text))
	require.True(t, strings.HasPrefix(string(p.Document.Text), `{"Version":`), "keys stay in order")
}

func TestLoadDocumentFile(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"policies/deny.json": {Data: []byte("{\n  \"Stätement\": oops\n}\n")}}
	for _, name := range []string{"archipelago.yaml", "organizations/core.yaml"} {
		data, err := os.ReadFile("testdata/base/" + name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	files["organizations/core.yaml"].Data = append(files["organizations/core.yaml"].Data,
		"policies: { deny: { type: scp, file: ../policies/deny.json } }\nattach: [deny]\n"...)
	a, found, err := topology.Load(files)
	require.NoError(t, err)
	require.Empty(t, render(found))
	d := a.Organizations[0].Policies["deny"].Document
	offset := strings.Index(string(d.Text), "oops")
	require.Equal(t, `policies/deny.json:2:16: error: not JSON [syntax]
    2 |   "Stätement": oops
      |                ^
`, d.ProblemAt(topology.Error, offset, "syntax", "not JSON", "").Render())
}

func TestDiagnosticsErr(t *testing.T) {
	t.Parallel()
	_, found := loadCore(t, coreHead+"accounts: { audit: {} }\n")
	require.NoError(t, found.Err(), "a warning is no error")
	require.Equal(t, []string{"account-in-root"}, codes(found))
	_, found = loadCore(t, coreHead+"knd: hub\naccounts: { audit: {} }\n")
	require.ErrorContains(t, found.Err(), "1 error, 1 warning")
	require.Contains(t, found[0].Render(), `organizations/core.yaml:4:1: error: an organization has no field "knd"`)
}

func TestServices(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	last := ""
	for _, s := range topology.Services() {
		require.False(t, seen[s.Name] || seen[s.Principal], s.Name)
		require.Less(t, last, s.Name, "sorted")
		require.NotEmpty(t, s.Source)
		seen[s.Name], seen[s.Principal], last = true, true, s.Name
		require.Equal(t, s.Principal, topology.ServicePrincipal(s.Name))
		require.Equal(t, s.Principal, topology.ServicePrincipal(s.Principal))
	}
	require.Equal(t, "new.amazonaws.com", topology.ServicePrincipal("new.amazonaws.com"))
}

func TestRegions(t *testing.T) {
	t.Parallel()
	last := ""
	for _, r := range topology.Regions() {
		require.Less(t, last, r.Name, "sorted, none twice")
		last = r.Name
	}
	require.True(t, topology.OptInRegion("eu-central-2"))
	require.False(t, topology.OptInRegion("eu-west-1"))
	require.False(t, topology.OptInRegion("nowhere"))
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, q := range topology.Quotas() {
		require.False(t, seen[q.Name], q.Name)
		seen[q.Name] = true
		require.Positive(t, q.Value, q.Name)
		require.NotEmpty(t, q.What, q.Name)
		require.NotEmpty(t, q.Source, q.Name)
	}
	a := &topology.Archipelago{Quotas: map[string]int{topology.QuotaAccounts: 50, topology.QuotaUnits: 20}}
	o := &topology.Organization{Quotas: map[string]int{topology.QuotaAccounts: 100}}
	require.Equal(t, 100, a.Quota(o, topology.QuotaAccounts))
	require.Equal(t, 20, a.Quota(o, topology.QuotaUnits))
	require.Equal(t, 5, a.Quota(nil, topology.QuotaUnitDepth))
	require.Panics(t, func() { a.Quota(o, "teapots") })
}

func TestWalkIsSorted(t *testing.T) {
	t.Parallel()
	a, found := loadCore(t, coreHead+"units:\n  B: { accounts: { z: {}, y: {} } }\n  A:\n    tags: { x: y }\n    units: { C: { tags: { t: u }, accounts: { x: {} } } }\n")
	require.Empty(t, render(found))
	var got []string
	a.Organizations[0].Walk(func(n topology.Node, _ *topology.Unit) {
		got = append(got, fmt.Sprintf("%s %d", n.Name(), n.Depth))
	}, func(n topology.Node, _ *topology.Account) {
		got = append(got, n.Path+" "+n.Key)
	})
	require.Equal(t, []string{"unit A 1", "unit A/C 2", "A/C x", "unit B 1", "B y", "B z"}, got)
}

// FuzzLoad feeds anything as files: Load never panics, and every position lies in its file.
func FuzzLoad(f *testing.F) {
	root, err := os.ReadFile("testdata/base/archipelago.yaml")
	require.NoError(f, err)
	core, err := os.ReadFile("testdata/base/organizations/core.yaml")
	require.NoError(f, err)
	f.Add(string(root), string(core))
	f.Add("a: &a [*a]\n<<: *a\n", "? [x]\n: y\n")
	f.Add("name: acme\nhub: core\n", "units: {A: {accounts: [}}}")
	f.Add("- |\n  x\n", "\ufeffname: \"\\u263a\r\n")
	f.Add(string(root)+"policies: {p: {type: scp, document: {a: .inf, b: 0x1F, c: !!x y}}}\n", string(core)+"attach: [p, p]\n")
	f.Fuzz(func(t *testing.T, root, core string) {
		files := fstest.MapFS{"archipelago.yaml": {Data: []byte(root)}, "organizations/core.yaml": {Data: []byte(core)}}
		_, found, err := topology.Load(files)
		require.NoError(t, err)
		requireInside(t, files, found)
		for _, d := range found {
			require.NotEmpty(t, d.Render())
		}
	})
}

// BenchmarkLoad reads and validates archipelagos of 100, 1,000 and 10,000 accounts: the time per
// account stays the same.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000} {
		b.Run(fmt.Sprintf("accounts=%d", n), func(b *testing.B) {
			files := generate(n)
			b.ReportAllocs()
			for b.Loop() {
				_, found, err := topology.Load(files)
				if err != nil || found.HasErrors() {
					b.Fatal(err, found.Err())
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/account")
		})
	}
}

// generate writes an archipelago of n accounts, 1,000 in an organization at most, 50 in a unit.
func generate(n int) fstest.MapFS {
	root, _ := os.ReadFile("testdata/base/archipelago.yaml")
	files := fstest.MapFS{"archipelago.yaml": {Data: append(root, "quotas: { accounts: 50000 }\n"...)}}
	for org := 0; org*1_000 < n; org++ {
		name, kind := fmt.Sprintf("org-%d", org), "workload"
		if org == 0 {
			name, kind = "core", "hub"
		}
		var b strings.Builder
		fmt.Fprintf(&b, "name: %s\nkind: %s\nmanagement: { accountId: \"%012d\", email: aws+%s@acme.example }\nunits:\n", name, kind, org+1, name)
		for i := range min(1_000, n-org*1_000) {
			if i%50 == 0 {
				fmt.Fprintf(&b, "  Unit %d:\n    tags: { unit: \"%d\" }\n    accounts:\n", i/50, i/50)
			}
			fmt.Fprintf(&b, "      account-%d:\n        owner: team-%d@acme.example\n        tags: { cost-center: \"%d\", environment: production }\n", i, i%7, i%13)
		}
		files["organizations/"+name+".yaml"] = &fstest.MapFile{Data: []byte(b.String())}
	}
	return files
}
