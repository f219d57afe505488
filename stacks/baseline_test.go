package stacks_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks"
	"github.com/archipelago-iac/archipelago/topology"
)

const (
	roleType       = "aws:iam/role:Role"
	parameterType  = "aws:ssm/parameter:Parameter"
	budgetType     = "aws:budgets/budget:Budget"
	analyzerType   = "aws:accessanalyzer/analyzer:Analyzer"
	bucketType     = "aws:s3/bucketV2:BucketV2"
	queueType      = "aws:sqs/queue:Queue"
	encryptionType = "aws:ebs/encryptionByDefault:EncryptionByDefault"
)

var yes, no = true, false

// settled returns the plan with everything set up in payments-prod, in two regions; next to nothing in
// audit; and something in the management account.
func settled(edits ...func(*plan.Organization)) *plan.Plan {
	return with(func(o *plan.Organization) {
		o.Management.Setup = managementSetup()
		o.Accounts[0].Setup = &plan.Setup{Class: "0000000001", Baseline: &plan.Baseline{Baseline: topology.Baseline{
			Budget: &topology.Budget{MonthlyLimit: 20, Currency: "USD", Actual: []int{100}, Recipients: []string{"team@acme.example"}},
		}}}
		o.Accounts[1].Regions = []string{"eu-west-1", "us-east-1"}
		o.Accounts[1].Setup = everything()
		for _, p := range []plan.Provider{
			{Region: "eu-west-1", Regional: true}, {Region: "us-east-1", Regional: true}, {Account: "payments-prod", Region: "eu-west-1"}, {Account: "payments-prod", Region: "us-east-1"},
		} {
			p.Reasons = []string{"the account's baseline"}
			o.Providers = append(o.Providers, p)
		}
		for _, edit := range edits {
			edit(o)
		}
	})
}

func managementSetup() *plan.Setup {
	return &plan.Setup{
		Class: "00000000ff",
		Baseline: &plan.Baseline{Baseline: topology.Baseline{
			Budget:         &topology.Budget{MonthlyLimit: 10, Currency: "USD", Actual: []int{100}, Recipients: []string{"finance@acme.example"}},
			PasswordPolicy: &topology.PasswordPolicy{MinimumLength: 14, AllCharacterTypes: &yes, AllowChange: &no},
			EC2:            topology.EC2Baseline{EncryptVolumes: &yes},
		}},
		Roles:   []plan.Role{{Name: "billing", Path: "/", Trust: `{"AWS":"{{account.id}}"}`, MaxSessionSeconds: 3600}},
		Regions: []string{"eu-west-1", "us-east-1"},
	}
}

