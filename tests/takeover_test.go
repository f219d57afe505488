package tests

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
)

// TestTakeover takes over an organization, a unit and an account that somebody made by hand: nothing that
// was switched on is lost, nothing is made anew. Covers D05.
func TestTakeover(t *testing.T) {
	w := newWorld(t, "testdata/small")
	api := w.client(smallManagement)
	made, err := api.CreateOrganization(background(), &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll})
	require.NoError(t, err)
	roots, err := api.ListRoots(background(), &organizations.ListRootsInput{})
	require.NoError(t, err)
	root := roots.Roots[0].Id
	_, err = api.EnablePolicyType(background(), &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: types.PolicyTypeBackupPolicy})
	require.NoError(t, err)
	_, err = api.EnableAWSServiceAccess(background(), &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("sso.amazonaws.com")})
	require.NoError(t, err)
	unit, err := api.CreateOrganizationalUnit(background(), &organizations.CreateOrganizationalUnitInput{ParentId: root, Name: aws.String("Security")})
	require.NoError(t, err)
	account, err := api.CreateAccount(background(), &organizations.CreateAccountInput{AccountName: aws.String("Audit"), Email: aws.String("audit@small.example")})
	require.NoError(t, err)
	status, err := api.DescribeCreateAccountStatus(background(), &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: account.CreateAccountStatus.Id})
	require.NoError(t, err)
	id := aws.ToString(status.CreateAccountStatus.AccountId)

	const file = "organizations/core.yaml"
	w.edit(t, file, "name: core\n", fmt.Sprintf("name: core\nid: %s\n", aws.ToString(made.Organization.Id)))
	w.edit(t, file, "  Security:\n", fmt.Sprintf("  Security:\n    id: %s\n", aws.ToString(unit.OrganizationalUnit.Id)))
	w.edit(t, file, "      audit: {}\n", fmt.Sprintf("      audit: { id: %q }\n", id))

	results, err := w.run(t, deploy.Up, "core")
	require.ErrorIs(t, err, deploy.ErrFailed)
	for _, code := range []string{"[policy-type-lost]", "[trusted-access-lost]", "[account-name-differs]", "[account-email-differs]"} {
		require.Contains(t, results[0].Error, code)
	}

	w.edit(t, file, "kind: hub\n", "kind: hub\npolicyTypes: [backup]\ntrustedAccess: [sso]\n")
	w.edit(t, file, fmt.Sprintf("audit: { id: %q }", id), fmt.Sprintf("audit: { id: %q, name: Audit, email: audit@small.example }", id))
	w.must(t, deploy.Up, "core")
	require.Equal(t, id, accountsByName(t, api)["Audit"])
	require.Equal(t, "Security", parentName(t, api, id))
	roots, err = api.ListRoots(background(), &organizations.ListRootsInput{})
	require.NoError(t, err)
	require.Len(t, roots.Roots[0].PolicyTypes, 2, "backup as it was, and service control policies for the one of the file")
	services, err := api.ListAWSServiceAccessForOrganization(background(), &organizations.ListAWSServiceAccessForOrganizationInput{})
	require.NoError(t, err)
	require.Equal(t, "sso.amazonaws.com", aws.ToString(services.EnabledServicePrincipals[0].ServicePrincipal))
	require.Empty(t, steps(w.must(t, deploy.Up, "core")[0]))
}
