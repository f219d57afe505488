package simulate_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/policy/simulate"
)

func one(statement string) string {
	return `{"Version": "2012-10-17", "Statement": ` + statement + `}`
}

func TestParseDocument(t *testing.T) {
	t.Parallel()
	text := `{"Version": "2012-10-17", "Id": "x", "Statement": [
  {"Sid": "A", "Effect": "Deny", "NotPrincipal": {"AWS": ["111122223333"], "Service": "s3.amazonaws.com", "Federated": "f", "CanonicalUser": "c"},
   "NotAction": "s3:*", "NotResource": ["a", "b"], "Condition": {"foranyvalue:stringlikeifexists": {"aws:x": [1, true, "\u00e9"]}, "Bool": {"b": false}}},
  {"Effect": "Allow", "Principal": "*", "Action": ["s3:Get*"], "Resource": "*"}]}`
	at := func(part string) int { return strings.Index(text, part) }
	require.Equal(t, &simulate.Document{Version: "2012-10-17", ID: "x", Statements: []simulate.Statement{
		{Offset: at(`{"Sid"`), Sid: "A", Effect: simulate.Deny,
			NotPrincipal: &simulate.Principals{AWS: []string{"111122223333"}, Service: []string{"s3.amazonaws.com"}, Federated: []string{"f"}, Canonical: []string{"c"}},
			NotAction:    []string{"s3:*"}, NotResource: []string{"a", "b"},
			Conditions: []simulate.Condition{
				{Offset: at(`"aws:x"`), Operator: "ForAnyValue:StringLikeIfExists", Key: "aws:x", Values: []string{"1", "true", "é"}},
				{Offset: at(`"b": false`), Operator: "Bool", Key: "b", Values: []string{"false"}},
			}},
		{Offset: at(`{"Effect": "Allow"`), Effect: simulate.Allow, Principal: &simulate.Principals{Any: true}, Action: []string{"s3:Get*"}, Resource: []string{"*"}},
	}}, parse(t, text))
}

func TestParseDocumentErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ doc, at, want string }{
		{`Version`, `Version`, `this is not valid JSON: invalid character 'V' looking for beginning of value`},
		{``, ``, `this is not valid JSON: unexpected end of JSON input`},
		{"\xff", "\xff", `this is not valid JSON: it is not UTF-8`},
		{`[]`, `[]`, `a policy document is a JSON object`},
		{`{}`, `{}`, `the document has no "Statement"`},
		{`{"Statement": []}`, `{"Statement"`, `the document has no "Statement"`},
		{`{"Version": 1, "Statement": []}`, `1,`, `Version must be a text`},
		{`{"Version": "2012"}`, `"2012"`, `Version "2012" is neither 2012-10-17 nor 2008-10-17`},
		{`{"Statements": []}`, `"Statements"`, `"Statements" is not an element of a policy document`},
		{`{"Id": "a", "Id": "b"}`, `"Id": "b"`, `"Id" is set twice in the same object`},
		{one(`"x"`), `"x"`, `a statement is a JSON object`},
		{one(`{"Action": "*", "Resource": "*"}`), `{"Action"`, `the statement has no "Effect"`},
		{one(`{"Effect": "Forbid", "Action": "*"}`), `"Forbid"`, `Effect "Forbid" is neither Allow nor Deny`},
		{one(`{"Effect": true, "Action": "*"}`), `true`, `Effect must be a text`},
		{one(`{"Effect": "Deny", "Resource": "*"}`), `{"Effect"`, `the statement has neither Action nor NotAction`},
		{one(`{"Effect": "Deny", "Action": "*", "NotAction": "*"}`), `{"Effect"`, `the statement has both Action and NotAction`},
		{one(`{"Effect": "Deny", "Action": "*", "Resource": "*", "NotResource": "*"}`), `{"Effect"`, `the statement has both Resource and NotResource`},
		{one(`{"Effect": "Deny", "Action": "*", "Principal": "*", "NotPrincipal": "*"}`), `{"Effect"`, `the statement has both Principal and NotPrincipal`},
		{one(`{"Effect": "Allow", "Action": "*", "NotPrincipal": "*"}`), `{"Effect"`, `NotPrincipal goes with Deny only`},
		{one(`{"Effect": "Deny", "Actions": "*"}`), `"Actions"`, `"Actions" is not an element of a statement`},
		{one(`{"Effect": "Deny", "Action": []}`), `[]`, `Action is an empty list`},
		{one(`{"Effect": "Deny", "Action": ["s3:*", 1]}`), `1]`, `Action must be a text or a list of texts`},
		{one(`{"Effect": "Deny", "Action": ["s3:*", "s3"]}`), `"s3"]`, `"s3" is not an action`},
		{one(`{"Effect": "Deny", "Action": "s3: Get"}`), `"s3: Get"`, `"s3: Get" is not an action`},
		{one(`{"Effect": "Deny", "Action": "*", "Resource": [["*"]]}`), `["*"]]`, `Resource must be a text or a list of texts`},
		{one(`{"Effect": "Deny", "Action": "*", "Principal": "me"}`), `"me"`, `Principal must be "*" or an object`},
		{one(`{"Effect": "Deny", "Action": "*", "Principal": {}}`), `{}`, `Principal must be "*" or an object`},
		{one(`{"Effect": "Deny", "Action": "*", "Principal": {"Aws": "*"}}`), `"Aws"`, `"Aws" is not a kind of principal`},
		{one(`{"Effect": "Deny", "Action": "*", "Principal": {"AWS": ["*", "arn:aws:iam::1:role/*"]}}`), `"arn:aws:iam::1:role/*"`, `the principal "arn:aws:iam::1:role/*" cannot have wildcards`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": []}`), `[]`, `Condition must be an object of operators`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"StringIs": {"a": "b"}}}`), `"StringIs"`, `"StringIs" is not a condition operator`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"NullIfExists": {"a": "true"}}}`), `"NullIfExists"`, `"NullIfExists" is not a condition operator`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"Bool": "b"}}`), `"b"`, `Bool must be an object of condition keys`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"": "true"}}}`), `"": `, `a condition key is empty`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"a": null}}}`), `null`, `condition key "a" must be a text or a list of texts`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"a": []}}}`), `[]`, `condition key "a" has an empty list`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"a": "si"}}}`), `"si"`, `"si" is not true or false, which Bool compares`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"Null": {"a": "${x}"}}}`), `"${x}"`, `"${x}" is not true or false, which Null compares`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"NumericEquals": {"a": "NaN"}}}`), `"NaN"`, `"NaN" is not a number, which NumericEquals compares`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"DateLessThan": {"a": "2026-13-01"}}}`), `"2026-13-01"`, `"2026-13-01" is not a date, which DateLessThan compares`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"IpAddress": {"a": "10.0.0.0/33"}}}`), `"10.0.0.0/33"`, `"10.0.0.0/33" is not an IP address or range, which IpAddress compares`},
		{one(`{"Effect": "Deny", "Action": "*", "Condition": {"BinaryEquals": {"a": "-"}}}`), `"-"`, `"-" is not base64, which BinaryEquals compares`},
		{one(`[{"Sid": "A", "Effect": "Deny", "Action": "*"}, {"Sid": "A", "Effect": "Deny", "Action": "a:*"}]`), `{"Sid": "A", "Effect": "Deny", "Action": "a:*"}`, `Sid "A" is used by two statements`},
		{`{"Statement": ` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`, strings.Repeat("[", 24) + strings.Repeat("]", 40), `the document nests too deep`},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			d, err := simulate.ParseDocument([]byte(c.doc))
			require.Nil(t, d)
			var wrong *simulate.Error
			require.ErrorAs(t, err, &wrong)
			require.EqualError(t, err, c.want)
			require.True(t, strings.HasPrefix(c.doc[wrong.Offset:], c.at), "at %q", c.doc[wrong.Offset:])
		})
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	base := one(`[{"Sid": "A", "Effect": "Deny", "Action": ["s3:GetObject", "iam:*"], "Resource": "*", "Condition": {"StringEquals": {"aws:x": ["a", "b"]}, "Bool": {"y": "true"}}}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]`)
	for name, other := range map[string]string{
		"itself":                 base,
		"order of statements":    one(`[{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "A", "Effect": "Deny", "Action": ["s3:GetObject", "iam:*"], "Resource": "*", "Condition": {"StringEquals": {"aws:x": ["a", "b"]}, "Bool": {"y": "true"}}}]`),
		"order of keys":          one(`[{"Resource": "*", "Condition": {"Bool": {"y": true}, "StringEquals": {"aws:x": ["b", "a"]}}, "Action": ["iam:*", "s3:GetObject"], "Effect": "Deny", "Sid": "A"}, {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]`),
		"case and repetitions":   one(`[{"Sid": "A", "Effect": "Deny", "Action": ["S3:getobject", "iam:*", "IAM:*"], "Resource": ["*", "*"], "Condition": {"stringEquals": {"AWS:X": ["a", "b", "a"]}, "Bool": {"y": "true"}}}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]`),
		"statement said twice":   one(`[{"Sid": "A", "Effect": "Deny", "Action": ["s3:GetObject", "iam:*"], "Resource": "*", "Condition": {"StringEquals": {"aws:x": ["a", "b"]}, "Bool": {"y": "true"}}}, {"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Allow", "Action": "*", "Resource": "*"}]`),
		"one value for a list 1": strings.Replace(base, `"Resource": "*"`, `"Resource": ["*"]`, 1),
	} {
		require.True(t, simulate.Equal(parse(t, base), parse(t, other)), name)
	}
	for name, other := range map[string]string{
		"Sid":               strings.Replace(base, `"A"`, `"B"`, 1),
		"version":           strings.Replace(base, "2012", "2008", 1),
		"effect":            strings.Replace(base, "Deny", "Allow", 1),
		"action":            strings.Replace(base, "iam", "sts", 1),
		"NotAction":         strings.Replace(base, `"Action"`, `"NotAction"`, 1),
		"case of resources": strings.Replace(base, `"Resource": "*"`, `"Resource": "A"`, 1),
		"value":             strings.Replace(base, `["a", "b"]`, `["a"]`, 1),
		"case of a value":   strings.Replace(base, `["a", "b"]`, `["A", "b"]`, 1),
		"operator":          strings.Replace(base, "StringEquals", "StringLike", 1),
	} {
		require.False(t, simulate.Equal(parse(t, base), parse(t, other)), name)
	}
	who := func(p string) *simulate.Document {
		return parse(t, one(`{"Effect": "Deny", "Principal": `+p+`, "Action": "*", "Resource": "*"}`))
	}
	require.True(t, simulate.Equal(who(`"*"`), who(`{"AWS": "*"}`)))
	require.True(t, simulate.Equal(who(`{"AWS": "111122223333"}`), who(`{"AWS": ["arn:aws:iam::111122223333:root"]}`)))
	require.False(t, simulate.Equal(who(`{"AWS": "111122223333"}`), who(`{"Service": "111122223333"}`)))
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	full := `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}`
	bare := `{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}`
	named := `{"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}`
	none := `{"Effect": "Deny", "Action": "s3:*"}`
	for _, c := range []struct{ layer, statement, want string }{
		{"scp", full, `policy "p" of "n": a statement of this kind of policy has no Principal`},
		{"scp", none, `policy "p" of "n": a statement of this kind of policy has either Resource or NotResource`},
		{"rcp", bare, `policy "p" of "n": a statement of a resource control policy has the Principal "*"`},
		{"rcp", named, `policy "p" of "n": a statement of a resource control policy has the Principal "*"`},
		{"identity", full, `policy "p": a statement of this kind of policy has no Principal`},
		{"resource", bare, `policy "p": a statement of a resource policy has a Principal`},
		{"resource", named, ``},
	} {
		p := simulate.Policy{Name: "p", Document: parse(t, one(c.statement))}
		var err error
		switch c.layer {
		case "scp":
			_, err = simulate.Compile(simulate.Chain{Levels: []simulate.Level{{Node: "n", SCPs: []simulate.Policy{p}}}})
		case "rcp":
			_, err = simulate.Compile(simulate.Chain{Levels: []simulate.Level{{Node: "n", RCPs: []simulate.Policy{p}}}})
		case "identity":
			_, err = simulate.CompileGrants(simulate.Grants{Identity: []simulate.Policy{p}})
		default:
			_, err = simulate.CompileGrants(simulate.Grants{Resource: &p})
		}
		if c.want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, c.want)
		var wrong *simulate.Error
		require.True(t, errors.As(err, &wrong))
		require.Equal(t, 39, wrong.Offset)
	}
	_, err := simulate.Compile(simulate.Chain{Levels: []simulate.Level{{Node: "n", SCPs: []simulate.Policy{{Name: "p"}}}}})
	require.EqualError(t, err, `policy "p" of "n": there is no document`)
	_, err = simulate.Evaluate(simulate.Chain{Levels: []simulate.Level{{Node: "n", SCPs: []simulate.Policy{{Name: "p"}}}}}, &simulate.Request{}, simulate.Grants{})
	require.Error(t, err)
	_, err = simulate.Evaluate(simulate.Chain{}, &simulate.Request{}, simulate.Grants{Boundary: &simulate.Policy{Name: "p"}})
	require.EqualError(t, err, `policy "p": there is no document`)
}

func TestAnswerJSON(t *testing.T) {
	t.Parallel()
	c := chain()
	c.Levels[1].SCPs = append(c.Levels[1].SCPs[:1:1], document(t, "guardrails", "", []any{map[string]any{"Sid": "Region", "Effect": "Deny", "Action": "ec2:*", "Resource": "*",
		"Condition": map[string]any{"StringNotEquals": map[string]any{"aws:RequestedRegion": "eu-west-1"}}}}))
	c.Levels[2].SCPs = []simulate.Policy{document(t, "list", "", []any{map[string]any{"Effect": "Allow", "Action": []string{"s3:*", "ec2:*"}, "Resource": "*"}})}
	for _, want := range []struct{ action, json string }{
		{"ec2:RunInstances", `{"allowed": false, "decision": "explicit-deny", "layer": "scp", "node": "Workloads", "policy": "guardrails", "sid": "Region", "statement": 1,
			"noRcp": "resource control policies do not reach this service", "unknown": ["aws:RequestedRegion"],
			"reason": "statement 1 (Region) of service control policy \"guardrails\" at \"Workloads\" denies ec2:RunInstances; not known of the request: aws:RequestedRegion"}`},
		{"iam:CreateUser", `{"allowed": false, "decision": "implicit-deny", "layer": "scp", "node": "Prod", "noRcp": "resource control policies do not reach this service",
			"reason": "no service control policy at \"Prod\" allows iam:CreateUser"}`},
		{"s3:GetObject", `{"allowed": true, "decision": "allowed", "reason": "no policy of the organization denies s3:GetObject"}`},
	} {
		a, err := simulate.Evaluate(c, &simulate.Request{Principal: app(), Action: want.action}, simulate.Grants{})
		require.NoError(t, err)
		got, err := json.Marshal(a)
		require.NoError(t, err)
		require.JSONEq(t, want.json, string(got))
	}
}

// TestResourceChain: a request between two accounts of one organization meets the service control policies of
// the principal's account and the resource control policies of the resource's.
func TestResourceChain(t *testing.T) {
	t.Parallel()
	deny := document(t, "deny", "", []any{map[string]any{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}})
	guard := document(t, "guard", "", []any{map[string]any{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": "*",
		"Condition": map[string]any{"StringEquals": map[string]any{"aws:ResourceOrgID": orgID}}}})
	theirs := chain()
	theirs.Account = "444455556666"
	theirs.Levels[3].SCPs = append(theirs.Levels[3].SCPs[:1:1], deny)
	theirs.Levels[3].RCPs = []simulate.Policy{guard}
	other, err := simulate.Compile(theirs)
	require.NoError(t, err)
	for action, want := range map[string]string{"s3:GetObject": "", "s3:DeleteObject": "rcp account guard 1"} {
		a, err := simulate.Evaluate(chain(), &simulate.Request{Principal: app(), Action: action, Resource: "arn:aws:s3:::theirs/x", ResourceAccount: "444455556666"}, simulate.Grants{ResourceChain: other})
		require.NoError(t, err)
		require.Equal(t, want, by(a))
		require.Empty(t, a.NoSCP)
	}
}

// TestServices: the services of resource control policies are those that package policy knows.
func TestServices(t *testing.T) {
	t.Parallel()
	problems := policy.Check(policy.ResourceControl, []byte(one(`{"Effect": "Deny", "Principal": "*", "Action": "ec2:*", "Resource": "*"}`)))
	require.Len(t, problems, 1)
	_, list, found := strings.Cut(problems[0].Hint, ": ")
	require.True(t, found)
	known := strings.Split(list, ", ")
	require.NotEmpty(t, known)
	c := chain()
	for _, service := range append(known, "ec2", "iam", "sns", "lambda", "execute-api", "backup", "sqs2") {
		c.Levels[3].RCPs = []simulate.Policy{document(t, "p", "", []any{map[string]any{"Effect": "Deny", "Principal": "*", "Action": service + ":*", "Resource": "*"}})}
		a, err := simulate.Evaluate(c, &simulate.Request{Principal: app(), Action: service + ":X"}, simulate.Grants{})
		require.NoError(t, err)
		require.Equal(t, strings.Contains(list+",", service+","), !a.Allowed, service)
	}
}

// TestKinds: what follows from the ARN of a principal.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		principal simulate.Principal
		keys      map[string]string
	}{
		{simulate.Principal{ARN: "arn:aws:iam::111122223333:user/a/b/eve", ID: "AIDA1"}, map[string]string{
			"aws:PrincipalType": "User", "aws:username": "eve", "aws:userid": "AIDA1", "aws:PrincipalArn": "arn:aws:iam::111122223333:user/a/b/eve", "aws:PrincipalAccount": account, "aws:PrincipalOrgID": orgID}},
		{simulate.Principal{ARN: "arn:aws:iam::111122223333:root"}, map[string]string{
			"aws:PrincipalType": "Account", "aws:username": "", "aws:userid": account, "aws:PrincipalArn": "arn:aws:iam::111122223333:root"}},
		{simulate.Principal{ARN: "arn:aws:sts::111122223333:assumed-role/app/s", ID: "AROA1:s"}, map[string]string{
			"aws:PrincipalType": "AssumedRole", "aws:username": "", "aws:userid": "AROA1:s", "aws:PrincipalArn": "arn:aws:iam::111122223333:role/app", "aws:ViaAWSService": "false"}},
		{simulate.Principal{ARN: "arn:aws:sts::111122223333:federated-user/bob"}, map[string]string{
			"aws:PrincipalType": "FederatedUser", "aws:username": "", "aws:userid": account + ":bob", "aws:PrincipalArn": "arn:aws:sts::111122223333:federated-user/bob"}},
		{simulate.Principal{ARN: "s3.amazonaws.com"}, map[string]string{
			"aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": "s3.amazonaws.com", "aws:PrincipalOrgID": "", "aws:PrincipalArn": "", "aws:PrincipalAccount": ""}},
		{simulate.Principal{}, map[string]string{
			"aws:PrincipalType": "Anonymous", "aws:userid": "anonymous", "aws:PrincipalAccount": "anonymous", "aws:PrincipalIsAWSService": "", "aws:PrincipalOrgID": ""}},
		{simulate.Principal{ARN: "arn:aws:iam::999999999999:role/partner"}, map[string]string{
			"aws:PrincipalOrgID": "", "aws:PrincipalAccount": "999999999999", "aws:PrincipalOrgPaths": ""}},
		{simulate.Principal{ARN: "arn:aws:iam::999999999999:role/partner", OrgID: "o-other00000", OrgPath: "o-other00000/r-x/"}, map[string]string{
			"aws:PrincipalOrgID": "o-other00000", "aws:PrincipalOrgPaths": "o-other00000/r-x/"}},
	} {
		for key, want := range c.keys {
			condition := map[string]any{"StringEquals": map[string]any{key: want}}
			if want == "" {
				condition = map[string]any{"Null": map[string]any{key: "true"}}
			}
			grant := document(t, "p", "", []any{map[string]any{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition}})
			a, err := simulate.Evaluate(chain(), &simulate.Request{Principal: c.principal, Action: "s3:GetObject"}, simulate.Grants{Resource: &grant})
			require.NoError(t, err)
			require.Equal(t, simulate.ExplicitDeny, a.Decision, "%s of %s is not %q", key, c.principal.ARN, want)
		}
	}
}

