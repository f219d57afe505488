package guardrail

import (
	"encoding/json"
	"fmt"

	"github.com/archipelago-iac/archipelago/policy"
)

func managementGuardrails() []Guardrail {
	return []Guardrail{tagValues(), backupPlan(), aiOptOut(), chatApplications(), ec2Defaults()}
}

func tagValues() Guardrail {
	return Guardrail{
		ID: "tag-values", Title: "Values of a tag", Owner: ownerFinance, Type: policy.Tag, ReviewBy: reviewYearly,
		Purpose:    "A bill by cost center adds up only where nobody writes CostCentre.",
		Services:   []string{"*"},
		Attach:     "the root of the organization, once for each tag; with require-tags for that it is there",
		References: []string{orgGuide + "orgs_manage_policies_example-tag-policies.html", orgGuide + "orgs_manage_policies_supported-resources-enforcement.html"},
		NotCovered: []string{"resources without the tag, unless reportFor names them", "resource types that enforceFor does not name, which are only reported", notExisting + ": it is reported"},
		Parameters: []Parameter{
			{Name: "key", Kind: Text, Required: true, Format: "tag-key", What: "the tag key, in the case that is wanted", Example: "environment"},
			{Name: "values", Kind: List, What: "values that are allowed; * stands for any characters, empty allows any", Example: []string{"development", "production"}},
			{Name: "enforceFor", Kind: List, Format: "tag-resource", What: "resource types on which other values are refused", Example: []string{"ec2:instance", "s3:bucket"}},
			{Name: "reportFor", Kind: List, Format: "tag-resource", What: "resource types that must have the tag", Example: []string{"ec2:ALL_SUPPORTED"}},
			{Name: "locked", Kind: Bool, What: "whether units and accounts below cannot change the rule", Example: true},
		},
		document: func(v values) json.RawMessage {
			return TagPolicy{Tags: []TagRule{{Key: v.text("key"), Values: v.list("values"), EnforcedFor: v.list("enforceFor"), ReportedFor: v.list("reportFor"), Locked: v.bool("locked")}}}.Document()
		},
	}
}

func backupPlan() Guardrail {
	return Guardrail{
		ID: "backup-plan", Title: "Backup plan", Owner: ownerData, Type: policy.Backup, ReviewBy: reviewYearly,
		Purpose:    "What carries the tag is backed up in every account, whether its team thought of it or not.",
		Services:   []string{"backup"},
		Attach:     "units with workloads, with protect-backups; the vault and the role come with the baseline",
		References: []string{orgGuide + "orgs_manage_policies_backup_syntax.html", "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html"},
		NotCovered: []string{"resources without the tag: see require-tags", "accounts without the vault or the role, where the plan fails", "restores: test them"},
		Parameters: []Parameter{
			{Name: "plan", Kind: Text, Default: "daily", Required: true, Format: "plan", What: "names the plan", Example: "weekly"},
			{Name: "regions", Kind: List, Required: true, Format: "region", What: "where it runs", Example: []string{"eu-west-1"}},
			{Name: "schedule", Kind: Text, Default: "cron(0 3 ? * * *)", Required: true, Format: "schedule", What: "when it runs, in UTC", Example: "cron(0 3 ? * SUN *)"},
			{Name: "vault", Kind: Text, Required: true, Format: "vault", What: "the vault's name in each account", Example: "central"},
			{Name: "role", Kind: Text, Default: "backup", Required: true, Format: "role", What: "the name of the role that AWS Backup assumes in each account", Example: "service-role/backup"},
			{Name: "tag", Kind: Text, Default: "backup", Required: true, Format: "tag-key", What: "the tag of what is backed up", Example: "environment"},
			{Name: "values", Kind: List, Default: []string{"true"}, Required: true, What: "the tag's values", Example: []string{"production"}},
			{Name: "days", Kind: Number, Default: 35, Max: 36500, What: "after how many days a backup is deleted; 0 keeps it", Example: 365},
			{Name: "coldDays", Kind: Number, Max: 36500, What: "after how many days it moves to cold storage, where it stays 90 at least; 0 never moves it", Example: 30},
			{Name: "copies", Kind: List, Format: "vault-arn", What: "vaults that each backup is copied to; $account stands for the account", Example: []string{"arn:aws:backup:eu-central-1:$account:backup-vault:central"}},
		},
		check: func(v values) []Problem {
			days, cold := v.number("days"), v.number("coldDays")
			if days == 0 || cold == 0 || days >= cold+coldDays {
				return nil
			}
			return []Problem{{Parameter: "coldDays", Item: -1, Code: CodeValue,
				Message: fmt.Sprintf("a backup that moves to cold storage after %d days cannot be deleted after %d: it stays there %d at least", cold, days, coldDays),
				Hint:    fmt.Sprintf("set days to %d or more, or coldDays to 0", cold+coldDays)}}
		},
		document: func(v values) json.RawMessage {
			return BackupPolicy{Plan: v.text("plan"), Regions: v.list("regions"), Schedule: v.text("schedule"), Vault: v.text("vault"), Role: v.text("role"), TagKey: v.text("tag"),
				TagValues: v.list("values"), Days: v.number("days"), ColdDays: v.number("coldDays"), Copies: v.list("copies")}.Document()
		},
	}
}

