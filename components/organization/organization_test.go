package organization_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/organization"
	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/policy"
)

const (
	organizationType  = "aws:organizations/organization:Organization"
	unitType          = "aws:organizations/organizationalUnit:OrganizationalUnit"
	accountType       = "aws:organizations/account:Account"
	policyType        = "aws:organizations/policy:Policy"
	attachmentType    = "aws:organizations/policyAttachment:PolicyAttachment"
	administratorType = "aws:organizations/delegatedAdministrator:DelegatedAdministrator"
	resourcePolicy    = "aws:organizations/resourcePolicy:ResourcePolicy"
	contactType       = "aws:account/alternativeContact:AlternativeContact"
	regionType        = "aws:account/region:Region"
	featuresType      = "aws:iam/organizationsFeatures:OrganizationsFeatures"
)

// record runs a program that gets the option to use the management account's provider.
func record(t *testing.T, program func(*pulumi.Context, pulumi.ResourceOption) error) *recorder.Recording {
	t.Helper()
	got, err := try(program)
	require.NoError(t, err)
	for _, r := range got.Resources {
		if r.Type != "pulumi:providers:aws" {
			require.Equal(t, "management", r.Provider+componentProvider(r), "%s %s has no explicit provider", r.Type, r.Name)
		}
	}
	return got
}

// componentProvider stands in for the provider of components, which have none of their own.
func componentProvider(r recorder.Resource) string {
	if r.Provider == "" && r.Parent == "" {
		return "management"
	}
	return ""
}

func try(program func(*pulumi.Context, pulumi.ResourceOption) error) (*recorder.Recording, error) {
	return recorder.Run(recorder.Options{}, func(ctx *pulumi.Context) error {
		p, err := aws.NewProvider(ctx, "management", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
		if err != nil {
			return err
		}
		return program(ctx, pulumi.Provider(p))
	})
}

func contact(name string) *organization.Contact {
	return &organization.Contact{
		Name: pulumi.String(name), Title: pulumi.String("Team"),
		Email: pulumi.String(name + "@acme.example"), Phone: pulumi.String("+1 555 0100"),
	}
}

// A01: features, policy types and trusted access are switched on with the organization.
func TestOrganizationA01(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		org, err := organization.NewOrganization(ctx, "acme", &organization.Args{
			PolicyTypes:   []policy.Type{policy.ServiceControl, policy.Tag},
			TrustedAccess: []string{"cloudtrail.amazonaws.com"},
		}, provider)
		if err != nil {
			return err
		}
		ctx.Export("id", org.OrganizationID)
		ctx.Export("root", org.RootID)
		ctx.Export("management", org.ManagementAccountID)
		return nil
	})
	org := got.Find(organizationType, "acme")
	require.Equal(t, map[string]any{
		"featureSet":                 "ALL",
		"enabledPolicyTypes":         []any{"SERVICE_CONTROL_POLICY", "TAG_POLICY"},
		"awsServiceAccessPrincipals": []any{"cloudtrail.amazonaws.com"},
	}, org.Inputs)
	require.Equal(t, "archipelago:organization:Organization acme", org.Parent)
	require.True(t, org.Protect)
	require.True(t, org.RetainOnDelete)
	require.Regexp(t, `^o-\d{10}$`, got.Outputs["id"])
	require.Regexp(t, `^r-\d{4}$`, got.Outputs["root"])
	require.Equal(t, "999999999999", got.Outputs["management"])
}

// A01: an organization that only shares its bill asks for nothing that needs all features.
func TestOrganizationConsolidatedBillingA01(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := organization.NewOrganization(ctx, "acme", &organization.Args{Features: "CONSOLIDATED_BILLING"}, provider)
		return err
	})
	require.Equal(t, map[string]any{"featureSet": "CONSOLIDATED_BILLING"}, got.Find(organizationType, "acme").Inputs)
}

// C11: an organization that exists already is imported.
func TestOrganizationImport(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := organization.NewOrganization(ctx, "acme", &organization.Args{ImportID: "o-abcdefghij"}, provider)
		return err
	})
	require.Equal(t, "o-abcdefghij", got.Find(organizationType, "acme").Import)
}

// A02: central root access waits for the organization, which switches on trusted access for IAM.
func TestRootAccessA02(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := organization.NewOrganization(ctx, "acme", &organization.Args{
			RootAccess: []string{"RootCredentialsManagement", "RootSessions"},
		}, provider)
		return err
	})
	features := got.Find(featuresType, "acme")
	require.Equal(t, []any{"RootCredentialsManagement", "RootSessions"}, features.Inputs["enabledFeatures"])
	require.Equal(t, []string{organizationType + " acme"}, features.After)
}

// A04: the contacts of the management account go without an account id, which AWS would refuse.
func TestManagementContactsA04(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := organization.NewOrganization(ctx, "acme", &organization.Args{
			Contacts: organization.Contacts{Billing: contact("billing"), Security: contact("security")},
		}, provider)
		return err
	})
	require.Equal(t, []string{"acme/management/billing", "acme/management/security"}, got.Names(contactType))
	require.Equal(t, map[string]any{
		"alternateContactType": "SECURITY", "name": "security", "title": "Team",
		"emailAddress": "security@acme.example", "phoneNumber": "+1 555 0100",
	}, got.Find(contactType, "acme/management/security").Inputs)
}

