package front

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

const suspended = "SUSPENDED"

// member is an account as the emulator describes it.
type member struct {
	ID              string `json:"Id"`
	ARN             string `json:"Arn"`
	Email           string
	Name            string
	Status          string
	State           string `json:",omitempty"`
	JoinedMethod    string
	JoinedTimestamp epoch
}

type createAccountStatus struct {
	ID                 string `json:"Id"`
	AccountName        string
	State              string
	RequestedTimestamp epoch
	CompletedTimestamp *epoch `json:",omitempty"`
	AccountID          string `json:"AccountId,omitempty"`
	FailureReason      string `json:",omitempty"`
}

type createAccountAnswer struct{ CreateAccountStatus createAccountStatus }

func addAccounts(t table) {
	t.add("organizations", "CreateAccount", byManagement(createAccount))
	t.add("organizations", "DescribeCreateAccountStatus", byManagement(describeCreateAccount))
	t.add("organizations", "ListCreateAccountStatus", byManagement(listCreateAccount))
	t.add("organizations", "CloseAccount", withAllFeatures(closeAccount))
	t.add("organizations", "RemoveAccountFromOrganization", byManagement(removeAccount))
	t.add("organizations", "MoveAccount", byManagement(moveAccount))
}

var (
	// emailShape is what AWS checks before it takes a request for an account.
	emailShape = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
	// emailLocal and emailDomain are what it checks afterwards; the request then fails.
	emailLocal  = regexp.MustCompile(`^[^\s"'()<>\[\]:;,\\|%&.][^\s"'()<>\[\]:;,\\|%&]*$`)
	emailDomain = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)
	printable   = regexp.MustCompile(`^[ -~]+$`)
	roleName    = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
)

// normalEmail is an address as it is compared.
func normalEmail(s string) string { return strings.ToLower(s) }

func createAccount(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ AccountName, Email, RoleName string }](c)
	if err != nil {
		return nil, err
	}
	if err := checkAccount(in.AccountName, in.Email, in.RoleName); err != nil {
		return nil, err
	}
	if quota := f.limits.accounts(o.management); len(o.members)+1 >= quota {
		return nil, constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts (%d).", quota)
	}
	if !deliverable(in.Email) {
		return o.failAccount(c, in.AccountName, "INVALID_EMAIL")
	}
	email := normalEmail(in.Email)
	if !f.orgs.reserve(email) {
		return o.failAccount(c, in.AccountName, "EMAIL_ALREADY_EXISTS")
	}
	answer, err := forwarded[createAccountAnswer](f, c)
	if err != nil {
		f.orgs.release(email)
		return nil, err
	}
	id := answer.CreateAccountStatus.AccountID
	o.members[id] = false
	f.orgs.join(o, id)
	return jsonReply(c, answer)
}

func checkAccount(name, email, role string) error {
	switch {
	case name == "" || len(name) > maxAccountName:
		return invalid("MAX_LENGTH_EXCEEDED", "The account name must have 1 to %d characters.", maxAccountName)
	case !printable.MatchString(name):
		return invalid("INVALID_PATTERN", "The account name has characters that are not allowed.")
	case len(email) < minEmail || len(email) > maxEmail:
		return invalid("MAX_LENGTH_EXCEEDED", "The e-mail address must have %d to %d characters.", minEmail, maxEmail)
	case !emailShape.MatchString(email) || !printable.MatchString(email):
		return invalid("INVALID_PATTERN", "You provided a value that does not match the required pattern: Email.")
	case role != "" && !roleName.MatchString(role):
		return invalid("INVALID_ROLE_NAME", "You provided a role name that isn't valid.")
	}
	return nil
}

func deliverable(email string) bool {
	local, domain, _ := strings.Cut(email, "@")
	return emailLocal.MatchString(local) && emailDomain.MatchString(domain)
}

// failAccount takes a request for an account and fails it, as AWS does with what it finds out only
// after it has answered.
func (o *organization) failAccount(c *call, name, reason string) (*reply, error) {
	now := epoch{time.Now()}
	s := createAccountStatus{
		ID: "car-" + randomID(32), AccountName: name, State: "FAILED",
		RequestedTimestamp: now, CompletedTimestamp: &now, FailureReason: reason,
	}
	o.failed[s.ID] = s
	s.State, s.CompletedTimestamp, s.FailureReason = "IN_PROGRESS", nil, ""
	return jsonReply(c, createAccountAnswer{s})
}

func describeCreateAccount(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ CreateAccountRequestID string }](c)
	if err != nil {
		return nil, err
	}
	if s, ok := o.failed[in.CreateAccountRequestID]; ok {
		return jsonReply(c, createAccountAnswer{s})
	}
	out, err := f.forward(c)
	if code(err) == "AccountNotFoundException" {
		return nil, refuse("CreateAccountStatusNotFoundException", "We can't find a create account request with the ID that you specified.")
	}
	return out, err
}