func aiOptOut() Guardrail {
	return Guardrail{
		ID: "ai-opt-out", Title: "Opt out of AI services learning", Owner: ownerData, Type: policy.AIServicesOptOut, ReviewBy: reviewYearly,
		Purpose:    "AI services of AWS may keep what they are given, in other regions too, to become better.",
		Services:   []string{"*"},
		Attach:     "the root of the organization",
		References: []string{orgGuide + "orgs_manage_policies_ai-opt-out_syntax.html", orgGuide + "orgs_manage_policies_ai-opt-out.html"},
		NotCovered: []string{"using the services: see deny-ai-services", "Bedrock, which keeps nothing by itself", "what a service has kept already, until AWS has deleted it"},
		Parameters: []Parameter{
			{Name: "services", Kind: List, Default: []string{"default"}, Required: true, Format: "ai-service", What: "services that opt out; default is every service, those of next year included", Example: []string{"default"}},
			{Name: "except", Kind: List, Format: "ai-service", What: "services that stay in", Example: []string{"rekognition"}},
			{Name: "locked", Kind: Bool, Default: true, What: "whether units and accounts below cannot decide otherwise", Example: false},
		},
		check: func(v values) []Problem {
			for i, name := range v.list("except") {
				for _, out := range v.list("services") {
					if name == out {
						return []Problem{{Parameter: "except", Item: i, Code: CodeValue, Message: fmt.Sprintf("%s is both out and in", name), Hint: "name it once"}}
					}
				}
			}
			return nil
		},
		document: func(v values) json.RawMessage {
			return AIOptOutPolicy{OptOut: v.list("services"), OptIn: v.list("except"), Locked: v.bool("locked")}.Document()
		},
	}
}

func chatApplications() Guardrail {
	return Guardrail{
		ID: "chat-applications", Title: "Chat rooms that reach AWS", Owner: ownerSecurity, Type: policy.Chatbot, ReviewBy: reviewYearly,
		Purpose:    "A chat room that is connected to an account runs commands in it, whoever is in the room.",
		Services:   []string{"chatbot"},
		Attach:     "the root of the organization",
		References: []string{orgGuide + "orgs_manage_policies_chatbot_syntax.html", "https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html"},
		NotCovered: []string{"who is in the rooms", "what the room's role may do", "other bots, with credentials of their own"},
		Parameters: []Parameter{
			{Name: "workspaces", Kind: List, Format: "workspace", Max: 255, What: "ids of Slack workspaces, * for any; empty closes Slack", Example: []string{"T01ABCDEFGH"}},
			{Name: "tenants", Kind: List, Format: "tenant", Max: 36, What: "ids of Microsoft Teams tenants; empty closes Teams", Example: []string{"0a1b2c3d-0000-4000-8000-000000000000"}},
			{Name: "chime", Kind: Bool, What: "whether Amazon Chime stays open", Example: false},
			{Name: "channels", Kind: List, Choices: []string{"private", "public"}, Default: []string{"private"}, What: "kinds of Slack channels; empty allows both", Example: []string{"private", "public"}},
			{Name: "roles", Kind: List, Choices: []string{"channel_role", "user_role"}, Default: []string{"user_role"}, What: "kinds of roles: the user's own, or one of the channel; empty allows both", Example: []string{"user_role"}},
		},
		document: func(v values) json.RawMessage {
			return ChatPolicy{Workspaces: v.list("workspaces"), Tenants: v.list("tenants"), Chime: v.bool("chime"), Channels: v.list("channels"), Roles: v.list("roles")}.Document()
		},
	}
}

