package simulate

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Policy is a document with its name.
type Policy struct {
	Name     string
	Document *Document
}

// Level is a node of an organization with the policies attached to it.
type Level struct {
	// Node is its name, for answers.
	Node string
	SCPs []Policy
	// RCPs need not have RCPFullAWSAccess: AWS attaches it everywhere and nobody can detach it.
	RCPs []Policy
}

// Chain is an account with all that stands above it.
type Chain struct {
	// Account is the account's id; empty is an account that no request names, so that only requests which
	// name no account are its own.
	Account string
	// Management marks the management account, which no policy of the organization restricts.
	Management bool
	// OrgID and OrgPath (o-…/r-…/ou-…/) are where the account is.
	OrgID   string
	OrgPath string
	// Levels are the root, the units from the top and the account. Where none of them has a service control
	// policy the organization has not enabled them; where only some have, the others allow nothing.
	Levels []Level
}

// FullAWSAccess is the service control policy that AWS attaches by default.
func FullAWSAccess() Policy {
	return Policy{Name: "FullAWSAccess", Document: &Document{Version: version2012,
		Statements: []Statement{{Effect: Allow, Action: []string{"*"}, Resource: []string{"*"}}}}}
}

// Layer is a kind of policy in an evaluation.
type Layer string

// The layers, in the order AWS evaluates them.
const (
	RCP      Layer = "rcp"
	SCP      Layer = "scp"
	Resource Layer = "resource"
	Identity Layer = "identity"
	Boundary Layer = "boundary"
	Session  Layer = "session"
)

// Compiled is a chain ready for many evaluations. It is safe for concurrent use.
type Compiled struct {
	account, orgID, orgPath string
	management              bool
	scpDeny, rcpDeny        index
	// scpAllow has one entry for each level, none where no level has a policy.
	scpAllow []allowLevel
	// views are requests under evaluation, to be used again.
	views sync.Pool
}

type allowLevel struct {
	node  string
	index index
	// every says that a statement allows everything.
	every bool
}

// Grants are the other policies that may take part; each may be left out.
type Grants struct {
	// Identity are the policies of the principal; nil is that they are not known, empty that there are none.
	Identity []Policy
	Boundary *Policy
	Session  []Policy
	// Resource is the policy of the resource, a trust policy or a key policy.
	Resource *Policy
	// ResourceChain is the chain of the resource's account where it is another one of the organization.
	ResourceChain *Compiled
}

// CompiledGrants are grants ready for many evaluations.
type CompiledGrants struct {
	identity, boundary, session, resource *grant
	resourceChain                         *Compiled
}

type grant struct {
	deny, allow index
}

// CompileError says which policy cannot be compiled, and where in its document.
type CompileError struct {
	Node   string
	Policy string
	Err    *Error
}

func (e *CompileError) Error() string {
	if e.Node == "" {
		return fmt.Sprintf("policy %q: %s", e.Policy, e.Err.Message)
	}
	return fmt.Sprintf("policy %q of %q: %s", e.Policy, e.Node, e.Err.Message)
}

func (e *CompileError) Unwrap() error { return e.Err }

// Compile prepares a chain. The error is a [*CompileError].
func Compile(chain Chain) (*Compiled, error) {
	c := &Compiled{account: chain.Account, orgID: chain.OrgID, orgPath: chain.OrgPath, management: chain.Management}
	c.views.New = func() any { return new(view) }
	enabled := slices.ContainsFunc(chain.Levels, func(l Level) bool { return len(l.SCPs) > 0 })
	for _, level := range chain.Levels {
		allow := allowLevel{node: level.Node}
		for _, p := range level.SCPs {
			if err := compilePolicy(SCP, level.Node, p, &c.scpDeny, &allow.index); err != nil {
				return nil, err
			}
		}
		for _, p := range level.RCPs {
			// What a resource control policy allows does not matter: RCPFullAWSAccess allows everything.
			if err := compilePolicy(RCP, level.Node, p, &c.rcpDeny, &index{}); err != nil {
				return nil, err
			}
		}
		allow.every = slices.ContainsFunc(allow.index.statements, (*statement).everything)
		if enabled {
			c.scpAllow = append(c.scpAllow, allow)
		}
	}
	return c, nil
}