func listCreateAccount(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct {
		States    []string
		NextToken string
	}](c)
	if err != nil {
		return nil, err
	}
	answer, err := forwarded[struct {
		CreateAccountStatuses []createAccountStatus
		NextToken             *string `json:",omitempty"`
	}](f, c)
	if err != nil {
		return nil, err
	}
	// On the first page, for the emulator's tokens know nothing of them.
	if in.NextToken == "" && (len(in.States) == 0 || slices.Contains(in.States, "FAILED")) {
		for _, id := range sortedKeys(o.failed) {
			answer.CreateAccountStatuses = append(answer.CreateAccountStatuses, o.failed[id])
		}
	}
	return jsonReply(c, answer)
}

func closeAccount(f *Front, c *call, o *organization) (*reply, error) {
	id, err := o.accountIn(c)
	if err != nil {
		return nil, err
	}
	if id == o.management {
		return nil, constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You cannot close the management account.")
	}
	out, err := f.forward(c)
	if err != nil {
		return nil, err
	}
	o.members[id] = true
	f.orgs.shutAccount(id)
	if f.expire {
		err = f.expireClosed(c.ctx(), o)
	}
	return out, err
}

func removeAccount(f *Front, c *call, o *organization) (*reply, error) {
	id, err := o.accountIn(c)
	if err != nil {
		return nil, err
	}
	switch {
	case id == o.management:
		return nil, refuse("MasterCannotLeaveOrganizationException", "You can't remove a management account from an organization.")
	case o.members[id]:
		return nil, constraint("ACCOUNT_CANNOT_LEAVE_ORGANIZATION",
			"The account is suspended. A closed account stays in the organization until it is closed for good, after 90 days.")
	case len(o.delegates[id]) > 0:
		return nil, constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
			"You must first deregister the account as a delegated administrator.")
	}
	out, err := f.forward(c)
	if err == nil {
		f.drop(o, id)
	}
	return out, err
}

// drop forgets an account that is no longer in its organization. Its e-mail address stays in use.
func (f *Front) drop(o *organization, id string) {
	delete(o.members, id)
	delete(o.delegates, id)
	o.detachOwn(id)
	f.orgs.leave(id)
}

// accountIn is the account that a call is about, which must be one of the organization.
func (o *organization) accountIn(c *call) (string, error) {
	in, err := decode[struct{ AccountID string }](c)
	if err != nil {
		return "", err
	}
	if _, ok := o.members[in.AccountID]; !ok && in.AccountID != o.management {
		return "", refuse("AccountNotFoundException", "You specified an account that doesn't exist.")
	}
	return in.AccountID, nil
}

func moveAccount(f *Front, c *call, o *organization) (*reply, error) {
	id, err := o.accountIn(c)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct{ SourceParentID, DestinationParentID string }](c)
	if err != nil {
		return nil, err
	}
	parent, err := f.parent(c.ctx(), o, id)
	if err != nil {
		return nil, err
	}
	if parent != in.SourceParentID {
		return nil, refuse("SourceParentNotFoundException", "You specified a source parent that doesn't contain the account.")
	}
	if parent == in.DestinationParentID {
		return nil, refuse("DuplicateAccountException", "The account is already in the destination.")
	}
	out, err := f.forward(c)
	if code(err) == "ParentNotFoundException" {
		return nil, refuse("DestinationParentNotFoundException", "You specified a destination parent that doesn't exist.")
	}
	return out, err
}

// ExpireClosedAccounts lets the 90 days pass after which AWS closes an account for good: closed
// accounts leave their organizations, and nothing stands against deleting these. Their e-mail
// addresses stay in use.
func (f *Front) ExpireClosedAccounts(ctx context.Context) error {
	for o := range f.orgs.all() {
		o.mu.Lock()
		err := f.expireClosed(ctx, o)
		o.mu.Unlock()
		if err != nil {
			return fmt.Errorf("expire closed accounts of %s: %w", o.id, err)
		}
	}
	return nil
}

func (f *Front) expireClosed(ctx context.Context, o *organization) error {
	for _, id := range sortedKeys(o.members) {
		if !o.members[id] {
			continue
		}
		if err := f.ask(ctx, o.management, "RemoveAccountFromOrganization", map[string]string{"AccountId": id}, nil); err != nil {
			return err
		}
		f.drop(o, id)
	}
	return nil
}

// listAccounts is all accounts of an organization.
func (f *Front) listAccounts(ctx context.Context, o *organization) ([]member, error) {
	var all []member
	in := map[string]any{}
	for {
		var page struct {
			Accounts  []member
			NextToken *string
		}
		if err := f.ask(ctx, o.management, "ListAccounts", in, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Accounts...)
		if page.NextToken == nil || *page.NextToken == "" {
			return all, nil
		}
		in["NextToken"] = *page.NextToken
	}
}

func (f *Front) describeAccount(ctx context.Context, o *organization, id string) (member, error) {
	var answer struct{ Account member }
	err := f.ask(ctx, o.management, "DescribeAccount", map[string]string{"AccountId": id}, &answer)
	return answer.Account, err
}
