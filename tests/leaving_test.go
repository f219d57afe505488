package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/lab/front"
)

// leaving is an organization with everything that leaves in an order which is not Pulumi's.
const leaving = `name: core
kind: hub
management: { accountId: "810000000001", email: aws+core@small.example }
contacts: { security: { name: s, title: t, email: s@small.example, phone: "+1 555" } }
rootAccess: [credentials, sessions]
delegatedAdministrators: { guardduty: audit }
units:
  Security:
    accounts:
      audit: {}
      old: {}
      lost: {}
  Suspended:
    suspended: true
    attach: [deny-leave]
`

// TestLeaving takes things away: contacts, central root access and an administrator, whose services must be
// trusted until they are gone, even where AWS is in the way for once; an account that somebody closed by
// hand; and the whole stack, with an account in it that may be closed.
func TestLeaving(t *testing.T) {
	const file = "organizations/core.yaml"
	w := newWorld(t, "testdata/small")
	require.NoError(t, os.Remove(filepath.Join(w.dir, "organizations/shop.yaml")))
	text := leaving
	write := func(changes ...string) {
		text = strings.NewReplacer(changes...).Replace(text)
		require.NoError(t, os.WriteFile(filepath.Join(w.dir, file), []byte(text), 0o600))
	}
	write()
	w.must(t, deploy.Up)

	write(`contacts: { security: { name: s, title: t, email: s@small.example, phone: "+1 555" } }`, "",
		"rootAccess: [credentials, sessions]", "", "delegatedAdministrators: { guardduty: audit }", "")
	for service, action := range map[string]string{"account": "DeleteAlternateContact", "organizations": "DeregisterDelegatedAdministrator"} {
		w.lab.Front.Inject(front.Fault{Service: service, Action: action, Kind: front.FaultError, Code: "AccessDeniedException", Status: 403, Count: 1})
	}
	_, err := w.run(t, deploy.Up)
	require.ErrorIs(t, err, deploy.ErrFailed)
	w.lab.Front.ClearFaults()
	r := w.must(t, deploy.Up)[0]
	require.NotContains(t, steps(r), "update Organization core (awsServiceAccessPrincipals)", "what was left over still needs the services")
	require.Equal(t, []string{"update Organization core (awsServiceAccessPrincipals)"}, steps(w.must(t, deploy.Up)[0]))
	require.Empty(t, steps(w.must(t, deploy.Up)[0]))

	client := w.client(smallManagement)
	_, err = client.CloseAccount(background(), &organizations.CloseAccountInput{AccountId: aws.String(accountsByName(t, client)["lost"])})
	require.NoError(t, err)
	var messages []string
	_, err = w.runOptions(t, deploy.Refresh, deploy.Options{Watch: func(e deploy.Event) { messages = append(messages, e.Text) }})
	require.NoError(t, err)
	require.Contains(t, strings.Join(messages, "\n"), "core/lost is closed, or has left the organization")
	results, err := w.run(t, deploy.Up)
	require.ErrorIs(t, err, deploy.ErrFailed)
	require.Contains(t, results[0].Error, "EMAIL_ALREADY_EXISTS")
	require.Contains(t, results[0].Error, "archipelago:accept")
	write("lost: {}", "lost: { state: closed }")
	results, err = w.run(t, deploy.Up)
	require.ErrorIs(t, err, deploy.ErrFailed)
	require.Contains(t, results[0].Error, "archipelago:accept set to account:lost")
	w.pulumi(t, "config", "set", "archipelago:accept", "account:lost", "--stack", "core")
	w.must(t, deploy.Up)
	w.pulumi(t, "config", "rm", "archipelago:accept", "--stack", "core")
	require.Empty(t, steps(w.must(t, deploy.Up)[0]))

	write("old: {}", "old: { state: suspended, allowClose: true }")
	w.must(t, deploy.Up)
	roots, err := client.ListRoots(background(), &organizations.ListRootsInput{})
	require.NoError(t, err)
	results, err = w.run(t, deploy.Destroy)
	require.ErrorIs(t, err, deploy.ErrFailed)
	require.Contains(t, results[0].Error, "protected, so nothing was deleted")
	require.Contains(t, policyNames(t, client, aws.ToString(roots.Roots[0].Id)), "deny-leave", "guardrails stay where a destroy is refused")
	_, err = w.runOptions(t, deploy.Destroy, deploy.Options{ReleaseProtected: true})
	require.NoError(t, err)
	out, err := client.DescribeAccount(background(), &organizations.DescribeAccountInput{AccountId: aws.String(accountsByName(t, client)["old"])})
	require.NoError(t, err)
	require.Equal(t, "ACTIVE", string(out.Account.Status), "a destroy closes no account")
}

// TestTwoAtOnce starts a second deployment while the first is creating accounts, and lets the first end
// while the second looks for what it takes for interrupted: what the first wrote is not lost.
func TestTwoAtOnce(t *testing.T) {
	w := newWorld(t, "testdata/small")
	w.lab.Front.Inject(front.Fault{Service: "organizations", Action: "DescribeCreateAccountStatus", Kind: front.FaultDelay, Delay: 6 * time.Second, Count: 5})
	w.lab.Front.Inject(front.Fault{Service: "organizations", Action: "ListCreateAccountStatus", Kind: front.FaultDelay, Delay: time.Minute, Count: 1})
	first := make(chan error, 1)
	go func() {
		_, err := w.run(t, deploy.Up, "core")
		first <- err
	}()
	require.Eventually(t, func() bool { return created(w) >= 5 }, 3*time.Minute, 50*time.Millisecond)
	results, err := w.run(t, deploy.Up, "core")
	require.NoError(t, <-first)
	require.ErrorIs(t, err, deploy.ErrFailed)
	require.Contains(t, results[0].Error, "another deployment of this stack has been under way")
	require.Empty(t, steps(w.must(t, deploy.Up, "core")[0]))
}
