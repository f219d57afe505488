package guardrail

import "github.com/archipelago-iac/archipelago/policy"

// taggedActions create what costs money, know aws:RequestTag, and take tags in the same call.
// Source: Service Authorization Reference, condition keys of each action, 2026-11.
var taggedActions = []string{"dynamodb:CreateTable", "ecs:CreateCluster", "eks:CreateCluster", "elasticache:CreateCacheCluster", "elasticfilesystem:CreateFileSystem",
	"elasticloadbalancing:CreateLoadBalancer", "kinesis:CreateStream", "kms:CreateKey", "lambda:CreateFunction", "rds:CreateDBCluster", "rds:CreateDBInstance", "secretsmanager:CreateSecret", "sns:CreateTopic", "sqs:CreateQueue"}

func tagGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "require-tags", Title: "Require tags on creation", Owner: ownerFinance, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "Costs and incidents find their owner by tags, and only what is asked for at creation is ever there.",
			Services:   []string{"dynamodb", "ec2", "ecs", "eks", "elasticache", "elasticfilesystem", "elasticloadbalancing", "kinesis", "kms", "lambda", "rds", "secretsmanager", "sns", "sqs"},
			Attach:     "units with workloads, with tag-values for what the tags may say",
			References: []string{orgGuide + "orgs_manage_policies_scps_examples_tagging.html", ec2Guide + "supported-iam-actions-tagging.html", globalKeys},
			NotCovered: []string{notManagement, notLinked, notExisting, "what the tags say: see tag-values", "removing tags later", "actions that are not listed, or that do not know aws:RequestTag"},
			Exceptions: []Exception{Automation, AccessRole, StackSets},
			Parameters: []Parameter{
				{Name: "tags", Kind: List, Required: true, Format: "tag-key", Max: 10, What: "the keys of the tags", Example: []string{"cost-center", "owner"}},
				{Name: "actions", Kind: List, Format: "action", Default: taggedActions, What: "creating actions outside EC2; each must know aws:RequestTag, or it is denied always", Example: []string{"sqs:CreateQueue"}},
				{Name: "instances", Kind: Bool, Default: true, What: "whether instances and volumes of EC2 need the tags", Example: true},
				exemptParameter(),
			},
			// One statement a tag: the keys of one condition must all hold. EC2 asks about each resource of a
			// launch apart, images and subnets too, which get no tags.
			statements: []template{
				{suffix: "Instance", when: "instances", each: "tags", action: []string{"ec2:CreateVolume", "ec2:RunInstances"}, resource: []string{"arn:*:ec2:*:*:instance/*", "arn:*:ec2:*:*:volume/*"},
					condition: conditions{"Null": {"aws:RequestTag/$each": {"true"}}}},
				{suffix: "On", when: "actions", each: "tags", action: []string{"$actions"}, condition: conditions{"Null": {"aws:RequestTag/$each": {"true"}}}},
			},
		},
		{
			ID: "protect-tags", Title: "Protect tags", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Where access or a perimeter depends on tags, whoever sets tags sets access.",
			Services:   []string{"*"},
			Attach:     "where perimeter-network, or access by attributes, reads the tags",
			References: []string{orgGuide + "orgs_manage_policies_scps_examples_tagging.html", perimeters + "/tree/main/service_control_policies"},
			NotCovered: []string{notManagement, "actions that do not know aws:TagKeys, such as some that create", "tags of sessions that other accounts' principals pass"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				{Name: "tags", Kind: List, Required: true, Format: "tag-pattern", What: "the keys of the tags, or patterns of them", Example: []string{"perimeter:*"}},
				exemptParameter(),
			},
			statements: []template{{condition: conditions{"ForAnyValue:StringLike": {"aws:TagKeys": {"$tags"}}}}},
		},
	}
}
