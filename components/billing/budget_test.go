package billing_test

import (
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/components/billing"
	"github.com/archipelago-iac/archipelago/internal/recorder"
)

func record(t *testing.T, args *billing.BudgetArgs) *recorder.Recording {
	t.Helper()
	got, err := recorder.Run(recorder.Options{}, func(ctx *pulumi.Context) error {
		p, err := aws.NewProvider(ctx, "management", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
		if err != nil {
			return err
		}
		_, err = billing.NewBudget(ctx, "acme/shop/budget", args, pulumi.Provider(p))
		return err
	})
	require.NoError(t, err)
	return got
}

func TestBudget(t *testing.T) {
	t.Parallel()
	got := record(t, &billing.BudgetArgs{
		Name: pulumi.String("acme/shop"), AccountID: pulumi.String("111111111111"), MonthlyLimit: 500, Currency: "EUR",
		Actual: []int{80, 100}, Forecast: []int{100}, Recipients: []string{"shop@acme.example", "finance@acme.example"},
		Tags: pulumi.StringMap{"owner": pulumi.String("shop@acme.example")},
	})
	recorder.Golden(t, filepath.Join("testdata", "budget.golden"), got.String())

	// Reordering and saying a thing twice changes nothing.
	again := record(t, &billing.BudgetArgs{
		Name: pulumi.String("acme/shop"), AccountID: pulumi.String("111111111111"), MonthlyLimit: 500, Currency: "EUR",
		Actual: []int{100, 80, 100}, Forecast: []int{100}, Recipients: []string{"finance@acme.example", "shop@acme.example"},
		Tags: pulumi.StringMap{"owner": pulumi.String("shop@acme.example")},
	})
	require.Equal(t, got.String(), again.String())
}

func TestBudgetDefaults(t *testing.T) {
	t.Parallel()
	in := record(t, &billing.BudgetArgs{AccountID: pulumi.String("111111111111"), MonthlyLimit: 5}).
		Find("aws:budgets/budget:Budget", "acme/shop/budget").Inputs
	require.Equal(t, "acme/shop/budget", in["name"])
	require.Equal(t, "USD", in["limitUnit"])
}
