package guardrail_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy/guardrail"
)

// words writes problems as a person would: code, where, what is wrong, what to do.
func words(problems []guardrail.Problem) []string {
	var out []string
	for _, p := range problems {
		line := p.Code
		if p.Warning {
			line = "warning " + line
		}
		if p.Parameter != "" {
			line += " " + p.Parameter
		}
		if p.Item >= 0 {
			line += fmt.Sprintf("[%d]", p.Item)
		}
		line += ": " + p.Message
		if p.Hint != "" {
			line += " (" + p.Hint + ")"
		}
		out = append(out, line)
	}
	return out
}

type params = map[string]any

// What is wrong in parameters, one thing at a time, with the exact words.
func TestWrongParameters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id     string
		params params
		want   []string
	}{
		{"region-lok", nil, []string{`guardrail-unknown: there is no guardrail "region-lok" (did you mean region-lock?)`}},
		{"Deny-Root-User", nil, []string{`guardrail-unknown: there is no guardrail "Deny-Root-User" (did you mean deny-root-user?)`}},
		{"xyz", nil, []string{`guardrail-unknown: there is no guardrail "xyz" (see the catalogue, such as deny-root-user and region-lock)`}},
		{"", nil, []string{`guardrail-unknown: there is no guardrail "" (see the catalogue, such as deny-root-user and region-lock)`}},

		{"deny-leave-organization", params{"exempt": []any{}}, []string{`guardrail-parameter exempt: deny-leave-organization has no parameter "exempt" (it has no parameters)`}},
		{"region-lock", params{"allow": []any{"eu-west-1"}, "alow": []any{"eu-west-1"}}, []string{`guardrail-parameter alow: region-lock has no parameter "alow" (did you mean allow?)`}},
		{"region-lock-sts", params{"allow": []any{"eu-west-1"}, "nothing": 1}, []string{
			`guardrail-parameter nothing: region-lock-sts has no parameter "nothing" (its parameters are allow, exempt and globalEndpoint)`}},
		{"deny-services", params{"b": 1, "a": 1}, []string{
			`guardrail-parameter a: deny-services has no parameter "a" (its parameters are exempt and services)`,
			`guardrail-parameter b: deny-services has no parameter "b" (its parameters are exempt and services)`,
			`guardrail-required services: deny-services needs services: the prefixes of the services' actions`}},

		{"region-lock", nil, []string{`guardrail-required allow: region-lock needs allow: the regions that stay open`}},
		{"region-lock", params{"allow": []any{}}, []string{`guardrail-required allow: region-lock needs allow: the regions that stay open`}},
		{"deny-ai-services", params{"services": []any{}}, []string{`guardrail-required services: deny-ai-services needs services: the prefixes of the services' actions`}},
		{"perimeter-oidc", params{"provider": "", "subjects": []any{"repo:acme/*"}}, []string{`guardrail-value provider: provider of perimeter-oidc has a value that is empty or has blanks around it: ""`}},

		{"region-lock", params{"allow": "eu-west-1"}, []string{`guardrail-type allow: allow of region-lock must be a list of texts, not a text (write [eu-west-1])`}},
		{"region-lock", params{"allow": nil}, []string{`guardrail-type allow: allow of region-lock must be a list of texts, not nothing`}},
		{"region-lock", params{"allow": params{"eu-west-1": true}}, []string{`guardrail-type allow: allow of region-lock must be a list of texts, not a map`}},
		{"region-lock", params{"allow": []any{"eu-west-1", 7}}, []string{`guardrail-type allow: allow of region-lock must be a list of texts, not a list with the number 7`}},
		{"region-lock", params{"allow": []any{nil}}, []string{`guardrail-type allow: allow of region-lock must be a list of texts, not a list with nothing`}},
		{"region-lock", params{"allow": []any{[]any{"eu-west-1"}}}, []string{`guardrail-type allow: allow of region-lock must be a list of texts, not a list with a list`}},
		{"deny-root-user", params{"centralRootAccess": "true"}, []string{`guardrail-type centralRootAccess: centralRootAccess of deny-root-user must be true or false, not a text`}},
		{"deny-root-user", params{"centralRootAccess": 1}, []string{`guardrail-type centralRootAccess: centralRootAccess of deny-root-user must be true or false, not the number 1`}},
		{"require-imdsv2", params{"maxHops": "2"}, []string{`guardrail-type maxHops: maxHops of require-imdsv2 must be a whole number, not a text`}},
		{"require-imdsv2", params{"maxHops": 1.5}, []string{`guardrail-type maxHops: maxHops of require-imdsv2 must be a whole number, not 1.5`}},
		{"require-imdsv2", params{"maxHops": true}, []string{`guardrail-type maxHops: maxHops of require-imdsv2 must be a whole number, not true`}},
		{"perimeter-network", params{"addresses": []any{"198.51.100.0/24"}, "tag": []any{"a"}}, []string{`guardrail-type tag: tag of perimeter-network must be a text, not a list`}},
		{"perimeter-network", params{"addresses": []any{"198.51.100.0/24"}, "tag": []string{"a"}}, []string{`guardrail-type tag: tag of perimeter-network must be a text, not a list`}},

		{"require-imdsv2", params{"maxHops": 0}, []string{`guardrail-value maxHops: maxHops of require-imdsv2 must be from 1 to 64, not 0`}},
		{"require-imdsv2", params{"maxHops": 65}, []string{`guardrail-value maxHops: maxHops of require-imdsv2 must be from 1 to 64, not 65`}},
		{"deny-key-deletion", params{"days": 7}, []string{`guardrail-value days: days of deny-key-deletion must be from 8 to 30, not 7`}},

		{"region-lock", params{"allow": []any{"eu-west-1", "Europe"}}, []string{`guardrail-value allow[1]: allow of region-lock: "Europe" is not a region (such as eu-west-1)`}},
		{"region-lock", params{"allow": []any{"eu-west-1a"}}, []string{`guardrail-value allow[0]: allow of region-lock: "eu-west-1a" is not a region (such as eu-west-1)`}},
		{"region-lock", params{"allow": []any{""}}, []string{`guardrail-value allow[0]: allow of region-lock has a value that is empty or has blanks around it: ""`}},
		{"region-lock", params{"allow": []any{" eu-west-1"}}, []string{`guardrail-value allow[0]: allow of region-lock has a value that is empty or has blanks around it: " eu-west-1"`}},
		{"region-lock", params{"allow": []any{"eu-west-1"}, "exemptActions": []any{"s3"}}, []string{
			`guardrail-value exemptActions[0]: exemptActions of region-lock: "s3" is not an action (such as "s3:GetObject" or "s3:Get*")`}},
		{"region-lock", params{"allow": []any{"eu-west-1"}, "exemptActions": []any{"*"}}, []string{
			`guardrail-value exemptActions[0]: exemptActions of region-lock: "*" is not an action (such as "s3:GetObject" or "s3:Get*")`}},
		{"deny-services", params{"services": []any{"s3:*"}}, []string{`guardrail-value services[0]: services of deny-services: "s3:*" is not the prefix of a service's actions (such as s3)`}},
		{"deny-services", params{"services": []any{"*"}}, []string{`guardrail-value services[0]: services of deny-services: "*" is not the prefix of a service's actions (such as s3)`}},
		{"deny-expensive-instances", params{"instances": []any{"p5"}}, []string{
			`guardrail-value instances[0]: instances of deny-expensive-instances: "p5" is not an instance type or a pattern of them (such as "p5.48xlarge" or "p*.*")`}},
		{"deny-expensive-instances", params{"instances": []any{"*.*"}}, []string{
			`guardrail-value instances[0]: instances of deny-expensive-instances: "*.*" matches everything (name it, at least by a part)`}},
		{"deny-expensive-instances", params{"databases": []any{"r7g.large"}}, []string{
			`guardrail-value databases[0]: databases of deny-expensive-instances: "r7g.large" is not a database instance class or a pattern of them (such as db.r7g.16xlarge)`}},
		{"protect-roles", params{"roles": []any{"arn:aws:iam::1:role/x"}}, []string{
			`guardrail-value roles[0]: roles of protect-roles: "arn:aws:iam::1:role/x" is not the name of a role, with its path, or a pattern of them (such as "ci/deploy" or "platform-*")`}},
		{"protect-roles", params{"roles": []any{"*"}}, []string{`guardrail-value roles[0]: roles of protect-roles: "*" matches everything (name it, at least by a part)`}},
		{"protect-baseline", params{"names": []any{"**"}}, []string{`guardrail-value names[0]: names of protect-baseline: "**" matches everything (name it, at least by a part)`}},
		{"require-tags", params{"tags": []any{"cost*"}}, []string{`guardrail-value tags[0]: tags of require-tags: "cost*" is not a tag key (such as cost-center)`}},
		{"require-tags", params{"tags": []any{"aws:createdBy"}}, []string{
			`guardrail-value tags[0]: tags of require-tags: "aws:createdBy" belongs to AWS, which alone sets tags that begin with aws:`}},
		{"require-tags", params{"tags": []any{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}}, []string{`guardrail-value tags: tags of require-tags has 11 items, and may have 10`}},
		{"protect-tags", params{"tags": []any{"*"}}, []string{`guardrail-value tags[0]: tags of protect-tags: "*" matches everything (name it, at least by a part)`}},
		{"require-s3-encryption", params{"algorithms": []any{"aws:kns"}}, []string{`guardrail-value algorithms[0]: algorithms of require-s3-encryption cannot be "aws:kns" (did you mean aws:kms?)`}},
		{"require-secure-transport", params{"minimumTLS": "1.0"}, []string{`guardrail-value minimumTLS: minimumTLS of require-secure-transport cannot be "1.0" (did you mean 1.2?)`}},
		{"require-secure-transport", params{"minimumTLS": "TLSv1_2_2021"}, []string{`guardrail-value minimumTLS: minimumTLS of require-secure-transport cannot be "TLSv1_2_2021" (choose from 1.2 and 1.3)`}},
		{"perimeter-identity", params{"organizations": []any{"o-ABC"}}, []string{
			`guardrail-value organizations[0]: organizations of perimeter-identity: "o-ABC" is not an organization id (such as o-a1b2c3d4e5 or {{organization.id}})`}},
		{"perimeter-identity", params{"organizations": []any{"{{organisation.id}}"}}, []string{
			`guardrail-value organizations[0]: organizations of perimeter-identity: "{{organisation.id}}" is not an organization id (such as o-a1b2c3d4e5 or {{organization.id}})`}},
		{"perimeter-identity", params{"organizations": []any{"{{organization.id}}"}, "accounts": []any{"1111-2222-3333"}}, []string{
			`guardrail-value accounts[0]: accounts of perimeter-identity: "1111-2222-3333" is not an account id (such as 111122223333 or {{management.account.id}})`}},
		{"perimeter-network", params{"addresses": []any{"198.51.100.7"}}, []string{
			`guardrail-value addresses[0]: addresses of perimeter-network: "198.51.100.7" is not a range of IP addresses (such as 198.51.100.0/24; a single address ends in /32)`}},
		{"perimeter-network", params{"addresses": []any{"0.0.0.0/0", "::/0"}}, []string{
			`guardrail-value addresses[0]: addresses of perimeter-network: "0.0.0.0/0" is the whole internet (list the ranges that your people and machines call from)`,
			`guardrail-value addresses[1]: addresses of perimeter-network: "::/0" is the whole internet (list the ranges that your people and machines call from)`}},
		{"perimeter-network", params{"addresses": []any{"198.51.100.7/24"}}, []string{
			`guardrail-value addresses[0]: addresses of perimeter-network: "198.51.100.7/24" does not begin its range (write 198.51.100.0/24)`}},
		{"perimeter-network", params{"addresses": []any{"198.51.100.0/24"}, "vpcs": []any{"vpc-1"}}, []string{
			`guardrail-value vpcs[0]: vpcs of perimeter-network: "vpc-1" is not the id of a VPC (such as vpc-0a1b2c3d4e5f67890)`}},
		{"perimeter-resource", params{"organizations": []any{"{{organization.id}}"}, "resources": []any{"partner-bucket"}}, []string{
			`guardrail-value resources[0]: resources of perimeter-resource: "partner-bucket" is not the ARN of a resource or a pattern of ARNs (such as arn:aws:s3:::partner-bucket/*)`}},
		{"perimeter-oidc", params{"provider": "https://token.actions.githubusercontent.com", "subjects": []any{"repo:acme/*"}}, []string{
			`guardrail-value provider: provider of perimeter-oidc: "https://token.actions.githubusercontent.com" is not the host and path of an OpenID Connect provider (such as token.actions.githubusercontent.com)`}},
		{"perimeter-oidc", params{"provider": "token.actions.githubusercontent.com", "subjects": []any{"*"}}, []string{
			`guardrail-value subjects[0]: subjects of perimeter-oidc: "*" matches everything (name it, at least by a part)`}},
		{"allow-models", params{"models": []any{"Titan"}}, []string{
			`guardrail-value models[0]: models of allow-models: "Titan" is not the id of a Bedrock foundation model or a pattern of them (such as "amazon.nova-*")`}},
		{"quarantine-resources", nil, []string{`guardrail-required accounts: quarantine-resources needs accounts: accounts whose principals keep access: the management account, and the one that investigates`}},

		{"deny-iam-users", params{"exempt": []any{"arn:aws:iam::*:role/*"}}, []string{
			`guardrail-exempt exempt[0]: exempt of deny-iam-users: "arn:aws:iam::*:role/*" exempts every principal (name the role, at least by a part of its name)`}},
		{"deny-iam-users", params{"exempt": []any{"arn:aws:sts::111122223333:assumed-role/admin/me"}}, []string{
			`guardrail-exempt exempt[0]: exempt of deny-iam-users: "arn:aws:sts::111122223333:assumed-role/admin/me" is the ARN of a session, which exempts nobody` +
				` (write the ARN of the role: aws:PrincipalArn of a session is its role's, such as arn:aws:iam::*:role/name)`}},
		{"deny-iam-users", params{"exempt": []any{"admin"}}, []string{
			`guardrail-exempt exempt[0]: exempt of deny-iam-users: "admin" is not the ARN of a role or user (write it as arn:aws:iam::*:role/name; * stands for any account, or for a part of the name)`}},
		{"deny-iam-users", params{"exempt": []any{"*"}}, []string{
			`guardrail-exempt exempt[0]: exempt of deny-iam-users: "*" is not the ARN of a role or user (write it as arn:aws:iam::*:role/name; * stands for any account, or for a part of the name)`}},

		{"tag-values", params{"key": "environment", "enforceFor": []any{"instances"}}, []string{
			`guardrail-value enforceFor[0]: enforceFor of tag-values: "instances" is not a resource type of tag policies (such as "ec2:instance" or "ec2:ALL_SUPPORTED")`}},
		{"backup-plan", params{"regions": []any{"eu-west-1"}, "vault": "central", "schedule": "0 3 * * *"}, []string{
			`guardrail-value schedule: schedule of backup-plan: "0 3 * * *" is not a cron expression of AWS (such as cron(0 3 ? * * *))`}},
		{"backup-plan", params{"regions": []any{"eu-west-1"}, "vault": "central", "schedule": "cron(0 3 * * *)"}, []string{
			`guardrail-value schedule: schedule of backup-plan: "cron(0 3 * * *)" has 5 fields; cron of AWS has six (minutes, hours, day of month, month, day of week, year)`}},
		{"backup-plan", params{"regions": []any{"eu-west-1"}, "vault": "central", "days": 35, "coldDays": 30}, []string{
			`guardrail-value coldDays: a backup that moves to cold storage after 30 days cannot be deleted after 35: it stays there 90 at least (set days to 120 or more, or coldDays to 0)`}},
		{"backup-plan", params{"regions": []any{"eu-west-1"}, "vault": "arn:aws:x"}, []string{
			`guardrail-value vault: vault of backup-plan: "arn:aws:x" is not the name of a backup vault (such as central)`}},
		{"backup-plan", params{"regions": []any{"eu-west-1"}, "vault": "central", "copies": []any{"central"}}, []string{
			`guardrail-value copies[0]: copies of backup-plan: "central" is not the ARN of a backup vault (such as arn:aws:backup:eu-central-1:111122223333:backup-vault:central)`}},
		{"ai-opt-out", params{"services": []any{"lex"}, "except": []any{"lex"}}, []string{`guardrail-value except[0]: lex is both out and in (name it once)`}},
		{"ai-opt-out", params{"except": []any{"Rekognition"}}, []string{
			`guardrail-value except[0]: except of ai-opt-out: "Rekognition" is not the name of an AI service in opt-out policies (such as rekognition)`}},
		{"chat-applications", params{"channels": []any{"secret"}}, []string{`guardrail-value channels[0]: channels of chat-applications cannot be "secret" (choose from private and public)`}},
		{"chat-applications", params{"workspaces": []any{"acme"}}, []string{
			`guardrail-value workspaces[0]: workspaces of chat-applications: "acme" is not the id of a Slack workspace (such as T01ABCDEFGH)`}},
		{"chat-applications", params{"tenants": []any{"acme"}}, []string{
			`guardrail-value tenants[0]: tenants of chat-applications: "acme" is not the id of a Microsoft Teams tenant (such as 0a1b2c3d-0000-4000-8000-000000000000)`}},
		{"ec2-defaults", params{"tokens": "require"}, []string{`guardrail-value tokens: tokens of ec2-defaults cannot be "require" (did you mean required?)`}},
		{"ec2-defaults", params{"hops": 65}, []string{`guardrail-value hops: hops of ec2-defaults must be from 0 to 64, not 65`}},
		{"ec2-defaults", params{"auditImages": true, "exclusions": true}, []string{
			`guardrail-value auditImages: auditImages means nothing without imageOwners (set imageOwners too)`,
			`guardrail-value exclusions: exclusions means nothing without internet (set internet too)`}},
	} {
		t.Run(fmt.Sprintf("%s %v", c.id, c.params), func(t *testing.T) {
			t.Parallel()
			parts, problems := guardrail.Build(c.id, c.params, guardrail.Exempt{})
			require.Equal(t, c.want, words(problems))
			require.Nil(t, parts)
		})
	}
}

