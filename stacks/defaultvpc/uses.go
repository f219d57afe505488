package defaultvpc

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// kinds are the kinds of things, besides subnets, that use a VPC or keep AWS from deleting it. Most that
// runs in a VPC has a network interface there: load balancers, databases, functions, interface endpoints.
// Flow logs are no use, AWS removes them after the VPC.
// Source: docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html and the documentation of ec2:DeleteVpc.
var kinds = []struct {
	name string
	list func(c *client, ctx context.Context, vpc string) ([]string, error)
}{
	{"instance", (*client).instances},
	{"network interface", (*client).interfaces},
	{"NAT gateway", (*client).natGateways},
	{"VPC endpoint", (*client).endpoints},
	{"peering connection", (*client).peerings},
	{"transit gateway attachment", (*client).transitAttachments},
	{"VPN gateway", (*client).vpnGateways},
	{"egress-only internet gateway", (*client).egressGateways},
	{"carrier gateway", (*client).carrierGateways},
	{"security group", (*client).securityGroups},
	{"route table", (*client).routeTables},
	{"network ACL", (*client).networkACLs},
}

// used lists what uses a VPC.
func (c *client) used(ctx context.Context, vpc string) ([]string, error) {
	var found []string
	for _, k := range kinds {
		ids, err := k.list(c, ctx, vpc)
		if err != nil && !isUnknownHere(err) {
			return nil, fmt.Errorf("list %ss: %w", k.name, err)
		}
		if len(ids) > 0 {
			found = append(found, name(k.name, ids))
		}
	}
	return found, nil
}

// isUnknownHere tells whether a region does not have a kind of thing, so that nothing of it can be there.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html.
func isUnknownHere(err error) bool {
	return code(err) == "UnsupportedOperation" || code(err) == "InvalidAction"
}

// mentioned is how many things of a kind a report names. Beyond it, more names help nobody.
const mentioned = 3

// name names things of a kind, such as "instances i-1, i-2, i-3 and 4 more".
func name(kind string, ids []string) string {
	if len(ids) == 1 {
		return kind + " " + ids[0]
	}
	if len(ids) <= mentioned {
		return kind + "s " + strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%ss %s and %d more", kind, strings.Join(ids[:mentioned], ", "), len(ids)-mentioned)
}

func (c *client) instances(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeInstances(ctx, &ec2.DescribeInstancesInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		var found []string
		for _, r := range out.Reservations {
			found = append(found, ids(r.Instances, liveInstance)...)
		}
		return found, out.NextToken, nil
	})
}

// liveInstance is the id of an instance that can still run; a terminated one is listed for about an hour.
func liveInstance(i types.Instance) *string {
	if i.State != nil && i.State.Name == types.InstanceStateNameTerminated {
		return nil
	}
	return i.InstanceId
}

func (c *client) interfaces(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.NetworkInterfaces, func(n types.NetworkInterface) *string { return n.NetworkInterfaceId }), out.NextToken, nil
	})
}

func (c *client) natGateways(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{Filter: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.NatGateways, liveNATGateway), out.NextToken, nil
	})
}

func liveNATGateway(g types.NatGateway) *string {
	if g.State == types.NatGatewayStateDeleted {
		return nil
	}
	return g.NatGatewayId
}

func (c *client) endpoints(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.VpcEndpoints, liveEndpoint), out.NextToken, nil
	})
}

// liveEndpoint is the id of an endpoint that is not deleted. The API writes states in lower case where the
// SDK's names are capitalized.
func liveEndpoint(e types.VpcEndpoint) *string {
	if strings.EqualFold(string(e.State), string(types.StateDeleted)) {
		return nil
	}
	return e.VpcEndpointId
}

// peerings asks for all connections of the region: filters for both sides would have to be met at once.
func (c *client) peerings(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeVpcPeeringConnections(ctx, &ec2.DescribeVpcPeeringConnectionsInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.VpcPeeringConnections, peeringOf(vpc)), out.NextToken, nil
	})
}