func everything() *plan.Setup {
	return &plan.Setup{
		Class: "0123456789",
		Baseline: &plan.Baseline{Baseline: topology.Baseline{
			Budget: &topology.Budget{MonthlyLimit: 5000, Currency: "EUR", Actual: []int{80, 100}, Forecast: []int{100}, Recipients: []string{"team@acme.example", "finance@acme.example"}},
			PasswordPolicy: &topology.PasswordPolicy{
				MinimumLength: 16, MaximumAgeDays: 90, ReusePrevention: 24, AllCharacterTypes: &yes, AllowChange: &yes,
			},
			S3: topology.S3Baseline{BlockPublicAccess: &yes},
			EC2: topology.EC2Baseline{
				EncryptVolumes: &yes, SnapshotSharing: topology.SnapshotsBlockAll, BlockPublicImages: &yes, SerialConsole: &no,
				Metadata: &topology.InstanceMetadata{Tokens: topology.TokensRequired, HopLimit: 2},
			},
			AccessAnalyzer: &topology.AccessAnalyzer{External: &yes, UnusedDays: 90},
		}},
		Alias: "acme-payments-prod",
		Roles: []plan.Role{
			{
				Name: "audit", Path: "/", MaxSessionSeconds: 3600, Trust: `{"AWS":["{{account.audit.id}}","{{hub.account.automation.id}}"]}`,
				ManagedPolicies: []string{"arn:aws:iam::aws:policy/SecurityAudit", "arn:aws:iam::{{account.id}}:policy/SecurityAudit"},
			},
			{
				Name: "deploy", Path: "/automation/", Description: "Deploys.", MaxSessionSeconds: 7200, Trust: `{"Org":"{{hub.organization.id}}"}`,
				Policies: []plan.RolePolicy{{Name: "logs", Document: `{"Resource":"arn:aws:s3:::logs-{{account.id}}/*"}`}},
				Boundary: "arn:aws:iam::aws:policy/PowerUserAccess", Tags: map[string]string{"owner": "team@acme.example"},
			},
		},
		Parameters: []plan.Parameter{
			{Name: "/acme/home", Value: "{{account.id}} of {{management.account.id}} in {{region}}"},
			{Name: "/acme/owner", Value: "team@acme.example"},
		},
		Resources: []plan.Resource{
			{Name: "key", Type: "aws:kms/key:Key", Regions: []string{"eu-west-1", "us-east-1"}, Properties: raw(`{"enableKeyRotation":true}`)},
			{
				Name: "logs", Type: bucketType, Regions: []string{"eu-west-1"}, DependsOn: []string{"key"}, Protect: true, Retain: true, IgnoreChanges: []string{"tags"},
				Properties: raw(`{"bucket":"logs-{{account.id}}-{{region}}","keys":["{{resources.key.id}}"],"size":3}`),
			},
			{
				Name: "queue", Type: queueType, Regions: []string{"eu-west-1", "us-east-1"}, DependsOn: []string{"key", "logs"},
				Properties: raw(`{"name":"to-{{resources.logs.bucket}}","kmsMasterKeyId":"{{resources.key.id}}"}`),
			},
		},
		Regions: []string{"eu-west-1", "us-east-1"},
	}
}

func raw(text string) json.RawMessage { return json.RawMessage(text) }

// hubAccount says that the hub has a member account.
func hubAccount(o *recorder.Options) {
	o.Stacks[coreStack]["accounts"] = map[string]any{"automation": map[string]any{"id": "111100001111"}}
}

// A22, A28: accounts are set up by their own providers, their budgets from the management account; of
// the management account is set up what its own file has.
func TestBaselinesA22A28(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, settled(), hubAccount)
	recorder.Golden(t, filepath.Join("testdata", "baselines.golden"), got.String())
	explicitProviders(t, got)
}

// What a placeholder stands for depends on where the text goes.
func TestBaselinePlaceholders(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, settled(), hubAccount)
	out, err := stacks.DecodeOutputs(got.Outputs)
	require.NoError(t, err)
	prod, audit := out.Accounts["payments-prod"].ID, out.Accounts["audit"].ID
	require.Equal(t, `{"AWS":["`+audit+`","111100001111"]}`, got.Find(roleType, "payments/payments-prod/role/audit").Inputs["assumeRolePolicy"])
	require.Equal(t, `{"AWS":"222222222222"}`, got.Find(roleType, "payments/management/role/billing").Inputs["assumeRolePolicy"])
	require.Equal(t, prod+" of 222222222222 in us-east-1", got.Find(parameterType, "payments/payments-prod/us-east-1/parameter/acme/home").Inputs["insecureValue"])
	require.Equal(t, "to-logs-"+prod+"-eu-west-1", got.Find(queueType, "payments/payments-prod/resource/queue/us-east-1").Inputs["name"])
	for _, r := range []string{"", "/us-east-1"} {
		queue := got.Find(queueType, "payments/payments-prod/resource/queue"+r)
		require.Contains(t, queue.After, "aws:kms/key:Key payments/payments-prod/resource/key"+r, "the copy in the same region")
	}
}

