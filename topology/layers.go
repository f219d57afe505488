package topology

import (
	"maps"
	"strings"
)

// Layers are the places that an account inherits from, from the outside in: archipelago,
// organization, the units of its chain, and the account itself, which may be nil.
type Layers struct {
	Archipelago  *Archipelago
	Organization *Organization
	Units        []*Unit
	Account      *Account
}

// Tags merges the tags of all layers by key, the inner layer winning. The owner of an account is
// its tag "owner".
func (l Layers) Tags() map[string]string {
	out := map[string]string{}
	maps.Copy(out, l.Archipelago.Tags)
	maps.Copy(out, l.Organization.Tags)
	for _, u := range l.Units {
		maps.Copy(out, u.Tags)
	}
	if l.Account != nil {
		maps.Copy(out, l.Account.Tags)
		if l.Account.Owner != "" {
			out["owner"] = l.Account.Owner
		}
	}
	return out
}

// Regions returns the list of the innermost layer that has one, the home region first.
func (l Layers) Regions() []string {
	if l.Account != nil && len(l.Account.Regions) > 0 {
		return l.Account.Regions
	}
	for i := len(l.Units) - 1; i >= 0; i-- {
		if len(l.Units[i].Regions) > 0 {
			return l.Units[i].Regions
		}
	}
	if len(l.Organization.Regions) > 0 {
		return l.Organization.Regions
	}
	return l.Archipelago.Regions
}

// Contacts merges the alternate contacts of all layers by type, the inner layer winning with a
// whole contact. The result has no source.
func (l Layers) Contacts() Contacts {
	var out Contacts
	merge := func(c *Contacts) {
		if c == nil {
			return
		}
		if c.Billing != nil {
			out.Billing = c.Billing
		}
		if c.Operations != nil {
			out.Operations = c.Operations
		}
		if c.Security != nil {
			out.Security = c.Security
		}
	}
	merge(l.Archipelago.Contacts)
	merge(l.Organization.Contacts)
	for _, u := range l.Units {
		merge(u.Contacts)
	}
	if l.Account != nil {
		merge(l.Account.Contacts)
	}
	return out
}

// EmailPattern returns the pattern of e-mail addresses that holds in the organization, "" for none.
func EmailPattern(a *Archipelago, o *Organization) string {
	if o.Email != "" {
		return o.Email
	}
	return a.Email
}

// EmailFor returns the e-mail address of an account: its own, else formed from the pattern.
func EmailFor(a *Archipelago, o *Organization, key string, account *Account) string {
	if account.Email != "" {
		return account.Email
	}
	return Expand(EmailPattern(a, o), a.Name, o.Name, key)
}

// Expand replaces {archipelago}, {organization} and {account} in a pattern.
func Expand(pattern, archipelago, organization, account string) string {
	if !strings.Contains(pattern, "{") {
		return pattern
	}
	// Three passes are cheaper than a Replacer made for every account; no value has a brace in it.
	pattern = strings.ReplaceAll(pattern, "{archipelago}", archipelago)
	pattern = strings.ReplaceAll(pattern, "{organization}", organization)
	return strings.ReplaceAll(pattern, "{account}", account)
}

// NameFor returns the name of an account in AWS: its own, else its key.
func NameFor(key string, account *Account) string {
	if account.Name != "" {
		return account.Name
	}
	return key
}

// Deployed reports whether an account in this state exists in AWS as far as Archipelago goes: all
// but closed ones.
func (s State) Deployed() bool { return s != StateClosed }

// Active reports whether an account in this state takes part in what goes to many accounts:
// suspended and closed ones never do.
func (s State) Active() bool { return s != StateSuspended && s != StateClosed }

// HookUses lists every use of a hook: those of the archipelago, then organization by organization.
func (a *Archipelago) HookUses() []*HookUse {
	var out []*HookUse
	add := func(uses []*HookUse) {
		for _, use := range uses {
			if use != nil && use.File != "" {
				out = append(out, use)
			}
		}
	}
	add(a.Hooks)
	for _, o := range a.Organizations {
		add(o.Hooks)
		o.Walk(func(_ Node, u *Unit) { add(u.Hooks) }, func(_ Node, acc *Account) { add(acc.Hooks) })
	}
	return out
}

// HookFiles lists the files of all hooks that some layer uses, sorted, each once.
func (a *Archipelago) HookFiles() []string {
	files := map[string]bool{}
	for _, use := range a.HookUses() {
		files[use.File] = true
	}
	return sortedKeys(files)
}

// Hooked reports whether any hook runs for the account of these layers.
func (l Layers) Hooked() bool {
	if len(l.Archipelago.Hooks)+len(l.Organization.Hooks) > 0 || l.Account != nil && len(l.Account.Hooks) > 0 {
		return true
	}
	for _, u := range l.Units {
		if len(u.Hooks) > 0 {
			return true
		}
	}
	return false
}
