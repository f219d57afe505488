package baseline_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/baseline"
	"github.com/archipelago-iac/archipelago/internal/recorder"
)

func everything() *baseline.AccountArgs {
	return &baseline.AccountArgs{
		Alias:          pulumi.String("acme-shop"),
		PasswordPolicy: &baseline.PasswordPolicy{MinimumLength: 14, ReusePrevention: 24, AllCharacterTypes: true, AllowChange: true},
		Roles: []baseline.Role{
			{Name: "audit", Trust: pulumi.String(trust), ManagedPolicies: map[string]pulumi.StringInput{
				"SecurityAudit":               pulumi.String("arn:aws:iam::aws:policy/SecurityAudit"),
				"job-function/ViewOnlyAccess": pulumi.String("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"),
			}},
			{
				Name: "deploy", Trust: pulumi.String(trust), Path: pulumi.String("/automation/"), Description: pulumi.String("Deploys the shop."),
				MaxSessionSeconds: pulumi.Int(7200), Boundary: pulumi.String("arn:aws:iam::aws:policy/PowerUserAccess"),
				Tags: pulumi.StringMap{"owner": pulumi.String("shop@acme.example")},
				Policies: []baseline.RolePolicy{
					{Name: "artifacts", Document: pulumi.String(`{"Version":"2012-10-17"}`)},
					{Name: "queue", Document: pulumi.String(`{"Version":"2012-10-17"}`)},
				},
			},
		},
		BlockPublicBuckets: &yes,
	}
}

func account(args *baseline.AccountArgs) func(*pulumi.Context, pulumi.ResourceOption) error {
	return func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		a, err := baseline.NewAccount(ctx, "acme/shop", args, provider)
		if err != nil {
			return err
		}
		ctx.Export("roles", a.Roles)
		return nil
	}
}

// A22: an account gets its narrower roles, and everything else that it has once.
func TestAccountA22(t *testing.T) {
	t.Parallel()
	got := record(t, account(everything()))
	recorder.Golden(t, filepath.Join("testdata", "account.golden"), got.String())
	require.Len(t, got.Outputs["roles"], 2)

	// Reordering changes nothing.
	args := everything()
	slices.Reverse(args.Roles)
	slices.Reverse(args.Roles[0].Policies)
	require.Equal(t, got.String(), record(t, account(args)).String())
}

// What is not set is left alone.
func TestAccountWithNothing(t *testing.T) {
	t.Parallel()
	got := record(t, account(&baseline.AccountArgs{}))
	require.Len(t, got.Resources, 2, "the provider and the component")
}

// Public buckets can be declared, too: that is another thing than not to say anything.
func TestPublicBuckets(t *testing.T) {
	t.Parallel()
	got := record(t, account(&baseline.AccountArgs{BlockPublicBuckets: &no}))
	require.Equal(t, map[string]any{
		"blockPublicAcls": false, "blockPublicPolicy": false, "ignorePublicAcls": false, "restrictPublicBuckets": false,
	}, got.Find("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "acme/shop/public-buckets").Inputs)
}

// A number that is taken back is set to zero, not left out: AWS would keep it.
func TestPasswordsWithoutExpiry(t *testing.T) {
	t.Parallel()
	got := record(t, account(everything()))
	in := got.Find("aws:iam/accountPasswordPolicy:AccountPasswordPolicy", "acme/shop/password-policy").Inputs
	require.InDelta(t, 0.0, in["maxPasswordAge"], 0)
}
