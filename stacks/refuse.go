package stacks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

const featuresAll = topology.FeaturesAll

// refusals compares the plan with the last deployment and collects the edits that AWS could only
// follow by replacing or losing something.
type refusals struct {
	organization *plan.Organization
	last         *Outputs
	// accepted are subjects that the user has taken care of, such as "account:shop".
	accepted []string
	found    topology.Diagnostics
}

// refuse returns one error that lists every edit since the last deployment that must not be
// deployed, each with its place, the reason and the way to do it.
func refuse(o *plan.Organization, last *Outputs, accepted []string) error {
	if last == nil {
		return nil
	}
	r := &refusals{organization: o, last: last, accepted: accepted}
	r.organizationChanges()
	r.accounts()
	r.goneAccounts()
	r.units()
	r.policies()
	return r.found.Sort().Err()
}

func (r *refusals) add(subject, source, code, message, hint string) {
	if slices.Contains(r.accepted, subject) {
		return
	}
	r.found = append(r.found, topology.Diagnostic{
		Severity: topology.Error, Code: code, Position: position(source), Message: message, Hint: hint,
	})
}

// stack is the place of a problem that is in no line any more: the organization's file.
func (r *refusals) stack() string {
	if r.organization.Source != "" {
		return r.organization.Source
	}
	return "stack " + r.organization.Name
}

// position reads file:line:column.
func position(source string) topology.Position {
	parts := strings.Split(source, ":")
	if len(parts) < 3 {
		return topology.Position{File: source}
	}
	n := len(parts)
	line, err := strconv.Atoi(parts[n-2])
	column, err2 := strconv.Atoi(parts[n-1])
	if err != nil || err2 != nil {
		return topology.Position{File: source}
	}
	return topology.Position{File: strings.Join(parts[:n-2], ":"), Line: line, Column: column}
}

func (r *refusals) organizationChanges() {
	o, last := r.organization, r.last
	if id := o.Management.AccountID; last.ManagementAccountID != id {
		// Nothing in AWS makes this right, so it has no subject that could be accepted.
		r.add("", r.stack(), "management-account-changed",
			fmt.Sprintf("organization %s has management account %s in the file and %s in the last deployment", o.Name, id, last.ManagementAccountID),
			"an organization cannot change its management account: put the id back, or give the other organization a name of its own")
	}
	if o.ID != "" && o.ID != last.OrganizationID {
		r.add("organization", r.stack(), "organization-id-changed",
			fmt.Sprintf("organization %s has id %s in the file and %s in the last deployment", o.Name, o.ID, last.OrganizationID),
			"put the id back, or give the other organization a name of its own")
	}
	if last.Features == featuresAll && o.Features != featuresAll {
		r.add("organization", r.stack(), "features-reduced",
			fmt.Sprintf("organization %s was deployed with all features and cannot go back to %s", o.Name, o.Features),
			"AWS switches all features on once and for good: set features to ALL")
	}
	if last.Management != nil && needsHome(o.Management.Setup) {
		r.homeRegion("the management account", r.stack(), o.Management.Region, last.Management.Region)
	}
}

// homeRegion refuses another home region for an account that is set up. The provider of that region would
// have to make everything anew that is the same in all regions, roles for instance, while the old ones are
// still there under the same names.
func (r *refusals) homeRegion(account, source, now, before string) {
	if before == "" || now == before {
		return
	}
	r.add("", source, "home-region-changed",
		fmt.Sprintf("the home region of %s is %s in the file and %s in the last deployment, and a change would replace its baseline", account, now, before),
		fmt.Sprintf("put %s first in the regions; to move, take the baseline away, deploy, and give it back together with the other region", before))
}

func (r *refusals) accounts() {
	for _, a := range r.organization.Accounts {
		last, ok := r.last.Accounts[a.Key]
		if !ok {
			continue
		}
		subject := "account:" + a.Key
		if !a.Frozen && needsHome(a.Setup) {
			r.homeRegion("account "+a.Key, a.Source, homeRegion(r.organization, a), last.Region)
		}
		r.accountID(subject, a, last)
		inAWS := fmt.Sprintf("put it back; or change it in AWS first, run pulumi refresh, and deploy once with archipelago:accept set to %s", subject)
		r.changed(subject, a, "email", a.Email, last.Email, inAWS)
		r.changed(subject, a, "name", a.Name, last.Name, inAWS)
		if a.ID != "" || last.Imported {
			continue
		}
		r.changed(subject, a, "role", a.Role, last.Role,
			"put it back: AWS creates this role once, with the account; another role is made in the account")
		r.changed(subject, a, "billing access", a.BillingAccess, last.BillingAccess,
			"put it back: after creation only the account's root user changes it, on the account's own page")
	}
}

