package front

import (
	"maps"
	"time"
)

// budget is a budget with what belongs to it. The emulator has budgets too, but can neither change nor
// tag them, nor tell who is notified.
type budget struct {
	// fields are the budget as AWS describes it.
	fields  map[string]any
	notices []*notice
	tags    map[string]string
}

// forever is when a budget ends that has no end.
const forever = 3706473600

func addBudgets(t table) {
	for action, answer := range map[string]budgetHandler{
		"CreateBudget":    createBudget,
		"UpdateBudget":    updateBudget,
		"DescribeBudget":  describeBudget,
		"DescribeBudgets": describeBudgets,
		"DeleteBudget":    deleteBudget,

		"CreateNotification":                 createNotice,
		"UpdateNotification":                 updateNotice,
		"DeleteNotification":                 deleteNotice,
		"DescribeNotificationsForBudget":     describeNotices,
		"DescribeSubscribersForNotification": describeSubscribers,

		"TagResource":         tagBudget,
		"UntagResource":       untagBudget,
		"ListTagsForResource": listBudgetTags,
	} {
		t.add("budgets", action, ofOwnBudgets(answer))
	}
}

// budgetHandler answers a call from the budgets of an account.
type budgetHandler func(c *call, all map[string]*budget) (*reply, error)

// ofOwnBudgets refuses calls about another account's budgets, those of a member included.
func ofOwnBudgets(answer budgetHandler) handler {
	return func(f *Front, c *call) (*reply, error) {
		in, err := decode[struct{ AccountID string }](c)
		if err != nil {
			return nil, err
		}
		if in.AccountID != "" && in.AccountID != c.Account {
			return nil, refuse("AccessDeniedException", "Account %s has no permission to call %s on the budgets of %s.", c.Account, c.Action, in.AccountID)
		}
		return f.budgets.use(c.Account, "", func(all map[string]*budget) (*reply, error) { return answer(c, all) })
	}
}

func noBudget(name string) error {
	return refuse("NotFoundException", "Unable to get budget: %s - the budget doesn't exist.", name)
}

// budgetIn is the budget that a call names.
func budgetIn(c *call, all map[string]*budget) (*budget, error) {
	in, err := decode[struct{ BudgetName string }](c)
	if err != nil {
		return nil, err
	}
	if b, ok := all[in.BudgetName]; ok {
		return b, nil
	}
	return nil, noBudget(in.BudgetName)
}

// checkBudget returns the budget's name.
func checkBudget(fields map[string]any) (string, error) {
	for _, name := range []string{"BudgetName", "BudgetType", "TimeUnit"} {
		if s, _ := fields[name].(string); s == "" {
			return "", refuse("InvalidParameterException", "The budget has no %s.", name)
		}
	}
	if fields["BudgetLimit"] == nil && fields["PlannedBudgetLimits"] == nil && fields["AutoAdjustData"] == nil {
		return "", refuse("InvalidParameterException",
			"Unable to create/update budget - please provide one of the followings: Budget Limit/ Planned Budget Limit/ Auto Adjust Data")
	}
	name, _ := fields["BudgetName"].(string)
	return name, nil
}

// describe sets the budget's fields, with what AWS fills in where a program says nothing.
func (b *budget) describe(fields map[string]any) {
	now := time.Now().UTC()
	nothing := map[string]string{"Amount": "0.0", "Unit": "USD"}
	b.fields = map[string]any{
		"CalculatedSpend": map[string]any{"ActualSpend": nothing, "ForecastedSpend": nothing},
		"CostFilters":     map[string]any{},
		"HealthStatus":    map[string]any{"Status": "HEALTHY", "LastUpdatedTime": epoch{now}},
	}
	if fields["BudgetType"] == "COST" {
		b.fields["CostTypes"] = defaultCostTypes()
	}
	maps.Copy(b.fields, fields)
	b.fields["LastUpdatedTime"] = epoch{now}
	period := map[string]any{"Start": epoch{time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)}, "End": forever}
	if given, ok := fields["TimePeriod"].(map[string]any); ok {
		maps.Copy(period, given)
	}
	b.fields["TimePeriod"] = period
}

func defaultCostTypes() map[string]bool {
	types := map[string]bool{"UseAmortized": false, "UseBlended": false}
	for _, what := range []string{
		"Credit", "Discount", "OtherSubscription", "Recurring", "Refund", "Subscription", "Support", "Tax", "Upfront",
	} {
		types["Include"+what] = true
	}
	return types
}

func createBudget(c *call, all map[string]*budget) (*reply, error) {
	in, err := decode[struct {
		Budget                       map[string]any
		NotificationsWithSubscribers []struct {
			Notification notification
			Subscribers  []subscriber
		}
		ResourceTags []tag
	}](c)
	if err != nil {
		return nil, err
	}
	name, err := checkBudget(in.Budget)
	if err != nil {
		return nil, err
	}
	if _, taken := all[name]; taken {
		return nil, refuse("DuplicateRecordException", "Error creating budget: %s - the budget already exists.", name)
	}
	b := &budget{tags: tagMap(in.ResourceTags)}
	b.describe(in.Budget)
	for _, n := range in.NotificationsWithSubscribers {
		if err := b.notify(n.Notification, n.Subscribers); err != nil {
			return nil, err
		}
	}
	all[name] = b
	return done(c)
}

func updateBudget(c *call, all map[string]*budget) (*reply, error) {
	in, err := decode[struct{ NewBudget map[string]any }](c)
	if err != nil {
		return nil, err
	}
	name, err := checkBudget(in.NewBudget)
	if err != nil {
		return nil, err
	}
	b, ok := all[name]
	if !ok {
		return nil, noBudget(name)
	}
	b.describe(in.NewBudget)
	return done(c)
}

func describeBudget(c *call, all map[string]*budget) (*reply, error) {
	b, err := budgetIn(c, all)
	if err != nil {
		return nil, err
	}
	return jsonReply(c, map[string]any{"Budget": b.fields})
}

func describeBudgets(c *call, all map[string]*budget) (*reply, error) {
	list := []map[string]any{}
	for _, name := range sortedKeys(all) {
		list = append(list, all[name].fields)
	}
	return jsonReply(c, map[string]any{"Budgets": list})
}

func deleteBudget(c *call, all map[string]*budget) (*reply, error) {
	b, err := budgetIn(c, all)
	if err != nil {
		return nil, err
	}
	name, _ := b.fields["BudgetName"].(string)
	delete(all, name)
	return done(c)
}
