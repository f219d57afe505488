package stacks

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/organization"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/stacks/defaultvpc"
	"github.com/archipelago-iac/archipelago/topology"
)

// vpcSubject is an account that wants its default VPCs removed.
func vpcSubject(d *deployment, key, id, choice string) *subject {
	b := &plan.Baseline{Regions: []string{"eu-west-1", "us-east-1"}}
	b.EC2.DefaultVPC = topology.DefaultVPC(choice)
	return &subject{deployment: d, key: key, name: d.name(key), ready: pulumi.String(id), setup: &plan.Setup{Class: "c1a55", Baseline: b}}
}

// removals runs the removal for two accounts that want it and one that does not.
func removals(t *testing.T, answer func(defaultvpc.Options) (defaultvpc.Report, error)) ([]defaultvpc.Options, error) {
	t.Helper()
	var mu sync.Mutex
	var asked []defaultvpc.Options
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		d := &deployment{ctx: ctx, setUp: map[string]setUp{}, organization: &plan.Organization{
			Name: "payments", Management: plan.Management{AccountID: "200000000001", Region: "eu-west-1", Profile: "acme-payments"},
			Accounts: []*plan.Account{{Key: "prod", Role: "OrganizationAccountAccessRole"}},
		}}
		d.removeVPC = func(_ context.Context, o defaultvpc.Options) (defaultvpc.Report, error) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, o)
			return answer(o)
		}
		err := d.removeDefaultVPCs([]*subject{
			vpcSubject(d, "", "200000000001", "remove"), vpcSubject(d, "prod", "210000000001", "remove"), vpcSubject(d, "dev", "210000000002", "keep"),
		})
		for key, made := range d.setUp {
			ctx.Export("class:"+key, made.class)
		}
		return err
	}, pulumi.WithMocks("acme", "payments", nothing{}))
	slices.SortFunc(asked, func(a, b defaultvpc.Options) int {
		return slices.Compare([]string{a.Account, a.Region}, []string{b.Account, b.Region})
	})
	return asked, err
}

// nothing is asked of the engine.
type nothing struct{}

func (nothing) NewResource(pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	return "", nil, errors.New("no resource is expected")
}

func (nothing) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, errors.New("no call is expected")
}

// Each account is reached the way its providers are, in each of its regions.
func TestRemoveDefaultVPCs(t *testing.T) {
	t.Parallel()
	asked, err := removals(t, func(o defaultvpc.Options) (defaultvpc.Report, error) {
		if o.Region == "us-east-1" {
			return defaultvpc.Report{Kept: "vpc-2", Why: "instance i-1"}, nil
		}
		return defaultvpc.Report{Removed: "vpc-1"}, nil
	})
	require.NoError(t, err)
	role := "arn:aws:iam::210000000001:role/OrganizationAccountAccessRole"
	require.Equal(t, []defaultvpc.Options{
		{Account: "200000000001", Region: "eu-west-1", Profile: "acme-payments", SessionName: sessionName},
		{Account: "200000000001", Region: "us-east-1", Profile: "acme-payments", SessionName: sessionName},
		{Account: "210000000001", Region: "eu-west-1", Profile: "acme-payments", SessionName: sessionName, RoleARN: role},
		{Account: "210000000001", Region: "us-east-1", Profile: "acme-payments", SessionName: sessionName, RoleARN: role},
	}, asked)
}

// A removal that fails fails the deployment.
func TestRemoveDefaultVPCsFails(t *testing.T) {
	t.Parallel()
	_, err := removals(t, func(o defaultvpc.Options) (defaultvpc.Report, error) {
		return defaultvpc.Report{}, errors.New("delete subnet: denied")
	})
	require.ErrorContains(t, err, "delete subnet: denied")
}

// In a region that AWS has switched off until asked, nothing answers before it is on.
func TestRemoveDefaultVPCsWaitsForRegions(t *testing.T) {
	t.Parallel()
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		account, err := organization.NewAccount(ctx, "payments/prod", &organization.AccountArgs{
			Email: pulumi.String("prod@acme.example"), ParentID: pulumi.String("r-1"), Regions: []string{"ap-east-1"},
		})
		require.NoError(t, err)
		d := &deployment{ctx: ctx, setUp: map[string]setUp{}, organization: &plan.Organization{Name: "payments"}}
		d.removeVPC = func(context.Context, defaultvpc.Options) (defaultvpc.Report, error) {
			t.Error("the region is not on")
			return defaultvpc.Report{}, nil
		}
		s := vpcSubject(d, "prod", "", "remove")
		s.ready = account.Ready
		return d.removeDefaultVPCs([]*subject{s})
	}, pulumi.WithMocks("acme", "payments", noRegion{}))
	require.ErrorContains(t, err, "stays off")
}

// noRegion switches on no region.
type noRegion struct{ nothing }

func (noRegion) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	if args.TypeToken == "aws:account/region:Region" {
		return "", nil, errors.New("it stays off")
	}
	return args.Name, args.Inputs, nil
}
