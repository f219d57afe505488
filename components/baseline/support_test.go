package baseline_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
)

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole"}]}`

var yes, no = true, false

// record runs a program that gets the option to use a provider of the account.
func record(t *testing.T, program func(*pulumi.Context, pulumi.ResourceOption) error) *recorder.Recording {
	t.Helper()
	got, err := try(recorder.Options{}, program)
	require.NoError(t, err)
	for _, r := range got.Resources {
		if r.Type != "pulumi:providers:aws" && r.Parent != "" {
			require.Equal(t, "home", r.Provider, "%s %s", r.Type, r.Name)
		}
	}
	return got
}

func try(o recorder.Options, program func(*pulumi.Context, pulumi.ResourceOption) error) (*recorder.Recording, error) {
	return recorder.Run(o, func(ctx *pulumi.Context) error {
		p, err := aws.NewProvider(ctx, "home", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
		if err != nil {
			return err
		}
		return program(ctx, pulumi.Provider(p))
	})
}