// The parts of random policies and requests, small enough to meet.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func randomStatement(r *rand.Rand, effect simulate.Effect) simulate.Statement {
	s := simulate.Statement{Effect: effect}
	actions := []string{pick(r, []string{"*", "s3:*", "s3:Get*", "s3:GetObject", "ec2:*", "ec2:?un*", "iam:CreateUser", "kms:*"}), pick(r, []string{"iam:*", "S3:PutObject", "sqs:*"})}
	if r.IntN(4) == 0 {
		s.NotAction = actions
	} else {
		s.Action = actions
	}
	resources := []string{pick(r, []string{"*", "arn:aws:s3:::a/*", "arn:aws:s3:::b", "arn:*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s?:::a/x"})}
	if r.IntN(5) == 0 {
		s.NotResource = resources
	} else {
		s.Resource = resources
	}
	for range r.IntN(3) {
		s.Conditions = append(s.Conditions, pick(r, []simulate.Condition{
			{Operator: "StringEquals", Key: "aws:RequestedRegion", Values: []string{"eu-west-1", "us-east-1"}},
			{Operator: "StringNotEqualsIfExists", Key: "aws:requestedregion", Values: []string{"eu-west-1"}},
			{Operator: "ArnNotLike", Key: "aws:PrincipalArn", Values: []string{"arn:aws:iam::*:role/app"}},
			{Operator: "ArnLike", Key: "aws:PrincipalArn", Values: []string{"*"}},
			{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"false"}},
			{Operator: "Null", Key: "aws:TagKeys", Values: []string{"true"}},
			{Operator: "ForAllValues:StringEquals", Key: "aws:TagKeys", Values: []string{"a", "b"}},
			{Operator: "ForAnyValue:StringNotLike", Key: "aws:TagKeys", Values: []string{"a*"}},
			{Operator: "StringNotLike", Key: "aws:username", Values: []string{"${aws:PrincipalTag/x}"}},
			{Operator: "NumericLessThan", Key: "s3:max-keys", Values: []string{"10"}},
		}))
	}
	return s
}

