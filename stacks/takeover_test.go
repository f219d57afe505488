package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
)

// inAWS is what AWS says of the organization.
func inAWS(id string, types, services []string, accounts ...map[string]any) func(*recorder.Options) {
	list := make([]any, len(accounts))
	for i, a := range accounts {
		list[i] = a
	}
	texts := func(in []string) []any {
		out := make([]any, len(in))
		for i, s := range in {
			out[i] = s
		}
		return out
	}
	return func(o *recorder.Options) {
		o.Answers = map[string]map[string]any{"aws:organizations/getOrganization:getOrganization": {
			"id": id, "enabledPolicyTypes": texts(types), "awsServiceAccessPrincipals": texts(services), "accounts": list,
		}}
	}
}

func liveAccount(id, name, email string) map[string]any {
	return map[string]any{"id": id, "name": name, "email": email, "arn": "", "status": "ACTIVE"}
}

// D05: an organization is taken over as it is; what a file forgets is not switched off behind its back.
func TestTakeoverRefusesWhatWouldBeLost(t *testing.T) {
	t.Parallel()
	p := acme()
	o := p.Organization("payments")
	o.ID = "o-abcdefghij"
	o.Source = "organizations/payments.yaml"
	o.Accounts[0].ID = "111122223333"
	o.Accounts[1].ID = "999999999999"
	a := o.Accounts[0]
	_, err := deploy(t, p, inAWS("o-other00000", []string{"SERVICE_CONTROL_POLICY", "BACKUP_POLICY"}, []string{"sso.amazonaws.com"},
		liveAccount("111122223333", "other name", "other@acme.example")))
	require.Error(t, err)
	text := err.Error()
	for _, want := range []string{
		"organizations/payments.yaml: error: account 222222222222 is in organization o-other00000, not in o-abcdefghij [organization-id]",
		"policy type BACKUP_POLICY is enabled in AWS; this deployment would disable it, and AWS would detach every policy of the type [policy-type-lost]",
		"help: add policyTypes: [backup]; or set archipelago:accept to organization",
		"sso.amazonaws.com has trusted access in AWS; this deployment would take it away [trusted-access-lost]",
		"account " + a.Key + ` (111122223333) is called "other name" in AWS and "` + a.Name + `" here; it would be replaced [account-name-differs]`,
		"has the e-mail address other@acme.example in AWS and " + a.Email + " here; it would be replaced [account-email-differs]",
		"has id 999999999999, and the organization in AWS has no such account [account-not-found]",
	} {
		require.Contains(t, text, want)
	}
}

func TestTakeover(t *testing.T) {
	t.Parallel()
	p := acme()
	o := p.Organization("payments")
	o.ID = "o-abcdefghij"
	o.Accounts[0].ID = "111122223333"
	a := o.Accounts[0]
	live := inAWS(o.ID, []string{"SERVICE_CONTROL_POLICY"}, nil,
		liveAccount(o.Management.AccountID, "master", "m@acme.example"),
		liveAccount("111122223333", a.Name, a.Email), liveAccount("444455556666", "stray", "stray@acme.example"))
	got := mustDeploy(t, p, live)
	require.Contains(t, got.Log, "warning: accounts in AWS that payments does not have, and that stay as they are: stray (444455556666)")

	// Accepted, the losses are the user's wish.
	o.PolicyTypes = nil
	o.Policies, o.Attachments = nil, nil
	_, err := deploy(t, p, live)
	require.ErrorContains(t, err, "policy-type-lost")
	mustDeploy(t, p, live, configured("archipelago:accept", "organization"))
}

// Once it is deployed, nobody asks AWS again.
func TestTakeoverOnce(t *testing.T) {
	t.Parallel()
	last := deployed(t, acme())
	mustDeploy(t, acme(), after(last))
}
