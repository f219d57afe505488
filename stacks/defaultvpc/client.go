package defaultvpc

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// markKey is the key of the tag on a gateway that is being removed, see [gateway]. Its value is the VPC.
const markKey = "archipelago:removed-from"

// client is the network as the AWS SDK reaches it.
type client struct {
	ec2 *ec2.Client
	sts *sts.Client
}

// connect reaches a region the way the deployment's providers do: profile, then role. The SDK itself
// honours AWS_ENDPOINT_URL.
func connect(ctx context.Context, o Options) (network, error) {
	options := append(slices.Clone(o.Load), config.WithRegion(home(o.Region)))
	if o.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(o.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return network{}, fmt.Errorf("load AWS configuration: %w", err)
	}
	if o.RoleARN != "" {
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), o.RoleARN,
			func(a *stscreds.AssumeRoleOptions) { a.RoleSessionName = o.SessionName }))
	}
	c := &client{sts: sts.NewFromConfig(cfg), ec2: ec2.NewFromConfig(cfg, func(e *ec2.Options) { e.Region = o.Region })}
	return network{
		c.account, c.defaultVPC, c.contents,
		c.markGateway, c.detachGateway, c.deleteGateway, c.deleteSubnet, c.deleteVPC,
	}, nil
}

// home is the region whose STS is asked, of the partition of a region. The STS of a region that is off by
// default serves only accounts that have it on, and the account that asks need not; sessions of any
// region's STS are good in all.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html.
func home(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "cn-north-1"
	case strings.HasPrefix(region, "us-gov-"):
		return "us-gov-west-1"
	}
	return "us-east-1"
}

func (c *client) account(ctx context.Context) (string, error) {
	out, err := c.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("get caller identity: %w", err)
	}
	return aws.ToString(out.Account), nil
}

func (c *client) defaultVPC(ctx context.Context) (string, error) {
	ids, err := pages(func(token *string) ([]string, *string, error) {
		out, err := c.ec2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: filter("is-default", "true"), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return ids(out.Vpcs, func(v types.Vpc) *string { return v.VpcId }), out.NextToken, nil
	})
	if err != nil {
		return "", fmt.Errorf("list VPCs: %w", err)
	}
	if len(ids) == 0 {
		return "", nil
	}
	return ids[0], nil // a region has one at most
}

func (c *client) contents(ctx context.Context, vpc string) (contents, error) {
	found, err := c.used(ctx, vpc)
	if err != nil {
		return contents{}, err
	}
	subnets, err := c.subnets(ctx, vpc)
	if err != nil {
		return contents{}, fmt.Errorf("list subnets: %w", err)
	}
	if own := ids(subnets, otherSubnet); len(own) > 0 {
		found = append(found, name("subnet", own))
	}
	gateways, err := c.gateways(ctx, vpc)
	if err != nil {
		return contents{}, fmt.Errorf("list internet gateways: %w", err)
	}
	return contents{found, gateways, ids(subnets, func(s types.Subnet) *string { return s.SubnetId })}, nil
}

func (c *client) subnets(ctx context.Context, vpc string) ([]types.Subnet, error) {
	return pages(func(token *string) ([]types.Subnet, *string, error) {
		out, err := c.ec2.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: filter("vpc-id", vpc), NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Subnets, out.NextToken, nil
	})
}

// gateways are the internet gateways attached to a VPC, and the marked ones that are attached nowhere.
func (c *client) gateways(ctx context.Context, vpc string) ([]gateway, error) {
	attached, err := c.internetGateways(ctx, filter("attachment.vpc-id", vpc))
	if err != nil {
		return nil, err
	}
	marked, err := c.internetGateways(ctx, filter("tag:"+markKey, vpc))
	if err != nil {
		return nil, err
	}
	var found []gateway
	for _, g := range attached {
		found = append(found, gateway{id: aws.ToString(g.InternetGatewayId), attached: true})
	}
	for _, g := range marked {
		if len(g.Attachments) == 0 {
			found = append(found, gateway{id: aws.ToString(g.InternetGatewayId)})
		}
	}
	return found, nil
}

func (c *client) internetGateways(ctx context.Context, filters []types.Filter) ([]types.InternetGateway, error) {
	return pages(func(token *string) ([]types.InternetGateway, *string, error) {
		out, err := c.ec2.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{Filters: filters, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.InternetGateways, out.NextToken, nil
	})
}

func (c *client) markGateway(ctx context.Context, id, vpc string) error {
	_, err := c.ec2.CreateTags(ctx, &ec2.CreateTagsInput{Resources: []string{id}, Tags: []types.Tag{{Key: aws.String(markKey), Value: &vpc}}})
	return err
}

func (c *client) detachGateway(ctx context.Context, id, vpc string) error {
	_, err := c.ec2.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{InternetGatewayId: &id, VpcId: &vpc})
	return err
}

func (c *client) deleteGateway(ctx context.Context, id string) error {
	_, err := c.ec2.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{InternetGatewayId: &id})
	return err
}

func (c *client) deleteSubnet(ctx context.Context, id string) error {
	_, err := c.ec2.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: &id})
	return err
}

func (c *client) deleteVPC(ctx context.Context, id string) error {
	_, err := c.ec2.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: &id})
	return err
}

func filter(name, value string) []types.Filter {
	return []types.Filter{{Name: &name, Values: []string{value}}}
}

// pages collects what fetch returns, from page to page. A page may be empty and yet not be the last.
func pages[T any](fetch func(token *string) ([]T, *string, error)) ([]T, error) {
	var all []T
	var token *string
	for {
		page, next, err := fetch(token)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if aws.ToString(next) == "" {
			return all, nil
		}
		token = next
	}
}

// ids are the ids of the items that have one.
func ids[T any](items []T, id func(T) *string) []string {
	var found []string
	for _, item := range items {
		if s := aws.ToString(id(item)); s != "" {
			found = append(found, s)
		}
	}
	return found
}
