package topology

import (
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	shortName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)
	// keyName is the grammar of keys that become part of Pulumi names, profiles and addresses.
	keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
	// printableASCII is what AWS accepts in the name of an account.
	printableASCII = regexp.MustCompile(`^[ -~]+$`)
	roleName       = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
)

// managementKey is what the names of the management account's own resources begin with.
const managementKey = "management"

const (
	maxAccountName = 50
	maxUnitName    = 128
	maxPolicyName  = 128
)

// names checks how everything is called, and that nothing is called alike.
func (v *validator) names() {
	v.shortName(v.a.Source, v.a.Name)
	files := registry{}
	for _, o := range v.organizations {
		v.shortName(o.Source, o.Name)
		v.organizationName(o, files)
		v.accountNames(o)
		v.unitNames(o)
		v.policyKeys(o.Policies)
	}
	v.policyKeys(v.a.Policies)
}

func (v *validator) shortName(s Source, name string) {
	if s.Has("name") && !shortName.MatchString(name) && s.scalar("name") {
		v.fail(s, s.At("name"), "malformed-name", "", "name must be 1-32 lower-case letters, digits and hyphens, and start with a letter")
	}
}

func (v *validator) organizationName(o *surveyed, files registry) {
	if o.Name == "" {
		return
	}
	if earlier, taken := files.claim(o.Name, o.At("name"), o.Name); taken {
		v.fail(o.Source, o.At("name"), "duplicate-organization", "every organization has a name, a file and a stack of its own",
			"there are two organizations called %s", o.Name).relate(earlier.pos, "the other one")
		return
	}
	file := o.Position().File
	if base := strings.TrimSuffix(path.Base(file), path.Ext(file)); file != "" && base != o.Name && shortName.MatchString(o.Name) {
		v.warn(o.Source, o.At("name"), "file-name", "rename the file to "+o.Name+path.Ext(file),
			"organization %s is in a file called %s", o.Name, path.Base(file))
	}
}

func (v *validator) accountNames(o *surveyed) {
	keys, names := registry{}, registry{}
	if m := o.Management; m != nil {
		v.accountName(m.Source, m.Name)
		name := m.Name
		if name == "" {
			name = o.Name + "-management"
		}
		names.claim(name, m.Position(), "the management account")
	}
	for _, p := range o.accounts {
		acc := p.it
		if earlier, taken := keys.claim(p.Key, acc.Position(), p.Name()); taken {
			v.fail(acc.Source, acc.Position(), "duplicate-account", "an account's key is unique in its organization; an account is in one unit only",
				"account %s is in %s and in %s", p.Key, earlier.what, p.Name()).relate(earlier.pos, "the other one")
			continue
		}
		switch {
		case !keyName.MatchString(p.Key):
			v.fail(acc.Source, acc.Position(), "malformed-name", "to give the account any other name in AWS, set its field name",
				"an account's key has letters, digits, dots, hyphens and underscores, and starts with a letter or digit")
		case p.Key == managementKey:
			v.fail(acc.Source, acc.Position(), "malformed-name", "choose another key; to call the account so in AWS, set its field name",
				"%q stands for the management account and cannot be the key of a member account", managementKey)
		case acc.Name == "" && len(p.Key) > maxAccountName:
			v.fail(acc.Source, acc.Position(), "malformed-name", "set a shorter name in the account's field name",
				"an account's name has at most %d characters; this key, which is its name, has %d", maxAccountName, len(p.Key))
		}
		v.accountName(acc.Source, acc.Name)
		if earlier, taken := names.claim(NameFor(p.Key, acc), acc.At("name"), "account "+p.Key); taken {
			v.warn(acc.Source, acc.At("name"), "duplicate-account-name", "AWS allows it, but bills and consoles show the name",
				"%s has the same name: %s", earlier.what, NameFor(p.Key, acc)).relate(earlier.pos, "the other one")
		}
	}
}

func (v *validator) accountName(s Source, name string) {
	if s.Has("name") && s.scalar("name") && (!printableASCII.MatchString(name) || len(name) > maxAccountName) {
		v.fail(s, s.At("name"), "malformed-name", "", "an account's name has 1-%d ASCII characters", maxAccountName)
	}
}

func (v *validator) unitNames(o *surveyed) {
	siblings := registry{}
	for _, p := range o.units {
		u := p.it
		if problem := unitKeyProblem(p.Key); problem != "" {
			v.fail(u.Source, u.Position(), "malformed-name", "to give the unit any other name in AWS, set its field name", "%s", problem)
		}
		name := u.Name
		if name == "" {
			name = p.Key
		}
		if n := utf8.RuneCountInString(name); n > maxUnitName {
			v.fail(u.Source, u.At("name"), "malformed-name", "", "a unit's name has at most %d characters; this has %d", maxUnitName, n)
		}
		// AWS compares exactly; two names that differ in case only would still be taken for each other.
		parent := strings.TrimSuffix(p.Path, p.Key)
		if earlier, taken := siblings.claim(parent+"\x00"+strings.ToLower(name), u.At("name"), name); taken {
			v.duplicateUnit(u, name, earlier)
		}
	}
	v.formerly(o.Units)
	for _, p := range o.units {
		v.formerly(p.it.Units)
	}
}

func (v *validator) duplicateUnit(u *Unit, name string, earlier claim) {
	if name != earlier.what {
		v.warn(u.Source, u.At("name"), "duplicate-unit-name", "AWS tells them apart, people will not",
			"units %s and %s are side by side and differ in case only", earlier.what, name).relate(earlier.pos, "the other one")
		return
	}
	v.fail(u.Source, u.At("name"), "duplicate-unit-name", "AWS wants names of units to differ below one parent",
		"two units side by side are called %s", name).relate(earlier.pos, "the other one")
}

// unitKeyProblem says what is wrong with the key of a unit: it is part of paths such as
// unit:Workloads/Prod.
func unitKeyProblem(key string) string {
	switch {
	case key == "" || strings.TrimSpace(key) != key:
		return "a unit's key is not empty and has no white space at its ends"
	case strings.ContainsAny(key, "/:@"):
		return "a unit's key has none of the characters / : @"
	case strings.ContainsFunc(key, unicode.IsControl):
		return "a unit's key has no control characters"
	}
	return ""
}

// formerly checks the former keys of the units below one parent: each may lead to one unit only.
func (v *validator) formerly(units map[string]*Unit) {
	taken := registry{}
	for _, key := range sortedKeys(units) {
		taken.claim(key, units[key].Position(), "a unit")
	}
	for _, key := range sortedKeys(units) {
		u := units[key]
		for i, former := range u.Formerly {
			if earlier, used := taken.claim(former, u.Item(i, "formerly"), "a former key"); used {
				v.fail(u.Source, u.Item(i, "formerly"), "formerly-taken", "remove it: a former key leads to one unit, which takes over what was deployed under it",
					"%q is %s here already", former, earlier.what).relate(earlier.pos, "here")
			}
		}
	}
}

func (v *validator) policyKeys(policies map[string]*Policy) {
	for _, key := range sortedKeys(policies) {
		p := policies[key]
		if !keyName.MatchString(key) || len(key) > maxPolicyName {
			v.fail(p.Source, p.Position(), "malformed-name", "to give the policy any other name in AWS, set its field name",
				"a policy's key has 1-%d letters, digits, dots, hyphens and underscores, and starts with a letter or digit", maxPolicyName)
		}
	}
}
