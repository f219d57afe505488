package simulate

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Effect of a statement.
type Effect string

// The effects.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Document is an IAM policy document of any kind.
type Document struct {
	// Version is empty where the document has none, which AWS reads by the rules of 2008.
	Version    string
	ID         string
	Statements []Statement
}

// Statement of a document. A single value is a list of one.
type Statement struct {
	// Offset is the byte in the document where the statement starts.
	Offset       int
	Sid          string
	Effect       Effect
	Principal    *Principals
	NotPrincipal *Principals
	Action       []string
	NotAction    []string
	Resource     []string
	NotResource  []string
	// Conditions must all hold; one for each key of each operator, in the order of the text.
	Conditions []Condition
}

// Principals of a resource policy.
type Principals struct {
	// Any is "*" by itself or as AWS principal, which AWS documents as equal.
	Any                                bool
	AWS, Service, Federated, Canonical []string
}

// Condition compares one key of the request.
type Condition struct {
	Offset int
	// Operator is as AWS writes it, whatever its case in the document.
	Operator string
	Key      string
	Values   []string
}

// ParseDocument reads a policy document. It is strict: an element that does not exist, a value of the wrong
// type and a literal that its operator cannot compare are an [*Error].
// Source: IAM User Guide, Grammar of the IAM JSON policy language.
func ParseDocument(text []byte) (*Document, error) {
	d, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func parseDocument(text []byte) (*Document, *Error) {
	root, err := parseJSON(text)
	if err != nil {
		return nil, err
	}
	if root.kind != '{' {
		return nil, fail(root.offset, "a policy document is a JSON object")
	}
	d := &Document{}
	var statements *node
	for _, m := range root.members {
		switch m.key {
		case "Version":
			if d.Version, err = oneText(m); err == nil && d.Version != version2012 && d.Version != version2008 {
				err = fail(m.value.offset, "Version %q is neither %s nor %s", d.Version, version2012, version2008)
			}
		case "Id":
			d.ID, err = oneText(m)
		case "Statement":
			statements = m.value
		default:
			err = fail(m.offset, "%q is not an element of a policy document", m.key)
		}
		if err != nil {
			return nil, err
		}
	}
	if statements == nil || len(statements.list()) == 0 {
		return nil, fail(root.offset, `the document has no "Statement"`)
	}
	sids := map[string]bool{}
	for _, n := range statements.list() {
		s, err := parseStatement(n)
		if err != nil {
			return nil, err
		}
		if s.Sid != "" && sids[s.Sid] {
			return nil, fail(n.offset, "Sid %q is used by two statements", s.Sid)
		}
		sids[s.Sid] = true
		d.Statements = append(d.Statements, *s)
	}
	return d, nil
}

const (
	version2012 = "2012-10-17"
	version2008 = "2008-10-17"
)

func parseStatement(n *node) (*Statement, *Error) {
	if n.kind != '{' {
		return nil, fail(n.offset, "a statement is a JSON object")
	}
	s := &Statement{Offset: n.offset}
	has := map[string]bool{}
	for _, m := range n.members {
		has[m.key] = true
		var err *Error
		switch m.key {
		case "Sid":
			s.Sid, err = oneText(m)
		case "Effect":
			err = parseEffect(s, m)
		case "Principal":
			s.Principal, err = parsePrincipals(m)
		case "NotPrincipal":
			s.NotPrincipal, err = parsePrincipals(m)
		case "Action":
			s.Action, err = parseActions(m)
		case "NotAction":
			s.NotAction, err = parseActions(m)
		case "Resource":
			s.Resource, err = texts(m)
		case "NotResource":
			s.NotResource, err = texts(m)
		case "Condition":
			s.Conditions, err = parseConditions(m)
		default:
			err = fail(m.offset, "%q is not an element of a statement", m.key)
		}
		if err != nil {
			return nil, err
		}
	}
	if !has["Effect"] {
		return nil, fail(n.offset, `the statement has no "Effect"`)
	}
	for _, pair := range []struct {
		name, negation string
		required       bool
	}{{"Action", "NotAction", true}, {"Resource", "NotResource", false}, {"Principal", "NotPrincipal", false}} {
		if has[pair.name] && has[pair.negation] {
			return nil, fail(n.offset, "the statement has both %s and %s", pair.name, pair.negation)
		}
		if pair.required && !has[pair.name] && !has[pair.negation] {
			return nil, fail(n.offset, "the statement has neither %s nor %s", pair.name, pair.negation)
		}
	}
	if has["NotPrincipal"] && s.Effect == Allow {
		// Source: IAM User Guide, AWS JSON policy elements: NotPrincipal.
		return nil, fail(n.offset, "NotPrincipal goes with Deny only")
	}
	return s, nil
}

func parseEffect(s *Statement, m member) *Error {
	text, err := oneText(m)
	if err != nil {
		return err
	}
	s.Effect = Effect(text)
	if s.Effect != Allow && s.Effect != Deny {
		return fail(m.value.offset, "Effect %q is neither Allow nor Deny", text)
	}
	return nil
}

func oneText(m member) (string, *Error) {
	if m.value.kind != '"' {
		return "", fail(m.value.offset, "%s must be a text", m.key)
	}
	return m.value.text, nil
}

func texts(m member) ([]string, *Error) {
	var out []string
	for _, item := range m.value.list() {
		if item.kind != '"' {
			return nil, fail(item.offset, "%s must be a text or a list of texts", m.key)
		}
		out = append(out, item.text)
	}
	if len(out) == 0 {
		return nil, fail(m.value.offset, "%s is an empty list", m.key)
	}
	return out, nil
}

func parseActions(m member) ([]string, *Error) {
	out, err := texts(m)
	if err != nil {
		return nil, err
	}
	for i, action := range out {
		service, name, found := strings.Cut(action, ":")
		if action != "*" && (!found || service == "" || name == "" || strings.ContainsAny(action, " \t\r\n")) {
			return nil, fail(m.value.list()[i].offset, "%q is not an action", action)
		}
	}
	return out, nil
}

func parsePrincipals(m member) (*Principals, *Error) {
	if m.value.kind == '"' {
		if m.value.text != "*" {
			return nil, fail(m.value.offset, `%s must be "*" or an object`, m.key)
		}
		return &Principals{Any: true}, nil
	}
	if m.value.kind != '{' || len(m.value.members) == 0 {
		return nil, fail(m.value.offset, `%s must be "*" or an object`, m.key)
	}
	p := &Principals{}
	for _, kind := range m.value.members {
		list, err := texts(kind)
		if err != nil {
			return nil, err
		}
		switch kind.key {
		case "AWS":
			for i, name := range list {
				switch {
				case name == "*":
					p.Any = true
				case strings.ContainsAny(name, "*?"):
					// Source: IAM User Guide, AWS JSON policy elements: Principal: a wildcard cannot match part of a name or ARN.
					return nil, fail(kind.value.list()[i].offset, "the principal %q cannot have wildcards", name)
				default:
					p.AWS = append(p.AWS, name)
				}
			}
		case "Service":
			p.Service = list
		case "Federated":
			p.Federated = list
		case "CanonicalUser":
			p.Canonical = list
		default:
			return nil, fail(kind.offset, "%q is not a kind of principal", kind.key)
		}
	}
	return p, nil
}

func parseConditions(m member) ([]Condition, *Error) {
	if m.value.kind != '{' {
		return nil, fail(m.value.offset, "Condition must be an object of operators")
	}
	var out []Condition
	for _, op := range m.value.members {
		o, ok := parseOperator(op.key)
		if !ok {
			return nil, fail(op.offset, "%q is not a condition operator", op.key)
		}
		if op.value.kind != '{' || len(op.value.members) == 0 {
			return nil, fail(op.value.offset, "%s must be an object of condition keys", op.key)
		}
		for _, key := range op.value.members {
			c := Condition{Offset: key.offset, Operator: o.String(), Key: key.key}
			if key.key == "" {
				return nil, fail(key.offset, "a condition key is empty")
			}
			for _, item := range key.value.list() {
				// Source: IAM User Guide, Grammar of the IAM JSON policy language: a text, a number or a boolean.
				if strings.IndexByte(`"0tf`, item.kind) < 0 {
					return nil, fail(item.offset, "condition key %q must be a text or a list of texts", key.key)
				}
				if problem := o.literal(item.text); problem != "" {
					return nil, fail(item.offset, "%q is not %s, which %s compares", item.text, problem, c.Operator)
				}
				c.Values = append(c.Values, item.text)
			}
			if len(c.Values) == 0 {
				return nil, fail(key.value.offset, "condition key %q has an empty list", key.key)
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// Equal says whether two documents mean the same and read the same to a person: the order of
// statements, lists and keys, a single value or a list of one, repeated values and the case of actions,
// operators and condition keys do not matter; Version, Id and Sids do.
func Equal(a, b *Document) bool {
	return a.Version == b.Version && a.ID == b.ID && slices.Equal(a.canonical(), b.canonical())
}

func (d *Document) canonical() []string {
	var out []string
	for i := range d.Statements {
		out = append(out, d.Statements[i].canonical())
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (s *Statement) canonical() string {
	parts := []string{s.Sid, string(s.Effect),
		s.Principal.canonical(), s.NotPrincipal.canonical(),
		set(s.Action, strings.ToLower), set(s.NotAction, strings.ToLower),
		set(s.Resource, nil), set(s.NotResource, nil)}
	// The same key twice under one operator, in two cases, stays two conditions: both must hold.
	var conditions []string
	for _, c := range s.Conditions {
		conditions = append(conditions, fmt.Sprintf("%q", []string{strings.ToLower(c.Operator), strings.ToLower(c.Key), set(c.Values, nil)}))
	}
	return fmt.Sprintf("%q", append(parts, set(conditions, nil)))
}

func (p *Principals) canonical() string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf("%q", []string{fmt.Sprint(p.Any), set(p.AWS, accountARN), set(p.Service, nil), set(p.Federated, nil), set(p.Canonical, nil)})
}

// accountARN writes an account id as the ARN that it stands for.
// Source: IAM User Guide, AWS JSON policy elements: Principal, AWS account principals.
func accountARN(principal string) string {
	if isAccount(principal) {
		return "arn:aws:iam::" + principal + ":root"
	}
	return principal
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// set writes a list as a set.
func set(list []string, normal func(string) string) string {
	out := slices.Clone(list)
	for i := range out {
		if normal != nil {
			out[i] = normal(out[i])
		}
	}
	sort.Strings(out)
	return fmt.Sprintf("%q", slices.Compact(out))
}