func randomPolicy(r *rand.Rand, name string, effect simulate.Effect, size int) simulate.Policy {
	d := &simulate.Document{Version: "2012-10-17"}
	for range size {
		d.Statements = append(d.Statements, randomStatement(r, effect))
	}
	return simulate.Policy{Name: name, Document: d}
}

func randomRequest(r *rand.Rand) *simulate.Request {
	out := &simulate.Request{
		Principal: simulate.Principal{ARN: pick(r, []string{"arn:aws:iam::111122223333:role/app", "arn:aws:iam::111122223333:user/a", "arn:aws:iam::111122223333:root", "arn:aws:iam::999999999999:role/x", "s3.amazonaws.com", ""})},
		Action:    pick(r, []string{"s3:GetObject", "s3:PutObject", "ec2:RunInstances", "iam:CreateUser", "kms:Decrypt", "sts:AssumeRole"}),
		Resource:  pick(r, []string{"", "arn:aws:s3:::a/x", "arn:aws:s3:::b", "arn:aws:sqs:eu-west-1:111122223333:q"}),
		Region:    pick(r, []string{"", "eu-west-1", "us-east-1", "ap-south-1"}),
		Context:   map[string][]string{},
	}
	for _, list := range [][]string{{"aws:TagKeys", "a", "b", "c"}, {"aws:SecureTransport", "true", "false"}, {"s3:max-keys", "5", "50", "many"}} {
		if key, values := list[0], list[1:]; r.IntN(2) == 0 {
			out.Context[key] = []string{pick(r, values)}
			if key == "aws:TagKeys" {
				out.Context[key] = append(out.Context[key], pick(r, values))
			}
		}
	}
	return out
}

