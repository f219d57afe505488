package topology

import "strings"

// access checks that the management accounts can be reached, each by a way of its own.
func (v *validator) access() {
	v.accessFields(v.a.Access)
	var none, same []*surveyed
	for _, o := range v.organizations {
		v.accessFields(o.Access)
		switch access := o.Access; {
		case access == nil && v.a.Access == nil:
			none = append(none, o)
		case access == nil:
			same = append(same, o)
		case access.Profile == "" && access.Role == "" && len(v.organizations) > 1 && access.mapping():
			v.warn(access.Source, access.Position(), "no-access", "set profile, role or both",
				"nothing says how to reach the management account of %s: the default credentials are used", o.name())
		}
	}
	if len(none) > 0 && len(v.organizations) > 1 {
		v.noAccess(none)
	}
	if a := v.a.Access; a != nil && len(same) > 1 && a.Role == "" && !strings.Contains(a.Profile, "{organization}") && a.mapping() {
		v.warn(a.Source, a.At("profile"), "same-access", "put {organization} into the profile, or set role",
			"the same credentials would be used for %d organizations", len(same))
	}
}

func (v *validator) noAccess(none []*surveyed) {
	hint := "set access in " + RootFile + ", such as access: { profile: \"{archipelago}-{organization}\" }"
	if len(none) == len(v.organizations) {
		v.warn(v.a.Source, v.a.Position(), "no-access", hint,
			"nothing says how to reach the management accounts: the default credentials are used for all %d organizations", len(none))
		return
	}
	for _, o := range none {
		v.warn(o.Source, o.Position(), "no-access", hint, "nothing says how to reach the management account of %s: the default credentials are used", o.name())
	}
}

func (v *validator) accessFields(a *Access) {
	if a == nil {
		return
	}
	known := []string{"{archipelago}", "{organization}"}
	v.placeholders(a.Source, "profile", a.Profile, known)
	v.placeholders(a.Source, "role", a.Role, known)
	if bare := placeholder.ReplaceAllString(a.Role, "x"); a.scalar("role") {
		v.role(a.Source, "role", bare)
	}
}

// role checks the name of an IAM role.
func (v *validator) role(s Source, field, name string) {
	if !roleName.MatchString(name) {
		v.fail(s, s.At(field), "malformed-role", "write the role's name alone, without path or ARN",
			"a role's name has 1-64 letters, digits and any of _ + = , . @ -")
	}
}
