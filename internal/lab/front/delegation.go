package front

import "time"

func addDelegation(t table) {
	t.add("organizations", "RegisterDelegatedAdministrator", withAllFeatures(registerAdministrator))
	t.add("organizations", "DeregisterDelegatedAdministrator", withAllFeatures(deregisterAdministrator))
	t.add("organizations", "ListDelegatedAdministrators", inOrganization(listAdministrators))
	t.add("organizations", "ListDelegatedServicesForAccount", inOrganization(listDelegatedServices))
}

// delegable is the service that a call is about, which must be one that can be delegated.
func (f *Front) delegable(c *call) (string, error) {
	principal, err := f.principalIn(c)
	if err == nil && !f.principals[principal] {
		err = unrecognized()
	}
	return principal, err
}

func registerAdministrator(f *Front, c *call, o *organization) (*reply, error) {
	principal, err := f.delegable(c)
	if err != nil {
		return nil, err
	}
	id, err := o.accountIn(c)
	if err != nil {
		return nil, err
	}
	if err := f.checkDelegation(o, id, principal); err != nil {
		return nil, err
	}
	if err := f.tell(c); err != nil {
		return nil, err
	}
	if o.delegates[id] == nil {
		o.delegates[id] = map[string]time.Time{}
	}
	o.delegates[id][principal] = time.Now()
	return done(c)
}

func (f *Front) checkDelegation(o *organization, id, principal string) error {
	_, already := o.delegates[id][principal]
	limit, limited := f.limits.DelegatedAdministrators[principal]
	switch {
	case id == o.management:
		return constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
			"You cannot register master account/yourself as delegated administrator for your organization.")
	case o.members[id]:
		return constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", "You cannot register a suspended account as a delegated administrator.")
	case !o.trusts(principal):
		return constraint("SERVICE_ACCESS_NOT_ENABLED", "You must enable service access for %s first.", principal)
	case already:
		return refuse("AccountAlreadyRegisteredException", "The provided account is already a delegated administrator for your organization.")
	case limited && o.administrators(principal) >= limit:
		return constraint("MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
			"You have exceeded the allowed number of delegated administrators for the delegated service.")
	}
	return nil
}

// administrators is how many accounts administer a service.
func (o *organization) administrators(principal string) int {
	n := 0
	for _, services := range o.delegates {
		if _, ok := services[principal]; ok {
			n++
		}
	}
	return n
}

func notRegistered() error {
	return refuse("AccountNotRegisteredException", "The provided account is not a registered delegated administrator for your organization.")
}

func deregisterAdministrator(f *Front, c *call, o *organization) (*reply, error) {
	principal, err := f.delegable(c)
	if err != nil {
		return nil, err
	}
	id, err := o.accountIn(c)
	if err != nil {
		return nil, err
	}
	if _, ok := o.delegates[id][principal]; !ok {
		return nil, notRegistered()
	}
	if err := f.tell(c); err != nil {
		return nil, err
	}
	delete(o.delegates[id], principal)
	if len(o.delegates[id]) == 0 {
		delete(o.delegates, id)
	}
	return done(c)
}

func listAdministrators(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ ServicePrincipal string }](c)
	if err != nil {
		return nil, err
	}
	if in.ServicePrincipal != "" && !f.principals[in.ServicePrincipal] {
		return nil, unrecognized()
	}
	type administrator struct {
		member
		DelegationEnabledDate epoch
	}
	answer := struct{ DelegatedAdministrators []administrator }{[]administrator{}}
	for _, id := range sortedKeys(o.delegates) {
		since, ok := o.delegatedSince(id, in.ServicePrincipal)
		if !ok {
			continue
		}
		a, err := f.describeAccount(c.ctx(), o, id)
		if err != nil {
			return nil, err
		}
		answer.DelegatedAdministrators = append(answer.DelegatedAdministrators, administrator{a, epoch{since}})
	}
	return jsonReply(c, answer)
}

// delegatedSince is when an account became administrator of a service, or the first time of any if
// the service is empty.
func (o *organization) delegatedSince(id, principal string) (time.Time, bool) {
	if principal != "" {
		since, ok := o.delegates[id][principal]
		return since, ok
	}
	var first time.Time
	for _, since := range o.delegates[id] {
		if first.IsZero() || since.Before(first) {
			first = since
		}
	}
	return first, true
}

func listDelegatedServices(_ *Front, c *call, o *organization) (*reply, error) {
	id, err := o.accountIn(c)
	if err != nil {
		return nil, err
	}
	if len(o.delegates[id]) == 0 {
		return nil, notRegistered()
	}
	type service struct {
		ServicePrincipal      string
		DelegationEnabledDate epoch
	}
	var answer struct{ DelegatedServices []service }
	for _, p := range sortedKeys(o.delegates[id]) {
		answer.DelegatedServices = append(answer.DelegatedServices, service{p, epoch{o.delegates[id][p]}})
	}
	return jsonReply(c, answer)
}
