package front

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPublicAccess(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	c, elsewhere, stranger := as(t, f, "632345678901", "eu-west-1"), as(t, f, "632345678901", "us-east-1"), as(t, f, "632345678902", "eu-west-1")

	for name, s := range map[string]struct{ get, first, on, parameter, value, off, element string }{
		"images": {
			"GetImageBlockPublicAccessState", blockNewSharing, "EnableImageBlockPublicAccess", "ImageBlockPublicAccessState", blockNewSharing,
			"DisableImageBlockPublicAccess", "imageBlockPublicAccessState",
		},
		"snapshots": {
			"GetSnapshotBlockPublicAccessState", unblocked, "EnableSnapshotBlockPublicAccess", "State", blockAllSharing,
			"DisableSnapshotBlockPublicAccess", "state",
		},
		"console": {
			"GetSerialConsoleAccessStatus", "false", "EnableSerialConsoleAccess", "", "true",
			"DisableSerialConsoleAccess", "serialConsoleAccessEnabled",
		},
	} {
		off := unblocked
		if name == "console" {
			off = "false"
		}
		require.Contains(t, c.ec2(200, s.get), element(s.element, s.first), name)
		require.Contains(t, c.ec2(200, s.off), element(s.element, off), name)
		require.Contains(t, c.ec2(200, s.on, s.parameter, s.value), element(s.element, s.value), name)
		require.Contains(t, c.ec2(200, s.get), element(s.element, s.value), name)
		require.Contains(t, elsewhere.ec2(200, s.get), element(s.element, s.first), name)
		require.Contains(t, stranger.ec2(200, s.get), element(s.element, s.first), name)
		if s.parameter != "" {
			require.Contains(t, c.ec2(400, s.on, s.parameter, "no-such"), "<Code>InvalidParameterValue</Code>", name)
			require.Contains(t, c.ec2(200, s.get), element(s.element, s.value), name)
		}
	}
}

func TestMetadataDefaults(t *testing.T) {
	t.Parallel()
	c := as(t, startMoto(t, Options{}), "642345678901", "eu-west-1")
	require.Contains(t, c.ec2(200, "GetInstanceMetadataDefaults"), "<accountLevel>"+byAccount+"</accountLevel>")
	require.Contains(t, c.ec2(200, "ModifyInstanceMetadataDefaults", "HttpTokens", "required", "HttpPutResponseHopLimit", "2"), "<return>true</return>")
	require.Contains(t, c.ec2(200, "GetInstanceMetadataDefaults"), element("httpPutResponseHopLimit", "2")+element("httpTokens", "required"))
	c.ec2(400, "ModifyInstanceMetadataDefaults", "HttpTokens", "no-preference", "HttpPutResponseHopLimit", "65")
	c.ec2(200, "ModifyInstanceMetadataDefaults", "HttpPutResponseHopLimit", "-1")
	require.Contains(t, c.ec2(200, "GetInstanceMetadataDefaults"), "<accountLevel>"+element("httpTokens", "required")+byAccount)
}

func TestDefaultKey(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	c := as(t, f, "652345678901", "eu-west-1")
	require.Contains(t, c.ec2(200, "GetEbsDefaultKmsKeyId"), element("kmsKeyId", awsVolumeKey))
	key := c.json(200, "kms", "TrentService.CreateKey", `{}`)["KeyMetadata"].(map[string]any)["Arn"].(string)
	require.Contains(t, c.ec2(200, "ModifyEbsDefaultKmsKeyId", "KmsKeyId", key), key)
	require.Contains(t, c.ec2(200, "GetEbsDefaultKmsKeyId"), element("kmsKeyId", key))
	require.Contains(t, as(t, f, "652345678901", "us-east-1").ec2(200, "GetEbsDefaultKmsKeyId"), element("kmsKeyId", awsVolumeKey))
	require.Contains(t, c.ec2(200, "ResetEbsDefaultKmsKeyId"), element("kmsKeyId", awsVolumeKey))
	require.Contains(t, c.ec2(200, "GetEbsDefaultKmsKeyId"), element("kmsKeyId", awsVolumeKey))
}

// TestDefaultNetworkGoes takes away what AWS puts into each region of a new account, in the order in
// which AWS lets it go.
func TestDefaultNetworkGoes(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	c := as(t, f, "662345678901", "eu-west-1")
	ids := func(body, kind string) []string {
		found := map[string]bool{}
		for _, id := range regexp.MustCompile(kind+"-[0-9a-f]{8,}").FindAllString(body, -1) {
			found[id] = true
		}
		return sortedKeys(found)
	}
	vpcs := ids(c.ec2(200, "DescribeVpcs", "Filter.1.Name", "isDefault", "Filter.1.Value.1", "true"), "vpc")
	require.Len(t, vpcs, 1)
	for _, use := range []string{
		"Instances", "NetworkInterfaces", "NatGateways", "VpcEndpoints", "VpcPeeringConnections", "TransitGatewayVpcAttachments", "VpnGateways",
		"EgressOnlyInternetGateways", "CarrierGateways", "SecurityGroups", "RouteTables", "NetworkAcls",
	} {
		c.ec2(200, "Describe"+use)
	}
	c.ec2(400, "DeleteVpc", "VpcId", vpcs[0])
	// AWS's default network comes with a gateway, the emulator's does not.
	c.ec2(200, "AttachInternetGateway", "InternetGatewayId", ids(c.ec2(200, "CreateInternetGateway"), "igw")[0], "VpcId", vpcs[0])
	for _, gateway := range ids(c.ec2(200, "DescribeInternetGateways", "Filter.1.Name", "attachment.vpc-id", "Filter.1.Value.1", vpcs[0]), "igw") {
		c.ec2(200, "DetachInternetGateway", "InternetGatewayId", gateway, "VpcId", vpcs[0])
		c.ec2(200, "DeleteInternetGateway", "InternetGatewayId", gateway)
	}
	subnets := ids(c.ec2(200, "DescribeSubnets", "Filter.1.Name", "vpc-id", "Filter.1.Value.1", vpcs[0]), "subnet")
	require.NotEmpty(t, subnets)
	for _, subnet := range subnets {
		c.ec2(200, "DeleteSubnet", "SubnetId", subnet)
	}
	c.ec2(200, "DeleteVpc", "VpcId", vpcs[0])
	require.Empty(t, ids(c.ec2(200, "DescribeVpcs"), "vpc"))
	require.Len(t, ids(as(t, f, "662345678901", "us-east-1").ec2(200, "DescribeVpcs"), "vpc"), 1, "another region keeps its own")
}