func (r *refusals) changed(subject string, a *plan.Account, what, now, before, hint string) {
	if now == before {
		return
	}
	code := "account-" + strings.ReplaceAll(what, " ", "-") + "-changed"
	r.add(subject, a.Source, code,
		fmt.Sprintf("the %s of account %s is %s in the file and %s in AWS, and a change would replace the account", what, a.Key, now, before), hint)
}

func (r *refusals) accountID(subject string, a *plan.Account, last AccountOutputs) {
	switch {
	case a.ID != "" && a.ID != last.ID:
		r.add(subject, a.Source, "account-id-changed",
			fmt.Sprintf("account %s has id %s in the file and %s in AWS", a.Key, a.ID, last.ID),
			"put the id back; another account needs another key")
	case a.ID == "" && last.Imported:
		r.add(subject, a.Source, "account-id-dropped",
			fmt.Sprintf("account %s was imported, and without its id it would be replaced", a.Key),
			fmt.Sprintf("keep id: %q in the file", last.ID))
	}
}

// goneAccounts looks at the accounts that were deployed and are not any more.
func (r *refusals) goneAccounts() {
	active := map[string]bool{}
	for _, a := range r.organization.Accounts {
		active[a.Key] = true
	}
	closed := map[string]string{}
	for _, t := range r.organization.Closed {
		closed[t.Key] = t.Source
	}
	for _, key := range sortedKeys(r.last.Accounts) {
		last := r.last.Accounts[key]
		source, tombstone := closed[key]
		switch {
		case active[key] || tombstone && last.AllowClose:
		case tombstone:
			r.add("account:"+key, source, "account-not-closable",
				fmt.Sprintf("account %s (%s) is closed in the file, but its last deployment did not allow closing it", key, last.ID),
				fmt.Sprintf("set state: suspended and allowClose: true, deploy, then set state: closed; if it is closed in AWS already, run pulumi refresh, and deploy once with archipelago:accept set to account:%s", key))
		default:
			r.add("account:"+key, r.stack(), "account-gone",
				fmt.Sprintf("account %s (%s, %s) is deployed and no longer in the files", key, last.ID, last.Email),
				"put the entry back; to close the account set state: suspended and allowClose: true, deploy, then set state: closed and keep the entry")
		}
	}
}

func (r *refusals) units() {
	kept := map[string]bool{}
	for _, u := range r.organization.Units {
		kept[u.Path] = true
		if _, deployed := r.last.Units[u.Path]; deployed {
			// It has a resource of its own and takes over no other.
			continue
		}
		for _, f := range u.Formerly {
			kept[f] = true
		}
	}
	for _, path := range sortedKeys(r.last.Units) {
		if last := r.last.Units[path]; last.HoldsAccounts && !kept[path] {
			r.goneUnit(path, last)
		}
	}
	for _, u := range r.organization.Units {
		r.unitID(u)
	}
}

func (r *refusals) goneUnit(path string, last UnitOutputs) {
	source, message := r.stack(), fmt.Sprintf("unit %s (%s) holds accounts and is no longer in the files", path, last.ID)
	for _, u := range r.organization.Units {
		if _, old := r.last.Units[u.Path]; !old && lastKey(u.Path) == lastKey(path) {
			source = u.Source
			message = fmt.Sprintf("unit %s (%s) holds accounts and has become %s, but AWS cannot move a unit to another parent", path, last.ID, u.Path)
			break
		}
	}
	r.add("unit:"+path, source, "unit-gone", message,
		"put it back and make the new unit beside it, move the accounts, deploy, then remove the empty unit; to rename a unit where it is, name its former key in formerly")
}

// unitID refuses an id that belongs to another unit: importing it would put one unit of AWS into the
// state twice, and deleting one of the two would delete it.
func (r *refusals) unitID(u *plan.Unit) {
	if u.ID == "" {
		return
	}
	for _, path := range sortedKeys(r.last.Units) {
		here := path == u.Path || slices.Contains(u.Formerly, path)
		if same := r.last.Units[path].ID == u.ID; here == same {
			continue
		}
		r.add("unit:"+u.Path, u.Source, "unit-id-changed",
			fmt.Sprintf("unit %s has id %s in the file, but %s is deployed with %s", u.Path, u.ID, path, r.last.Units[path].ID),
			"put the id back; AWS cannot move a unit to another parent")
		return
	}
}

func (r *refusals) policies() {
	for _, p := range r.organization.Policies {
		last, ok := r.last.Policies[p.Key]
		if !ok || last.Type == p.Type {
			continue
		}
		r.add("policy:"+p.Key, p.Source, "policy-type-changed",
			fmt.Sprintf("the type of policy %s is %s in the file and %s in AWS, and a change would replace the policy", p.Key, p.Type, last.Type),
			"put it back, and give the policy of the other type a key of its own")
	}
}

// lastKey returns the last key of a unit's path.
func lastKey(path string) string {
	return path[strings.LastIndex(path, "/")+1:]
}
