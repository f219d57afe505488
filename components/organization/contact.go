package organization

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/account"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Contacts are the alternate contacts of an account; nil leaves one alone. Mail that AWS would
// otherwise send only to the root user's address goes to them as well.
type Contacts struct {
	// Billing receives bills and payment questions.
	Billing *Contact
	// Operations receives notices about operations, such as the retirement of hardware.
	Operations *Contact
	// Security receives abuse and security notices.
	Security *Contact
}

// Contact is one alternate contact; AWS requires all four.
type Contact struct {
	// Name is the person's or team's name, 1-64 characters.
	Name pulumi.StringInput
	// Title is 1-50 characters.
	Title pulumi.StringInput
	// Email is the address.
	Email pulumi.StringInput
	// Phone is the number: digits, spaces and any of + - ( ).
	Phone pulumi.StringInput
}

// newContacts registers the alternate contacts of an account: of the account with the given id, or of
// the account that the provider is in where id is nil.
func newContacts(ctx *pulumi.Context, prefix string, contacts Contacts, id pulumi.StringPtrInput, opts ...pulumi.ResourceOption) error {
	for _, c := range []struct {
		name, kind string
		contact    *Contact
	}{
		{"billing", "BILLING", contacts.Billing},
		{"operations", "OPERATIONS", contacts.Operations},
		{"security", "SECURITY", contacts.Security},
	} {
		if c.contact == nil {
			continue
		}
		name := prefix + "/" + c.name
		_, err := account.NewAlternativeContact(ctx, name, &account.AlternativeContactArgs{
			AccountId:            id,
			AlternateContactType: pulumi.String(c.kind),
			Name:                 c.contact.Name.ToStringOutput(),
			Title:                c.contact.Title,
			EmailAddress:         c.contact.Email,
			PhoneNumber:          c.contact.Phone,
		}, opts...)
		if err != nil {
			return fmt.Errorf("set contact %s: %w", name, err)
		}
	}
	return nil
}
