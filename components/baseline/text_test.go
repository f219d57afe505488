package baseline_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/baseline"
)

func TestText(t *testing.T) {
	t.Parallel()
	values := map[string]pulumi.StringInput{"account.id": pulumi.String("111111111111").ToStringOutput(), "region": pulumi.String("eu-west-1")}
	got := record(t, func(ctx *pulumi.Context, _ pulumi.ResourceOption) error {
		for name, text := range map[string]string{"plain": "plain", "expanded": "{{account.id}} in {{ region }}"} {
			out, err := baseline.Text(text, values)
			if err != nil {
				return err
			}
			ctx.Export(name, out)
		}
		return nil
	})
	require.Equal(t, map[string]any{"plain": "plain", "expanded": "111111111111 in eu-west-1"}, got.Outputs)

	_, err := baseline.Text("{{account.key}}", values)
	require.EqualError(t, err, "no value for {{account.key}}")
}
