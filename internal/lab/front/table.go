package front

// A handler answers one call: by itself, by forwarding it and returning what came back, or with an
// error, which is sent in the form of the caller's protocol.
type handler func(f *Front, c *call) (*reply, error)

// table finds the handler of a service's action. Calls that are not in it pass through.
type table map[string]map[string]handler

func (t table) add(service, action string, h handler) {
	if t[service] == nil {
		t[service] = map[string]handler{}
	}
	t[service][action] = h
}

// handlers is every call that the front acts on.
func handlers() table {
	t := table{}
	for _, add := range []func(table){
		addIdentities,
		addOrganization,
		addUnits,
		addAccounts,
		addPolicyTypes,
		addPolicies,
		addAttachments,
		addTags,
		addResourcePolicy,
		addTrustedAccess,
		addDelegation,
		addContacts,
		addRegions,
		addRootFeatures,
		addRoles,
		addBudgets,
		addAnalyzers,
		addPublicAccess,
		addMetadataDefaults,
		addDefaultKey,
	} {
		add(t)
	}
	return t
}

// done is the answer to a call that returns nothing.
func done(c *call) (*reply, error) { return jsonReply(c, struct{}{}) }
