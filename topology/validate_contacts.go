package topology

import (
	"fmt"
	"regexp"
	"unicode/utf8"
)

// Grammar of an alternate contact. Source: AWS Account Management API Reference, AlternateContact, 2026-11.
var (
	contactEmail = regexp.MustCompile(`^[\w+=.#|!&-]+@[\w.-]+\.\w+$`)
	contactPhone = regexp.MustCompile(`^[\s0-9()+-]+$`)
)

const (
	maxContactName  = 64
	maxContactTitle = 50
	maxContactEmail = 254
	maxContactPhone = 25
)

// contacts checks every contact where it is written, and warns where an organization has none of a type.
func (v *validator) contacts() {
	v.contactsOf(v.a.Contacts)
	type key struct{ billing, operations, security bool }
	var without []*surveyed
	lacking := map[key]bool{}
	for _, o := range v.organizations {
		v.contactsOf(o.Contacts)
		if o.Management != nil {
			v.contactsOf(o.Management.Contacts)
		}
		for _, p := range o.units {
			v.contactsOf(p.it.Contacts)
		}
		for _, p := range o.accounts {
			v.contactsOf(p.it.Contacts)
		}
		c := v.layers(o, nil, nil).Contacts()
		if k := (key{c.Billing == nil, c.Operations == nil, c.Security == nil}); k != (key{}) {
			without = append(without, o)
			lacking[k] = true
		}
	}
	if len(without) > 1 && len(without) == len(v.organizations) && len(lacking) == 1 {
		v.lackContacts(v.a.Source, "", v.layers(without[0], nil, nil).Contacts())
		return
	}
	for _, o := range without {
		v.lackContacts(o.Source, " in organization "+o.name(), v.layers(o, nil, nil).Contacts())
	}
}

func (v *validator) lackContacts(s Source, where string, c Contacts) {
	var missing []string
	for _, t := range []struct {
		name string
		it   *Contact
	}{{"billing", c.Billing}, {"operations", c.Operations}, {"security", c.Security}} {
		if t.it == nil {
			missing = append(missing, t.name)
		}
	}
	v.warn(s, s.Key("contacts"), "missing-contacts", "set contacts: AWS writes to them, not only to the root user's address",
		"there is no contact for %s%s", list(missing), where)
}

func (v *validator) contactsOf(c *Contacts) {
	if c == nil {
		return
	}
	v.contact(c.Billing)
	v.contact(c.Operations)
	v.contact(c.Security)
}

func (v *validator) contact(c *Contact) {
	if c == nil {
		return
	}
	for _, p := range c.Problems() {
		if c.scalar(p.Field) {
			v.fail(c.Source, c.At(p.Field), "malformed-contact", "", "%s", p.Message)
		}
	}
}

// ContactProblem is something wrong with a field of a contact.
type ContactProblem struct {
	// Field is the field's name in YAML.
	Field   string
	Message string
}

// Problems says what is wrong with a contact.
func (c *Contact) Problems() []ContactProblem {
	var out []ContactProblem
	text := func(field, value string, limit int, grammar *regexp.Regexp, rule string) {
		n := utf8.RuneCountInString(value)
		if n == 0 || n > limit || grammar != nil && !grammar.MatchString(value) {
			out = append(out, ContactProblem{field, "the " + field + " of a contact " + rule})
		}
	}
	text("name", c.Name, maxContactName, nil, fmt.Sprintf("has 1-%d characters", maxContactName))
	text("title", c.Title, maxContactTitle, nil, fmt.Sprintf("has 1-%d characters", maxContactTitle))
	text("email", c.Email, maxContactEmail, contactEmail, fmt.Sprintf("is an address of at most %d characters; besides letters and digits only . _ + = # | ! & - before the @", maxContactEmail))
	text("phone", c.Phone, maxContactPhone, contactPhone, fmt.Sprintf("has 1-%d digits, spaces and any of + - ( )", maxContactPhone))
	return out
}