func randomChain(r *rand.Rand) simulate.Chain {
	c := chain()
	for i := range c.Levels {
		level := &c.Levels[i]
		if r.IntN(4) == 0 {
			level.SCPs = []simulate.Policy{randomPolicy(r, "allow", simulate.Allow, 3)}
		}
		level.SCPs = append(level.SCPs[:1:1], randomPolicy(r, "deny", simulate.Deny, r.IntN(2)+1))
	}
	return c
}

func evaluate(t *testing.T, c simulate.Chain, r *simulate.Request) simulate.Answer {
	t.Helper()
	a, err := simulate.Evaluate(c, r, simulate.Grants{})
	require.NoError(t, err)
	return a
}

const rounds = 1500

// TestMoreDenyNeverAllowsMore: a Deny that is added anywhere turns no denial into an allowance.
func TestMoreDenyNeverAllowsMore(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	changed := 0
	for range rounds {
		c, request := randomChain(r), randomRequest(r)
		before := evaluate(t, c, request)
		level := &c.Levels[r.IntN(len(c.Levels))]
		level.SCPs = append(level.SCPs[:len(level.SCPs):len(level.SCPs)], randomPolicy(r, "more", simulate.Deny, 1))
		after := evaluate(t, c, request)
		require.False(t, after.Allowed && !before.Allowed, "%v\n%v", before, after)
		if after.Allowed != before.Allowed {
			changed++
		}
	}
	require.Greater(t, changed, rounds/200)
}

// TestOrderDoesNotMatter: neither that of statements nor that of policies.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	allowed := 0
	for range rounds {
		c, request := randomChain(r), randomRequest(r)
		before := evaluate(t, c, request)
		for i := range c.Levels {
			policies := c.Levels[i].SCPs
			r.Shuffle(len(policies), func(a, b int) { policies[a], policies[b] = policies[b], policies[a] })
			for _, p := range policies {
				list := p.Document.Statements
				r.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
			}
		}
		after := evaluate(t, c, request)
		require.Equal(t, before.Decision, after.Decision)
		require.Equal(t, before.Layer, after.Layer)
		if after.Allowed {
			allowed++
			require.Equal(t, before.Unknown, after.Unknown)
		}
	}
	require.Greater(t, allowed, rounds/20)
}

