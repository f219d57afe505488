package topology

import (
	"fmt"
	"regexp"
	"strings"
)

var servicePrincipal = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$`)

// delegation checks the delegated administrators of every organization.
func (v *validator) delegation() {
	for _, o := range v.organizations {
		services := registry{}
		for _, name := range sortedKeys(o.DelegatedAdministrators) {
			if service, ok := v.delegable(o, name); ok {
				pos := o.Key("delegatedAdministrators", name)
				if earlier, taken := services.claim(service.Principal, pos, name); taken {
					v.fail(o.Source, pos, "duplicate-service", "write one entry with all its accounts",
						"%s and %s are the same service", earlier.what, name).relate(earlier.pos, "the other one")
				}
				v.administrators(o, name, service)
			}
		}
	}
}

// delegable finds the service of a key. The table of services is not complete, so only what cannot be
// a service, or is near to one, is an error.
func (v *validator) delegable(o *surveyed, name string) (Service, bool) {
	pos := o.Key("delegatedAdministrators", name)
	service, known := LookupService(name)
	guess := closestService(name)
	hint := "write a short name such as guardduty, or a principal; docs/topology.md lists those that are known"
	if guess != "" {
		hint = "did you mean \"" + guess + "\"?"
	}
	switch {
	case known && service.Administrators == 0:
		v.warn(o.Source, pos, "no-delegation", "remove it if AWS refuses it: such services are administered from the management account",
			"service %s is not known to have delegated administrators", name)
	case known:
	case servicePrincipal.MatchString(name) && guess == "":
		v.warn(o.Source, pos, "unknown-service", "check the spelling", "no service with the principal %s is known", name)
		service = Service{Name: name, Principal: name}
	default:
		v.fail(o.Source, pos, "unknown-service", hint, "there is no service %q", name)
		return service, false
	}
	return service, true
}

func (v *validator) administrators(o *surveyed, name string, service Service) {
	accounts := o.DelegatedAdministrators[name]
	v.repeated(o.Source, accounts, "delegatedAdministrators", name)
	for i, key := range accounts {
		if pos := o.Item(i, "delegatedAdministrators", name); key != "" {
			v.administrator(o, pos, name, key)
		}
	}
	if service.Administrators == 0 {
		return
	}
	if limit := v.quota(o, QuotaAdministrators+service.Name); len(accounts) > limit {
		v.fail(o.Source, o.Item(limit, "delegatedAdministrators", name), "too-many-administrators", fmt.Sprintf("remove it; if AWS allows more now, set quotas: { %s%s: %d }", QuotaAdministrators, service.Name, len(accounts)),
			"service %s takes %s, not %d", name, plural(limit, "delegated administrator"), len(accounts))
	}
}

func (v *validator) administrator(o *surveyed, pos Position, service, key string) {
	acc := o.byKey[key]
	switch {
	case acc == nil && o.isManagement(key):
		v.fail(o.Source, pos, "management-administrator", "name a member account, such as one for audit or security tooling",
			"the management account cannot be the delegated administrator of %s", service)
	case acc == nil:
		v.fail(o.Source, pos, "unknown-account", didYouMean(key, sortedKeys(o.byKey), "name an account by its key in this file"),
			"there is no account %q in organization %s", key, o.name())
	case !acc.State.Active():
		v.fail(o.Source, pos, "inactive-administrator", "name an account in use", "account %s is %s and cannot administer %s", key, acc.State, service).
			relate(acc.At("state"), "its state")
	}
}

// isManagement reports whether a name stands for the management account.
func (o *surveyed) isManagement(name string) bool {
	m := o.Management
	return name == "management" || name == o.Name+"-management" || m != nil && name != "" && (name == m.Name || name == m.AccountID || name == m.Email)
}

// trustedAccess checks the names of services. The table of services cannot be complete, so a
// principal that is not in it is taken as it is, unless it looks like a misspelt one.
func (v *validator) trustedAccess() {
	for _, o := range v.organizations {
		for i, name := range o.TrustedAccess {
			if _, known := LookupService(name); known || name == "" {
				continue
			}
			pos, guess := o.Item(i, "trustedAccess"), closestService(name)
			hint := "write a principal such as cloudtrail" + principalSuffix + "; docs/topology.md lists those that are known"
			if guess != "" {
				hint = "did you mean \"" + guess + "\"?"
			}
			if !servicePrincipal.MatchString(name) {
				v.fail(o.Source, pos, "unknown-service", hint, "%q is not a service principal", name)
			} else if guess != "" && !strings.Contains(strings.TrimSuffix(name, principalSuffix), ".") {
				v.warn(o.Source, pos, "unknown-service", hint, "no service with the principal %s is known", name)
			}
		}
		v.repeated(o.Source, o.TrustedAccess, "trustedAccess")
	}
}