// A22: the outputs have the roles and the class of the baseline.
func TestBaselineOutputsA22(t *testing.T) {
	t.Parallel()
	got, err := stacks.DecodeOutputs(mustDeploy(t, settled(), hubAccount).Outputs)
	require.NoError(t, err)
	prod := got.Accounts["payments-prod"]
	require.Equal(t, "0123456789", prod.Baseline)
	require.Equal(t, "eu-west-1", prod.Region)
	require.Contains(t, prod.Roles, "audit")
	require.Contains(t, prod.Roles, "deploy")
	require.Equal(t, stacks.SetupOutputs{}, got.Accounts["audit"].SetupOutputs, "nothing is set up in the account")
	require.Equal(t, "00000000ff", got.Management.Baseline)
	require.Empty(t, got.Frozen)
}

// What is set up in an account waits for the account and the regions that are switched on for it.
func TestProvidersWaitForRegions(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, settled(), hubAccount)
	provider := got.Find(providerType, "payments/payments-prod/us-east-1")
	require.Contains(t, provider.After, accountType+" payments/payments-prod")
	require.Contains(t, provider.After, "aws:account/region:Region payments/payments-prod/ap-east-1")
	require.Nil(t, got.Find(providerType, "payments/audit/eu-west-1"), "a budget needs no provider in the account")
}

// The provider of the management account keeps the region that it was first started in, so what belongs to a
// region has another one, in the home region too.
func TestManagementRegionalProvider(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, settled(), hubAccount)
	for _, region := range []string{"eu-west-1", "us-east-1"} {
		provider := got.Find(providerType, "payments/management/"+region)
		require.Equal(t, region, provider.Inputs["region"])
		require.Empty(t, provider.IgnoreChanges)
		require.Contains(t, got.Find(encryptionType, "payments/management/"+region+"/ebs-encryption").Provider, "payments/management/"+region)
	}
	require.NotContains(t, got.Find("aws:iam/role:Role", "payments/management/role/billing").Provider, "eu-west-1")
}

// Removing a default VPC needs no provider, and what asks for nothing else is set up all the same.
func TestDefaultVPCOnly(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, with(func(o *plan.Organization) {
		o.Accounts[0].Setup = &plan.Setup{Class: "0000000003", Baseline: &plan.Baseline{Regions: []string{"eu-west-1"}, Baseline: topology.Baseline{
			EC2: topology.EC2Baseline{DefaultVPC: topology.DefaultVPCRemove},
		}}}
	}))
	require.Equal(t, []string{"payments/management"}, got.Names(providerType))
	accounts := got.Outputs["accounts"].(map[string]any)
	require.Equal(t, "0000000003", accounts["audit"].(map[string]any)["baseline"])
}

// The order of lists changes nothing, as long as resources come after those that they wait for.
func TestOrderOfBaselinesIsNothing(t *testing.T) {
	t.Parallel()
	want := mustDeploy(t, settled(), hubAccount).String()
	got := mustDeploy(t, settled(func(o *plan.Organization) {
		s := o.Accounts[1].Setup
		slices.Reverse(s.Roles)
		slices.Reverse(s.Roles[1].ManagedPolicies)
		slices.Reverse(s.Parameters)
		slices.Reverse(s.Regions)
		for i := range s.Resources {
			slices.Reverse(s.Resources[i].Regions)
		}
		slices.Reverse(o.Accounts)
		slices.Reverse(o.Providers)
	}), hubAccount).String()
	require.Equal(t, want, got)
}

// Where nothing regional is set up, a region has no component of its own.
func TestResourcesOnly(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, settled(func(o *plan.Organization) {
		s := o.Accounts[1].Setup
		o.Accounts[1].Setup = &plan.Setup{Class: "0000000002", Baseline: &plan.Baseline{}, Regions: s.Regions, Resources: s.Resources[:1]}
	}))
	require.Equal(t, []string{"payments/management", "payments/payments-prod"}, got.Names("archipelago:baseline:Account"))
	require.Equal(t, []string{"payments/management/eu-west-1", "payments/management/us-east-1"}, got.Names("archipelago:baseline:Region"))
	require.Equal(t, "archipelago:baseline:Account payments/payments-prod", got.Find("aws:kms/key:Key", "payments/payments-prod/resource/key/us-east-1").Parent)
}

