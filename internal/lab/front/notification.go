package front

import "slices"

// The numbers of notifications that a budget has at most, and of addresses of each kind that one has.
const (
	maxNotices      = 10
	maxEmails       = 10
	maxTopics       = 1
	percentage      = "PERCENTAGE"
	emailSubscriber = "EMAIL"
)

// notification says when to notify. It is its own name: there are no two alike in a budget.
type notification struct {
	NotificationType, ComparisonOperator string
	Threshold                            float64
	ThresholdType                        string
}

// subscriber is who is notified.
type subscriber struct{ SubscriptionType, Address string }

// notice is a notification and whom it reaches.
type notice struct {
	notification
	subscribers []subscriber
}

func (n notification) withDefaults() notification {
	if n.ThresholdType == "" {
		n.ThresholdType = percentage
	}
	return n
}

// find is the place of a notification, -1 if the budget does not have it.
func (b *budget) find(n notification) int {
	return slices.IndexFunc(b.notices, func(have *notice) bool { return have.notification == n.withDefaults() })
}

// notify adds a notification.
func (b *budget) notify(n notification, to []subscriber) error {
	emails := 0
	for _, s := range to {
		if s.SubscriptionType == emailSubscriber {
			emails++
		}
	}
	switch {
	case n.NotificationType == "" || n.ComparisonOperator == "" || len(to) == 0:
		return refuse("InvalidParameterException", "A notification has a type, a comparison operator and at least one subscriber.")
	case b.find(n) >= 0:
		return refuse("DuplicateRecordException", "Unable to create notification - the notification already exists.")
	case len(b.notices) >= maxNotices:
		return refuse("CreationLimitExceededException", "A budget has at most %d notifications.", maxNotices)
	case emails > maxEmails || len(to)-emails > maxTopics:
		return refuse("CreationLimitExceededException", "A notification has at most %d e-mail addresses and %d topic.", maxEmails, maxTopics)
	}
	b.notices = append(b.notices, &notice{n.withDefaults(), to})
	return nil
}

// noticeIn is the budget and the place of the notification that a call names.
func noticeIn(c *call, all map[string]*budget) (*budget, int, error) {
	b, err := budgetIn(c, all)
	if err != nil {
		return nil, 0, err
	}
	in, err := decode[struct{ Notification, OldNotification *notification }](c)
	if err != nil {
		return nil, 0, err
	}
	for _, n := range []*notification{in.Notification, in.OldNotification} {
		if n == nil {
			continue
		}
		if i := b.find(*n); i >= 0 {
			return b, i, nil
		}
	}
	return nil, 0, refuse("NotFoundException", "Unable to get notification - the notification doesn't exist.")
}

func createNotice(c *call, all map[string]*budget) (*reply, error) {
	b, err := budgetIn(c, all)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct {
		Notification notification
		Subscribers  []subscriber
	}](c)
	if err != nil {
		return nil, err
	}
	if err := b.notify(in.Notification, in.Subscribers); err != nil {
		return nil, err
	}
	return done(c)
}

func updateNotice(c *call, all map[string]*budget) (*reply, error) {
	b, i, err := noticeIn(c, all)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct{ NewNotification notification }](c)
	if err != nil {
		return nil, err
	}
	if at := b.find(in.NewNotification); at >= 0 && at != i {
		return nil, refuse("DuplicateRecordException", "Unable to update notification - the new notification already exists.")
	}
	b.notices[i].notification = in.NewNotification.withDefaults()
	return done(c)
}

func deleteNotice(c *call, all map[string]*budget) (*reply, error) {
	b, i, err := noticeIn(c, all)
	if err != nil {
		return nil, err
	}
	b.notices = slices.Delete(b.notices, i, i+1)
	return done(c)
}

func describeNotices(c *call, all map[string]*budget) (*reply, error) {
	b, err := budgetIn(c, all)
	if err != nil {
		return nil, err
	}
	list := []map[string]any{}
	for _, n := range b.notices {
		list = append(list, map[string]any{
			"NotificationType": n.NotificationType, "ComparisonOperator": n.ComparisonOperator,
			"Threshold": n.Threshold, "ThresholdType": n.ThresholdType, "NotificationState": "OK",
		})
	}
	return jsonReply(c, map[string]any{"Notifications": list})
}

func describeSubscribers(c *call, all map[string]*budget) (*reply, error) {
	b, i, err := noticeIn(c, all)
	if err != nil {
		return nil, err
	}
	return jsonReply(c, map[string]any{"Subscribers": b.notices[i].subscribers})
}
