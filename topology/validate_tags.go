package topology

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of a tag, the same for all AWS services that have tags.
const (
	maxTagKey   = 128
	maxTagValue = 256
)

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

// tagOwner is the tag that the field owner becomes.
const tagOwner = "owner"

// costTag is not required in sandboxes: they are charged as a whole.
const costTag = "cost-center"

// RequiredTagsOf lists the tags that accounts of an organization must have after inheritance and hooks.
func (a *Archipelago) RequiredTagsOf(o *Organization) []string { return a.requiredTags(o) }

// requiredTags are the tags that accounts of an organization must have after inheritance.
func (a *Archipelago) requiredTags(o *Organization) []string {
	switch {
	case a.RequiredTags != nil:
		return a.RequiredTags
	case a.unreadable("requiredTags") || a.scalar("requiredTags"):
		return nil
	case o.Kind == KindSandbox:
		return []string{tagOwner, "environment"}
	}
	return []string{tagOwner, costTag, "environment"}
}

// tags checks each map of tags where it is written, and what accounts have after inheritance.
func (v *validator) tags() {
	v.tagMap(v.a.Source, v.a.Tags)
	v.policyTags(v.a.Policies)
	v.repeated(v.a.Source, v.a.RequiredTags, "requiredTags")
	for i, key := range v.a.RequiredTags {
		if problem := tagKeyProblem(key); problem != "" {
			v.fail(v.a.Source, v.a.Item(i, "requiredTags"), "malformed-tag", "", "tag %q %s", key, problem)
		}
	}
	for _, o := range v.organizations {
		v.tagMap(o.Source, o.Tags)
		v.policyTags(o.Policies)
		if m := o.Management; m != nil {
			v.tagMap(m.Source, m.Tags)
			v.owner(m.Source, m.Owner, m.Tags)
		}
		for _, p := range o.units {
			v.tagMap(p.it.Source, p.it.Tags)
		}
		for _, p := range o.accounts {
			v.tagMap(p.it.Source, p.it.Tags)
			v.owner(p.it.Source, p.it.Owner, p.it.Tags)
		}
		v.tagCounts(o)
		v.required(o)
	}
}

func (v *validator) policyTags(policies map[string]*Policy) {
	for _, key := range sortedKeys(policies) {
		v.tagMap(policies[key].Source, policies[key].Tags)
	}
}

func (v *validator) tagMap(s Source, tags map[string]string) {
	for key, value := range tags {
		if problem := tagKeyProblem(key); problem != "" {
			v.fail(s, s.Key("tags", key), "malformed-tag", "", "tag %q %s", key, problem)
		}
		if problem := tagValueProblem(value); problem != "" {
			v.fail(s, s.At("tags", key), "malformed-tag", "", "the value of tag %q %s", key, problem)
		}
	}
}

func tagKeyProblem(key string) string {
	switch n := utf8.RuneCountInString(key); {
	case n == 0:
		return "has no name"
	case n > maxTagKey:
		return fmt.Sprintf("has %d characters in its name; AWS allows %d", n, maxTagKey)
	case strings.HasPrefix(strings.ToLower(key), "aws:"):
		return "begins with aws:, which AWS keeps for itself"
	case !tagText.MatchString(key):
		return "has characters other than letters, digits, spaces and _ . : / = + - @"
	}
	return ""
}

func tagValueProblem(value string) string {
	switch n := utf8.RuneCountInString(value); {
	case n > maxTagValue:
		return fmt.Sprintf("has %d characters; AWS allows %d", n, maxTagValue)
	case !tagText.MatchString(value):
		return "has characters other than letters, digits, spaces and _ . : / = + - @"
	}
	return ""
}

// TagProblem says what is wrong with a tag, "" for nothing.
func TagProblem(key, value string) string {
	if problem := tagKeyProblem(key); problem != "" {
		return problem
	}
	return tagValueProblem(value)
}

// owner checks the field owner, which becomes a tag.
func (v *validator) owner(s Source, owner string, tags map[string]string) {
	if problem := tagValueProblem(owner); problem != "" {
		v.fail(s, s.At("owner"), "malformed-tag", "the owner becomes the tag owner", "the owner %s", problem)
	}
	if tag := tags[tagOwner]; owner != "" && tag != "" && tag != owner {
		v.fail(s, s.At("tags", tagOwner), "owner-conflict", "keep the field owner and remove the tag: the field becomes the tag",
			"the tag owner is %s, the field owner is %s", tag, owner).relate(s.At("owner"), "the field")
	}
}

