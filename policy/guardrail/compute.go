package guardrail

import "github.com/archipelago-iac/archipelago/policy"

// expensiveInstances are what costs several dollars an hour and more: bare metal, accelerators for
// training, much memory, and sizes from 24xlarge on.
// Source: Amazon EC2 instance types guide, naming conventions and families, 2026-11.
var expensiveInstances = []string{"*.*metal*", "*.112xlarge", "*.24xlarge", "*.32xlarge", "*.48xlarge", "*.56xlarge", "*.96xlarge", "dl*.*", "mac*.*", "p*.*", "trn*.*", "u-*.*", "u7i*.*", "x*.*"}

// expensiveDatabases are the same for RDS.
var expensiveDatabases = []string{"db.*.24xlarge", "db.*.32xlarge", "db.*.48xlarge", "db.x*"}

func computeGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-expensive-instances", Title: "Deny expensive instances", Owner: ownerFinance, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "A stolen key, or a slip of the pen, costs thousands a day with accelerators and bare metal.",
			Services:   []string{"ec2", "rds"},
			Attach:     "units without heavy computation, sandboxes first",
			References: []string{orgGuide + "orgs_manage_policies_scps_examples_ec2.html", authorizes + "list_amazonec2.html", authorizes + "list_amazonrds.html"},
			NotCovered: []string{notManagement, "instances that services start by service-linked roles: Auto Scaling, Spot, EMR, SageMaker", "how many instances run: see quotas and budgets", "families that came after the list"},
			Parameters: []Parameter{
				{Name: "instances", Kind: List, Format: "instance-type", Default: expensiveInstances, What: "instance types of EC2; empty denies none", Example: []string{"g*.*", "p*.*"}},
				{Name: "databases", Kind: List, Format: "database-class", Default: expensiveDatabases, What: "instance classes of RDS; empty denies none", Example: []string{"db.x*"}},
				exemptParameter(),
			},
			// StartInstances as well: an instance can be stopped, made large and started.
			statements: []template{
				{when: "instances", action: []string{"ec2:RunInstances", "ec2:StartInstances"}, resource: []string{"arn:*:ec2:*:*:instance/*"}, condition: conditions{"StringLike": {"ec2:InstanceType": {"$instances"}}}},
				{suffix: "Databases", when: "databases", action: []string{"rds:CreateDBInstance", "rds:CreateDBInstanceReadReplica", "rds:ModifyDBInstance", "rds:RestoreDBInstance*"},
					condition: conditions{"StringLike": {"rds:DatabaseClass": {"$databases"}}}},
			},
		},
		{
			ID: "require-imdsv2", Title: "Require IMDSv2", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "With version 1 of the metadata service, one forged request from a web application is enough to take an instance's credentials.",
			Services:   []string{"ec2"},
			Attach:     "units with workloads, with ec2-defaults, which makes it the default of launches",
			References: []string{ec2Guide + "ExamplePolicies_EC2.html", ec2Guide + "configuring-IMDS-existing-instances.html"},
			NotCovered: []string{notManagement, "instances that run already, unless refuseOldCredentials is true", "instances that services start by service-linked roles, such as Auto Scaling's"},
			Parameters: []Parameter{
				{Name: "maxHops", Kind: Number, Default: 2, Min: 1, Max: 64, What: "the most hops that a metadata token may travel; containers need 2", Example: 1},
				{Name: "refuseOldCredentials", Kind: Bool, What: "whether credentials that an instance got by version 1 are worth nothing; what still uses it breaks at once", Example: true},
				exemptParameter(),
			},
			// Source: Amazon EC2 User Guide, Example policies: work with instance metadata, 2026-11.
			statements: []template{
				{action: []string{"ec2:RunInstances"}, resource: []string{"arn:*:ec2:*:*:instance/*"}, condition: conditions{"StringNotEquals": {"ec2:MetadataHttpTokens": {"required"}}}},
				{suffix: "Hops", action: []string{"ec2:RunInstances"}, resource: []string{"arn:*:ec2:*:*:instance/*"},
					condition: conditions{"NumericGreaterThan": {"ec2:MetadataHttpPutResponseHopLimit": {"$maxHops"}}}},
				// Turning version 1 on again; the key is there only where the call changes it.
				{suffix: "Change", action: []string{"ec2:ModifyInstanceMetadataOptions"}, resource: []string{"arn:*:ec2:*:*:instance/*"}, condition: conditions{"StringEquals": {"ec2:Attribute/HttpTokens": {"optional"}}}},
				{suffix: "Credentials", when: "refuseOldCredentials", condition: conditions{"NumericLessThan": {"ec2:RoleDelivery": {"2.0"}}}},
			},
		},
	}
}
