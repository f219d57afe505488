package topology

import "regexp"

var (
	accountID      = regexp.MustCompile(`^[0-9]{12}$`)
	organizationID = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	unitID         = regexp.MustCompile(`^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$`)
)

// ids checks the ids of what exists already. An account belongs to one organization, so an id must
// not be written twice in the whole archipelago.
func (v *validator) ids() {
	taken := registry{}
	for _, o := range v.organizations {
		v.id(taken, o.Source, "id", o.ID, organizationID, "an organization's id is o- and 10-32 lower-case letters and digits", "organization "+o.name())
		if m := o.Management; m != nil {
			v.id(taken, m.Source, "accountId", m.AccountID, accountID, "an account's id is twelve digits", "the management account of "+o.name())
		}
		for _, p := range o.accounts {
			v.id(taken, p.it.Source, "id", p.it.ID, accountID, "an account's id is twelve digits", "account "+o.name()+"/"+p.Key)
		}
		for _, p := range o.units {
			v.id(taken, p.it.Source, "id", p.it.ID, unitID, "a unit's id is ou-, the root's letters and digits, a hyphen and 8-32 more", "unit "+o.name()+"/"+p.Path)
		}
	}
}

func (v *validator) id(taken registry, s Source, field, id string, grammar *regexp.Regexp, rule, what string) {
	if !s.scalar(field) {
		return
	}
	if !grammar.MatchString(id) {
		v.fail(s, s.At(field), "malformed-id", "", "%s; this is %q", rule, id)
		return
	}
	if earlier, used := taken.claim(id, s.At(field), what); used {
		v.fail(s, s.At(field), "duplicate-id", "each of them has an id of its own",
			"%s has this id already", earlier.what).relate(earlier.pos, "here")
	}
}