// tagCounts reports where a layer first has more tags than AWS allows.
func (v *validator) tagCounts(o *surveyed) {
	limit := v.quota(o, QuotaTags)
	check := func(s Source, what string, chain []*Unit, acc *Account, above []*Unit) {
		n := len(v.layers(o, chain, acc).Tags())
		if n > limit && len(v.layers(o, above, nil).Tags()) <= limit {
			v.fail(s, s.Key("tags"), "too-many-tags", "", "%s has %d tags with the inherited ones; AWS allows %d", what, n, limit)
		}
	}
	if n := len(v.layers(o, nil, nil).Tags()); n > limit {
		v.fail(o.Source, o.Key("tags"), "too-many-tags", "", "organization %s has %d tags with the inherited ones; AWS allows %d", o.name(), n, limit)
	}
	for _, p := range o.units {
		check(p.it.Source, "unit "+p.Path, p.Chain, nil, p.Chain[:len(p.Chain)-1])
	}
	for _, p := range o.accounts {
		if len(p.it.Tags) > 0 || p.it.Owner != "" {
			check(p.it.Source, "account "+p.Key, p.Chain, p.it, p.Chain)
		}
	}
}

// tagged is an account of which tags are required.
type tagged struct {
	s     Source
	what  string
	tags  map[string]string
	lacks []string
}

// required reports missing tags: one that no account has is the organization's, every other is the
// account's.
func (v *validator) required(o *surveyed) {
	// A name that no tag can have has been reported where it is required.
	names := slices.DeleteFunc(slices.Clone(v.a.requiredTags(o.Organization)), func(name string) bool { return tagKeyProblem(name) != "" })
	if len(names) == 0 {
		return
	}
	accounts := v.taggedAccounts(o)
	lacking := map[string]int{}
	for i := range accounts {
		t := &accounts[i]
		for _, name := range names {
			if t.tags[name] == "" && !t.s.unreadableTag(name) {
				t.lacks = append(t.lacks, name)
				lacking[name]++
			}
		}
	}
	common := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return len(accounts) < 2 || lacking[name] < len(accounts)
	})
	if len(common) > 0 {
		v.fail(o.Source, o.Key("tags"), "missing-tags", missingTagsHint(common, v.layers(o, nil, nil).Tags()),
			"no account of organization %s has the required %s", o.name(), nouns("tag", common))
	}
	for _, t := range accounts {
		lacks := slices.DeleteFunc(t.lacks, func(name string) bool { return slices.Contains(common, name) })
		if len(lacks) > 0 {
			v.fail(t.s, t.s.Position(), "missing-tags", missingTagsHint(lacks, t.tags), "%s lacks the required %s", t.what, nouns("tag", lacks))
		}
	}
}

// taggedAccounts are the existing accounts of an organization, the management account among them.
func (v *validator) taggedAccounts(o *surveyed) []tagged {
	var out []tagged
	if m := o.Management; m != nil {
		l := v.layers(o, nil, &Account{Tags: m.Tags, Owner: m.Owner})
		out = append(out, tagged{s: m.Source, what: "the management account of " + o.name(), tags: l.Tags()})
	}
	for _, p := range o.accounts {
		// Hooks may set tags: their accounts are looked at once the hooks have run.
		if p.it.State.Deployed() && !v.layers(o, p.Chain, p.it).Hooked() {
			out = append(out, tagged{s: p.it.Source, what: "account " + p.Key, tags: v.layers(o, p.Chain, p.it).Tags()})
		}
	}
	return out
}

func missingTagsHint(missing []string, tags map[string]string) string {
	for _, name := range missing {
		for key := range tags {
			if key != name && strings.EqualFold(key, name) {
				return fmt.Sprintf("case matters: there is a tag %s", key)
			}
		}
	}
	if slices.Equal(missing, []string{tagOwner}) {
		return "set the field owner, or the tag on a unit, the organization or in " + RootFile
	}
	return "tags are inherited from " + RootFile + ", the organization and units; requiredTags in " + RootFile + " says which are required"
}

// nouns words a list with its noun: "tag owner", "tags owner and environment".
func nouns(noun string, names []string) string {
	if len(names) > 1 {
		noun += "s"
	}
	return noun + " " + list(names)
}

// unreadableTag reports whether the tag is there with a value that is no text.
func (s Source) unreadableTag(name string) bool {
	if name == tagOwner && s.unreadable("owner") {
		return true
	}
	e := s.node.get("tags")
	return e != nil && Source{node: e.value}.unreadable(name)
}
