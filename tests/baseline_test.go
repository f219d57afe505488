package tests

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/recorder"
)

// baselines compares what is set up inside the accounts with a file that a person has read: roles with
// their trust, the password policy, the alias, and EC2's settings in every region (A22, A28, C19).
func (w *world) baselines(t *testing.T) {
	var b strings.Builder
	ids := map[string]string{}
	for _, o := range w.plan(t).Organizations {
		known := accountsByName(t, w.client(o.Management.AccountID))
		for _, a := range o.Accounts {
			ids[o.Name+"/"+a.Key] = known[a.Name]
			if !a.Frozen && a.Setup.Anything() {
				w.dumpBaseline(t, &b, o.Name+"/"+a.Key, known[a.Name], a.Setup.Regions)
			}
		}
		if s := o.Management.Setup; s != nil {
			w.dumpBaseline(t, &b, o.Name+"/management", o.Management.AccountID, s.Regions)
		}
	}
	text := b.String()
	for name, id := range ids {
		text = strings.ReplaceAll(text, id, "id-of-"+name)
	}
	recorder.Golden(t, filepath.Join("testdata", "baselines.aws.txt"), text)
}

func (w *world) dumpBaseline(t *testing.T, b *strings.Builder, name, id string, regions []string) {
	cfg := w.lab.AccountConfig(id)
	api := iam.NewFromConfig(cfg)
	fmt.Fprintf(b, "%s\n", name)
	aliases, err := api.ListAccountAliases(background(), &iam.ListAccountAliasesInput{})
	require.NoError(t, err)
	fmt.Fprintf(b, "  alias %s\n", strings.Join(aliases.AccountAliases, ", "))
	if policy, err := api.GetAccountPasswordPolicy(background(), &iam.GetAccountPasswordPolicyInput{}); err == nil {
		p := policy.PasswordPolicy
		fmt.Fprintf(b, "  passwords of %d characters, %d remembered\n", aws.ToInt32(p.MinimumPasswordLength), aws.ToInt32(p.PasswordReusePrevention))
	}
	roles, err := api.ListRoles(background(), &iam.ListRolesInput{})
	require.NoError(t, err)
	// The emulator lists roles in the order in which they were made, and they are made side by side.
	slices.SortFunc(roles.Roles, func(a, b types.Role) int { return strings.Compare(aws.ToString(a.RoleName), aws.ToString(b.RoleName)) })
	for _, r := range roles.Roles {
		if aws.ToString(r.RoleName) == "OrganizationAccountAccessRole" {
			continue
		}
		trust, err := url.QueryUnescape(aws.ToString(r.AssumeRolePolicyDocument))
		require.NoError(t, err)
		fmt.Fprintf(b, "  role %s%s for %ds\n    trust %s\n", aws.ToString(r.Path), aws.ToString(r.RoleName), aws.ToInt32(r.MaxSessionDuration), trust)
		attached, err := api.ListAttachedRolePolicies(background(), &iam.ListAttachedRolePoliciesInput{RoleName: r.RoleName})
		require.NoError(t, err)
		slices.SortFunc(attached.AttachedPolicies, func(a, b types.AttachedPolicy) int {
			return strings.Compare(aws.ToString(a.PolicyArn), aws.ToString(b.PolicyArn))
		})
		for _, p := range attached.AttachedPolicies {
			fmt.Fprintf(b, "    policy %s\n", aws.ToString(p.PolicyArn))
		}
		inline, err := api.ListRolePolicies(background(), &iam.ListRolePoliciesInput{RoleName: r.RoleName})
		require.NoError(t, err)
		for _, p := range inline.PolicyNames {
			doc, err := api.GetRolePolicy(background(), &iam.GetRolePolicyInput{RoleName: r.RoleName, PolicyName: aws.String(p)})
			require.NoError(t, err)
			text, err := url.QueryUnescape(aws.ToString(doc.PolicyDocument))
			require.NoError(t, err)
			fmt.Fprintf(b, "    policy %s %s\n", p, text)
		}
	}
	for _, region := range regions {
		c := ec2.NewFromConfig(cfg, func(o *ec2.Options) { o.Region = region })
		encrypted, err := c.GetEbsEncryptionByDefault(background(), &ec2.GetEbsEncryptionByDefaultInput{})
		require.NoError(t, err)
		serial, err := c.GetSerialConsoleAccessStatus(background(), &ec2.GetSerialConsoleAccessStatusInput{})
		require.NoError(t, err)
		snapshots, err := c.GetSnapshotBlockPublicAccessState(background(), &ec2.GetSnapshotBlockPublicAccessStateInput{})
		require.NoError(t, err)
		metadata, err := c.GetInstanceMetadataDefaults(background(), &ec2.GetInstanceMetadataDefaultsInput{})
		require.NoError(t, err)
		vpcs, err := c.DescribeVpcs(background(), &ec2.DescribeVpcsInput{})
		require.NoError(t, err)
		fmt.Fprintf(b, "  %s: volumes encrypted %t, serial console %t, snapshots %s, tokens %s, VPCs %d\n", region,
			aws.ToBool(encrypted.EbsEncryptionByDefault), aws.ToBool(serial.SerialConsoleAccessEnabled), snapshots.State,
			metadata.AccountLevel.HttpTokens, len(vpcs.Vpcs))
	}
}

// hookEdit changes a hook and the params of another, and looks at which accounts that reaches (E7).
func (w *world) hookEdit(t *testing.T) {
	w.undo(t, "hooks/production.ts")
	w.undo(t, "archipelago.yaml")
	w.edit(t, "hooks/production.ts", "Math.max(16,", "Math.max(18,")
	w.edit(t, "archipelago.yaml", "development: 250", "development: 300")
	results := byStack(w.must(t, deploy.Up, "core", "payments"))
	require.Equal(t, []string{
		"update Budget payments/ledger-dev/budget (limitAmount)",
		"update AccountPasswordPolicy payments/ledger-prod/password-policy (minimumPasswordLength)",
		"update Budget payments/payments-dev/budget (limitAmount)",
		"update AccountPasswordPolicy payments/payments-prod/password-policy (minimumPasswordLength)",
	}, steps(results["payments"]))
	require.Equal(t, []string{"update Budget core/policy-canary/budget (limitAmount)"}, steps(results["core"]))
}

// frozen quarantines an account whose baseline changes at the same time: everything is denied in it, so
// nothing in it may be touched until it is released, and not even in the deployment that releases it.
func (w *world) frozen(t *testing.T) {
	const file = "organizations/payments.yaml"
	touched := func(r deploy.Result) []string {
		return slices.DeleteFunc(steps(r), func(s string) bool { return strings.Contains(s, "payments-prod") })
	}
	t.Run("quarantined", func(t *testing.T) {
		w.undo(t, file)
		w.undo(t, "hooks/production.ts")
		w.edit(t, file, `ledger-prod: { tags: { cost-center: "4712" } }`, `ledger-prod: { state: quarantined, tags: { cost-center: "4712" } }`)
		w.edit(t, "hooks/production.ts", "Math.max(16,", "Math.max(20,")
		require.Equal(t, []string{"create PolicyAttachment payments/quarantine@account:ledger-prod"}, touched(w.must(t, deploy.Up, "payments")[0]))
	})
	t.Run("released", func(t *testing.T) {
		require.Equal(t, []string{"delete PolicyAttachment payments/quarantine@account:ledger-prod"}, touched(w.must(t, deploy.Up, "payments")[0]))
		require.Empty(t, touched(w.must(t, deploy.Up, "payments")[0]), "what was held is as the files want it again")
	})
}
