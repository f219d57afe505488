package simulate

import (
	"slices"
	"strings"
)

// Kind of a principal.
type Kind string

// The kinds of principals. The zero value is read from the ARN.
const (
	User Kind = "user"
	// RoleSession is a role that somebody has assumed.
	RoleSession Kind = "role-session"
	// Root is the root user of an account.
	Root Kind = "root"
	// ServiceLinkedRole is a session of a role that a service owns.
	ServiceLinkedRole Kind = "service-linked-role"
	// Service is an AWS service that calls by itself; its ARN is its name, such as s3.amazonaws.com.
	Service Kind = "service"
	// FederatedUser is a session of GetFederationToken.
	FederatedUser Kind = "federated-user"
	// WebIdentity is somebody outside of AWS who calls AssumeRoleWithWebIdentity or AssumeRoleWithSAML; its
	// ARN is that of the provider, or its name.
	WebIdentity Kind = "web-identity"
	// Anonymous is a request without a signature.
	Anonymous Kind = "anonymous"
)

// outside says that the principal is of no account.
func (k Kind) outside() bool { return k == Service || k == WebIdentity || k == Anonymous }

// Principal makes a request.
type Principal struct {
	Kind Kind `json:"kind,omitempty"`
	// ARN of the user, role, session or root user. Of a role both arn:aws:iam::…:role/path/name and
	// arn:aws:sts::…:assumed-role/name/session will do; the second does not tell the path.
	ARN string `json:"arn,omitempty"`
	// Role is the ARN of a session's role with its path, where ARN is that of the session.
	Role string `json:"role,omitempty"`
	// Account is the id of its account; empty is that of the ARN.
	Account string `json:"account,omitempty"`
	// OrgID and OrgPath are its organization and its place there (o-…/r-…/ou-…/); empty are those of the
	// chain where it is of the chain's account, else none.
	OrgID   string `json:"orgId,omitempty"`
	OrgPath string `json:"orgPath,omitempty"`
	// ID is the unique id that aws:userid has (of a role AROA…:session).
	ID   string            `json:"id,omitempty"`
	Tags map[string]string `json:"tags,omitempty"`
}

// Request is one call of one action on one resource.
type Request struct {
	Principal Principal `json:"principal"`
	// Action such as s3:GetObject; its case does not matter.
	Action string `json:"action"`
	// Resource is an ARN; empty is "*", as for an action on no particular resource.
	Resource string `json:"resource,omitempty"`
	// ResourceAccount owns the resource; empty is the account in its ARN, and where there is none (S3) the
	// account of the chain.
	ResourceAccount string `json:"resourceAccount,omitempty"`
	// Region that the call goes to; global services have us-east-1.
	Region string `json:"region,omitempty"`
	// Context has the condition keys; a key that is here is never derived. A key without values is one
	// that is known to be missing.
	Context map[string][]string `json:"context,omitempty"`
}

// keyRef is a condition key of a policy.
type keyRef struct {
	// name as the policy writes it; lower is how keys compare.
	name, lower string
	derived     derivedKey
}

type derivedKey byte

const (
	keyPrincipalARN derivedKey = iota
	keyPrincipalAccount
	keyPrincipalOrgID
	keyPrincipalOrgPaths
	keyPrincipalType
	keyPrincipalIsService
	keyPrincipalServiceName
	keyRequestedRegion
	keyResourceAccount
	keyResourceOrgID
	keyResourceOrgPaths
	keyUserID
	keyUserName
	keyViaService
	keySourceAccount
	keySourceARN
	keySourceOrgID
	keySourceOrgPaths
	// From here on, several names have one number.
	keyCalledVia
	keyPrincipalTag
	notDerived
	lastDerived
)