// Ids of the hub's accounts come from its outputs; in the hub they are its own.
func TestHubAccounts(t *testing.T) {
	t.Parallel()
	_, err := deploy(t, settled())
	require.ErrorContains(t, err, "deploy payments: set up payments/payments-prod: role audit: hub core has no account automation yet: deploy core first")

	got := mustDeploy(t, settled(), preview)
	require.Contains(t, got.Log, "warning: hub core has no account automation yet, so this preview uses 000000000000 for its id; deploy core first")

	p := acme()
	o := p.Organization("core")
	o.Accounts[0].Setup = &plan.Setup{Class: "1", Baseline: &plan.Baseline{}, Roles: []plan.Role{{Name: "r", Path: "/", Trust: "{{hub.account.automation.id}}", MaxSessionSeconds: 3600}}}
	o.Providers = append(o.Providers, plan.Provider{Account: "automation", Region: "eu-west-1"})
	hub := mustDeploy(t, p, func(o *recorder.Options) { o.Stack = "core" })
	require.Regexp(t, `^\d{12}$`, hub.Find(roleType, "core/automation/role/r").Inputs["assumeRolePolicy"])

	o = p.Organization("break-glass")
	o.Accounts = []*plan.Account{account("door", "")}
	o.Accounts[0].Setup = p.Organization("core").Accounts[0].Setup
	o.Providers = append(o.Providers, plan.Provider{Account: "door", Region: "eu-west-1"})
	_, err = deploy(t, p, func(o *recorder.Options) { o.Stack = "break-glass" })
	require.ErrorContains(t, err, "role r: the id of account automation of hub core is not known here")
}

func TestBaselineErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edit func(*plan.Setup)
		want string
	}{
		"placeholder in a trust": {
			func(s *plan.Setup) { s.Roles[0].Trust = "{{account.nobody.id}}" },
			"deploy payments: set up payments/payments-prod: role audit: no value for {{account.nobody.id}}",
		},
		"placeholder in a resource": {
			func(s *plan.Setup) { s.Resources[0].Properties = raw(`{"a":"{{tags.owner}}"}`) },
			"expand property a of resource payments/payments-prod/resource/key: no value for {{tags.owner}}",
		},
		"resource that is nowhere": {
			func(s *plan.Setup) { s.Resources[1].DependsOn = []string{"queue"} },
			"resource logs in eu-west-1 waits for resource queue, which is neither there nor in eu-west-1",
		},
		"region without a provider": {
			func(s *plan.Setup) { s.Regions = append(s.Regions, "ap-east-1") },
			`start provider for account "payments-prod" in ap-east-1: it is not in the plan`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := deploy(t, settled(func(o *plan.Organization) { c.edit(o.Accounts[1].Setup) }), hubAccount)
			require.ErrorContains(t, err, c.want)
		})
	}
}

// Another home region would replace everything global: it is refused for accounts that are set up.
func TestHomeRegionChanged(t *testing.T) {
	t.Parallel()
	last := deployed(t, settled(), hubAccount)
	_, err := deploy(t, settled(func(o *plan.Organization) {
		slices.Reverse(o.Accounts[1].Regions)
		o.Accounts[0].Regions = []string{"us-east-1"}
		o.Management.Region = "us-east-1"
	}), after(last), hubAccount)
	require.ErrorContains(t, err, `the home region of account payments-prod is us-east-1 in the file and eu-west-1 in the last deployment, and a change would replace its baseline [home-region-changed]
      = help: put eu-west-1 first in the regions; to move, take the baseline away, deploy, and give it back together with the other region`)
	require.ErrorContains(t, err, "the home region of the management account is us-east-1 in the file and eu-west-1 in the last deployment")
	require.NotContains(t, err.Error(), "account audit")
}
