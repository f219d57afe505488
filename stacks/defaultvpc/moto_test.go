package defaultvpc

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab/emulator"
	"github.com/archipelago-iac/archipelago/internal/lab/front"
	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain/tooltest"
)

func TestMain(m *testing.M) {
	guard.Init()
	os.Exit(m.Run()) // the guard ends the emulator with this process
}

// motoRegion is a region of an account of the emulator.
type motoRegion struct {
	*ec2.Client
	t *testing.T
	// vpc is the default VPC, subnet one of its subnets.
	vpc, subnet string
}

// startMoto has the environment lead to an emulator of its own, as a lab does, with the profile acme as
// the only way in.
func startMoto(t *testing.T) *front.Front {
	t.Helper()
	e, err := emulator.Start(t.Context(), emulator.Options{Command: tooltest.Emulator(t)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, e.Close()) })
	f, err := front.Start(t.Context(), front.Options{Upstream: e.URL()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	file := filepath.Join(t.TempDir(), "config")
	require.NoError(t, os.WriteFile(file, []byte("[profile acme]\naws_access_key_id = test\naws_secret_access_key = test\n"), 0o600))
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": f.URL(), "AWS_CONFIG_FILE": file, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
	} {
		t.Setenv(name, value)
	}
	return f
}

// motoAccount is the account of the profile.
const motoAccount = "123456789012"

func motoOptions(region string) Options {
	return Options{Account: motoAccount, Region: region, Profile: "acme"}
}

func openRegion(t *testing.T, region string) motoRegion {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(region), config.WithSharedConfigProfile("acme"))
	require.NoError(t, err)
	r := motoRegion{Client: ec2.NewFromConfig(cfg), t: t}
	vpcs, err := r.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: filter("is-default", "true")})
	require.NoError(t, err)
	require.Len(t, vpcs.Vpcs, 1)
	r.vpc = *vpcs.Vpcs[0].VpcId
	r.subnet = r.subnets()[0]
	if len(r.gateways()) == 0 {
		r.gateway(r.vpc) // the emulator forgets it
	}
	return r
}

func (r motoRegion) subnets() []string {
	r.t.Helper()
	out, err := r.DescribeSubnets(r.t.Context(), &ec2.DescribeSubnetsInput{Filters: filter("default-for-az", "true")})
	require.NoError(r.t, err)
	return ids(out.Subnets, func(s types.Subnet) *string { return s.SubnetId })
}

func (r motoRegion) gateways() []string {
	r.t.Helper()
	out, err := r.DescribeInternetGateways(r.t.Context(), &ec2.DescribeInternetGatewaysInput{})
	require.NoError(r.t, err)
	return ids(out.InternetGateways, func(g types.InternetGateway) *string { return g.InternetGatewayId })
}

// gateway makes an internet gateway, attached to a VPC if one is given.
func (r motoRegion) gateway(vpc string) string {
	r.t.Helper()
	g, err := r.CreateInternetGateway(r.t.Context(), &ec2.CreateInternetGatewayInput{})
	require.NoError(r.t, err)
	if vpc != "" {
		_, err = r.AttachInternetGateway(r.t.Context(), &ec2.AttachInternetGatewayInput{InternetGatewayId: g.InternetGateway.InternetGatewayId, VpcId: &vpc})
		require.NoError(r.t, err)
	}
	return *g.InternetGateway.InternetGatewayId
}

// other is a VPC of somebody's own, with a subnet.
func (r motoRegion) other() motoRegion {
	r.t.Helper()
	v, err := r.CreateVpc(r.t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("172.31.0.0/16")})
	require.NoError(r.t, err)
	s, err := r.CreateSubnet(r.t.Context(), &ec2.CreateSubnetInput{VpcId: v.Vpc.VpcId, CidrBlock: aws.String("172.31.0.0/20")})
	require.NoError(r.t, err)
	r.vpc, r.subnet = *v.Vpc.VpcId, *s.Subnet.SubnetId
	return r
}

// TestMoto removes the default VPCs of an emulator. As it sets the environment, it cannot run beside
// other tests.
func TestMoto(t *testing.T) {
	f := startMoto(t)
	t.Run("whole", func(t *testing.T) { testWhole(t, f) })
	t.Run("continued", testContinued)
	t.Run("at once", testAtOnce)
	t.Run("role", testRole)
	regions := []string{
		"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
		"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-west-1", "us-west-2",
	}
	for i, u := range motoUses {
		t.Run(u.what, func(t *testing.T) {
			r := openRegion(t, regions[i])
			require.NoError(t, u.start(t.Context(), r))
			subnets, gateways := r.subnets(), r.gateways()
			report, err := Remove(t.Context(), motoOptions(regions[i]))
			require.NoError(t, err)
			require.Equal(t, r.vpc, report.Kept)
			require.Empty(t, report.Removed)
			require.Contains(t, report.Why, u.what+" ")
			require.Equal(t, subnets, r.subnets())
			require.Equal(t, gateways, r.gateways())
		})
	}
}

func testWhole(t *testing.T, f *front.Front) {
	const region = "eu-west-1"
	r := openRegion(t, region)
	elsewhere := openRegion(t, "us-east-1")
	other := r.other()
	for _, u := range motoUses {
		require.NoError(t, u.start(t.Context(), other), u.what)
	}
	kept := []string{r.gateway(other.vpc), r.gateway("")}

	o := motoOptions(region)
	o.DryRun = true
	report, err := Remove(t.Context(), o)
	require.NoError(t, err)
	require.Equal(t, Report{Removed: r.vpc}, report)
	require.NotEmpty(t, r.subnets())

	report, err = Remove(t.Context(), motoOptions(region))
	require.NoError(t, err)
	require.Equal(t, Report{Removed: r.vpc}, report)
	require.Empty(t, r.subnets())
	require.ElementsMatch(t, kept, r.gateways())
	require.NotEmpty(t, elsewhere.subnets())

	f.ResetCalls()
	report, err = Remove(t.Context(), motoOptions(region))
	require.NoError(t, err)
	require.Equal(t, Report{}, report)
	require.Equal(t, []front.CallCount{
		{Service: "ec2", Action: "DescribeVpcs", Account: motoAccount, Count: 1},
		{Service: "sts", Action: "GetCallerIdentity", Account: motoAccount, Count: 1},
	}, f.Calls())
}

