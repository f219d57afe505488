package simulate

import (
	"slices"
	"strings"
)

// rcpServices are the services whose resources resource control policies reach.
// Source: AWS Organizations User Guide, Resource control policies, List of AWS services that support RCPs;
// the same list as that of package policy.
func rcpService(name string) bool {
	switch name {
	case "aoss", "cognito-identity", "cognito-idp", "dynamodb", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs", "sts":
		return true
	}
	return false
}

// Evaluate compiles and evaluates once.
func Evaluate(chain Chain, r *Request, grants Grants) (Answer, error) {
	c, err := Compile(chain)
	if err != nil {
		return Answer{}, err
	}
	g, err := CompileGrants(grants)
	if err != nil {
		return Answer{}, err
	}
	return c.Evaluate(r, g), nil
}

// Evaluate answers a request. Grants may be nil: then the answer is about the organization's policies
// alone, and allowed means that none of them is in the way.
//
// Source: IAM User Guide, How AWS enforcement code logic evaluates requests to allow or deny access; AWS
// Organizations User Guide, SCP evaluation and RCP evaluation.
func (c *Compiled) Evaluate(r *Request, g *CompiledGrants) Answer {
	if g == nil {
		g = &CompiledGrants{}
	}
	v := c.views.Get().(*view)
	defer c.views.Put(v)
	v.reset(c, g.resourceChain, r)
	v.bounded = g.boundary != nil
	scp, noSCP := c.scpChain(g, v)
	rcp, noRCP := c.rcpChain(g, v)
	a := Answer{NoSCP: noSCP, NoRCP: noRCP, action: r.Action}

	// An explicit deny anywhere ends it.
	var denies [6]*index
	if rcp != nil {
		denies[0] = &rcp.rcpDeny
	}
	if scp != nil {
		denies[1] = &scp.scpDeny
	}
	for i, grant := range [...]*grant{g.resource, g.identity, g.boundary, g.session} {
		if grant != nil {
			denies[2+i] = &grant.deny
		}
	}
	for _, x := range denies {
		if x == nil {
			continue
		}
		if s := v.deny(x); s != nil {
			return a.denied(s, nil, false)
		}
	}
	if v.weak != nil {
		return a.denied(v.weak, v.weakMissing, v.weakDoubt)
	}
	if scp != nil {
		for i := range scp.scpAllow {
			level := &scp.scpAllow[i]
			if level.every {
				continue
			}
			if s, _ := v.allow(&level.index); s == nil {
				return a.implicit(SCP, level.node, v)
			}
		}
	}
	return v.grants(g, a)
}

// scpChain returns the chain whose service control policies apply to the principal, or why none does.
// Source: AWS Organizations User Guide, Service control policies, SCP effects on permissions, and Tasks and
// entities not restricted by SCPs.
func (c *Compiled) scpChain(g *CompiledGrants, v *view) (*Compiled, string) {
	switch v.principal.Kind {
	case ServiceLinkedRole:
		return nil, "service control policies do not restrict service-linked roles"
	case Service:
		return nil, "service control policies restrict the principals of accounts, not AWS services"
	case Anonymous, WebIdentity:
		return nil, "service control policies restrict the principals of accounts, and this is none"
	}
	for _, chain := range [...]*Compiled{c, g.resourceChain} {
		if chain != nil && chain.account == v.principal.Account {
			if chain.management {
				return nil, "service control policies do not restrict the management account"
			}
			return chain, ""
		}
	}
	return nil, "the principal's account is none of the accounts given"
}

// rcpChain returns the chain whose resource control policies apply to the resource, or why none does.
// Source: AWS Organizations User Guide, Resource control policies, RCP effects on permissions, and Resources
// and entities not restricted by RCPs. Keys of KMS that AWS manages are not restricted either; their ARN
// does not tell.
func (c *Compiled) rcpChain(g *CompiledGrants, v *view) (*Compiled, string) {
	switch {
	case v.principal.Kind == ServiceLinkedRole:
		return nil, "resource control policies do not restrict service-linked roles"
	case !rcpService(v.service):
		return nil, "resource control policies do not reach this service"
	case v.call == "kms:retiregrant":
		return nil, "resource control policies have no effect on kms:RetireGrant"
	}
	for _, chain := range [...]*Compiled{c, g.resourceChain} {
		if chain != nil && chain.account == v.resourceAccount {
			if chain.management {
				return nil, "resource control policies do not restrict the resources of the management account"
			}
			return chain, ""
		}
	}
	return nil, "the resource's account is none of the accounts given"
}