// derivedKeys follow from the request.
// Source: IAM User Guide, AWS global condition context keys; IAM policy elements: Variables and tags,
// Principal key values.
func derivedKeys() map[string]derivedKey {
	return map[string]derivedKey{
		"aws:principalarn":          keyPrincipalARN,
		"aws:principalaccount":      keyPrincipalAccount,
		"aws:principalorgid":        keyPrincipalOrgID,
		"aws:principalorgpaths":     keyPrincipalOrgPaths,
		"aws:principaltype":         keyPrincipalType,
		"aws:principalisawsservice": keyPrincipalIsService,
		"aws:principalservicename":  keyPrincipalServiceName,
		"aws:requestedregion":       keyRequestedRegion,
		"aws:resourceaccount":       keyResourceAccount,
		"aws:resourceorgid":         keyResourceOrgID,
		"aws:resourceorgpaths":      keyResourceOrgPaths,
		"aws:userid":                keyUserID,
		"aws:username":              keyUserName,
		"aws:viaawsservice":         keyViaService,
		"aws:calledvia":             keyCalledVia,
		"aws:calledviafirst":        keyCalledVia,
		"aws:calledvialast":         keyCalledVia,
		"aws:sourceaccount":         keySourceAccount,
		"aws:sourcearn":             keySourceARN,
		"aws:sourceorgid":           keySourceOrgID,
		"aws:sourceorgpaths":        keySourceOrgPaths,
	}
}

const principalTagPrefix = "aws:principaltag/"

func newKey(name string) *keyRef {
	k := &keyRef{name: name, lower: strings.ToLower(name)}
	var ok bool
	if k.derived, ok = derivedKeys()[k.lower]; !ok {
		k.derived = notDerived
	}
	if strings.HasPrefix(k.lower, principalTagPrefix) {
		k.derived = keyPrincipalTag
	}
	return k
}

// view is a request while it is evaluated.
type view struct {
	request  *Request
	service  string // of the action, in lower case
	action   string // without the service, in lower case
	call     string // both
	resource string
	// principal is the request's with what follows from it.
	principal       Principal
	principalARN    string // as aws:PrincipalArn has it: of the role, not of the session
	resourceAccount string
	resourceOrg     string
	resourcePath    string
	// assumedOwner says that nothing but the chain tells the resource's account.
	assumedOwner bool
	chain        *Compiled
	// bounded says that the principal has a permissions boundary.
	bounded bool
	// unknown are the missing keys of all statements so far, doubts the statements that are in doubt.
	unknown []*keyRef
	doubts  []*statement
	// lastARN is the value that arn split last.
	lastARN arnValue
	// weak is a Deny that is in doubt or rests on keys that are missing.
	weak        *statement
	weakDoubt   bool
	weakMissing []*keyRef
	// mark is where in unknown the layer that allows or not begins.
	mark int
	// missing are the keys that were asked for and are not known, of the statement at hand.
	missing []*keyRef
	// one is where values returns a single value.
	one [1]string
	// absent remembers the derived keys that the context does not have, to look only once.
	absent [lastDerived]bool
}

// arn splits a value; mostly it is the principal's, again and again.
func (v *view) arn(value string) *arnValue {
	if v.lastARN.text != value {
		v.lastARN = newARN(value)
	}
	return &v.lastARN
}

func (v *view) miss(k *keyRef) {
	if !slices.Contains(v.missing, k) {
		v.missing = append(v.missing, k)
	}
}

