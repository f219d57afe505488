package defaultvpc

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/require"
)

func TestName(t *testing.T) {
	t.Parallel()
	require.Equal(t, "instance i-1", name("instance", []string{"i-1"}))
	require.Equal(t, "instances i-1, i-2, i-3", name("instance", []string{"i-1", "i-2", "i-3"}))
	require.Equal(t, "instances i-1, i-2, i-3 and 2 more", name("instance", []string{"i-1", "i-2", "i-3", "i-4", "i-5"}))
}

// TestWhatIsOver has what AWS lists and what yet uses nothing, in turn with what does.
func TestWhatIsOver(t *testing.T) {
	t.Parallel()
	id := aws.String("x")
	peering := func(requester, accepter string, c types.VpcPeeringConnectionStateReasonCode) *string {
		return peeringOf(testVPC)(types.VpcPeeringConnection{
			VpcPeeringConnectionId: id, Status: &types.VpcPeeringConnectionStateReason{Code: c},
			RequesterVpcInfo: &types.VpcPeeringConnectionVpcInfo{VpcId: &requester}, AccepterVpcInfo: &types.VpcPeeringConnectionVpcInfo{VpcId: &accepter},
		})
	}
	vpn := func(vpc string, s types.AttachmentStatus) *string {
		return vpnGatewayOf(testVPC)(types.VpnGateway{VpnGatewayId: id, VpcAttachments: []types.VpcAttachment{{VpcId: &vpc, State: s}}})
	}
	egress := func(vpc string, s types.AttachmentStatus) *string {
		return egressGatewayOf(testVPC)(types.EgressOnlyInternetGateway{EgressOnlyInternetGatewayId: id, Attachments: []types.InternetGatewayAttachment{{VpcId: &vpc, State: s}}})
	}
	main := []types.RouteTableAssociation{{}, {Main: aws.Bool(true)}}
	for _, c := range []struct {
		what       string
		over, live *string
	}{
		{"instance", liveInstance(types.Instance{InstanceId: id, State: &types.InstanceState{Name: types.InstanceStateNameTerminated}}),
			liveInstance(types.Instance{InstanceId: id, State: &types.InstanceState{Name: types.InstanceStateNameStopped}})},
		{"NAT gateway", liveNATGateway(types.NatGateway{NatGatewayId: id, State: types.NatGatewayStateDeleted}),
			liveNATGateway(types.NatGateway{NatGatewayId: id, State: types.NatGatewayStateDeleting})},
		{"endpoint", liveEndpoint(types.VpcEndpoint{VpcEndpointId: id, State: "deleted"}), liveEndpoint(types.VpcEndpoint{VpcEndpointId: id, State: "available"})},
		{"peering", peering(testVPC, "vpc-2", types.VpcPeeringConnectionStateReasonCodeDeleted), peering(testVPC, "vpc-2", types.VpcPeeringConnectionStateReasonCodeActive)},
		{"peering elsewhere", peering("vpc-3", "vpc-2", types.VpcPeeringConnectionStateReasonCodeActive), peering("vpc-2", testVPC, types.VpcPeeringConnectionStateReasonCodePendingAcceptance)},
		{"transit", liveTransitAttachment(types.TransitGatewayVpcAttachment{TransitGatewayAttachmentId: id, State: types.TransitGatewayAttachmentStateDeleted}),
			liveTransitAttachment(types.TransitGatewayVpcAttachment{TransitGatewayAttachmentId: id, State: types.TransitGatewayAttachmentStatePending})},
		{"VPN", vpn(testVPC, types.AttachmentStatusDetached), vpn(testVPC, types.AttachmentStatusDetaching)},
		{"VPN elsewhere", vpn("vpc-2", types.AttachmentStatusAttached), vpn(testVPC, types.AttachmentStatusAttached)},
		{"egress", egress(testVPC, types.AttachmentStatusDetached), egress(testVPC, types.AttachmentStatusAttached)},
		{"egress elsewhere", egress("vpc-2", types.AttachmentStatusAttached), egress(testVPC, types.AttachmentStatusAttaching)},
		{"carrier", liveCarrierGateway(types.CarrierGateway{CarrierGatewayId: id, State: types.CarrierGatewayStateDeleted}),
			liveCarrierGateway(types.CarrierGateway{CarrierGatewayId: id, State: types.CarrierGatewayStateAvailable})},
		{"group", otherSecurityGroup(types.SecurityGroup{GroupId: id, GroupName: aws.String("default")}),
			otherSecurityGroup(types.SecurityGroup{GroupId: id, GroupName: aws.String("web")})},
		{"table", otherRouteTable(types.RouteTable{RouteTableId: id, Associations: main}), otherRouteTable(types.RouteTable{RouteTableId: id, Associations: main[:1]})},
		{"acl", otherNetworkACL(types.NetworkAcl{NetworkAclId: id, IsDefault: aws.Bool(true)}), otherNetworkACL(types.NetworkAcl{NetworkAclId: id})},
		{"subnet", otherSubnet(types.Subnet{SubnetId: id, DefaultForAz: aws.Bool(true)}), otherSubnet(types.Subnet{SubnetId: id})},
	} {
		require.Nil(t, c.over, c.what)
		require.Equal(t, id, c.live, c.what)
	}
}

func TestUnknownHere(t *testing.T) {
	t.Parallel()
	require.True(t, isUnknownHere(refusal("UnsupportedOperation")))
	require.True(t, isUnknownHere(refusal("InvalidAction")))
	require.False(t, isUnknownHere(refusal("UnauthorizedOperation")))
	require.False(t, isUnknownHere(errors.New("no answer")))
}

func TestPages(t *testing.T) {
	t.Parallel()
	all, err := pages(func(token *string) ([]int, *string, error) {
		switch aws.ToString(token) {
		case "":
			return nil, aws.String("a"), nil
		case "a":
			return []int{1, 2}, aws.String("b"), nil
		}
		return []int{3}, aws.String(""), nil
	})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3}, all)
	no := errors.New("no")
	_, err = pages(func(*string) ([]int, *string, error) { return nil, nil, no })
	require.ErrorIs(t, err, no)
}

func TestHome(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{"eu-west-1": "us-east-1", "af-south-1": "us-east-1", "us-gov-east-1": "us-gov-west-1", "cn-northwest-1": "cn-north-1"} {
		require.Equal(t, want, home(region))
	}
}
