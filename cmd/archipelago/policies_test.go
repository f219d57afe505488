package main

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
)

// A31, A35: the catalogue can be read, and each entry says what it is for and what it does not cover.
func TestPoliciesCatalogue(t *testing.T) {
	t.Parallel()
	r := archipelago(t, "policies", "list")
	require.Equal(t, exitOK, r.code, r.stderr)
	recorder.Golden(t, filepath.Join("testdata", "policies-list.golden.txt"), r.stdout)
	r = archipelago(t, "policies", "show", "deny-root-user")
	require.Equal(t, exitOK, r.code, r.stderr)
	recorder.Golden(t, filepath.Join("testdata", "policies-show.golden.txt"), r.stdout)

	r = archipelago(t, "policies", "list", "--json")
	var all []struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &all))
	require.GreaterOrEqual(t, len(all), 30)
	for _, g := range all {
		require.Equal(t, exitOK, archipelago(t, "policies", "show", g.ID).code, g.ID)
		require.Equal(t, exitOK, archipelago(t, "policies", "show", g.ID, "--json").code, g.ID)
	}
	require.Equal(t, result{exitUsage, "", "archipelago: there is no guardrail \"deny-rot-user\"; did you mean deny-root-user?\narchipelago: run 'archipelago policies show --help' for how it is used\n"},
		archipelago(t, "policies", "show", "deny-rot-user"))
}

// A08, A30: what stands above an account decides, and where it is attached is said.
func TestPoliciesSimulate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"payments/payments-prod", "ec2:RunInstances", "--region", "us-east-1"}, exitOK, `"region-lock-eu" at "root" denies ec2:RunInstances`},
		{[]string{"payments/payments-prod", "ec2:RunInstances", "--expect-allowed"}, exitOK, `no policy of the organization denies ec2:RunInstances`},
		{[]string{"payments/payments-prod", "iam:CreateUser", "--principal", "root", "--expect-denied"}, exitOK, `"deny-root-user" at "root" denies iam:CreateUser`},
		{[]string{"payments/ledger-dev", "s3:GetObject"}, exitOK, `"quarantine" at "account ledger-dev" denies s3:GetObject`},
		{[]string{"payments/ledger-dev", "s3:GetObject", "--expect-allowed"}, exitFailed, `denies s3:GetObject`},
		{[]string{"core/management", "s3:GetObject"}, exitOK, `service control policies do not restrict the management account`},
		{[]string{"sandbox/ada", "ec2:RunInstances", "--resource", "arn:aws:ec2:eu-west-1:000000000000:instance/*", "--context", "ec2:InstanceType=m5.large"}, exitOK, `"small-instances" at "unit Sandbox" denies`},
		{[]string{"sandbox/ada", "ec2:PurchaseReservedInstancesOffering"}, exitOK, `"no-commitments" at "unit Sandbox" denies`},
	} {
		r := archipelago(t, append([]string{"policies", "simulate", "-C", sample}, c.args...)...)
		require.Equal(t, c.code, r.code, "%v: %s%s", c.args, r.stdout, r.stderr)
		require.Contains(t, r.stdout, c.want, c.args)
	}
	for args, want := range map[[2]string]string{
		{"payments", "s3:GetObject"}:            `"payments" names no account; write ORGANIZATION/ACCOUNT`,
		{"nowhere/x", "s3:GetObject"}:           `there is no organization "nowhere"`,
		{"payments/payments-prod", "GetObject"}: `"GetObject" is no action; write SERVICE:ACTION, such as ec2:RunInstances`,
	} {
		r := archipelago(t, "policies", "simulate", "-C", sample, args[0], args[1])
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.stderr, want)
	}
	r := archipelago(t, "policies", "simulate", "-C", sample, "payments/payments-prod", "s3:GetObject", "--principal", "me")
	require.Contains(t, r.stderr, "--principal me: write role/NAME, user/NAME, root or an ARN")
	r = archipelago(t, "policies", "simulate", "-C", sample, "payments/payments-prod", "s3:GetObject", "--context", "me")
	require.Contains(t, r.stderr, "--context me: write KEY=VALUE")
	r = archipelago(t, "policies", "simulate", "-C", sample, "payments/payments-prod", "s3:GetObject", "--json")
	var answer struct{ Allowed bool }
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &answer))
	require.True(t, answer.Allowed)
}