// values returns the values of a key; where there are none, known says that the request has none for
// certain. The slice is good until the next call.
func (v *view) values(k *keyRef) (values []string, known bool) {
	if !v.absent[k.derived] {
		if values, ok := lookup(v.request.Context, k); ok {
			return values, true
		}
		if k.derived < keyCalledVia {
			v.absent[k.derived] = true
		}
	}
	p := &v.principal
	signed := p.Kind != Anonymous && p.Kind != WebIdentity
	inAccount := !p.Kind.outside()
	switch k.derived {
	case keyPrincipalARN:
		return v.single(v.principalARN, p.Kind == Anonymous)
	case keyPrincipalAccount:
		if p.Kind == Anonymous {
			return v.single("anonymous", true)
		}
		return v.single(p.Account, false)
	case keyPrincipalOrgID:
		// Of an account that is not in the chain nobody knows whether it is in an organization.
		return v.single(p.OrgID, !inAccount)
	case keyPrincipalOrgPaths:
		return v.single(p.OrgPath, !inAccount)
	case keyPrincipalTag:
		return v.tag(k.lower[len(principalTagPrefix):])
	case keyPrincipalType:
		return v.single(principalType(p.Kind), false)
	case keyPrincipalIsService:
		if !signed {
			return nil, true
		}
		if p.Kind == Service {
			return v.single("true", true)
		}
		return v.single("false", true)
	case keyPrincipalServiceName:
		if p.Kind == Service {
			return v.single(p.ARN, false)
		}
		return nil, true
	case keyRequestedRegion:
		return v.single(v.request.Region, false)
	case keyResourceAccount, keyResourceOrgID, keyResourceOrgPaths:
		return v.owner(k)
	case keyUserID:
		return v.userID()
	case keyUserName:
		if p.Kind == User {
			return v.single(p.ARN[strings.LastIndexByte(p.ARN, '/')+1:], false)
		}
		return nil, true
	case keyViaService:
		if inAccount {
			return v.single("false", true)
		}
		return nil, p.Kind != Service
	case keyCalledVia:
		return nil, true
	case keySourceAccount, keySourceARN:
		// Only a service that calls by itself sends them.
		return nil, p.Kind != Service
	case keySourceOrgID, keySourceOrgPaths:
		return v.sourceOrg(k.derived)
	}
	return nil, false
}

// sourceOrg knows the organization of the source where the source's account is that of the chain.
func (v *view) sourceOrg(k derivedKey) ([]string, bool) {
	if v.principal.Kind != Service {
		return nil, true
	}
	account, _ := lookup(v.request.Context, &keyRef{name: "aws:SourceAccount", lower: "aws:sourceaccount"})
	if len(account) != 1 || account[0] != v.chain.account {
		return nil, false
	}
	if k == keySourceOrgID {
		return v.single(v.chain.orgID, false)
	}
	return v.single(v.chain.orgPath, false)
}

func (v *view) single(text string, known bool) ([]string, bool) {
	if text == "" {
		return nil, known
	}
	v.one[0] = text
	return v.one[:], true
}

func (v *view) userID() ([]string, bool) {
	p := &v.principal
	switch {
	case p.ID != "":
		return v.single(p.ID, true)
	case p.Kind == Root:
		return v.single(p.Account, false)
	case p.Kind == Anonymous:
		return v.single("anonymous", true)
	case p.Kind == FederatedUser && p.Account != "":
		return v.single(p.Account+":"+p.ARN[strings.LastIndexByte(p.ARN, '/')+1:], false)
	}
	return nil, false
}

func principalType(k Kind) string {
	switch k {
	case User:
		return "User"
	case Root:
		return "Account"
	case RoleSession, ServiceLinkedRole:
		return "AssumedRole"
	case FederatedUser:
		return "FederatedUser"
	case Anonymous:
		return "Anonymous"
	}
	return ""
}

// lookup finds a key, whose case does not matter; of several in different cases the first in their order.
func lookup(context map[string][]string, k *keyRef) ([]string, bool) {
	if len(context) == 0 {
		return nil, false
	}
	if values, ok := context[k.name]; ok {
		return values, true
	}
	found, best := false, ""
	for name := range context {
		if len(name) == len(k.lower) && strings.EqualFold(name, k.lower) && (!found || name < best) {
			found, best = true, name
		}
	}
	return context[best], found
}

// tag returns the tag of the principal; one without a value is there.
func (v *view) tag(lower string) ([]string, bool) {
	best, found := "", false
	for name := range v.principal.Tags {
		if strings.EqualFold(name, lower) && (!found || name < best) {
			best, found = name, true
		}
	}
	if !found {
		return nil, true
	}
	v.one[0] = v.principal.Tags[best]
	return v.one[:], true
}