// testContinued begins where a run was killed that had detached the gateway and deleted a subnet.
func testContinued(t *testing.T) {
	const region = "us-east-2"
	r := openRegion(t, region)
	id := r.gateways()[0]
	n, err := connect(t.Context(), motoOptions(region))
	require.NoError(t, err)
	require.NoError(t, n.markGateway(t.Context(), id, r.vpc))
	require.NoError(t, n.detachGateway(t.Context(), id, r.vpc))
	require.NoError(t, n.deleteSubnet(t.Context(), r.subnet))
	report, err := Remove(t.Context(), motoOptions(region))
	require.NoError(t, err)
	require.Equal(t, Report{Removed: r.vpc}, report)
	require.Empty(t, r.gateways())

	require.True(t, isGone(n.deleteGateway(t.Context(), id)))
	require.True(t, isGone(n.deleteSubnet(t.Context(), r.subnet)))
	require.True(t, isGone(n.deleteVPC(t.Context(), r.vpc)))
	require.True(t, isGone(n.detachGateway(t.Context(), id, r.vpc)))
	require.True(t, isGone(n.markGateway(t.Context(), id, r.vpc)))
}

func testAtOnce(t *testing.T) {
	const region = "us-east-1"
	r := openRegion(t, region)
	var all sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		all.Go(func() { _, errs[i] = Remove(context.Background(), motoOptions(region)) })
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Empty(t, r.subnets())
	require.Empty(t, r.gateways())
}

// testRole goes to another account, in a region whose STS an account may not have.
func testRole(t *testing.T) {
	o := Options{Account: "200000000002", Region: "af-south-1", Profile: "acme", RoleARN: "arn:aws:iam::200000000002:role/automation", SessionName: "archipelago"}
	wrong := o
	wrong.Account = motoAccount
	_, err := Remove(t.Context(), wrong)
	require.EqualError(t, err, "reach account 123456789012 in af-south-1: the credentials lead to account 200000000002")
	report, err := Remove(t.Context(), o)
	require.NoError(t, err)
	require.NotEmpty(t, report.Removed)
	require.NotEmpty(t, openRegion(t, "af-south-1").subnets(), "the VPC of the profile's own account")
}

// motoUses put something into the default VPC, one kind in each region.
var motoUses = []struct {
	what  string
	start func(ctx context.Context, r motoRegion) error
}{
	{"instance", func(ctx context.Context, r motoRegion) error {
		images, err := r.DescribeImages(ctx, &ec2.DescribeImagesInput{})
		if err != nil {
			return err
		}
		_, err = r.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: images.Images[0].ImageId, SubnetId: &r.subnet, MinCount: aws.Int32(1), MaxCount: aws.Int32(1)})
		return err
	}},
	{"network interface", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateNetworkInterface(ctx, &ec2.CreateNetworkInterfaceInput{SubnetId: &r.subnet})
		return err
	}},
	{"NAT gateway", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: &r.subnet, ConnectivityType: types.ConnectivityTypePrivate})
		return err
	}},
	{"VPC endpoint", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{VpcId: &r.vpc, ServiceName: aws.String("com.amazonaws." + r.Options().Region + ".s3")})
		return err
	}},
	{"peering connection", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: aws.String(r.other().vpc), PeerVpcId: &r.vpc})
		return err
	}},
	{"transit gateway attachment", func(ctx context.Context, r motoRegion) error {
		g, err := r.CreateTransitGateway(ctx, &ec2.CreateTransitGatewayInput{})
		if err != nil {
			return err
		}
		_, err = r.CreateTransitGatewayVpcAttachment(ctx, &ec2.CreateTransitGatewayVpcAttachmentInput{TransitGatewayId: g.TransitGateway.TransitGatewayId, VpcId: &r.vpc, SubnetIds: []string{r.subnet}})
		return err
	}},
	{"VPN gateway", func(ctx context.Context, r motoRegion) error {
		g, err := r.CreateVpnGateway(ctx, &ec2.CreateVpnGatewayInput{Type: types.GatewayTypeIpsec1})
		if err != nil {
			return err
		}
		_, err = r.AttachVpnGateway(ctx, &ec2.AttachVpnGatewayInput{VpnGatewayId: g.VpnGateway.VpnGatewayId, VpcId: &r.vpc})
		return err
	}},
	{"egress-only internet gateway", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateEgressOnlyInternetGateway(ctx, &ec2.CreateEgressOnlyInternetGatewayInput{VpcId: &r.vpc})
		return err
	}},
	{"carrier gateway", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateCarrierGateway(ctx, &ec2.CreateCarrierGatewayInput{VpcId: &r.vpc})
		return err
	}},
	{"security group", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{VpcId: &r.vpc, GroupName: aws.String("web"), Description: aws.String("web")})
		return err
	}},
	{"route table", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: &r.vpc})
		return err
	}},
	{"network ACL", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateNetworkAcl(ctx, &ec2.CreateNetworkAclInput{VpcId: &r.vpc})
		return err
	}},
	{"subnet", func(ctx context.Context, r motoRegion) error {
		_, err := r.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: &r.vpc, CidrBlock: aws.String("172.31.240.0/20")})
		return err
	}},
}
