package awsplugin_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain/tooltest"
)

// place is an account and a region, and what is registered there.
type place struct {
	*pulumi.Context

	account, region string
	// home is set in the one region of an account where its global things are.
	home bool
	// changed is set for the second deployment, of the same with other values.
	changed bool
	options []pulumi.ResourceOption
}

// name is a name of the place's own.
func (p *place) name(s string) string { return fmt.Sprintf("%s-%s-%s", s, p.account, p.region) }

// or is the value of the first deployment, or of the second.
func or[T any](p *place, first, second T) T {
	if p.changed {
		return second
	}
	return first
}

func (p *place) tags() pulumi.StringMap {
	return pulumi.StringMap{"team": pulumi.String("platform"), "cost": pulumi.String(or(p, "before", "after"))}
}

func (p *place) services() []func(*place) error {
	all := []func(*place) error{analyzers, blocks, defaults, parameters, messages, functions}
	if p.home {
		all = append(all, budget, identities, buckets)
	}
	return all
}

// baseline registers every type for which the front answers, and those that packs are made of, in a
// management account and a member, the latter in two regions.
func baseline(changed bool) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		for _, p := range []place{
			{account: "222222222222", region: "eu-west-1", home: true},
			{account: "333333333333", region: "eu-west-1", home: true},
			{account: "333333333333", region: "us-east-1"},
		} {
			p.Context, p.changed = ctx, changed
			provider, err := aws.NewProvider(ctx, p.name("provider"), &aws.ProviderArgs{
				Region:     pulumi.String(p.region),
				MaxRetries: pulumi.Int(2),
				AssumeRole: aws.ProviderAssumeRoleArgs{RoleArn: pulumi.Sprintf("arn:aws:iam::%s:role/automation", p.account)},
			})
			if err != nil {
				return err
			}
			p.options = []pulumi.ResourceOption{pulumi.Provider(provider)}
			for _, register := range p.services() {
				if err := register(&p); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l, err := lab.Start(ctx, lab.Options{Dir: filepath.Join(t.TempDir(), "lab"), Tools: tooltest.Need(t)})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	command, err := l.Command()
	require.NoError(t, err)
	stack, err := auto.UpsertStackInlineSource(ctx, "baseline", "archipelago", baseline(false),
		auto.WorkDir(l.WorkDir()), auto.Pulumi(command), auto.EnvVars(l.EnvMap()), auto.PulumiHome(l.PulumiHome()))
	require.NoError(t, err)

	up, err := stack.Up(ctx)
	require.NoError(t, err)
	created := (*up.Summary.ResourceChanges)["create"]
	unchanged(t, stack, created)

	stack.Workspace().SetProgram(baseline(true))
	up, err = stack.Up(ctx)
	require.NoError(t, err)
	require.Zero(t, (*up.Summary.ResourceChanges)["replace"])
	unchanged(t, stack, created)

	_, err = stack.Destroy(ctx)
	require.NoError(t, err)
}

// unchanged requires that there is nothing to change, neither to the state nor to what AWS has.
func unchanged(t *testing.T, stack auto.Stack, resources int) {
	t.Helper()
	preview, err := stack.Preview(t.Context(), optpreview.Diff(), optpreview.Refresh())
	require.NoError(t, err)
	require.Equal(t, map[apitype.OpType]int{apitype.OpSame: resources}, preview.ChangeSummary, preview.StdOut)
}
