package front

import (
	"encoding/json"
	"net/http"
	"sync"
)

// accountService is the principal of the service that manages the accounts of an organization.
const accountService = "account.amazonaws.com"

// accountStore is what the front holds for accounts, in an organization or not.
type accountStore struct {
	mu       sync.Mutex
	contacts map[string]json.RawMessage
	// regions are the regions of an account that were switched, by account and region.
	regions map[[2]string]*regionSwitch
}

func (s *accountStore) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.contacts = map[string]json.RawMessage{}
	s.regions = map[[2]string]*regionSwitch{}
}

func addContacts(t table) {
	for _, action := range []string{"PutAlternateContact", "GetAlternateContact", "DeleteAlternateContact"} {
		t.add("account", action, alternateContact)
	}
	t.add("account", "GetContactInformation", getContact)
	t.add("account", "PutContactInformation", putContact)
}

// accountOf is the account that a call of the account service is about: the caller's own, or a
// member that the management account or the service's delegated administrator names.
func (f *Front) accountOf(c *call) (string, error) {
	in, err := decode[struct{ AccountID string }](c)
	if err != nil || in.AccountID == "" {
		return c.Account, err
	}
	denied := func(why string) error {
		return &apiError{
			Status: http.StatusForbidden, Code: "AccessDeniedException",
			Message: "User is not authorized to perform: account:" + c.Action + " (" + why + ")",
		}
	}
	o, err := f.organizationOf(c.ctx(), c.Account)
	if code(err) == "AWSOrganizationsNotInUseException" {
		return "", denied("The account is not in an organization, so it cannot specify AccountId.")
	}
	if err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	_, delegate := o.delegates[c.Account][accountService]
	_, member := o.members[in.AccountID]
	switch {
	case c.Account != o.management && !delegate:
		return "", denied("Only the management account or a delegated administrator can specify AccountId.")
	case in.AccountID == o.management:
		return "", denied("The management account can only be managed using the standalone context from the management account.")
	case !o.trusts(accountService):
		return "", denied("Your organization must first enable trusted access with AWS Account Management.")
	case !member:
		return "", denied("The account is not a member of your organization.")
	}
	return in.AccountID, nil
}

// alternateContact lets the emulator do it, which stores the contact under the account that is named
// but does not ask whether the caller may name it.
func alternateContact(f *Front, c *call) (*reply, error) {
	if _, err := f.accountOf(c); err != nil {
		return nil, err
	}
	return f.forward(c)
}

func getContact(f *Front, c *call) (*reply, error) {
	account, err := f.accountOf(c)
	if err != nil {
		return nil, err
	}
	f.accounts.mu.Lock()
	defer f.accounts.mu.Unlock()
	contact, ok := f.accounts.contacts[account]
	if !ok {
		return nil, &apiError{Status: http.StatusNotFound, Code: "ResourceNotFoundException", Message: "No contact information found."}
	}
	return jsonReply(c, map[string]any{"ContactInformation": contact})
}

// contactFields are what a primary contact must have.
var contactFields = []string{"AddressLine1", "City", "CountryCode", "FullName", "PhoneNumber", "PostalCode"}

func putContact(f *Front, c *call) (*reply, error) {
	account, err := f.accountOf(c)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct{ ContactInformation json.RawMessage }](c)
	if err != nil {
		return nil, err
	}
	var fields map[string]string
	if err := json.Unmarshal(in.ContactInformation, &fields); err != nil {
		return nil, refuse("ValidationException", "ContactInformation is not valid.")
	}
	for _, name := range contactFields {
		if fields[name] == "" {
			return nil, refuse("ValidationException", "ContactInformation has no %s.", name)
		}
	}
	f.accounts.mu.Lock()
	defer f.accounts.mu.Unlock()
	f.accounts.contacts[account] = in.ContactInformation
	return jsonReply(c, struct{}{})
}
