package front

import "time"

type enabledPrincipal struct {
	ServicePrincipal string
	DateEnabled      epoch
}

func addTrustedAccess(t table) {
	t.add("organizations", "EnableAWSServiceAccess", withAllFeatures(enableAccess))
	t.add("organizations", "DisableAWSServiceAccess", withAllFeatures(disableAccess))
	t.add("organizations", "ListAWSServiceAccessForOrganization", inOrganization(listAccess))
}

// trusts says whether a service has trusted access.
func (o *organization) trusts(service string) bool {
	_, ok := o.access[service]
	return ok
}

// principalIn is the service that a call is about, which must be one that AWS has.
func (f *Front) principalIn(c *call) (string, error) {
	in, err := decode[struct{ ServicePrincipal string }](c)
	if err != nil {
		return "", err
	}
	if _, ok := f.principals[in.ServicePrincipal]; !ok {
		return "", unrecognized()
	}
	return in.ServicePrincipal, nil
}

func unrecognized() error {
	return invalid("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.")
}

func enableAccess(f *Front, c *call, o *organization) (*reply, error) {
	principal, err := f.principalIn(c)
	if err != nil {
		return nil, err
	}
	// The emulator is told as well, for its services that look there. It does not know them all.
	if err := f.tell(c); err != nil {
		return nil, err
	}
	if !o.trusts(principal) {
		o.access[principal] = time.Now()
	}
	return done(c)
}

func disableAccess(f *Front, c *call, o *organization) (*reply, error) {
	principal, err := f.principalIn(c)
	if err != nil {
		return nil, err
	}
	for kind, service := range ownPolicyTypes() {
		if service == principal && o.enabled[kind] {
			return nil, constraint("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", "You must disable the policy type %s first.", kind)
		}
	}
	if err := f.tell(c); err != nil {
		return nil, err
	}
	delete(o.access, principal)
	return done(c)
}

// tell forwards a call whose outcome the front has decided. That the emulator does not know a
// service is no objection.
func (f *Front) tell(c *call) error {
	_, err := f.forward(c)
	switch code(err) {
	case "InvalidInputException", "AccountAlreadyRegisteredException", "AccountNotRegisteredException":
		return nil
	}
	return err
}

func listAccess(_ *Front, c *call, o *organization) (*reply, error) {
	answer := struct{ EnabledServicePrincipals []enabledPrincipal }{[]enabledPrincipal{}}
	for _, p := range sortedKeys(o.access) {
		answer.EnabledServicePrincipals = append(answer.EnabledServicePrincipals, enabledPrincipal{p, epoch{o.access[p]}})
	}
	return jsonReply(c, answer)
}
