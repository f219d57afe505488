package recovery

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/plan"
)

// page is an answer of the Organizations API: a JSON object, or an exception by its type.
type page = string

// fakeAWS answers the Organizations API, and AssumeRole and GetCallerIdentity of STS.
type fakeAWS struct {
	t *testing.T
	// account is the one that all credentials lead to; "" means 200000000001.
	account string
	// pages are the answers to each action, in turn; the last one stays.
	pages map[string][]page

	mu    sync.Mutex
	calls []string
}

func (f *fakeAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Error(err)
	}
	_, key, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ = strings.Cut(key, "/")
	_, action, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "AWSOrganizationsV20161128.")
	if !ok {
		f.sts(w, key, string(body))
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, action+" "+string(body)+" as "+key)
	pages := f.pages[action]
	if len(pages) == 0 {
		f.t.Errorf("call of %s", action)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if len(pages) > 1 {
		f.pages[action] = pages[1:]
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if !strings.HasPrefix(pages[0], "{") {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"__type": %q, "Message": "no"}`, pages[0])
		return
	}
	fmt.Fprint(w, pages[0])
}

func (f *fakeAWS) sts(w http.ResponseWriter, key, body string) {
	form, err := url.ParseQuery(body)
	if form.Get("Action") == "GetCallerIdentity" {
		fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
			cmp.Or(f.account, "200000000001"))
		return
	}
	if err != nil || form.Get("Action") != "AssumeRole" {
		f.t.Errorf("call of %s", body)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "AssumeRole "+form.Get("RoleArn")+" as "+key)
	fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
		strings.ToUpper(form.Get("RoleArn")[strings.LastIndex(form.Get("RoleArn"), "/")+1:]), time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
}

// finder returns a finder that talks to a fake with the given answers.
func finder(t *testing.T, pages map[string][]page) (*Finder, *fakeAWS) {
	t.Helper()
	f := &fakeAWS{t: t, pages: pages}
	found, err := NewFinder(t.Context(), plan.Management{AccountID: "200000000001", Region: "eu-west-1", Profile: "acme-payments"}, f.env())
	require.NoError(t, err)
	found.poll = 0
	return found, f
}

// env starts the fake and returns the environment that leads to it.
func (f *fakeAWS) env() map[string]string {
	server := httptest.NewServer(f)
	f.t.Cleanup(server.Close)
	file := filepath.Join(f.t.TempDir(), "config")
	require.NoError(f.t, os.WriteFile(file, []byte(`
[default]
aws_access_key_id = BASE
aws_secret_access_key = s
[profile acme-payments]
aws_access_key_id = PROFILE
aws_secret_access_key = s
[profile through-a-role]
role_arn = arn:aws:iam::100000000001:role/automation
source_profile = default
`), 0o600))
	return map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_CONFIG_FILE": file, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "default"}
}

func creation(kind string, inputs map[string]any) Creation {
	return Creation{URN: "urn:pulumi:payments::archipelago::" + kind + "::x", Type: kind, Inputs: inputs}
}

var settled = []page{`{"CreateAccountStatuses": []}`}

func TestFind(t *testing.T) {
	t.Parallel()
	account := creation("aws:organizations/account:Account", map[string]any{"email": "aws+payments.web@acme.example"})
	unit := creation("aws:organizations/organizationalUnit:OrganizationalUnit", map[string]any{"name": "Prod", "parentId": "r-abcd"})
	policy := creation("aws:organizations/policy:Policy", map[string]any{"name": "deny", "type": "TAG_POLICY"})
	attachment := creation("aws:organizations/policyAttachment:PolicyAttachment", map[string]any{"policyId": "p-12345678", "targetId": "ou-abcd-11111111"})
	administrator := creation("aws:organizations/delegatedAdministrator:DelegatedAdministrator", map[string]any{"accountId": "111122223333", "servicePrincipal": "guardduty.amazonaws.com"})
	organization := creation("aws:organizations/organization:Organization", nil)
	for name, c := range map[string]struct {
		creation Creation
		pages    map[string][]page
		want     string
		calls    []string
	}{
		"account on the second page, in capitals": {account, map[string][]page{
			"ListCreateAccountStatus": settled,
			"ListAccounts": {`{"Accounts": [{"Id": "1", "Email": "aws+payments.web2@acme.example"}], "NextToken": "n"}`,
				`{"Accounts": [{"Id": "111122223333", "Email": "AWS+Payments.Web@acme.example"}]}`}},
			"111122223333", []string{`ListCreateAccountStatus {"States":["IN_PROGRESS"]}`, `ListAccounts {}`, `ListAccounts {"NextToken":"n"}`}},
		"no account": {account, map[string][]page{"ListCreateAccountStatus": settled, "ListAccounts": {`{"Accounts": [{"Id": "1", "Email": "x@acme.example"}]}`}},
			"", []string{`ListCreateAccountStatus {"States":["IN_PROGRESS"]}`, `ListAccounts {}`}},
		"account that is being created: wait": {account, map[string][]page{
			"ListCreateAccountStatus": {`{"CreateAccountStatuses": [{"Id": "car-1", "State": "IN_PROGRESS"}]}`,
				// An empty page is not the end of the list.
				`{"CreateAccountStatuses": [], "NextToken": "n"}`, `{"CreateAccountStatuses": [{"Id": "car-1", "State": "IN_PROGRESS"}]}`,
				`{"CreateAccountStatuses": []}`},
			"ListAccounts": {`{"Accounts": [{"Id": "111122223333", "Email": "aws+payments.web@acme.example"}]}`}},
			"111122223333", []string{`ListCreateAccountStatus {"States":["IN_PROGRESS"]}`, `ListCreateAccountStatus {"States":["IN_PROGRESS"]}`,
				`ListCreateAccountStatus {"NextToken":"n","States":["IN_PROGRESS"]}`, `ListCreateAccountStatus {"States":["IN_PROGRESS"]}`, `ListAccounts {}`}},
		"unit": {unit, map[string][]page{"ListOrganizationalUnitsForParent": {`{"OrganizationalUnits": [{"Id": "ou-1", "Name": "prod"}], "NextToken": "n"}`,
			`{"OrganizationalUnits": [{"Id": "ou-2", "Name": "Prod"}]}`}},
			"ou-2", []string{`ListOrganizationalUnitsForParent {"ParentId":"r-abcd"}`, `ListOrganizationalUnitsForParent {"NextToken":"n","ParentId":"r-abcd"}`}},
		"no unit": {unit, map[string][]page{"ListOrganizationalUnitsForParent": {`{"OrganizationalUnits": []}`}},
			"", []string{`ListOrganizationalUnitsForParent {"ParentId":"r-abcd"}`}},
		"policy": {policy, map[string][]page{"ListPolicies": {`{"Policies": [{"Id": "p-1", "Name": "deny-all"}], "NextToken": "n"}`, `{"Policies": [{"Id": "p-2", "Name": "deny"}]}`}},
			"p-2", []string{`ListPolicies {"Filter":"TAG_POLICY"}`, `ListPolicies {"Filter":"TAG_POLICY","NextToken":"n"}`}},
		"no policy": {policy, map[string][]page{"ListPolicies": {`{"Policies": []}`}}, "", []string{`ListPolicies {"Filter":"TAG_POLICY"}`}},
		"attachment": {attachment, map[string][]page{"ListTargetsForPolicy": {`{"Targets": [], "NextToken": "n"}`, `{"Targets": [{"TargetId": "r-abcd"}, {"TargetId": "ou-abcd-11111111"}]}`}},
			"ou-abcd-11111111:p-12345678", []string{`ListTargetsForPolicy {"PolicyId":"p-12345678"}`, `ListTargetsForPolicy {"NextToken":"n","PolicyId":"p-12345678"}`}},
		"no attachment": {attachment, map[string][]page{"ListTargetsForPolicy": {`{"Targets": [{"TargetId": "r-abcd"}]}`}}, "", []string{`ListTargetsForPolicy {"PolicyId":"p-12345678"}`}},
		"administrator": {administrator, map[string][]page{"ListDelegatedAdministrators": {`{"DelegatedAdministrators": [{"Id": "1"}], "NextToken": "n"}`, `{"DelegatedAdministrators": [{"Id": "111122223333"}]}`}},
			"111122223333/guardduty.amazonaws.com", []string{`ListDelegatedAdministrators {"ServicePrincipal":"guardduty.amazonaws.com"}`,
				`ListDelegatedAdministrators {"NextToken":"n","ServicePrincipal":"guardduty.amazonaws.com"}`}},
		"no administrator":             {administrator, map[string][]page{"ListDelegatedAdministrators": {`{"DelegatedAdministrators": []}`}}, "", []string{`ListDelegatedAdministrators {"ServicePrincipal":"guardduty.amazonaws.com"}`}},
		"organization":                 {organization, map[string][]page{"DescribeOrganization": {`{"Organization": {"Id": "o-abcdefghij", "MasterAccountId": "200000000001"}}`}}, "o-abcdefghij", []string{`DescribeOrganization {}`}},
		"no organization":              {organization, map[string][]page{"DescribeOrganization": {`AWSOrganizationsNotInUseException`}}, "", []string{`DescribeOrganization {}`}},
		"contacts are put again":       {creation("aws:account/alternativeContact:AlternativeContact", nil), nil, "", nil},
		"regions are put again":        {creation("aws:account/region:Region", nil), nil, "", nil},
		"resource policy is put again": {creation("aws:organizations/resourcePolicy:ResourcePolicy", nil), nil, "", nil},
		"root features are put again":  {creation("aws:iam/organizationsFeatures:OrganizationsFeatures", nil), nil, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, api := finder(t, c.pages)
			got, err := f.Find(t.Context(), c.creation)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
			for i, call := range c.calls {
				c.calls[i] = call + " as PROFILE"
			}
			require.Equal(t, c.calls, api.calls)
		})
	}
}

// A failing look-up is an error, never "not there": what exists must not be created again.
func TestFindErrors(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct {
		action string
		inputs map[string]any
		want   string
	}{
		"aws:organizations/account:Account":                               {"ListAccounts", map[string]any{"email": "x@acme.example"}, "list accounts: "},
		"aws:organizations/organizationalUnit:OrganizationalUnit":         {"ListOrganizationalUnitsForParent", map[string]any{"name": "x", "parentId": "y"}, "list organizational units: "},
		"aws:organizations/policy:Policy":                                 {"ListPolicies", map[string]any{"name": "x", "type": "TAG_POLICY"}, "list policies: "},
		"aws:organizations/policyAttachment:PolicyAttachment":             {"ListTargetsForPolicy", map[string]any{"policyId": "x", "targetId": "y"}, "list targets of a policy: "},
		"aws:organizations/delegatedAdministrator:DelegatedAdministrator": {"ListDelegatedAdministrators", map[string]any{"accountId": "x", "servicePrincipal": "y"}, "list delegated administrators: "},
		"aws:organizations/organization:Organization":                     {"DescribeOrganization", nil, "describe organization: "},
	} {
		t.Run(c.action, func(t *testing.T) {
			t.Parallel()
			f, _ := finder(t, map[string][]page{"ListCreateAccountStatus": settled, c.action: {"AccessDeniedException"}})
			_, err := f.Find(t.Context(), creation(kind, c.inputs))
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "AccessDeniedException")

			for name := range c.inputs {
				missing := map[string]any{}
				for other, value := range c.inputs {
					missing[other] = value
				}
				missing[name] = map[string]any{"plaintext": "x"}
				_, err := f.Find(t.Context(), creation(kind, missing))
				require.EqualError(t, err, "read "+name+": the state does not have it as a text")
			}
		})
	}
	f, _ := finder(t, map[string][]page{"ListCreateAccountStatus": {"AccessDeniedException"}})
	_, err := f.Find(t.Context(), creation("aws:organizations/account:Account", map[string]any{"email": "x@acme.example"}))
	require.ErrorContains(t, err, "list account creations: ")
}

// One creation in the making holds up all look-ups of accounts, once; the user may interrupt.
func TestFindWaitsOnce(t *testing.T) {
	t.Parallel()
	f, api := finder(t, map[string][]page{"ListCreateAccountStatus": settled, "ListAccounts": {`{"Accounts": []}`}})
	for range 2 {
		_, err := f.Find(t.Context(), creation("aws:organizations/account:Account", map[string]any{"email": "x@acme.example"}))
		require.NoError(t, err)
	}
	require.Len(t, api.calls, 3)

	f, _ = finder(t, map[string][]page{"ListCreateAccountStatus": {`{"CreateAccountStatuses": [{"Id": "car-1"}]}`}})
	f.poll = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	_, err := f.Find(ctx, creation("aws:organizations/account:Account", map[string]any{"email": "x@acme.example"}))
	require.ErrorIs(t, err, context.Canceled)
}

// The finder reaches the management account as the deployment does: profile, then role.
func TestNewFinder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		management plan.Management
		want       []string
	}{
		"profile":           {plan.Management{Profile: "acme-payments"}, []string{"DescribeOrganization {} as PROFILE"}},
		"default":           {plan.Management{}, []string{"DescribeOrganization {} as BASE"}},
		"role":              {plan.Management{Role: "deploy"}, []string{"AssumeRole arn:aws:iam::200000000001:role/deploy as BASE", "DescribeOrganization {} as DEPLOY"}},
		"profile and role":  {plan.Management{Profile: "acme-payments", Role: "deploy"}, []string{"AssumeRole arn:aws:iam::200000000001:role/deploy as PROFILE", "DescribeOrganization {} as DEPLOY"}},
		"profile of a role": {plan.Management{Profile: "through-a-role"}, []string{"AssumeRole arn:aws:iam::100000000001:role/automation as BASE", "DescribeOrganization {} as AUTOMATION"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &fakeAWS{t: t, pages: map[string][]page{"DescribeOrganization": {`{"Organization": {"Id": "o-abcdefghij", "MasterAccountId": "200000000001"}}`}}}
			c.management.AccountID, c.management.Region = "200000000001", "eu-west-1"
			f, err := NewFinder(t.Context(), c.management, api.env())
			require.NoError(t, err)
			require.Equal(t, settlePoll, f.poll)
			_, err = f.Find(t.Context(), creation("aws:organizations/organization:Organization", nil))
			require.NoError(t, err)
			require.Equal(t, c.want, api.calls)
		})
	}
	api := &fakeAWS{t: t}
	_, err := NewFinder(t.Context(), plan.Management{Profile: "nowhere", Region: "eu-west-1"}, api.env())
	require.ErrorContains(t, err, "load AWS configuration: ")
	require.ErrorContains(t, err, "nowhere")
}

// Wrong credentials end the recovery. In another account nothing would be found, and what an interrupted
// deployment created would be forgotten; or something of another organization would be taken over.
func TestFinderInAnotherAccount(t *testing.T) {
	t.Parallel()
	api := &fakeAWS{t: t, account: "999999999999"}
	_, err := NewFinder(t.Context(), plan.Management{AccountID: "200000000001", Region: "eu-west-1"}, api.env())
	require.EqualError(t, err, "reach management account 200000000001: the credentials lead to account 999999999999")

	f, _ := finder(t, map[string][]page{"DescribeOrganization": {`{"Organization": {"Id": "o-other00000", "MasterAccountId": "300000000001"}}`}})
	_, err = f.Find(t.Context(), creation("aws:organizations/organization:Organization", nil))
	require.EqualError(t, err, "describe organization: account 200000000001 is a member of o-other00000, which belongs to account 300000000001")
}

// The partition of the role follows the region, as it does for the provider.
func TestFinderInGovCloud(t *testing.T) {
	t.Parallel()
	api := &fakeAWS{t: t}
	_, err := NewFinder(t.Context(), plan.Management{AccountID: "200000000001", Region: "us-gov-west-1", Role: "deploy"}, api.env())
	require.NoError(t, err)
	require.Equal(t, []string{"AssumeRole arn:aws-us-gov:iam::200000000001:role/deploy as BASE"}, api.calls)
}