// A05: a tree of any depth, in any order; the resources are siblings.
func TestUnitsA05(t *testing.T) {
	t.Parallel()
	units := []organization.Unit{
		{Path: "Workloads/Prod", Name: "Production", Protect: true, Formerly: []string{"Workloads/Production"}},
		{Path: "Suspended", ImportID: "ou-ab12-cdefghij"},
		{Path: "Workloads", Tags: pulumi.StringMap{"company": pulumi.String("acme")}},
	}
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		tree, err := organization.NewUnits(ctx, "acme", &organization.UnitsArgs{RootID: pulumi.String("r-0001"), Units: units}, provider)
		if err != nil {
			return err
		}
		ctx.Export("root", tree.ID(""))
		ctx.Export("ids", tree.IDs)
		return nil
	})
	require.Equal(t, []string{"acme/Suspended", "acme/Workloads", "acme/Workloads/Prod"}, got.Names(unitType))
	ids := got.Outputs["ids"].(map[string]string)
	prod, workloads := got.Find(unitType, "acme/Workloads/Prod"), got.Find(unitType, "acme/Workloads")
	require.Equal(t, map[string]any{"name": "Production", "parentId": ids["Workloads"]}, prod.Inputs)
	require.Equal(t, []string{unitType + " acme/Workloads"}, prod.After)
	require.Equal(t, []string{"acme/Workloads/Production"}, prod.Aliases)
	require.True(t, prod.Protect && prod.RetainOnDelete)
	require.Equal(t, map[string]any{"name": "Workloads", "parentId": "r-0001", "tags": map[string]any{"company": "acme"}}, workloads.Inputs)
	require.False(t, workloads.Protect || workloads.RetainOnDelete)
	require.Equal(t, prod.Parent, workloads.Parent)
	require.Equal(t, "ou-ab12-cdefghij", got.Find(unitType, "acme/Suspended").Import)
	require.Equal(t, "r-0001", got.Outputs["root"])
}

func TestUnitsWithoutParent(t *testing.T) {
	t.Parallel()
	_, err := try(func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := organization.NewUnits(ctx, "acme", &organization.UnitsArgs{
			RootID: pulumi.String("r-0001"), Units: []organization.Unit{{Path: "Workloads/Prod"}},
		}, provider)
		return err
	})
	require.ErrorContains(t, err, "create unit Workloads/Prod: there is no unit Workloads above it")
}

// D02, A04, A12: an account with contacts, regions and billing access, all from the management account.
func TestAccountD02(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		account, err := organization.NewAccount(ctx, "acme/shop", &organization.AccountArgs{
			Name: pulumi.String("shop"), Email: pulumi.String("aws+shop@acme.example"), ParentID: pulumi.String("ou-1"),
			Role: pulumi.String("Admin"), BillingAccess: pulumi.String("DENY"),
			Tags:     pulumi.StringMap{"owner": pulumi.String("shop@acme.example")},
			Contacts: organization.Contacts{Operations: contact("operations")},
			Regions:  []string{"me-south-1", "ap-east-1"},
		}, provider)
		if err != nil {
			return err
		}
		ctx.Export("id", account.AccountID)
		return nil
	})
	account := got.Find(accountType, "acme/shop")
	require.Equal(t, map[string]any{
		"name": "shop", "email": "aws+shop@acme.example", "parentId": "ou-1", "roleName": "Admin",
		"iamUserAccessToBilling": "DENY", "tags": map[string]any{"owner": "shop@acme.example"},
	}, account.Inputs)
	require.True(t, account.Protect && account.RetainOnDelete)
	require.Equal(t, "30m", account.CreateTimeout)
	require.Empty(t, account.IgnoreChanges)
	require.Equal(t, []string{"acme/shop/ap-east-1", "acme/shop/me-south-1"}, got.Names(regionType))
	for _, r := range []*recorder.Resource{got.Find(regionType, "acme/shop/ap-east-1"), got.Find(contactType, "acme/shop/operations")} {
		require.Equal(t, got.Outputs["id"], r.Inputs["accountId"])
		require.Equal(t, []string{accountType + " acme/shop"}, r.After)
		require.Equal(t, "archipelago:organization:Account acme/shop", r.Parent)
		require.False(t, r.Protect)
	}
}

// C11: what AWS does not tell about an imported account is not compared.
func TestAccountImport(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := organization.NewAccount(ctx, "acme/shop", &organization.AccountArgs{
			Email: pulumi.String("aws+shop@acme.example"), ParentID: pulumi.String("ou-1"), ImportID: "111111111111",
		}, provider)
		return err
	})
	account := got.Find(accountType, "acme/shop")
	require.Equal(t, "111111111111", account.Import)
	require.Equal(t, []string{"roleName", "iamUserAccessToBilling"}, account.IgnoreChanges)
	require.Equal(t, "acme/shop", account.Inputs["name"])
}

