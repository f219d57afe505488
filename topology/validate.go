package topology

import (
	"cmp"
	"fmt"
	"slices"
)

// validate checks the whole archipelago against the rules of AWS and of this project. It reports every
// problem it finds, each at the place that has to change. Its cost is linear in the number of accounts.
//
// What decoding has reported already is left alone: a value that could not be read is empty in the
// model but present in its source, so rules about missing values ask [Source.Has].
func validate(a *Archipelago) Diagnostics {
	v := &validator{a: a}
	for _, o := range a.Organizations {
		v.organizations = append(v.organizations, survey(o))
	}
	v.names()
	v.kinds()
	v.ids()
	v.emails()
	v.access()
	v.regions()
	v.contacts()
	v.tags()
	v.quotas()
	v.units()
	v.accounts()
	v.policies()
	v.attachments()
	v.delegation()
	v.trustedAccess()
	return v.found
}

// validator carries what the rules share.
type validator struct {
	a             *Archipelago
	organizations []*surveyed
	found         Diagnostics
}

// surveyed is an organization with its tree laid out flat, in the order of the file.
type surveyed struct {
	*Organization
	units    []place[*Unit]
	accounts []place[*Account]
	// byKey finds an account; of two with the same key, the first.
	byKey map[string]*Account
}

// place is a unit or an account with where it stands in the tree.
type place[T any] struct {
	Node
	it T
}

func survey(o *Organization) *surveyed {
	s := &surveyed{Organization: o, byKey: map[string]*Account{}}
	o.Walk(func(n Node, u *Unit) {
		s.units = append(s.units, place[*Unit]{n, u})
	}, func(n Node, acc *Account) {
		s.accounts = append(s.accounts, place[*Account]{n, acc})
	})
	slices.SortStableFunc(s.accounts, func(x, y place[*Account]) int { return compareSources(x.it.Source, y.it.Source) })
	slices.SortStableFunc(s.units, func(x, y place[*Unit]) int { return compareSources(x.it.Source, y.it.Source) })
	for _, p := range s.accounts {
		if s.byKey[p.Key] == nil {
			s.byKey[p.Key] = p.it
		}
	}
	return s
}

// compareSources orders parts of one file as they are written.
func compareSources(x, y Source) int {
	return cmp.Or(cmp.Compare(x.line, y.line), cmp.Compare(x.col, y.col))
}

// name is how messages call the organization: by its name, or by its file while it has none.
func (o *surveyed) name() string {
	if o.Name == "" {
		return o.Position().File
	}
	return o.Name
}

// layers are the layers of a place in the organization's tree.
func (v *validator) layers(o *surveyed, chain []*Unit, acc *Account) Layers {
	return Layers{Archipelago: v.a, Organization: o.Organization, Units: chain, Account: acc}
}

// fail adds an error about something in s; the caller may add related places to what it returns,
// before the next diagnostic is added.
func (v *validator) fail(s Source, pos Position, code, hint, format string, args ...any) *Diagnostic {
	return v.add(Error, s, pos, code, hint, format, args...)
}

// warn is like fail for what does not stop a deployment.
func (v *validator) warn(s Source, pos Position, code, hint, format string, args ...any) *Diagnostic {
	return v.add(Warning, s, pos, code, hint, format, args...)
}

func (v *validator) add(sev Severity, s Source, pos Position, code, hint, format string, args ...any) *Diagnostic {
	v.found = append(v.found, s.Problem(sev, pos, code, fmt.Sprintf(format, args...), hint))
	return &v.found[len(v.found)-1]
}

func (d *Diagnostic) relate(pos Position, message string) {
	d.Related = append(d.Related, Related{pos, message})
}

// didYouMean is the hint about a name that is not among the candidates.
func didYouMean(name string, candidates []string, otherwise string) string {
	if guess := closest(name, candidates); guess != "" {
		return fmt.Sprintf("did you mean %q?", guess)
	}
	return otherwise
}

// repeated reports the items of a list that are there already.
func (v *validator) repeated(s Source, items []string, path ...string) {
	first := make(map[string]int, len(items))
	for i, item := range items {
		j, twice := first[item]
		if !twice {
			first[item] = i
			continue
		}
		d := v.fail(s, s.Item(i, path...), "repeated-item", "remove one of the two", "%q is twice in the list", item)
		d.relate(s.Item(j, path...), "first here")
	}
}

// registry finds values that must not be used twice, across files.
type registry map[string]claim

type claim struct {
	pos  Position
	what string
}

// claim registers a value and returns the earlier claim on it, if any.
func (r registry) claim(value string, pos Position, what string) (claim, bool) {
	earlier, taken := r[value]
	if !taken {
		r[value] = claim{pos, what}
	}
	return earlier, taken
}