// TestSplitting: the statements of a policy may stand in two policies of one level.
func TestSplitting(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	for range rounds {
		c, request := randomChain(r), randomRequest(r)
		before := evaluate(t, c, request)
		level := &c.Levels[r.IntN(len(c.Levels))]
		var split []simulate.Policy
		for _, p := range level.SCPs {
			at := r.IntN(len(p.Document.Statements) + 1)
			for _, part := range [][]simulate.Statement{p.Document.Statements[:at], p.Document.Statements[at:]} {
				split = append(split, simulate.Policy{Name: p.Name, Document: &simulate.Document{Version: p.Document.Version, Statements: part}})
			}
		}
		level.SCPs = split
		after := evaluate(t, c, request)
		require.Equal(t, before.Decision, after.Decision)
		require.Equal(t, before.Node, after.Node)
	}
}

// TestStatementsAlone: the index by service never hides a statement: one by one they decide the same.
func TestStatementsAlone(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for range rounds {
		request := randomRequest(r)
		p := randomPolicy(r, "p", simulate.Deny, 6)
		c := chain()
		c.Levels[0].SCPs = append(c.Levels[0].SCPs[:1:1], p)
		together := evaluate(t, c, request)
		var denying []int
		for i, s := range p.Document.Statements {
			alone := chain()
			alone.Levels[0].SCPs = append(alone.Levels[0].SCPs[:1:1], simulate.Policy{Name: "p", Document: &simulate.Document{Version: "2012-10-17", Statements: []simulate.Statement{s}}})
			if !evaluate(t, alone, request).Allowed {
				denying = append(denying, i+1)
			}
		}
		if len(denying) == 0 {
			require.True(t, together.Allowed)
		} else {
			require.Contains(t, denying, together.Statement)
		}
	}
}

func TestConcurrent(t *testing.T) {
	t.Parallel()
	c, err := simulate.Compile(guardrailChain(t))
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, r := range benchmarkRequests() {
				for range 50 {
					c.Evaluate(r, nil)
				}
			}
		})
	}
	group.Wait()
}

func FuzzParseDocument(f *testing.F) {
	for _, doc := range []string{one(`{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}`), one(`[{"Sid": "A", "Effect": "Deny", "NotAction": ["a:b"], "NotResource": "*", "Condition": {"ForAnyValue:StringLike": {"k": ["${a, 'b'}"]}}}]`),
		`{"a": [1, -2.5e3, true, null, "\u00e9\"\\"]}`, `{`, `[[]]`, `""`, "\xff", `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*"}}`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := simulate.ParseDocument(text)
		if err != nil {
			var wrong *simulate.Error
			require.ErrorAs(t, err, &wrong)
			require.NotEmpty(t, wrong.Message)
			require.True(t, wrong.Offset >= 0 && wrong.Offset <= len(text))
			return
		}
		require.True(t, json.Valid(text))
		require.True(t, simulate.Equal(d, d))
		for _, s := range d.Statements {
			require.Equal(t, byte('{'), text[s.Offset])
		}
		for _, layer := range []simulate.Grants{{Identity: []simulate.Policy{{Document: d}}}, {Resource: &simulate.Policy{Document: d}}} {
			if g, err := simulate.CompileGrants(layer); err == nil {
				c, err := simulate.Compile(chain())
				require.NoError(t, err)
				c.Evaluate(&simulate.Request{Principal: app(), Action: "s3:GetObject", Resource: "arn:aws:s3:::a/b"}, g)
			}
		}
	})
}

func FuzzEvaluate(f *testing.F) {
	f.Add("s3:GetObject", "arn:aws:s3:::a/*", "arn:aws:iam::111122223333:role/app", "StringLike", "aws:x", "a*${aws:username, 'b'}?", "axb")
	f.Add("*", "${", "arn:aws:iam::*", "ArnLike", "aws:PrincipalArn", "arn:aws:iam::${a}:*", "arn:::::")
	f.Add(":", "${a,'", "x.amazonaws.com", "ForAllValues:StringNotLike", "a", "${${*}}", "é")
	f.Add("a:b", "*${?}", "arn:aws:sts::1:assumed-role/", "IpAddress", "a", "::/0", "1.2.3.4")
	f.Fuzz(func(t *testing.T, action, resource, principal, operator, key, want, have string) {
		s := simulate.Statement{Effect: simulate.Deny, Action: []string{action}, Resource: []string{resource},
			Conditions: []simulate.Condition{{Operator: operator, Key: key, Values: []string{want}}}}
		d := &simulate.Document{Version: "2012-10-17", Statements: []simulate.Statement{s}}
		c := chain()
		c.Levels[3].SCPs = append(c.Levels[3].SCPs[:1:1], simulate.Policy{Name: "p", Document: d})
		r := &simulate.Request{Principal: simulate.Principal{ARN: principal}, Action: action, Resource: have, Context: map[string][]string{key: {have}}}
		a, err := simulate.Evaluate(c, r, simulate.Grants{})
		if err != nil {
			return
		}
		require.NotEmpty(t, a.Reason())
		require.Equal(t, a.Allowed, a.Decision == simulate.Allowed)
		_, err = json.Marshal(a)
		require.NoError(t, err)
	})
}