// An account that may be closed is closed by leaving the program, so nothing protects it.
func TestAccountAllowClose(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := organization.NewAccount(ctx, "acme/shop", &organization.AccountArgs{
			Email: pulumi.String("aws+shop@acme.example"), ParentID: pulumi.String("ou-1"), AllowClose: true,
		}, provider)
		return err
	})
	account := got.Find(accountType, "acme/shop")
	require.False(t, account.Protect)
	require.False(t, account.RetainOnDelete)
	require.Equal(t, true, account.Inputs["closeOnDeletion"])
}

// D06, A30: a policy is minified, expanded and attached; a renamed target keeps its attachment.
func TestPolicyD06(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		org, err := organization.NewOrganization(ctx, "acme", &organization.Args{}, provider)
		if err != nil {
			return err
		}
		p, err := organization.NewPolicy(ctx, "acme/perimeter", &organization.PolicyArgs{
			Type: policy.ResourceControl, Description: pulumi.String("Only us."),
			Content:   pulumi.String(`{ "Only": "{{organization.id}}" }`),
			Values:    map[string]pulumi.StringInput{policy.OrganizationID: org.OrganizationID},
			DependsOn: []pulumi.Resource{org.Resource},
		}, provider)
		if err != nil {
			return err
		}
		ctx.Export("organization", org.OrganizationID)
		ctx.Export("policy", p.PolicyID)
		_, err = p.Attach(ctx, "acme/perimeter@unit:Prod", &organization.AttachmentArgs{
			TargetID: pulumi.String("ou-1"), Formerly: []string{"acme/perimeter@unit:Production"},
		})
		return err
	})
	p := got.Find(policyType, "acme/perimeter")
	require.Equal(t, map[string]any{
		"name": "acme/perimeter", "type": "RESOURCE_CONTROL_POLICY", "description": "Only us.",
		"content": `{"Only":"` + got.Outputs["organization"].(string) + `"}`,
	}, p.Inputs)
	require.Equal(t, []string{organizationType + " acme"}, p.After)
	attachment := got.Find(attachmentType, "acme/perimeter@unit:Prod")
	require.Equal(t, map[string]any{"policyId": got.Outputs["policy"], "targetId": "ou-1"}, attachment.Inputs)
	require.Equal(t, []string{"acme/perimeter@unit:Production"}, attachment.Aliases)
	require.Equal(t, "archipelago:organization:Policy acme/perimeter", attachment.Parent)
}

func TestPolicyErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, want string }{
		"placeholder": {`{"Only":"{{hub.organization.id}}"}`, "expand document of acme/perimeter: no value for {{hub.organization.id}}"},
		"syntax":      {`{"Only":`, "read document of acme/perimeter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := try(func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
				_, err := organization.NewPolicy(ctx, "acme/perimeter", &organization.PolicyArgs{
					Type: policy.ServiceControl, Content: pulumi.String(c.content),
				}, provider)
				return err
			})
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A27: delegated administrators and the resource policy wait for the organization's trusted access.
func TestDelegationA27(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		org, err := organization.NewOrganization(ctx, "acme", &organization.Args{}, provider)
		if err != nil {
			return err
		}
		d, err := organization.NewDelegation(ctx, "acme", &organization.DelegationArgs{
			Administrators: []organization.Administrator{
				{Service: "guardduty.amazonaws.com", Account: "audit", AccountID: pulumi.String("111111111111")},
				{Service: "access-analyzer.amazonaws.com", Account: "audit", AccountID: pulumi.String("111111111111")},
			},
			Policy:    pulumi.String(`{ "Version": "2012-10-17" }`),
			DependsOn: []pulumi.Resource{org.Resource},
		}, provider)
		if err != nil {
			return err
		}
		ctx.Export("policy", d.PolicyARN)
		return nil
	})
	require.Equal(t, []string{"acme/audit/access-analyzer.amazonaws.com", "acme/audit/guardduty.amazonaws.com"}, got.Names(administratorType))
	admin := got.Find(administratorType, "acme/audit/guardduty.amazonaws.com")
	require.Equal(t, map[string]any{"accountId": "111111111111", "servicePrincipal": "guardduty.amazonaws.com"}, admin.Inputs)
	require.Equal(t, []string{organizationType + " acme"}, admin.After)
	rp := got.Find(resourcePolicy, "acme/delegation-policy")
	require.Equal(t, map[string]any{"content": `{"Version":"2012-10-17"}`}, rp.Inputs)
	require.Contains(t, got.Outputs["policy"], "arn:aws:organizations::")
}

func TestDelegationWithoutPolicy(t *testing.T) {
	t.Parallel()
	got := record(t, func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		d, err := organization.NewDelegation(ctx, "acme", &organization.DelegationArgs{}, provider)
		if err != nil {
			return err
		}
		ctx.Export("policy", d.PolicyARN)
		return nil
	})
	require.Equal(t, "", got.Outputs["policy"])
	require.Empty(t, got.Names(resourcePolicy))
}