// Warnings come with the statements.
func TestWarnings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id     string
		params params
		want   []string
	}{
		{"region-lock", params{"allow": []any{"eu-wset-1"}}, []string{`warning guardrail-value allow[0]: allow of region-lock: "eu-wset-1" is not a region that is known here (did you mean eu-west-1?)`}},
		{"perimeter-network", params{"addresses": []any{"10.0.0.0/8"}}, []string{
			`warning guardrail-value addresses[0]: addresses of perimeter-network: "10.0.0.0/8" is private: AWS sees public addresses, or those of a VPC (list VPCs instead)`}},
	} {
		parts, problems := guardrail.Build(c.id, c.params, guardrail.Exempt{})
		require.Equal(t, c.want, words(problems))
		require.NotEmpty(t, parts)
	}
}

// Who is exempt is checked too, where the guardrail exempts the group.
func TestWrongExempt(t *testing.T) {
	t.Parallel()
	e := guardrail.Exempt{Automation: []string{"arn:aws:iam::*:role/ok", "arn:aws:iam::*:role/*"}, BreakGlass: []string{"nobody"}, AccessRole: []string{"arn:aws:sts::1:assumed-role/a/b"}}
	_, problems := guardrail.Build("deny-iam-users", nil, e)
	require.Equal(t, []string{
		`guardrail-exempt[1]: automation: "arn:aws:iam::*:role/*" exempts every principal (name the role, at least by a part of its name)`,
		`guardrail-exempt[0]: break-glass: "nobody" is not the ARN of a role or user (write it as arn:aws:iam::*:role/name; * stands for any account, or for a part of the name)`,
		`guardrail-exempt[0]: access-role: "arn:aws:sts::1:assumed-role/a/b" is the ARN of a session, which exempts nobody` +
			` (write the ARN of the role: aws:PrincipalArn of a session is its role's, such as arn:aws:iam::*:role/name)`,
	}, words(problems))
	_, problems = guardrail.Build("deny-root-user", nil, e)
	require.Empty(t, problems, "it exempts nobody")
	for _, arn := range []string{"arn:aws:iam::111122223333:user/break-glass", "arn:aws-us-gov:iam::*:role/path/name", "arn:aws:iam::{{hub.management.account.id}}:role/x", "arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*"} {
		_, problems = guardrail.Build("deny-iam-users", nil, guardrail.Exempt{BreakGlass: []string{arn}})
		require.Empty(t, problems, arn)
	}
}