// guardrailChain has five levels with thirty guardrails, as an organization would write them.
func guardrailChain(t testing.TB) simulate.Chain {
	full := []simulate.Policy{simulate.FullAWSAccess()}
	c := simulate.Chain{Account: account, OrgID: orgID, OrgPath: orgPath}
	exempt := []string{"arn:aws:iam::*:role/OrganizationAccountAccessRole", "arn:aws:iam::*:role/archipelago-automation", "arn:aws:iam::*:role/break-glass-*", "arn:aws:iam::*:role/stacksets-exec-*"}
	services := []string{"cloudtrail", "config", "guardduty", "securityhub", "access-analyzer", "macie2", "iam", "ec2", "s3", "kms", "organizations", "ram", "rds", "lambda", "sts"}
	n := 0
	for i := range 5 {
		level := simulate.Level{Node: fmt.Sprintf("level-%d", i), SCPs: full}
		for p := range 2 {
			var statements []any
			for range 3 {
				service := services[n%len(services)]
				s := map[string]any{"Sid": fmt.Sprintf("Guard%d", n), "Effect": "Deny", "Action": []string{service + ":Delete*", service + ":Stop*", service + ":Update*", service + ":DisableEverything"}, "Resource": "*",
					"Condition": map[string]any{"ArnNotLike": map[string]any{"aws:PrincipalArn": exempt}}}
				switch n % 10 {
				case 0:
					delete(s, "Action")
					s["NotAction"] = []string{"iam:*", "organizations:*", "sts:*", "route53:*", "cloudfront:*", "support:*", "budgets:*", "ce:*", "health:*", "waf:*", "shield:*", "globalaccelerator:*", "account:*"}
					s["Condition"] = map[string]any{"StringNotEquals": map[string]any{"aws:RequestedRegion": []string{"eu-west-1", "eu-central-1"}}, "ArnNotLike": map[string]any{"aws:PrincipalArn": exempt}}
				case 1:
					s["Action"] = "*"
					s["Condition"] = map[string]any{"ArnLike": map[string]any{"aws:PrincipalArn": "arn:aws:iam::*:root"}}
				case 2:
					s["Action"] = "ec2:RunInstances"
					s["Resource"] = "arn:aws:ec2:*:*:instance/*"
					s["Condition"] = map[string]any{"StringNotLike": map[string]any{"ec2:InstanceType": []string{"t3.*", "m6i.*", "c6i.*"}}}
				}
				statements = append(statements, s)
				n++
			}
			level.SCPs = append(level.SCPs[:len(level.SCPs):len(level.SCPs)], document(t, fmt.Sprintf("guardrails-%d-%d", i, p), "", statements))
		}
		level.RCPs = []simulate.Policy{document(t, "perimeter", "", []any{map[string]any{"Sid": "Org", "Effect": "Deny", "Principal": "*", "Action": []string{"s3:*", "kms:*", "sqs:*", "secretsmanager:*", "sts:AssumeRole"}, "Resource": "*",
			"Condition": map[string]any{"StringNotEqualsIfExists": map[string]any{"aws:PrincipalOrgID": orgID}, "BoolIfExists": map[string]any{"aws:PrincipalIsAWSService": "false"}}}})}
		c.Levels = append(c.Levels, level)
	}
	return c
}

func benchmarkRequests() []*simulate.Request {
	session := simulate.Principal{ARN: "arn:aws:sts::111122223333:assumed-role/app/session", Role: "arn:aws:iam::111122223333:role/app"}
	context := map[string][]string{"aws:SourceIp": {"203.0.113.1"}, "aws:SecureTransport": {"true"}, "aws:UserAgent": {"x"}, "ec2:InstanceType": {"t3.micro"}, "aws:MultiFactorAuthPresent": {"false"}}
	request := func(p simulate.Principal, action, resource, region string) *simulate.Request {
		return &simulate.Request{Principal: p, Action: action, Resource: resource, Region: region, ResourceAccount: account, Context: context}
	}
	return []*simulate.Request{
		request(session, "s3:GetObject", "arn:aws:s3:::bucket/key", "eu-west-1"),
		request(session, "ec2:RunInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/*", "eu-west-1"),
		request(session, "ec2:DescribeInstances", "", "eu-west-1"),
		request(session, "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1", "eu-central-1"),
		request(session, "cloudtrail:StopLogging", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t", "eu-west-1"),
		request(session, "dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:111122223333:table/t", "us-east-1"),
		request(simulate.Principal{ARN: "arn:aws:iam::111122223333:role/archipelago-automation"}, "config:DeleteConfigRule", "arn:aws:config:eu-west-1:111122223333:config-rule/x", "eu-west-1"),
		request(simulate.Principal{ARN: "arn:aws:iam::111122223333:root"}, "iam:CreateAccessKey", "arn:aws:iam::111122223333:root", "us-east-1"),
	}
}

// BenchmarkEvaluate evaluates against five levels with thirty guardrails.
func BenchmarkEvaluate(b *testing.B) {
	c, err := simulate.Compile(guardrailChain(b))
	require.NoError(b, err)
	requests := benchmarkRequests()
	allowed := 0
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if c.Evaluate(requests[i%len(requests)], nil).Allowed {
			allowed++
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "evaluations/s")
	b.ReportMetric(float64(allowed)/float64(b.N), "allowed")
}

// BenchmarkGrowth has the same request meet ever more statements that are about its service.
func BenchmarkGrowth(b *testing.B) {
	for _, size := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			var statements []any
			for i := range size {
				statements = append(statements, map[string]any{"Effect": "Deny", "Action": "s3:Get*", "Resource": fmt.Sprintf("arn:aws:s3:::bucket-%d/*", i)})
			}
			full := simulate.FullAWSAccess()
			c, err := simulate.Compile(simulate.Chain{Account: account, Levels: []simulate.Level{{Node: "root", SCPs: []simulate.Policy{full, document(b, "p", "", statements)}}}})
			require.NoError(b, err)
			r := &simulate.Request{Principal: app(), Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/x"}
			b.ResetTimer()
			for range b.N {
				c.Evaluate(r, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(size), "ns/statement")
		})
	}
}