// peeringOf returns the id of a connection of the VPC that is or can still become one; the others stay
// listed for hours or days, and keep no VPC from being deleted.
// Source: docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html.
func peeringOf(vpc string) func(types.VpcPeeringConnection) *string {
	return func(p types.VpcPeeringConnection) *string {
		if !isSide(p.RequesterVpcInfo, vpc) && !isSide(p.AccepterVpcInfo, vpc) {
			return nil
		}
		if p.Status != nil {
			switch p.Status.Code {
			case types.VpcPeeringConnectionStateReasonCodeDeleted, types.VpcPeeringConnectionStateReasonCodeRejected,
				types.VpcPeeringConnectionStateReasonCodeFailed, types.VpcPeeringConnectionStateReasonCodeExpired:
				return nil
			}
		}
		return p.VpcPeeringConnectionId
	}
}

func isSide(side *types.VpcPeeringConnectionVpcInfo, vpc string) bool {
	return side != nil && aws.ToString(side.VpcId) == vpc
}

func (c *client) transitAttachments(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeTransitGatewayVpcAttachments(ctx, &ec2.DescribeTransitGatewayVpcAttachmentsInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.TransitGatewayVpcAttachments, liveTransitAttachment), out.NextToken, nil
	})
}

func liveTransitAttachment(a types.TransitGatewayVpcAttachment) *string {
	if a.State == types.TransitGatewayAttachmentStateDeleted {
		return nil
	}
	return a.TransitGatewayAttachmentId
}

// vpnGateways needs one request: the answer has no pages.
func (c *client) vpnGateways(ctx context.Context, vpc string) ([]string, error) {
	out, err := c.ec2.DescribeVpnGateways(ctx, &ec2.DescribeVpnGatewaysInput{Filters: filter("attachment.vpc-id", vpc)})
	if err != nil {
		return nil, err
	}
	return ids(out.VpnGateways, vpnGatewayOf(vpc)), nil
}

// vpnGatewayOf returns the id of a gateway that is attached to the VPC; former attachments stay listed.
func vpnGatewayOf(vpc string) func(types.VpnGateway) *string {
	return func(g types.VpnGateway) *string {
		for _, a := range g.VpcAttachments {
			if aws.ToString(a.VpcId) == vpc && a.State != types.AttachmentStatusDetached {
				return g.VpnGatewayId
			}
		}
		return nil
	}
}

// egressGateways asks for all gateways of the region: there is no filter for the VPC.
func (c *client) egressGateways(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeEgressOnlyInternetGateways(ctx, &ec2.DescribeEgressOnlyInternetGatewaysInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.EgressOnlyInternetGateways, egressGatewayOf(vpc)), out.NextToken, nil
	})
}

func egressGatewayOf(vpc string) func(types.EgressOnlyInternetGateway) *string {
	return func(g types.EgressOnlyInternetGateway) *string {
		for _, a := range g.Attachments {
			if aws.ToString(a.VpcId) == vpc && a.State != types.AttachmentStatusDetached {
				return g.EgressOnlyInternetGatewayId
			}
		}
		return nil
	}
}

func (c *client) carrierGateways(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeCarrierGateways(ctx, &ec2.DescribeCarrierGatewaysInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.CarrierGateways, liveCarrierGateway), out.NextToken, nil
	})
}

func liveCarrierGateway(g types.CarrierGateway) *string {
	if g.State == types.CarrierGatewayStateDeleted {
		return nil
	}
	return g.CarrierGatewayId
}

func (c *client) securityGroups(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.SecurityGroups, otherSecurityGroup), out.NextToken, nil
	})
}

// otherSecurityGroup is the id of a group that somebody made; the name "default" is reserved for AWS's own.
// Source: InvalidGroup.Reserved in docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html.
func otherSecurityGroup(g types.SecurityGroup) *string {
	if aws.ToString(g.GroupName) == "default" {
		return nil
	}
	return g.GroupId
}

func (c *client) routeTables(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.RouteTables, otherRouteTable), out.NextToken, nil
	})
}

// otherRouteTable is the id of a table that is not the main one, which goes with the VPC.
func otherRouteTable(t types.RouteTable) *string {
	for _, a := range t.Associations {
		if aws.ToBool(a.Main) {
			return nil
		}
	}
	return t.RouteTableId
}

func (c *client) networkACLs(ctx context.Context, vpc string) ([]string, error) {
	return pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.NetworkAcls, otherNetworkACL), out.NextToken, nil
	})
}

func otherNetworkACL(a types.NetworkAcl) *string {
	if aws.ToBool(a.IsDefault) {
		return nil
	}
	return a.NetworkAclId
}

func otherSubnet(s types.Subnet) *string {
	if aws.ToBool(s.DefaultForAz) {
		return nil
	}
	return s.SubnetId
}
