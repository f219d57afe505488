package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Check returns what is wrong with a document of the given type, in the order of the text: JSON
// syntax, keys that repeat, and the grammar of the type. Size is not checked here: the limit is data
// of the organization.
func Check(t Type, doc []byte) []Problem {
	root, problems := parseJSON(doc)
	if root == nil {
		return problems
	}
	c := &checker{problems: problems}
	if root.kind != '{' {
		c.fail(root, "policy-grammar", "a policy document is a JSON object", "")
		return c.problems
	}
	switch t {
	case ServiceControl, ResourceControl:
		c.document(t, root)
	default:
		c.inheritable(t, root)
	}
	return c.sorted()
}

// CheckResourcePolicy checks the resource policy of an organization, which delegates its management.
func CheckResourcePolicy(doc []byte) []Problem {
	root, problems := parseJSON(doc)
	if root == nil {
		return problems
	}
	c := &checker{problems: problems}
	statements := root.get("Statement")
	if root.kind != '{' || statements == nil || len(statements.list()) == 0 {
		c.fail(root, "policy-grammar", "a resource policy is a JSON object with a Statement", "")
		return c.sorted()
	}
	for _, s := range statements.list() {
		if s.kind != '{' {
			c.fail(s, "policy-grammar", "a statement is a JSON object", "")
			continue
		}
		for _, need := range []string{"Effect", "Principal", "Action"} {
			if s.get(need) == nil {
				c.fail(s, "policy-grammar", "a statement of a resource policy needs "+need, "")
			}
		}
	}
	return c.sorted()
}

type checker struct {
	problems []Problem
}

func (c *checker) fail(at *value, code, message, hint string) {
	c.problems = append(c.problems, Problem{Offset: at.offset, Code: code, Message: message, Hint: hint})
}

// sorted returns the problems in the order of the text.
func (c *checker) sorted() []Problem {
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Offset - b.Offset })
	return c.problems
}

func (c *checker) warn(at *value, code, message, hint string) {
	c.problems = append(c.problems, Problem{Offset: at.offset, Code: code, Message: message, Hint: hint, Warning: true})
}

// document checks the grammar that service and resource control policies share.
func (c *checker) document(t Type, root *value) {
	for _, m := range root.members {
		if !slices.Contains([]string{"Version", "Statement", "Id"}, m.key) {
			c.problems = append(c.problems, Problem{Offset: m.offset, Code: "policy-grammar",
				Message: fmt.Sprintf("%q is not an element of a policy document", m.key), Hint: "elements are Version, Id and Statement, with a capital letter"})
		}
	}
	switch v := root.get("Version"); {
	case v == nil:
		c.fail(root, "policy-version", `the document has no "Version"`, `add "Version": "2012-10-17"; without it AWS reads the document by rules of 2008, where policy variables are plain text`)
	case v.text != "2012-10-17":
		c.fail(v, "policy-version", fmt.Sprintf("Version %q is not 2012-10-17", v.text), `write "Version": "2012-10-17"`)
	}
	statements := root.get("Statement")
	if statements == nil || statements.kind == '[' && len(statements.items) == 0 {
		c.fail(root, "policy-grammar", `the document has no "Statement"`, "")
		return
	}
	sids := map[string]bool{}
	for _, s := range statements.list() {
		if s.kind != '{' {
			c.fail(s, "policy-grammar", "a statement is a JSON object", "")
			continue
		}
		c.statement(t, s)
		switch sid := s.get("Sid"); {
		case sid == nil:
		case sid.kind != '"':
			c.fail(sid, "policy-grammar", "Sid must be a text", "")
		case sids[sid.text]:
			c.fail(sid, "policy-grammar", fmt.Sprintf("Sid %q is used by two statements", sid.text), "give each statement a Sid of its own")
		default:
			sids[sid.text] = true
		}
	}
}

