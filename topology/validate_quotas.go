package topology

import "fmt"

// quotas checks the overridden limits, and the counts that need nothing but counting.
func (v *validator) quotas() {
	v.quotaMap(v.a.Source, v.a.Quotas)
	if v.a.whole("providerBudget") && v.a.ProviderBudget < 1 {
		v.fail(v.a.Source, v.a.At("providerBudget"), "quota-value", "leave the field out for the default", "providerBudget must be at least 1")
	}
	for _, o := range v.organizations {
		v.quotaMap(o.Source, o.Quotas)
		v.accountCount(o)
		v.unitCount(o)
		v.closures(o)
	}
}

func (v *validator) quotaMap(s Source, values map[string]int) {
	var names []string
	for _, q := range quotas {
		names = append(names, q.Name)
	}
	for name, value := range values {
		if _, known := lookupQuota(name); !known {
			v.fail(s, s.Key("quotas", name), "unknown-quota", didYouMean(name, names, "archipelago quotas lists the names"), "there is no quota %q", name)
		} else if value < 1 && (Source{node: s.node.get("quotas").value}).whole(name) {
			v.fail(s, s.At("quotas", name), "quota-value", "", "a quota is at least 1")
		}
	}
}

// quota is the limit that holds in an organization; one that is no limit has been reported.
func (v *validator) quota(o *surveyed, name string) int {
	limit := v.a.Quota(o.Organization, name)
	if limit < 1 {
		q, _ := lookupQuota(name)
		limit = q.Value
	}
	return limit
}

// raise is the hint of every rule about a limit that AWS raises on request.
func raise(quota string, value int) string {
	return fmt.Sprintf("ask AWS for a higher limit, then set quotas: { %s: %d }", quota, value)
}

func (v *validator) accountCount(o *surveyed) {
	n, closed := len(o.accounts)+1, 0
	for _, p := range o.accounts {
		if !p.it.State.Deployed() {
			closed++
		}
	}
	if limit := v.quota(o, QuotaAccounts); n > limit {
		including := "the management account included"
		if closed > 0 {
			including = fmt.Sprintf("the management account and %d closed included", closed)
		}
		v.fail(o.Source, o.At("name"), "too-many-accounts", raise(QuotaAccounts, n), "organization %s has %d accounts, %s; its limit is %d", o.name(), n, including, limit)
	}
}

func (v *validator) unitCount(o *surveyed) {
	if n, limit := len(o.units), v.quota(o, QuotaUnits); n > limit {
		v.fail(o.Source, o.Key("units"), "too-many-units", "", "organization %s has %d units; AWS allows %d", o.name(), n, limit)
	}
	limit := v.quota(o, QuotaUnitDepth)
	for _, p := range o.units {
		// Only the first of a chain that is too deep: what is below moves with it.
		if p.Depth == limit+1 {
			v.fail(p.it.Source, p.it.Position(), "too-deep", "move it up: policies need few levels",
				"unit %s is at level %d below the root; AWS allows %d", p.Path, p.Depth, limit)
		}
	}
}

// closures warns where more accounts are about to be closed than AWS closes within 30 days.
func (v *validator) closures(o *surveyed) {
	n := 0
	var last Source
	for _, p := range o.accounts {
		if p.it.AllowClose && p.it.State == StateSuspended {
			n++
			last = p.it.Source
		}
	}
	const fifth, most = 5, 1000
	if limit := max(v.quota(o, QuotaClosures), min(most, len(o.accounts)/fifth)); n > limit {
		v.warn(last, last.At("allowClose"), "too-many-closures", "close some of them a month later",
			"organization %s is about to close %d accounts; AWS closes %d within 30 days", o.name(), n, limit)
	}
}
