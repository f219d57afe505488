package front

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBudgets(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	const account = "612345678901"
	c := as(t, f, account, "us-east-1")
	call := func(status int, action, in string) map[string]any {
		return c.json(status, "budgets", "AWSBudgetServiceGateway."+action, `{"AccountId":"`+account+`",`+in+`}`)
	}
	refusedAs := func(code, action, in string) { require.Equal(t, code, call(400, action, in)["__type"]) }
	const monthly = `"BudgetName":"monthly"`
	budget := func(amount string) string {
		return `{"BudgetName":"monthly","BudgetType":"COST","TimeUnit":"MONTHLY","BudgetLimit":{"Amount":"` + amount +
			`","Unit":"USD"},"CostFilters":{"LinkedAccount":["` + account + `"]}}`
	}

	refusedAs("NotFoundException", "DescribeBudget", monthly)
	refusedAs("NotFoundException", "UpdateBudget", `"NewBudget":`+budget("1"))
	refusedAs("InvalidParameterException", "CreateBudget", `"Budget":{"BudgetName":"monthly","BudgetType":"COST","TimeUnit":"MONTHLY"}`)
	refusedAs("InvalidParameterException", "CreateBudget", `"Budget":{"BudgetName":"monthly"}`)
	call(200, "CreateBudget", `"Budget":`+budget("100")+`,"ResourceTags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]`)
	refusedAs("DuplicateRecordException", "CreateBudget", `"Budget":`+budget("100"))
	call(200, "UpdateBudget", `"NewBudget":`+budget("250"))

	described, _ := call(200, "DescribeBudget", monthly)["Budget"].(map[string]any)
	require.Equal(t, map[string]any{"Amount": "250", "Unit": "USD"}, described["BudgetLimit"])
	require.Equal(t, map[string]any{"LinkedAccount": []any{account}}, described["CostFilters"])
	require.Contains(t, described, "CostTypes")
	require.Contains(t, described["TimePeriod"], "End")
	require.Len(t, call(200, "DescribeBudgets", `"MaxResults":10`)["Budgets"], 1)

	arn := `"ResourceARN":"arn:aws:budgets::` + account + `:budget/monthly"`
	call(200, "TagResource", arn+`,"ResourceTags":[{"Key":"b","Value":"3"}]`)
	call(200, "UntagResource", arn+`,"ResourceTagKeys":["a"]`)
	require.Equal(t, []any{map[string]any{"Key": "b", "Value": "3"}}, call(200, "ListTagsForResource", arn)["ResourceTags"])
	refusedAs("NotFoundException", "ListTagsForResource", `"ResourceARN":"arn:aws:budgets::`+account+`:budget/other"`)
	refusedAs("InvalidParameterException", "ListTagsForResource", `"ResourceARN":"arn:aws:budgets::1:budget/monthly"`)

	require.Empty(t, as(t, f, "612345678902", "eu-west-1").json(200, "budgets", "AWSBudgetServiceGateway.DescribeBudgets", `{"AccountId":"612345678902"}`)["Budgets"])
	stranger := as(t, f, "612345678902", "eu-west-1").json(400, "budgets", "AWSBudgetServiceGateway.DescribeBudgets", `{"AccountId":"`+account+`"}`)
	require.Equal(t, "AccessDeniedException", stranger["__type"])

	call(200, "DeleteBudget", monthly)
	refusedAs("NotFoundException", "DeleteBudget", monthly)
}

func TestNotifications(t *testing.T) {
	t.Parallel()
	const account = "612345678903"
	c := as(t, startMoto(t, Options{}), account, "eu-west-1")
	call := func(status int, action, in string) map[string]any {
		return c.json(status, "budgets", "AWSBudgetServiceGateway."+action, `{"AccountId":"`+account+`","BudgetName":"b",`+in+`}`)
	}
	refusedAs := func(code, action, in string) { require.Equal(t, code, call(400, action, in)["__type"]) }
	notification := func(threshold string) string {
		return `{"NotificationType":"ACTUAL","ComparisonOperator":"GREATER_THAN","Threshold":` + threshold + `}`
	}
	const to = `"Subscribers":[{"SubscriptionType":"EMAIL","Address":"a@acme.example"},{"SubscriptionType":"EMAIL","Address":"b@acme.example"}]`

	call(200, "CreateBudget", `"Budget":{"BudgetName":"b","BudgetType":"COST","TimeUnit":"MONTHLY","BudgetLimit":{"Amount":"1","Unit":"USD"}},`+
		`"NotificationsWithSubscribers":[{"Notification":`+notification("80")+`,`+to+`}]`)
	call(200, "CreateNotification", `"Notification":`+notification("100")+`,`+to)
	refusedAs("DuplicateRecordException", "CreateNotification", `"Notification":`+notification("100.0")+`,`+to)
	refusedAs("InvalidParameterException", "CreateNotification", `"Notification":`+notification("1")+`,"Subscribers":[]`)
	refusedAs("CreationLimitExceededException", "CreateNotification", `"Notification":`+notification("1")+
		`,"Subscribers":[{"SubscriptionType":"SNS","Address":"x"},{"SubscriptionType":"SNS","Address":"y"}]`)

	list, _ := call(200, "DescribeNotificationsForBudget", `"MaxResults":100`)["Notifications"].([]any)
	require.Len(t, list, 2)
	require.Equal(t, map[string]any{
		"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0, "ThresholdType": "PERCENTAGE", "NotificationState": "OK",
	}, list[0])
	require.Len(t, call(200, "DescribeSubscribersForNotification", `"Notification":`+notification("80"))["Subscribers"], 2)

	refusedAs("DuplicateRecordException", "UpdateNotification", `"OldNotification":`+notification("80")+`,"NewNotification":`+notification("100"))
	call(200, "UpdateNotification", `"OldNotification":`+notification("80")+`,"NewNotification":`+notification("90"))
	refusedAs("NotFoundException", "DeleteNotification", `"Notification":`+notification("80"))
	call(200, "DeleteNotification", `"Notification":`+notification("90"))
	refusedAs("NotFoundException", "DescribeSubscribersForNotification", `"Notification":`+notification("90"))
	for n := range 9 {
		call(200, "CreateNotification", `"Notification":`+notification(string(rune('1'+n)))+`,`+to)
	}
	refusedAs("CreationLimitExceededException", "CreateNotification", `"Notification":`+notification("50")+`,`+to)
}