// statementElements are the elements of a statement, by policy type.
// Source: AWS Organizations User Guide, SCP syntax and RCP syntax, 2026-11.
var statementElements = map[Type][]string{
	ServiceControl:  {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"},
	ResourceControl: {"Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"},
}

func (c *checker) statement(t Type, s *value) {
	known := statementElements[t]
	for _, m := range s.members {
		if !slices.Contains(known, m.key) {
			c.problems = append(c.problems, Problem{Offset: m.offset, Code: "policy-grammar",
				Message: fmt.Sprintf("a statement of a %s has no element %q", noun(t), m.key), Hint: "elements are " + strings.Join(known, ", ")})
		}
	}
	c.effect(t, s)
	c.oneOf(s, "Action", "NotAction", t == ServiceControl)
	c.oneOf(s, "Resource", "NotResource", true)
	for _, name := range []string{"Action", "NotAction"} {
		c.actions(t, name, s.get(name))
	}
	for _, name := range []string{"Resource", "NotResource"} {
		c.texts(name, s.get(name))
	}
	if t == ResourceControl {
		if p := s.get("Principal"); p == nil || p.text != "*" {
			c.fail(orElse(p, s), "policy-principal", `the Principal of a resource control policy must be "*"`, "name the principals that are exempt in a Condition, by aws:PrincipalArn or aws:PrincipalOrgID")
		}
	}
	if cond := s.get("Condition"); cond != nil {
		c.condition(cond)
	}
}

func noun(t Type) string {
	if t == ResourceControl {
		return "resource control policy"
	}
	return "service control policy"
}

func orElse(v, fallback *value) *value {
	if v == nil {
		return fallback
	}
	return v
}

func (c *checker) effect(t Type, s *value) {
	e := s.get("Effect")
	switch {
	case e == nil:
		c.fail(s, "policy-grammar", `the statement has no "Effect"`, "")
	case t == ResourceControl && e.text != "Deny":
		c.fail(e, "policy-effect", "a resource control policy can only Deny", "RCPFullAWSAccess, which AWS attaches everywhere, is what allows")
	case e.text != "Allow" && e.text != "Deny":
		c.fail(e, "policy-grammar", fmt.Sprintf("Effect %q is neither Allow nor Deny", e.text), "")
	}
}

// oneOf wants exactly one of an element and its negation.
func (c *checker) oneOf(s *value, name, negation string, negatable bool) {
	a, b := s.get(name), s.get(negation)
	choice := name
	if negatable {
		choice = name + " or " + negation
	}
	if a == nil && (b == nil || !negatable) {
		c.fail(s, "policy-grammar", "the statement has no "+choice, "")
	}
	if a != nil && b != nil && negatable {
		c.fail(b, "policy-grammar", fmt.Sprintf("the statement has both %s and %s", name, negation), "keep one of the two")
	}
}

func (c *checker) texts(name string, v *value) {
	if v == nil {
		return
	}
	if v.kind == '[' && len(v.items) == 0 {
		c.fail(v, "policy-grammar", name+" is an empty list", "")
	}
	for _, item := range v.list() {
		if item.kind != '"' {
			c.fail(item, "policy-grammar", name+" must be a text or a list of texts", "")
		}
	}
}

func (c *checker) actions(t Type, name string, v *value) {
	c.texts(name, v)
	if v == nil {
		return
	}
	for _, item := range v.list() {
		if item.text == "*" && t == ResourceControl {
			// Source: IAM User Guide, IAM Access Analyzer policy check reference, RCP_SYNTAX_ERROR_ACTION, 2026-11.
			c.fail(item, "policy-action", `the Action of a resource control policy cannot be "*"`, "name each service: "+strings.Join(rcpServices, ":*, ")+":*")
		}
		if item.kind != '"' || item.text == "*" {
			continue
		}
		service, name, found := strings.Cut(item.text, ":")
		if !found || service == "" || name == "" || strings.ContainsAny(service, " *?") {
			c.fail(item, "policy-action", fmt.Sprintf("%q is not an action", item.text), `write service:Action, such as "s3:PutObject" or "s3:*"`)
			continue
		}
		if t == ResourceControl && !slices.Contains(rcpServices, strings.ToLower(service)) {
			c.warn(item, "rcp-service", fmt.Sprintf("resource control policies have no effect on service %q", service), "services that support them: "+strings.Join(rcpServices, ", "))
		}
	}
}

// rcpServices are the services that resource control policies reach.
// Source: AWS Organizations User Guide, list of services that support RCPs, 2026-11.
var rcpServices = []string{"aoss", "cognito-identity", "cognito-idp", "dynamodb", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs", "sts"}

// condition checks the shape {operator: {key: text or list}}.
func (c *checker) condition(cond *value) {
	if cond.kind != '{' {
		c.fail(cond, "policy-grammar", "Condition must be an object of operators", "")
		return
	}
	for _, op := range cond.members {
		if !isOperator(op.key) {
			c.problems = append(c.problems, Problem{Offset: op.offset, Code: "policy-condition",
				Message: fmt.Sprintf("%q is not a condition operator", op.key), Hint: "such as StringEquals, StringNotLike, ArnLike, Bool, with IfExists or ForAnyValue:"})
			continue
		}
		if op.value.kind != '{' || len(op.value.members) == 0 {
			c.fail(op.value, "policy-grammar", op.key+" must be an object of condition keys", "")
			continue
		}
		for _, key := range op.value.members {
			for _, item := range key.value.list() {
				if item.kind == '{' || item.kind == '[' || item.kind == 'n' {
					c.fail(item, "policy-grammar", fmt.Sprintf("condition key %q must be a text or a list of texts", key.key), "")
				}
			}
		}
	}
}

// operators are the condition operators without qualifiers, in lower case: AWS does not mind their case.
// Source: IAM User Guide, IAM JSON policy elements: Condition operators, 2026-11.
var operators = []string{
	"stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase", "stringlike", "stringnotlike",
	"numericequals", "numericnotequals", "numericlessthan", "numericlessthanequals", "numericgreaterthan", "numericgreaterthanequals",
	"dateequals", "datenotequals", "datelessthan", "datelessthanequals", "dategreaterthan", "dategreaterthanequals",
	"bool", "binaryequals", "ipaddress", "notipaddress", "arnequals", "arnlike", "arnnotequals", "arnnotlike", "null",
}

func isOperator(name string) bool {
	name = strings.ToLower(name)
	if rest, ok := strings.CutPrefix(name, "forallvalues:"); ok {
		name = rest
	} else {
		name = strings.TrimPrefix(name, "foranyvalue:")
	}
	name, optional := strings.CutSuffix(name, "ifexists")
	// Null asks whether the key exists, so that it cannot depend on its existence.
	return slices.Contains(operators, name) && (!optional || name != "null")
}