func ec2Defaults() Guardrail {
	text := func(name, value, what, example string, choices ...string) Parameter {
		return Parameter{Name: name, Kind: Text, Default: value, What: what + "; empty leaves it to the account", Choices: choices, Example: example}
	}
	return Guardrail{
		ID: "ec2-defaults", Title: "Settings of EC2", Owner: ownerPlatform, Type: policy.DeclarativeEC2, ReviewBy: reviewSoon,
		Purpose:    "Settings of EC2 are the same in every account and region, those of tomorrow included, and nobody in the account changes them.",
		Services:   []string{"ec2"},
		Attach:     "the root of the organization; look at its account status report before",
		References: []string{orgGuide + "orgs_manage_policies_declarative_syntax.html", orgGuide + "orgs_manage_policies_declarative.html"},
		NotCovered: []string{"IMDSv2 of launches that ask for version 1: tokens sets the default only, see require-imdsv2", "encryption of EBS: see require-ebs-encryption", "instances and images that are there already"},
		Parameters: []Parameter{
			text("serialConsole", "disabled", "access to serial consoles", "enabled", "disabled", "enabled"),
			text("images", "block_new_sharing", "public images", "unblocked", "block_new_sharing", "unblocked"),
			text("snapshots", "block_all_sharing", "public snapshots", "block_new_sharing", "block_all_sharing", "block_new_sharing", "unblocked"),
			text("tokens", "required", "which version of the metadata service launches get; required is version 2", "optional", "no_preference", "optional", "required"),
			{Name: "hops", Kind: Number, Default: 2, Max: 64, What: "how far a metadata token travels; 0 leaves it to the launch", Example: 1},
			text("internet", "", "whether VPCs reach internet gateways", "block_ingress", "block_bidirectional", "block_ingress", "off"),
			{Name: "exclusions", Kind: Bool, What: "whether accounts may exclude VPCs and subnets from internet", Example: true},
			{Name: "imageOwners", Kind: List, Format: "image-owner", Max: 200, What: "whose images may be launched; empty allows any", Example: []string{"111122223333", "amazon"}},
			{Name: "auditImages", Kind: Bool, What: "whether other images are reported rather than refused", Example: true},
			{Name: "message", Kind: Text, What: "what somebody reads whose call is refused; empty leaves it to AWS", Example: "Set by the cloud platform: ask in #cloud"},
		},
		check: func(v values) []Problem {
			var problems []Problem
			for _, pair := range [][2]string{{"auditImages", "imageOwners"}, {"exclusions", "internet"}} {
				if name, needs := pair[0], pair[1]; v.set(name) && !v.set(needs) {
					problems = append(problems, Problem{Parameter: name, Item: -1, Code: CodeValue, Message: fmt.Sprintf("%s means nothing without %s", name, needs), Hint: "set " + needs + " too"})
				}
			}
			return problems
		},
		document: func(v values) json.RawMessage {
			return EC2Policy{Message: v.text("message"), SerialConsole: v.text("serialConsole"), Images: v.text("images"), Snapshots: v.text("snapshots"), Internet: v.text("internet"),
				Exclusions: v.bool("exclusions"), Tokens: v.text("tokens"), Hops: v.number("hops"), ImageOwners: v.list("imageOwners"), AuditImages: v.bool("auditImages")}.Document()
		},
	}
}
