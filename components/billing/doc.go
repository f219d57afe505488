// Package billing has Pulumi components for what an organization's management account watches about cost.
//
// The components know nothing of Archipelago's files and can be used from any Pulumi program in Go. Give
// them a provider that leads into the management account: budgets for members are kept there, so members
// need no provider and cannot change them.
//
//	budget, err := billing.NewBudget(ctx, "acme/shop/budget", &billing.BudgetArgs{
//		AccountID:    shop.AccountID,
//		MonthlyLimit: 500,
//		Actual:       []int{80, 100},
//		Recipients:   []string{"shop@acme.example"},
//	}, pulumi.Provider(management))
package billing
