package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy"
)

// describe writes problems as a person would: severity, rule, the text they point at, what is wrong.
func describe(doc string, problems []policy.Problem) []string {
	var out []string
	for _, p := range problems {
		severity := "error"
		if p.Warning {
			severity = "warning"
		}
		out = append(out, fmt.Sprintf("%s %s at %s: %s", severity, p.Code, at(doc, p.Offset), p.Message))
	}
	return out
}

// at returns the text that starts at the offset, up to the next blank, bracket or comma.
func at(doc string, offset int) string {
	rest := doc[offset:]
	if strings.TrimSpace(rest) == "" {
		return "the end"
	}
	if end := strings.IndexAny(rest[1:], " ,:[]{}\n"); end >= 0 {
		return rest[:end+1]
	}
	return rest
}

// statement puts one statement into a document that is otherwise right.
func statement(s string) string {
	return `{"Version": "2012-10-17", "Statement": [` + s + `]}`
}

type checkCase struct {
	name string
	doc  string
	want []string
}

func testCheck(t *testing.T, kind policy.Type, cases []checkCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, describe(c.doc, policy.Check(kind, []byte(c.doc))))
		})
	}
}

// D06: the grammar of service control policies.
func TestCheckServiceControl(t *testing.T) {
	t.Parallel()
	testCheck(t, policy.ServiceControl, []checkCase{
		{"smallest", statement(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`), nil},
		{"one statement without a list", `{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`, nil},
		{"every element", `{"Version": "2012-10-17", "Id": "x", "Statement": [
			{"Sid": "A", "Effect": "Allow", "NotAction": ["s3:*", "ec2:Run*"], "NotResource": "*", "Condition": {"StringLike": {"aws:PrincipalArn": ["a", "b"]}}}]}`, nil},

		{"not JSON", `Version: 2012-10-17`, []string{
			`error policy-json at Version: this is not valid JSON: invalid character 'V' looking for beginning of value`}},
		{"empty", ``, []string{`error policy-json at the end: this is not valid JSON: it ends in the middle`}},
		{"truncated", `{"Version": "2012-10-17", "Statement": [` + "\n", []string{
			`error policy-json at the end: this is not valid JSON: it ends in the middle`}},
		{"truncated in a text", `{"Version": "2012`, []string{`error policy-json at the end: this is not valid JSON: it ends in the middle`}},
		{"missing comma", `{"Version": "2012-10-17" "Statement": []}`, []string{
			`error policy-json at "Statement": this is not valid JSON: invalid character '"' after object key:value pair`}},
		{"trailing comma", `{"Version": "2012-10-17",}`, []string{
			`error policy-json at }: this is not valid JSON: invalid character '}' looking for beginning of object key string`}},
		{"wrong bracket", `{"Version": ["2012-10-17"}}`, []string{
			`error policy-json at }: this is not valid JSON: invalid character '}' after array element`}},
		{"trailing text", statement(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`) + "\n  {}", []string{
			`error policy-json at {: there is more text after the end of the JSON document`}},
		{"trailing comma at the end", statement(`{"Effect": "Deny", "Action": "*", "Resource": "*"}`) + ",", []string{
			`error policy-json at ,: there is more text after the end of the JSON document`}},
		{"not UTF-8", "{\"Version\": \"2012-10-17\", \"Id\": \"\xff\"}", []string{
			"error policy-json at \xff\": this is not valid JSON: it is not UTF-8"}},
		{"too deep", `{"Version": ` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`, []string{
			`error policy-json at [: this is not valid JSON: it nests too deep`}},
		{"not an object", `["Version"]`, []string{`error policy-grammar at ["Version": a policy document is a JSON object`}},
		{"a number", `7`, []string{`error policy-grammar at 7: a policy document is a JSON object`}},

		{"duplicate keys", `{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Effect": "Deny", "Resource": "*"}]}`, []string{
			`error policy-duplicate-key at "Version": "Version" is set twice in the same object; AWS would use only one of them`,
			`error policy-duplicate-key at "Effect": "Effect" is set twice in the same object; AWS would use only one of them`}},
		{"no Version", `{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}`, []string{
			`error policy-version at {"Statement": the document has no "Version"`}},
		{"Version 2008", `{"Version": "2008-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}`, []string{
			`error policy-version at "2008-10-17": Version "2008-10-17" is not 2012-10-17`}},
		{"Version a number", `{"Version": 2012, "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}`, []string{
			`error policy-version at 2012: Version "2012" is not 2012-10-17`}},
		{"no Statement", `{"Version": "2012-10-17"}`, []string{`error policy-grammar at {"Version": the document has no "Statement"`}},
		{"empty Statement", `{"Version": "2012-10-17", "Statement": []}`, []string{`error policy-grammar at {"Version": the document has no "Statement"`}},
		{"unknown element", `{"Version": "2012-10-17", "statement": [], "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}`, []string{
			`error policy-grammar at "statement": "statement" is not an element of a policy document`}},

		{"statement not an object", statement(`"Deny"`), []string{`error policy-grammar at "Deny": a statement is a JSON object`}},
		{"lower-case element", statement(`{"effect": "Deny", "Action": "*", "Resource": "*"}`), []string{
			`error policy-grammar at {"effect": the statement has no "Effect"`,
			`error policy-grammar at "effect": a statement of a service control policy has no element "effect"`}},
		{"Principal", statement(`{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`), []string{
			`error policy-grammar at "Principal": a statement of a service control policy has no element "Principal"`}},
		{"wrong Effect", statement(`{"Effect": "deny", "Action": "*", "Resource": "*"}`), []string{
			`error policy-grammar at "deny": Effect "deny" is neither Allow nor Deny`}},
		{"Effect a list", statement(`{"Effect": ["Deny"], "Action": "*", "Resource": "*"}`), []string{
			`error policy-grammar at ["Deny": Effect "" is neither Allow nor Deny`}},
		{"Action and NotAction", statement(`{"Effect": "Deny", "Action": "s3:*", "NotAction": "ec2:*", "Resource": "*"}`), []string{
			`error policy-grammar at "ec2: the statement has both Action and NotAction`}},
		{"neither Action nor NotAction", statement(`{"Effect": "Deny", "Resource": "*"}`), []string{
			`error policy-grammar at {"Effect": the statement has no Action or NotAction`}},
		{"no Resource", statement(`{"Effect": "Deny", "Action": "*"}`), []string{
			`error policy-grammar at {"Effect": the statement has no Resource or NotResource`}},
		{"Resource and NotResource", statement(`{"Effect": "Deny", "Action": "*", "Resource": "*", "NotResource": "*"}`), []string{
			`error policy-grammar at "*": the statement has both Resource and NotResource`}},
		{"empty lists", statement(`{"Effect": "Deny", "NotAction": [], "Resource": [ ]}`), []string{
			`error policy-grammar at [: NotAction is an empty list`,
			`error policy-grammar at [: Resource is an empty list`}},
		{"action without service", statement(`{"Effect": "Deny", "Action": ["s3:Get*", "GetObject", ":Get", "s3:", "*:Get", "s 3:Get"], "Resource": "*"}`), []string{
			`error policy-action at "GetObject": "GetObject" is not an action`,
			`error policy-action at ": ":Get" is not an action`,
			`error policy-action at "s3: "s3:" is not an action`,
			`error policy-action at "*: "*:Get" is not an action`,
			`error policy-action at "s: "s 3:Get" is not an action`}},
		{"not texts", statement(`{"Effect": "Deny", "Action": ["s3:*", 7], "Resource": {"arn": "*"}}`), []string{
			`error policy-grammar at 7: Action must be a text or a list of texts`,
			`error policy-grammar at {"arn": Resource must be a text or a list of texts`}},
		{"duplicate Sid", statement(`{"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}, {"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}`), []string{
			`error policy-grammar at "A": Sid "A" is used by two statements`}},
		{"Sid not a text", statement(`{"Sid": 1, "Effect": "Deny", "Action": "*", "Resource": "*"}`), []string{
			`error policy-grammar at 1: Sid must be a text`}},
		{"two in one document, in order", statement(`{"Effect": "Deny", "Action": "x", "Resource": "*"}, {"Effect": "No", "Action": "*", "Resource": "*"}`), []string{
			`error policy-action at "x": "x" is not an action`,
			`error policy-grammar at "No": Effect "No" is neither Allow nor Deny`}},
	})
}

func TestCheckConditions(t *testing.T) {
	t.Parallel()
	with := func(condition string) string {
		return statement(`{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": ` + condition + `}`)
	}
	testCheck(t, policy.ServiceControl, []checkCase{
		{"qualified operators", with(`{"ForAnyValue:StringLike": {"aws:TagKeys": ["a*"]}, "ForAllValues:StringEqualsIfExists": {"aws:TagKeys": "a"},
			"ArnNotLikeIfExists": {"aws:PrincipalArn": "x"}, "Null": {"aws:TokenIssueTime": "true"}, "Bool": {"aws:SecureTransport": false},
			"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}, "stringequals": {"aws:x": "y"}}`), nil},
		{"no condition at all", with(`{}`), nil},
		{"unknown operator", with(`{"StringEqual": {"aws:x": "y"}}`), []string{
			`error policy-condition at "StringEqual": "StringEqual" is not a condition operator`}},
		{"both qualifiers", with(`{"ForAllValues:ForAnyValue:StringLike": {"aws:x": "y"}}`), []string{
			`error policy-condition at "ForAllValues: "ForAllValues:ForAnyValue:StringLike" is not a condition operator`}},
		{"NullIfExists", with(`{"NullIfExists": {"aws:x": "true"}}`), []string{
			`error policy-condition at "NullIfExists": "NullIfExists" is not a condition operator`}},
		{"a text", with(`"aws:x"`), []string{`error policy-grammar at "aws: Condition must be an object of operators`}},
		{"operator with a text", with(`{"StringEquals": "aws:x"}`), []string{
			`error policy-grammar at "aws: StringEquals must be an object of condition keys`}},
		{"operator without keys", with(`{"StringEquals": {}}`), []string{
			`error policy-grammar at {: StringEquals must be an object of condition keys`}},
		{"values of wrong kinds", with(`{"StringEquals": {"aws:x": {"a": "b"}, "aws:y": ["a", null], "aws:z": [["a"]]}}`), []string{
			`error policy-grammar at {"a": condition key "aws:x" must be a text or a list of texts`,
			`error policy-grammar at null: condition key "aws:y" must be a text or a list of texts`,
			`error policy-grammar at ["a": condition key "aws:z" must be a text or a list of texts`}},
	})
}

// D06: resource control policies share the grammar of service control policies and allow less.
func TestCheckResourceControl(t *testing.T) {
	t.Parallel()
	testCheck(t, policy.ResourceControl, []checkCase{
		{"good", statement(`{"Effect": "Deny", "Principal": "*", "Action": ["s3:*", "STS:AssumeRole"], "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`), nil},
		{"Allow", statement(`{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}`), []string{
			`error policy-effect at "Allow": a resource control policy can only Deny`}},
		{"no Principal", statement(`{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}`), []string{
			`error policy-principal at {"Effect": the Principal of a resource control policy must be "*"`}},
		{"one principal", statement(`{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "*"}`), []string{
			`error policy-principal at {"AWS": the Principal of a resource control policy must be "*"`}},
		{"NotAction", statement(`{"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"}`), []string{
			`error policy-grammar at {"Effect": the statement has no Action`,
			`error policy-grammar at "NotAction": a statement of a resource control policy has no element "NotAction"`}},
		{"every action", statement(`{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`), []string{
			`error policy-action at "*": the Action of a resource control policy cannot be "*"`}},
		{"service without support", statement(`{"Effect": "Deny", "Principal": "*", "Action": ["s3:*", "ec2:*"], "Resource": "*"}`), []string{
			`warning rcp-service at "ec2: resource control policies have no effect on service "ec2"`}},
	})
}

// D06: the types whose documents are merged down the tree, each with its own key at the top.
func TestCheckManagementPolicies(t *testing.T) {
	t.Parallel()
	tops := map[policy.Type]string{
		policy.Tag: "tags", policy.Backup: "plans", policy.AIServicesOptOut: "services", policy.Chatbot: "chatbots", policy.DeclarativeEC2: "ec2_attributes",
	}
	require.Len(t, tops, len(policy.Types())-2, "a new type needs a case")
	for kind, top := range tops {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			testCheck(t, kind, []checkCase{
				{"good", `{"` + top + `": {"@@operators_allowed_for_child_policies": ["@@none"], "a": {"b": {"@@assign": "x"}, "c": {"@@append": ["y"], "@@remove": ["z"]}}}}`, nil},
				{"unknown operator", `{"` + top + `": {"a": {"@@set": "x", "b": [{"@@merge": 1}]}}}`, []string{
					`error policy-operator at "@@set": "@@set" is not an inheritance operator`,
					`error policy-operator at "@@merge": "@@merge" is not an inheritance operator`}},
				{"empty", `{}`, []string{fmt.Sprintf(`error policy-grammar at {: a document of type %s needs %q at its top`, kind, top)}},
				{"a list", `[]`, []string{`error policy-grammar at [: a policy document is a JSON object`}},
				{"set twice", fmt.Sprintf(`{%q: {}, %q: {}}`, top, top), []string{
					fmt.Sprintf(`error policy-duplicate-key at %q: %q is set twice in the same object; AWS would use only one of them`, top, top)}},
			})
		})
	}
	for _, kind := range []policy.Type{policy.Tag, policy.AIServicesOptOut, policy.Chatbot} {
		t.Run("wrong key at the top of "+string(kind), func(t *testing.T) {
			t.Parallel()
			doc := `{"Version": "2012-10-17"}`
			require.Equal(t, []string{
				fmt.Sprintf(`error policy-grammar at {"Version": a document of type %s needs %q at its top`, kind, tops[kind]),
				fmt.Sprintf(`error policy-grammar at "Version": "Version" is not known at the top of a document of type %s`, kind),
			}, describe(doc, policy.Check(kind, []byte(doc))))
		})
	}
}

func TestCheckResourcePolicy(t *testing.T) {
	t.Parallel()
	for _, c := range []checkCase{
		{"good", statement(`{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "organizations:List*", "Resource": "*"}`), nil},
		{"not JSON", `{`, []string{`error policy-json at the end: this is not valid JSON: it ends in the middle`}},
		{"no Statement", `{"Version": "2012-10-17"}`, []string{`error policy-grammar at {"Version": a resource policy is a JSON object with a Statement`}},
		{"empty Statement", statement(``), []string{`error policy-grammar at {"Version": a resource policy is a JSON object with a Statement`}},
		{"a text", `"x"`, []string{`error policy-grammar at "x": a resource policy is a JSON object with a Statement`}},
		{"not an object", statement(`"x"`), []string{`error policy-grammar at "x": a statement is a JSON object`}},
		{"elements missing", statement(`{"Effect": "Allow", "Resource": "*"}`), []string{
			`error policy-grammar at {"Effect": a statement of a resource policy needs Principal`,
			`error policy-grammar at {"Effect": a statement of a resource policy needs Action`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := c.doc
			require.Equal(t, c.want, describe(doc, policy.CheckResourcePolicy([]byte(doc))))
		})
	}
}

// Every problem says what to do, in its message or in a hint, and none ends in a full stop.
func TestProblemsAreWordedAlike(t *testing.T) {
	t.Parallel()
	doc := statement(`{"Sid": 1, "effect": "x", "Action": "x", "Condition": {"x": {}}}, {"Effect": "x", "Action": [], "Resource": 7}`)
	problems := append(policy.Check(policy.ServiceControl, []byte(doc)), policy.Check(policy.ResourceControl, []byte(doc))...)
	require.NotEmpty(t, problems)
	for _, p := range problems {
		require.NotEmpty(t, p.Code)
		require.NotRegexp(t, `\.$`, p.Message)
		require.NotRegexp(t, `\.$`, p.Hint)
	}
}