// TestOurPolicies: the policies that this repository ships are documents that compile.
func TestOurPolicies(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../policies/*.json")
	require.NoError(t, err)
	compiled := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		scp := len(policy.Check(policy.ServiceControl, text)) == 0
		rcp := len(policy.Check(policy.ResourceControl, text)) == 0
		if !scp && !rcp {
			continue
		}
		level := simulate.Level{Node: "root"}
		p := simulate.Policy{Name: file, Document: parse(t, string(text))}
		if scp {
			level.SCPs = []simulate.Policy{p}
		} else {
			level.RCPs = []simulate.Policy{p}
		}
		_, err = simulate.Compile(simulate.Chain{Levels: []simulate.Level{level}})
		require.NoError(t, err, file)
		compiled++
	}
	require.Positive(t, compiled)
}

// TestPrincipals: whom an entry of a resource policy names.
func TestPrincipals(t *testing.T) {
	t.Parallel()
	session := simulate.Principal{ARN: "arn:aws:sts::111122223333:assumed-role/app/s"}
	for _, c := range []struct {
		principal string
		who       simulate.Principal
		names     bool
	}{
		{`{"AWS": "arn:aws:iam::111122223333:role/app"}`, session, true},
		{`{"AWS": "arn:aws:iam::111122223333:role/ops/app"}`, session, true},
		{`{"AWS": "arn:aws:iam::111122223333:role/other"}`, session, false},
		{`{"AWS": "arn:aws:iam::999999999999:role/app"}`, session, false},
		{`{"AWS": "arn:aws:sts::111122223333:assumed-role/app/s"}`, session, true},
		{`{"AWS": "arn:aws:sts::111122223333:assumed-role/app/t"}`, session, false},
		{`{"AWS": "arn:aws:iam::111122223333:role/ops/app"}`, simulate.Principal{ARN: session.ARN, Role: "arn:aws:iam::111122223333:role/app"}, false},
		{`{"AWS": "111122223333"}`, session, true},
		{`{"AWS": "arn:aws:iam::999999999999:root"}`, session, false},
		{`{"AWS": "111122223333"}`, simulate.Principal{ARN: "arn:aws:iam::111122223333:root"}, true},
		{`{"AWS": "111122223333"}`, simulate.Principal{ARN: "s3.amazonaws.com"}, false},
		{`{"Service": "s3.amazonaws.com"}`, simulate.Principal{ARN: "s3.amazonaws.com"}, true},
		{`{"Service": "s3.amazonaws.com"}`, session, false},
		{`{"Federated": "accounts.google.com"}`, simulate.Principal{Kind: simulate.WebIdentity, ARN: "accounts.google.com"}, true},
		{`{"Federated": "arn:aws:iam::111122223333:saml-provider/x"}`, simulate.Principal{ARN: "arn:aws:iam::111122223333:saml-provider/x"}, true},
		{`{"Federated": "arn:aws:iam::111122223333:saml-provider/x"}`, simulate.Principal{ARN: "arn:aws:iam::111122223333:saml-provider/y"}, false},
		{`{"CanonicalUser": "79a5"}`, session, true},
		{`{"CanonicalUser": "79a5"}`, simulate.Principal{}, false},
		{`"*"`, simulate.Principal{}, true},
		{`"*"`, simulate.Principal{ARN: "s3.amazonaws.com"}, true},
	} {
		grant := simulate.Policy{Name: "p", Document: parse(t, one(`{"Effect": "Deny", "Principal": `+c.principal+`, "Action": "*", "Resource": "*"}`))}
		a, err := simulate.Evaluate(chain(), &simulate.Request{Principal: c.who, Action: "ec2:RunInstances"}, simulate.Grants{Resource: &grant})
		require.NoError(t, err)
		require.Equal(t, c.names, a.Decision == simulate.ExplicitDeny, "%s and %s", c.principal, c.who.ARN)
		require.Equal(t, c.names && strings.Contains(c.principal, "Canonical"), len(a.Doubts) > 0)
	}
}

// TestVariableText: what looks like a variable and is none stays text.
func TestVariableText(t *testing.T) {
	t.Parallel()
	for want, value := range map[string]string{"${": "${", "${}": "${}", "$a": "$a", "${a, 'b": "${a, 'b", "x${a, 'b' c}": "x${a, 'b' c}", "${a,'b'}": "b", "${a , 'b' }": "b"} {
		d := &simulate.Document{Version: "2012-10-17", Statements: []simulate.Statement{{Effect: simulate.Deny, Action: []string{"*"}, Resource: []string{"*"},
			Conditions: []simulate.Condition{{Operator: "StringEquals", Key: "test:key", Values: []string{want}}}}}}
		c := chain()
		c.Levels[0].SCPs = append(c.Levels[0].SCPs[:1:1], simulate.Policy{Name: "p", Document: d})
		require.False(t, evaluate(t, c, &simulate.Request{Principal: app(), Action: "s3:GetObject", Context: map[string][]string{"test:key": {value}}}).Allowed, want)
	}
}
