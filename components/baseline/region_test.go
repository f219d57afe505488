package baseline_test

import (
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/baseline"
	"github.com/archipelago-iac/archipelago/internal/recorder"
)

func region(args *baseline.RegionArgs) func(*pulumi.Context, pulumi.ResourceOption) error {
	return func(ctx *pulumi.Context, provider pulumi.ResourceOption) error {
		_, err := baseline.NewRegion(ctx, "acme/shop/eu-west-1", args, provider)
		return err
	}
}

func TestRegion(t *testing.T) {
	t.Parallel()
	got := record(t, region(&baseline.RegionArgs{
		EncryptVolumes: &yes, SnapshotSharing: "block-all-sharing", BlockPublicImages: &yes, SerialConsole: &no,
		Metadata:         &baseline.InstanceMetadata{Tokens: "required", HopLimit: 2},
		ExternalAnalyzer: true, UnusedAccessDays: 90,
		Parameters: []baseline.Parameter{
			{Name: "/landing-zone/owner", Value: pulumi.String("shop@acme.example")},
			{Name: "stage", Value: pulumi.String("prod")},
		},
		Tags: pulumi.StringMap{"owner": pulumi.String("shop@acme.example")},
	}))
	recorder.Golden(t, filepath.Join("testdata", "region.golden"), got.String())
}

// What is not set is left alone; what is declared open is opened.
func TestRegionWithNothing(t *testing.T) {
	t.Parallel()
	got := record(t, region(&baseline.RegionArgs{}))
	require.Len(t, got.Resources, 2, "the provider and the component")

	got = record(t, region(&baseline.RegionArgs{BlockPublicImages: &no}))
	require.Equal(t, map[string]any{"state": "unblocked"},
		got.Find("aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", "acme/shop/eu-west-1/public-images").Inputs)
}