// CompileGrants prepares grants. The error is a [*CompileError].
func CompileGrants(g Grants) (*CompiledGrants, error) {
	c := &CompiledGrants{resourceChain: g.ResourceChain}
	for _, part := range []struct {
		layer    Layer
		policies []Policy
		given    bool
		to       **grant
	}{
		{Identity, g.Identity, g.Identity != nil, &c.identity},
		{Boundary, one(g.Boundary), g.Boundary != nil, &c.boundary},
		{Session, g.Session, g.Session != nil, &c.session},
		{Resource, one(g.Resource), g.Resource != nil, &c.resource},
	} {
		if !part.given {
			continue
		}
		*part.to = &grant{}
		for _, p := range part.policies {
			if err := compilePolicy(part.layer, "", p, &(*part.to).deny, &(*part.to).allow); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func one(p *Policy) []Policy {
	if p == nil {
		return nil
	}
	return []Policy{*p}
}

func compilePolicy(layer Layer, node string, p Policy, deny, allow *index) error {
	if p.Document == nil {
		return &CompileError{node, p.Name, fail(0, "there is no document")}
	}
	for i := range p.Document.Statements {
		s, err := compileStatement(layer, p.Document, &p.Document.Statements[i])
		if err != nil {
			return &CompileError{node, p.Name, err}
		}
		s.layer, s.node, s.policy, s.number = layer, node, p.Name, i+1
		if s.deny {
			deny.add(s)
		} else {
			allow.add(s)
		}
	}
	return nil
}

// statement is a compiled Statement.
type statement struct {
	layer        Layer
	node, policy string
	sid          string
	number       int
	deny         bool

	actions   actionSet
	notAction bool
	resources []*resourcePattern
	// notResource is set for NotResource; no resources at all is a resource policy without the element.
	notResource  bool
	principal    *Principals
	notPrincipal *Principals
	conditions   []*condition
}

func (s *statement) everything() bool {
	return s.actions.all && !s.notAction && !s.notResource && len(s.conditions) == 0 &&
		slices.ContainsFunc(s.resources, func(r *resourcePattern) bool { return r.whole.every })
}

func compileStatement(layer Layer, d *Document, from *Statement) (*statement, *Error) {
	s := &statement{sid: from.Sid, deny: from.Effect == Deny, principal: from.Principal, notPrincipal: from.NotPrincipal}
	if err := checkLayer(layer, from); err != nil {
		return nil, err
	}
	vars := d.Version == version2012
	list := from.Action
	if from.NotAction != nil {
		list, s.notAction = from.NotAction, true
	}
	s.actions = compileActions(list)
	list = from.Resource
	if from.NotResource != nil {
		list, s.notResource = from.NotResource, true
	}
	for _, text := range list {
		s.resources = append(s.resources, compileResource(text, vars))
	}
	for _, c := range from.Conditions {
		compiled, err := compileCondition(c, vars)
		if err != nil {
			return nil, err
		}
		s.conditions = append(s.conditions, compiled)
	}
	return s, nil
}

// checkLayer checks which elements a statement of the layer has.
// Source: AWS Organizations User Guide, SCP syntax and RCP syntax; IAM User Guide, Grammar of the IAM JSON
// policy language.
func checkLayer(layer Layer, s *Statement) *Error {
	named := s.Principal != nil || s.NotPrincipal != nil
	switch {
	case s.Effect != Allow && s.Effect != Deny:
		return fail(s.Offset, "Effect %q is neither Allow nor Deny", s.Effect)
	case (s.Action == nil) == (s.NotAction == nil):
		return fail(s.Offset, "a statement has either Action or NotAction")
	case layer != Resource && (s.Resource == nil) == (s.NotResource == nil):
		return fail(s.Offset, "a statement of this kind of policy has either Resource or NotResource")
	case layer == Resource && !named:
		return fail(s.Offset, "a statement of a resource policy has a Principal")
	case layer == RCP && (s.Principal == nil || !s.Principal.Any):
		return fail(s.Offset, `a statement of a resource control policy has the Principal "*"`)
	case layer != Resource && layer != RCP && named:
		return fail(s.Offset, "a statement of this kind of policy has no Principal")
	}
	return nil
}

// actionSet is a list of actions; the case of actions does not matter.
// Source: IAM User Guide, IAM JSON policy elements: Action.
type actionSet struct {
	all bool
	// services are the actions by service.
	services map[string]*serviceActions
	// loose have wildcards in the service; they match with it.
	loose []*pattern
}

// serviceActions are the actions of one service, without its name.
type serviceActions struct {
	whole bool
	exact map[string]bool
	globs []*pattern
}

func compileActions(list []string) actionSet {
	a := actionSet{services: map[string]*serviceActions{}}
	for _, text := range list {
		text = strings.ToLower(text)
		service, name, _ := strings.Cut(text, ":")
		switch {
		case strings.Trim(text, "*") == "" || text == "*:*":
			a.all = true
			continue
		case strings.ContainsAny(service, "*?"):
			a.loose = append(a.loose, compilePattern(text, true, false))
			continue
		case a.services[service] == nil:
			a.services[service] = &serviceActions{exact: map[string]bool{}}
		}
		of := a.services[service]
		switch {
		case strings.Trim(name, "*") == "":
			of.whole = true
		case strings.ContainsAny(name, "*?"):
			of.globs = append(of.globs, compilePattern(name, true, false))
		default:
			of.exact[name] = true
		}
	}
	return a
}

// match takes what the set has of the request's service, which may be nil.
func (a *actionSet) match(of *serviceActions, v *view) bool {
	if a.all {
		return true
	}
	if of != nil {
		if of.whole || len(of.exact) > 0 && of.exact[v.action] {
			return true
		}
		for _, p := range of.globs {
			if matched, _ := p.match(v.action, v); matched {
				return true
			}
		}
	}
	for _, p := range a.loose {
		if matched, _ := p.match(v.call, v); matched {
			return true
		}
	}
	return false
}

// index finds the statements that may be about a service, in the order of the policies.
type index struct {
	statements []*statement
	byService  map[string][]entry
	// rest may be about any service.
	rest []entry
}

type entry struct {
	number    int
	statement *statement
	of        *serviceActions
}

func (x *index) add(s *statement) {
	e := entry{number: len(x.statements), statement: s}
	x.statements = append(x.statements, s)
	if s.notAction || s.actions.all || len(s.actions.loose) > 0 {
		x.rest = append(x.rest, e)
		return
	}
	if x.byService == nil {
		x.byService = map[string][]entry{}
	}
	for name, of := range s.actions.services {
		e.of = of
		x.byService[name] = append(x.byService[name], e)
	}
}

// cursor goes through two sorted lists as through one.
type cursor struct {
	v    *view
	a, b []entry
}

func (x *index) find(v *view) cursor {
	return cursor{v: v, a: x.byService[v.service], b: x.rest}
}

// next returns the next statement that is about the action, nil after the last.
func (c *cursor) next() *statement {
	for len(c.a)+len(c.b) > 0 {
		var e *entry
		if len(c.a) == 0 || len(c.b) > 0 && c.b[0].number < c.a[0].number {
			e, c.b = &c.b[0], c.b[1:]
		} else {
			e, c.a = &c.a[0], c.a[1:]
		}
		s, of := e.statement, e.of
		if of == nil && len(s.actions.services) > 0 {
			of = s.actions.services[c.v.service]
		}
		if s.actions.match(of, c.v) != s.notAction {
			return s
		}
	}
	return nil
}