// Every parameter of every guardrail refuses every other kind of value.
func TestKinds(t *testing.T) {
	t.Parallel()
	values := map[guardrail.Kind]any{guardrail.Text: "x", guardrail.List: []any{"x"}, guardrail.Number: 7, guardrail.Bool: true}
	for _, g := range guardrail.All() {
		_, problems := guardrail.Build(g.ID, params{"nonsense-nonsense": 1}, guardrail.Exempt{})
		require.NotEmpty(t, problems)
		require.Equal(t, guardrail.CodeParameter, problems[0].Code)
		for _, p := range g.Parameters {
			for kind, value := range values {
				if kind == p.Kind {
					continue
				}
				all := given(g, false)
				all[p.Name] = value
				parts, problems := guardrail.Build(g.ID, all, guardrail.Exempt{})
				require.Nil(t, parts)
				require.Len(t, problems, 1, "%s %s %v", g.ID, p.Name, value)
				require.Equal(t, guardrail.CodeType, problems[0].Code)
				require.Equal(t, p.Name, problems[0].Parameter)
			}
		}
	}
}

// Whole numbers are whole numbers, whatever decoder they come from.
func TestNumbers(t *testing.T) {
	t.Parallel()
	want, _ := guardrail.Build("require-imdsv2", params{"maxHops": 3}, guardrail.Exempt{})
	for _, n := range []any{int64(3), uint64(3), 3.0, json.Number("3")} {
		got, problems := guardrail.Build("require-imdsv2", params{"maxHops": n}, guardrail.Exempt{})
		require.Empty(t, problems)
		require.Equal(t, want, got)
	}
	for _, n := range []any{json.Number("3.5"), json.Number("x"), uint64(1 << 63), 1e300} {
		_, problems := guardrail.Build("require-imdsv2", params{"maxHops": n}, guardrail.Exempt{})
		require.Len(t, problems, 1, "%v", n)
	}
}

// FuzzBuild looks for parameters that make a document that is not JSON, or a panic.
func FuzzBuild(f *testing.F) {
	f.Add("region-lock", "allow", "eu-west-1")
	f.Add("perimeter-oidc", "provider", "$each/${x}")
	f.Add("require-tags", "tags", "a$b?")
	f.Add("tag-values", "key", "<&>")
	f.Fuzz(func(t *testing.T, id, name, value string) {
		g, ok := guardrail.Get(id)
		if !ok {
			return
		}
		for _, v := range []any{value, []any{value, "x" + value}} {
			all := given(g, true)
			all[name] = v
			doc, problems := guardrail.Document(id, all, exempt())
			if doc != nil {
				require.True(t, json.Valid(doc))
				checkGrammar(t, g.Type, string(doc))
				require.NotContains(t, string(doc), "@exempt")
			} else {
				require.NotEmpty(t, problems)
			}
		}
	})
}