// owner returns what is known of the resource's owner.
func (v *view) owner(k *keyRef) ([]string, bool) {
	if v.assumedOwner {
		v.miss(k)
	}
	switch k.derived {
	case keyResourceOrgID:
		return v.single(v.resourceOrg, false)
	case keyResourceOrgPaths:
		return v.single(v.resourcePath, false)
	}
	return v.single(v.resourceAccount, false)
}

// reset starts with a request: it derives what follows from the request. Resource is the chain of the resource's account where it
// is another one than the principal's.
func (v *view) reset(chain, resource *Compiled, r *Request) {
	*v = view{request: r, chain: chain, principal: r.Principal, resource: r.Resource, resourceAccount: r.ResourceAccount,
		missing: v.missing[:0], unknown: v.unknown[:0], doubts: v.doubts[:0]}
	v.call = strings.ToLower(r.Action)
	v.service, v.action, _ = strings.Cut(v.call, ":")
	if v.resource == "" {
		v.resource = "*"
	}
	p := &v.principal
	if p.Kind == "" {
		p.Kind = kindOf(p.ARN, p.Role)
	}
	account := accountOf(p.ARN)
	if p.Account == "" {
		p.Account = account
	}
	if p.Kind.outside() {
		p.Account = ""
	}
	v.principalARN = principalARN(p)
	if !p.Kind.outside() && p.OrgID == "" {
		for _, c := range []*Compiled{chain, resource} {
			if c != nil && p.Account == c.account {
				p.OrgID, p.OrgPath = c.orgID, c.orgPath
			}
		}
	}
	if v.resourceAccount == "" {
		v.resourceAccount = accountOf(v.resource)
	}
	if v.resourceAccount == "" {
		v.assumedOwner = v.resource != "*"
		v.resourceAccount = chain.account
		if resource != nil {
			v.resourceAccount = resource.account
		}
	}
	for _, c := range []*Compiled{chain, resource} {
		if c != nil && v.resourceAccount == c.account {
			v.resourceOrg, v.resourcePath = c.orgID, c.orgPath
		}
	}
}

// kindOf reads the kind of a principal from its ARN.
func kindOf(arn, role string) Kind {
	segments, ok := splitARN(arn)
	kind, _, _ := strings.Cut(segments[5], "/")
	switch {
	case arn == "" || arn == "*":
		return Anonymous
	case !ok && strings.Contains(arn, ".amazonaws.com"):
		return Service
	case !ok:
		return WebIdentity
	case strings.Contains(segments[5], "role/aws-service-role/"), strings.Contains(role, ":role/aws-service-role/"):
		return ServiceLinkedRole
	case kind == "role", kind == "assumed-role":
		return RoleSession
	case kind == "federated-user":
		return FederatedUser
	case kind == "root":
		return Root
	case kind == "saml-provider", kind == "oidc-provider":
		return WebIdentity
	}
	return User
}

func accountOf(arn string) string {
	if segments, ok := splitARN(arn); ok && isAccount(segments[4]) {
		return segments[4]
	}
	return ""
}

// principalARN is what aws:PrincipalArn has: of a session the ARN of its role. The path of a role is not
// in the ARN of a session; where it is not given the role counts as one without.
// Source: IAM User Guide, AWS global condition context keys, aws:PrincipalArn.
func principalARN(p *Principal) string {
	switch {
	case p.Kind.outside():
		return ""
	case p.Role != "":
		return p.Role
	}
	segments, ok := splitARN(p.ARN)
	if rest, assumed := strings.CutPrefix(segments[5], "assumed-role/"); ok && assumed {
		name, _, _ := strings.Cut(rest, "/")
		return "arn:" + segments[1] + ":iam::" + segments[4] + ":role/" + name
	}
	return p.ARN
}
