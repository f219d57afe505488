package awsplugin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBridgeToken(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{
		"aws:organizations/account:Account":                       "aws:index/organizationsAccount:OrganizationsAccount",
		"aws:organizations/organizationalUnit:OrganizationalUnit": "aws:index/organizationsOrganizationalUnit:OrganizationsOrganizationalUnit",
		"aws:account/alternativeContact:AlternativeContact":       "aws:index/accountAlternateContact:AccountAlternateContact",
		"aws:organizations/getOrganization:getOrganization":       "aws:index/getOrganizationsOrganization:getOrganizationsOrganization",
		"aws:index/getCallerIdentity:getCallerIdentity":           "aws:index/getCallerIdentity:getCallerIdentity",
		"aws:iam/role:Role":                           "aws:index/iamRole:IamRole",
		"aws:ec2/vpc:Vpc":                             "aws:index/vpc:Vpc",
		"aws:cfg/rule:Rule":                           "aws:index/configConfigRule:ConfigConfigRule",
		"aws:ec2transitgateway/routeTable:RouteTable": "aws:index/ec2TransitGatewayRouteTable:Ec2TransitGatewayRouteTable",
		"aws:s3/bucketV2:BucketV2":                    "aws:index/s3Bucket:S3Bucket",
		"aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": "aws:index/getIamOpenidConnectProvider:getIamOpenidConnectProvider",
		"pulumi:providers:aws":           "pulumi:providers:aws",
		"random:index/randomId:RandomId": "random:index/randomId:RandomId",
	} {
		require.Equal(t, want, bridgeToken(token))
	}
}

func TestBridgeURN(t *testing.T) {
	t.Parallel()
	const account = "aws:organizations/account:Account"
	for urn, want := range map[string]string{
		"urn:pulumi:dev::p::" + account + "::a": "urn:pulumi:dev::p::aws:index/organizationsAccount:OrganizationsAccount::a",
		// Parents keep their types, whatever they are.
		"urn:pulumi:dev::p::x:y:Z$" + account + "::a":             "urn:pulumi:dev::p::x:y:Z$aws:index/organizationsAccount:OrganizationsAccount::a",
		"urn:pulumi:dev::p::" + account + "$aws:iam/role:Role::a": "urn:pulumi:dev::p::" + account + "$aws:index/iamRole:IamRole::a",
		// A name may look like anything.
		"urn:pulumi:dev::p::" + account + "::a::" + account + "$b": "urn:pulumi:dev::p::aws:index/organizationsAccount:OrganizationsAccount::a::" + account + "$b",
		"urn:pulumi:dev::p::pulumi:providers:aws::core":            "urn:pulumi:dev::p::pulumi:providers:aws::core",
		"":    "",
		"urn": "urn",
	} {
		require.Equal(t, want, bridgeURN(urn))
	}
}

func TestIDProperty(t *testing.T) {
	t.Parallel()
	require.Equal(t, "organizationsAccountId", idProperty("aws:organizations/account:Account"))
}