// deny returns the first statement that denies for certain. One that denies in doubt, or by keys that are missing,
// is remembered for when there is none.
func (v *view) deny(x *index) *statement {
	for c := x.find(v); ; {
		s := c.next()
		if s == nil {
			return nil
		}
		switch r := s.applies(v); {
		case r == yes && len(v.missing) == 0:
			return s
		case r == no:
			v.unknown = append(v.unknown, v.missing...)
		case v.weak == nil, v.weakDoubt && r == yes:
			v.weak, v.weakDoubt, v.weakMissing = s, r == doubt, slices.Clone(v.missing)
		}
	}
}

// allow returns the statement that allows and how it names the principal: the most direct one, and of those
// the first. One in doubt does not.
func (v *view) allow(x *index) (*statement, hold) {
	var best *statement
	var how hold
	// certain says that the best does not rest on a key that is missing.
	certain := false
	v.mark = len(v.unknown)
	for c := x.find(v); ; {
		s := c.next()
		if s == nil {
			return best, how
		}
		r, h := s.applies(v), directly
		switch r {
		case doubt:
			v.doubts = append(v.doubts, s)
		case yes:
			if s.layer == Resource {
				_, h = s.principals(v)
			}
			if h > how {
				best, how, certain = s, h, false
			}
			if h == how && len(v.missing) == 0 {
				certain = true
				if h == directly {
					v.unknown = v.unknown[:v.mark]
					return best, how
				}
			}
		}
		if !certain {
			v.unknown = append(v.unknown, v.missing...)
		}
	}
}

// applies says whether a statement that is about the action is about the request, and leaves in missing the keys
// that its conditions asked for in vain.
func (s *statement) applies(v *view) result {
	v.missing = v.missing[:0]
	r := s.resource(v)
	if s.layer == Resource && r != no {
		p, _ := s.principals(v)
		r = and(r, p)
	}
	if r == no {
		return no
	}
	failed := false
	for _, c := range s.conditions {
		before := len(v.missing)
		switch held := c.holds(v); {
		case held != no:
			r = and(r, held)
		case len(v.missing) == before:
			// No key that is missing could make it apply.
			v.missing = v.missing[:0]
			return no
		default:
			failed = true
		}
	}
	if failed {
		return no
	}
	return r
}

func (s *statement) resource(v *view) result {
	if len(s.resources) == 0 {
		return yes
	}
	r := no
	for _, p := range s.resources {
		if r = or(r, p.match(v.resource, s.notResource, v)); r == yes {
			break
		}
	}
	if s.notResource {
		return not(r)
	}
	return r
}

// hold is how a resource policy names the principal of a request, which decides what else must allow.
type hold byte

const (
	// byAccount names the account: its administrators decide.
	byAccount hold = iota + 1
	// byRole names the role of the session, or everybody.
	byRole
	// directly names the user, the session or the service.
	directly
)

// principals says whether a statement of a resource policy names the principal, and how.
// Source: IAM User Guide, AWS JSON policy elements: Principal.
func (s *statement) principals(v *view) (result, hold) {
	if s.notPrincipal != nil {
		return v.notPrincipal(s.notPrincipal), directly
	}
	p, best := s.principal, hold(0)
	who := &v.principal
	if p.Any {
		best = byRole
		if who.Kind.outside() || who.Kind == Root {
			best = directly
		}
	}
	for _, name := range p.AWS {
		if h := v.names(name); h > best {
			best = h
		}
	}
	switch who.Kind {
	case Service:
		best = max(best, listed(p.Service, who.ARN))
	case WebIdentity:
		best = max(best, listed(p.Federated, who.ARN))
	}
	switch {
	case best > 0:
		return yes, best
	case len(p.Canonical) > 0 && !who.Kind.outside():
		// A canonical user is an account by another name, which the request does not tell.
		return doubt, byAccount
	}
	return no, 0
}

