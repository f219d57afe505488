package plan

import (
	"cmp"
	"slices"

	"github.com/archipelago-iac/archipelago/topology"
)

// Service principals that features of Archipelago itself need.
const (
	// principalAccount lets the management account set contacts and regions of member accounts.
	// Source: AWS Account Management Reference Guide, Enabling trusted access, 2026-11.
	principalAccount = "account.amazonaws.com"
	// principalIAM lets IAM manage the root users of member accounts.
	// Source: IAM User Guide, Centralize root access for member accounts, 2026-11.
	principalIAM = "iam.amazonaws.com"
)

// delegation resolves the delegated administrators; each service needs trusted access first.
func (r *resolver) delegation() {
	for _, service := range sortedKeys(r.organization.DelegatedAdministrators) {
		principal := topology.ServicePrincipal(service)
		for _, account := range r.organization.DelegatedAdministrators[service] {
			r.plan.DelegatedAdministrators = append(r.plan.DelegatedAdministrators, DelegatedAdministrator{Service: principal, Account: account})
		}
		r.trust(principal, "delegated administrator")
	}
	slices.SortFunc(r.plan.DelegatedAdministrators, func(x, y DelegatedAdministrator) int {
		return cmp.Or(cmp.Compare(x.Service, y.Service), cmp.Compare(x.Account, y.Account))
	})
}

// rootFeatures maps the short names to AWS's names.
var rootFeatures = map[topology.RootFeature]string{
	topology.RootCredentials: "RootCredentialsManagement",
	topology.RootSessions:    "RootSessions",
}

func (r *resolver) rootAccess() {
	for _, f := range r.organization.RootAccess {
		r.plan.RootAccess = append(r.plan.RootAccess, rootFeatures[f])
		r.trust(principalIAM, "rootAccess")
	}
	slices.Sort(r.plan.RootAccess)
}

// access collects the trusted access: what the user lists and what features need.
func (r *resolver) access() {
	for _, name := range r.organization.TrustedAccess {
		r.trust(topology.ServicePrincipal(name), "trustedAccess")
	}
	for _, acc := range r.plan.Accounts {
		if acc.Contacts.Any() {
			r.trust(principalAccount, "contacts")
		}
		if len(acc.OptInRegions) > 0 {
			r.trust(principalAccount, "regions")
		}
	}
	r.plan.TrustedAccess = []TrustedAccess{}
	for _, principal := range sortedKeys(r.trusted) {
		because := r.trusted[principal]
		slices.Sort(because)
		r.plan.TrustedAccess = append(r.plan.TrustedAccess, TrustedAccess{Principal: principal, Because: because})
	}
}

func (r *resolver) trust(principal, because string) {
	if !slices.Contains(r.trusted[principal], because) {
		r.trusted[principal] = append(r.trusted[principal], because)
	}
}
