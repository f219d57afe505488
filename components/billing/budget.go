package billing

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// BudgetArgs are the inputs of [NewBudget].
type BudgetArgs struct {
	// Name is the budget's name in AWS, unique in the account that keeps it; nil means the Pulumi name.
	// Another name replaces the budget.
	Name pulumi.StringInput
	// AccountID is the id of the account whose cost is watched.
	AccountID pulumi.StringInput
	// MonthlyLimit is how much the account may cost in a month, in whole units of the currency.
	MonthlyLimit int
	// Currency is the currency of the bill; empty means USD.
	Currency string
	// Actual are percentages of the limit at which the cost so far raises an alarm.
	Actual []int
	// Forecast are percentages of the limit at which the cost forecast for the month raises an alarm.
	Forecast []int
	// Recipients are the e-mail addresses that alarms go to; AWS allows ten.
	Recipients []string
	// Tags are the budget's tags.
	Tags pulumi.StringMapInput
}

// Budget is the monthly cost budget of an account.
type Budget struct {
	pulumi.ResourceState

	// ARN is the budget's ARN.
	ARN pulumi.StringOutput `pulumi:"arn"`
}

// NewBudget creates a budget in the account of the provider, which is the management account of the
// account's organization, or the account itself.
func NewBudget(ctx *pulumi.Context, name string, args *BudgetArgs, opts ...pulumi.ResourceOption) (*Budget, error) {
	c := &Budget{}
	if err := ctx.RegisterComponentResource("archipelago:billing:Budget", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register budget %s: %w", name, err)
	}
	in := &budgets.BudgetArgs{
		Name:        pulumi.String(name),
		BudgetType:  pulumi.String("COST"),
		TimeUnit:    pulumi.String("MONTHLY"),
		LimitAmount: pulumi.String(strconv.Itoa(args.MonthlyLimit)),
		LimitUnit:   pulumi.String(cmp.Or(args.Currency, "USD")),
		CostFilters: budgets.BudgetCostFilterArray{&budgets.BudgetCostFilterArgs{
			Name:   pulumi.String("LinkedAccount"),
			Values: pulumi.StringArray{args.AccountID},
		}},
		Notifications: notifications(args),
		Tags:          args.Tags,
	}
	if args.Name != nil {
		in.Name = args.Name.ToStringOutput()
	}
	budget, err := budgets.NewBudget(ctx, name, in, pulumi.Parent(c))
	if err != nil {
		return nil, fmt.Errorf("create budget %s: %w", name, err)
	}
	c.ARN = budget.Arn
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"arn": c.ARN}); err != nil {
		return nil, fmt.Errorf("register outputs of budget %s: %w", name, err)
	}
	return c, nil
}

// notifications are sorted and each is there once: to AWS they are a set.
func notifications(args *BudgetArgs) budgets.BudgetNotificationArray {
	recipients := pulumi.ToStringArray(slices.Compact(slices.Sorted(slices.Values(args.Recipients))))
	out := budgets.BudgetNotificationArray{}
	for _, n := range []struct {
		kind       string
		thresholds []int
	}{{"ACTUAL", args.Actual}, {"FORECASTED", args.Forecast}} {
		for _, threshold := range slices.Compact(slices.Sorted(slices.Values(n.thresholds))) {
			out = append(out, &budgets.BudgetNotificationArgs{
				NotificationType:         pulumi.String(n.kind),
				ComparisonOperator:       pulumi.String("GREATER_THAN"),
				Threshold:                pulumi.Float64(float64(threshold)),
				ThresholdType:            pulumi.String("PERCENTAGE"),
				SubscriberEmailAddresses: recipients,
			})
		}
	}
	return out
}