func listed(list []string, name string) hold {
	for _, entry := range list {
		if entry == name || entry == "*" {
			return directly
		}
	}
	return 0
}

// names compares an entry of AWS principals.
func (v *view) names(entry string) hold {
	p := &v.principal
	if p.Kind.outside() {
		return 0
	}
	if entry = accountARN(entry); strings.HasSuffix(entry, ":root") {
		switch {
		case accountOf(entry) != p.Account:
			return 0
		case p.Kind == Root:
			return directly
		}
		return byAccount
	}
	session := strings.Contains(p.ARN, ":assumed-role/")
	switch {
	case entry == p.ARN && (session || p.Kind == User || p.Kind == FederatedUser):
		return directly
	case entry == v.principalARN && p.Kind != FederatedUser:
		return byRole
	case session && p.Role == "" && accountOf(entry) == p.Account && strings.Contains(entry, ":role/"):
		// The session does not tell the path of its role, and names of roles are unique in an account.
		if entry[strings.LastIndexByte(entry, '/')+1:] == v.principalARN[strings.LastIndexByte(v.principalARN, '/')+1:] {
			return byRole
		}
	}
	return 0
}

// notPrincipal says whether a Deny with NotPrincipal reaches the principal. To be spared, its account must
// be listed with it; a principal with a permissions boundary is never spared. AWS does not say what
// happens when only one of the two is listed.
// Source: IAM User Guide, AWS JSON policy elements: NotPrincipal.
func (v *view) notPrincipal(p *Principals) result {
	who := &v.principal
	switch {
	case v.bounded:
		return yes
	case p.Any || who.Kind == Service && listed(p.Service, who.ARN) > 0 || who.Kind == WebIdentity && listed(p.Federated, who.ARN) > 0:
		return no
	}
	account, entity := false, false
	for _, name := range p.AWS {
		switch v.names(name) {
		case byAccount:
			account = true
		case directly, byRole:
			entity = true
		}
	}
	switch {
	case account && entity, entity && who.Kind == Root:
		return no
	case account, entity, len(p.Canonical) > 0:
		return doubt
	}
	return yes
}

// grants evaluates what may grant the request, after nothing denied it.
func (v *view) grants(g *CompiledGrants, a Answer) Answer {
	who := &v.principal
	v.mark = len(v.unknown)
	if g.identity == nil && g.boundary == nil && g.session == nil && g.resource == nil {
		return a.allowed(nil, v)
	}
	var granted *statement
	var how hold
	if g.resource != nil {
		granted, how = v.allow(&g.resource.allow)
	}
	if who.Kind.outside() {
		// A service, a stranger or an anonymous caller has no policies of its own.
		if granted == nil {
			return a.implicit(Resource, "", v)
		}
		return a.allowed(granted, v)
	}
	across := who.Account != v.resourceAccount
	if granted == nil && (across && (g.identity != nil || g.resource != nil) || v.mustTrust() && g.resource != nil) {
		return a.implicit(Resource, "", v)
	}
	if granted != nil && how == directly && !across {
		return a.allowed(granted, v)
	}
	// The root user has every permission that no other policy takes away.
	needed := who.Kind != Root && (g.identity != nil || g.resource != nil)
	if needed && (across || granted == nil || how == byAccount) {
		if g.identity == nil {
			return a.implicit(Identity, "", v)
		}
		if granted, _ = v.allow(&g.identity.allow); granted == nil {
			return a.implicit(Identity, "", v)
		}
	}
	if g.boundary != nil && who.Kind != Root {
		if s, _ := v.allow(&g.boundary.allow); s == nil {
			return a.implicit(Boundary, "", v)
		}
	}
	if g.session != nil {
		if s, _ := v.allow(&g.session.allow); s == nil {
			return a.implicit(Session, "", v)
		}
	}
	return a.allowed(granted, v)
}

// mustTrust says that the resource's policy must allow even within one account.
// Source: IAM User Guide, How AWS enforcement code logic evaluates requests: IAM role trust policies and KMS
// key policies are exceptions.
func (v *view) mustTrust() bool {
	return v.service == "kms" && v.resource != "*" || strings.HasPrefix(v.call, "sts:assumerole")
}
