package guardrail

import "github.com/archipelago-iac/archipelago/policy"

// perimeterActions are what the identity perimeter closes: the services whose resources hold data or
// secrets and are shared by resource policies, and of STS what members of another organization could
// call. Sign-in by SAML and web identities has no organization: see perimeter-oidc.
// Source: data-perimeter-policy-examples, identity_perimeter_rcp.json, 2026-11. Services that resource
// control policies reach: AWS Organizations User Guide, Resource control policies, 2026-11.
var perimeterActions = []string{"aoss:*", "dynamodb:*", "ecr:*", "kms:*", "s3:*", "secretsmanager:*", "sqs:*",
	"sts:AssumeRole", "sts:DecodeAuthorizationMessage", "sts:GetAccessKeyInfo", "sts:GetFederationToken", "sts:GetServiceBearerToken", "sts:GetSessionToken", "sts:SetContext"}

// perimeterServices are the services of perimeter-resource: where data can be put away.
var perimeterServices = []string{"dynamodb", "firehose", "kinesis", "kms", "s3", "secretsmanager", "sns", "sqs"}

// serviceBuckets belong to AWS, and services read them with the roles of their customers. Their names are
// whole: a pattern would let in whoever gives a bucket such a name. Those with an account of AWS in their
// name (Glue Studio, EKS, Service Catalog) differ from region to region: name them as resources.
// Source: data-perimeter-policy-examples, service_owned_resources.md, 2026-11.
var serviceBuckets = []string{
	"$regions?arn:*:s3:::aws-neptune-notebook", "$regions?arn:*:s3:::aws-neptune-notebook/*", "arn:*:s3:::aws-neptune-notebook-$regions", "arn:*:s3:::aws-neptune-notebook-$regions/*",
	"arn:*:s3:::elasticbeanstalk-$regions/*", "arn:*:s3:::elasticbeanstalk-env-resources-$regions/*", "arn:*:s3:::elasticbeanstalk-platform-assets-$regions/*", "arn:*:s3:::elasticbeanstalk-samples-$regions/*",
	"arn:*:s3:::jumpstart-cache-prod-$regions", "arn:*:s3:::jumpstart-cache-prod-$regions/*",
}

// privateActions reach data over addresses of a VPC that they do not report as aws:SourceVpc.
// Source: data-perimeter-policy-examples, network_perimeter_sourcevpc_scp.json, 2026-11.
var privateActions = []string{"dax:*", "elasticfilesystem:Client*", "es:ES*", "kafka-cluster:*", "neptune-db:*", "rds-db:connect"}

// infrastructureRole is what EC2 calls with to attach encrypted volumes, from a network of its own.
const infrastructureRole = "arn:*:iam::*:role/aws:ec2-infrastructure"

func organizations(what string) Parameter {
	return Parameter{Name: "organizations", Kind: List, Required: true, Format: "organization", What: what, Example: []string{"{{hub.organization.id}}", "{{organization.id}}"}}
}

func accounts(what string) Parameter {
	return Parameter{Name: "accounts", Kind: List, Format: "account", What: what, Example: []string{"111122223333"}}
}

// networkParameters are those of both network perimeters.
func networkParameters() []Parameter {
	return []Parameter{
		{Name: "addresses", Kind: List, Required: true, Format: "cidr", What: "public addresses that people and machines of the company call from", Example: []string{"198.51.100.0/24", "203.0.113.0/28"}},
		{Name: "vpcs", Kind: List, Format: "vpc", What: "VPCs that call through endpoints", Example: []string{"vpc-0a1b2c3d4e5f67890"}},
		// Principals of services call from networks of AWS: which roles stay in yours, only you know.
		{Name: "tag", Kind: Text, Default: "perimeter:network", Format: "tag-key", Required: true, What: "the tag of the principals that it is for; those with the value true", Example: "dp:include:network"},
	}
}

func perimeterGuardrails() []Guardrail {
	rcpNotCovered := []string{"resources of the management account, which no resource control policy reaches", notLinked, "services that resource control policies do not reach"}
	return []Guardrail{
		{
			ID: "require-secure-transport", Title: "Require encrypted transport", Owner: ownerData, Type: policy.ResourceControl, ReviewBy: reviewYearly,
			Purpose:    "What crosses a network in the clear is read on the way.",
			Services:   []string{"kms", "s3", "secretsmanager", "sqs", "sts"},
			Attach:     "the root of the organization",
			References: []string{orgGuide + "orgs_manage_policies_rcps_examples.html", globalKeys, authorizes + "list_amazons3.html"},
			NotCovered: append([]string{"connections that are not calls of an API, such as those of databases", "old versions of TLS outside S3: AWS has refused them since 2024"}, rcpNotCovered...),
			Parameters: []Parameter{
				{Name: "services", Kind: List, Required: true, Default: []string{"kms", "s3", "secretsmanager", "sqs", "sts"}, Format: "service", What: "services that resource control policies reach", Example: []string{"s3", "sqs"}},
				{Name: "minimumTLS", Kind: Text, Choices: []string{"1.2", "1.3"}, What: "the oldest version of TLS that S3 accepts; empty leaves it to AWS", Example: "1.2"},
			},
			// Bool, not BoolIfExists: a call that says nothing about its transport is none of a client's.
			statements: []template{
				{action: []string{"$services:*"}, condition: conditions{"Bool": {"aws:SecureTransport": {"false"}}}},
				{suffix: "Version", when: "minimumTLS", action: []string{"s3:*"}, condition: conditions{"NumericLessThan": {"s3:TlsVersion": {"$minimumTLS"}}}},
			},
		},
		{
			ID: "perimeter-identity", Title: "Perimeter: only our identities reach our resources", Owner: ownerData, Type: policy.ResourceControl, ReviewBy: reviewSoon,
			Purpose:    "A resource policy with one wrong line opens a bucket to strangers; this closes all of them at once.",
			Services:   []string{"aoss", "dynamodb", "ecr", "kms", "s3", "secretsmanager", "sqs", "sts"},
			Attach:     "units with data, a test account first; replay CloudTrail before",
			References: []string{perimeters + "/tree/main/resource_control_policies", whitepaper, globalKeys, rcpPage},
			NotCovered: append([]string{"principals of the organizations that are named, whatever they are", "AWS services that act for others: see confused-deputy", "sign-in by SAML and OpenID Connect: see perimeter-oidc"}, rcpNotCovered...),
			Parameters: []Parameter{
				organizations("the organizations whose principals are ours"),
				accounts("further accounts: partners, and those with which AWS services write, such as load balancers their logs"),
				{Name: "actions", Kind: List, Required: true, Format: "action", Default: perimeterActions, What: "what is closed to others", Example: []string{"kms:*", "s3:*"}},
			},
			statements: []template{{action: []string{"$actions"}, condition: conditions{
				"StringNotEqualsIfExists": {"aws:PrincipalOrgID": {"$organizations"}, "aws:PrincipalAccount": {"$accounts"}},
				"BoolIfExists":            {"aws:PrincipalIsAWSService": {"false"}},
			}}},
		},
		{
			ID: "confused-deputy", Title: "Perimeter: services act for us only", Owner: ownerData, Type: policy.ResourceControl, ReviewBy: reviewYearly,
			Purpose:    "A resource that trusts a service trusts whoever uses that service, unless somebody asks on whose behalf it calls.",
			Services:   []string{"kms", "s3", "secretsmanager", "sqs", "sts"},
			Attach:     "where perimeter-identity is attached",
			References: []string{iamGuide + "confused-deputy.html", perimeters + "/tree/main/resource_control_policies", rcpPage},
			NotCovered: append([]string{"calls of services that name no source account"}, rcpNotCovered...),
			Parameters: []Parameter{
				organizations("the organizations that services may act for"),
				accounts("further accounts that services may act for"),
				{Name: "services", Kind: List, Required: true, Default: []string{"kms", "s3", "secretsmanager", "sqs", "sts"}, Format: "service", What: "services that resource control policies reach", Example: []string{"s3"}},
			},
			// Source: IAM User Guide, The confused deputy problem, Cross-service confused deputy prevention, 2026-11.
			statements: []template{{action: []string{"$services:*"}, condition: conditions{
				"StringNotEqualsIfExists": {"aws:SourceOrgID": {"$organizations"}, "aws:SourceAccount": {"$accounts"}},
				"Null":                    {"aws:SourceAccount": {"false"}},
				"Bool":                    {"aws:PrincipalIsAWSService": {"true"}},
			}}},
		},
		{
			ID: "perimeter-oidc", Title: "Perimeter: only our pipelines assume roles", Owner: ownerSecurity, Type: policy.ResourceControl, ReviewBy: reviewYearly,
			Purpose:    "Providers such as GitHub serve everyone: a trust policy that forgets the subject lets every repository in the world assume the role.",
			Services:   []string{"sts"},
			Attach:     "the root of the organization, once for each provider",
			References: []string{iamGuide + "id_roles_providers_oidc_secure-by-default.html", perimeters + "/tree/main/resource_control_policies", rcpPage},
			NotCovered: append([]string{"other providers: see deny-identity-providers"}, rcpNotCovered...),
			Parameters: []Parameter{
				{Name: "provider", Kind: Text, Required: true, Format: "provider", What: "the provider's host and path, without https://", Example: "token.actions.githubusercontent.com"},
				{Name: "subjects", Kind: List, Required: true, Format: "subject", What: "subjects that are ours, or patterns of them", Example: []string{"repo:acme/*"}},
			},
			statements: []template{{action: []string{"sts:AssumeRoleWithWebIdentity"}, condition: conditions{
				"StringNotLike": {"$provider:sub": {"$subjects"}}, "Null": {"$provider:sub": {"false"}}}}},
		},
		{
			ID: "perimeter-resource", Title: "Perimeter: our identities reach our resources only", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "Data leaves by being written into a bucket, queue or topic of somebody else, with credentials that are right.",
			Services:   perimeterServices,
			Attach:     "units with data; replay CloudTrail before",
			References: []string{perimeters + "/tree/main/service_control_policies", whitepaper, globalKeys},
			NotCovered: []string{notManagement, notLinked, "services that are not listed", "data in parameters of calls, such as names"},
			Exceptions: []Exception{Automation, BreakGlass, StackSets},
			Parameters: []Parameter{
				organizations("the organizations whose resources are ours"),
				accounts("further accounts whose resources may be used"),
				{Name: "services", Kind: List, Required: true, Format: "service", Default: perimeterServices, What: "services that data can be put away with", Example: []string{"s3"}},
				{Name: "regions", Kind: List, Format: "region", What: "regions in which buckets that AWS services own (Beanstalk, JumpStart, Neptune) stay readable; empty closes them", Example: []string{"eu-west-1"}},
				{Name: "resources", Kind: List, Format: "resource", What: "further resources outside that may be used, such as partners'", Example: []string{"arn:aws:s3:::partner-bucket", "arn:aws:s3:::partner-bucket/*"}},
				exemptParameter(),
			},
			statements: []template{{action: []string{"$services:*"}, notResource: append([]string{"$resources"}, serviceBuckets...),
				condition: conditions{"StringNotEquals": {"aws:ResourceOrgID": {"$organizations"}, "aws:ResourceAccount": {"$accounts"}}}}},
		},
		{
			ID: "perimeter-network", Title: "Perimeter: our identities call from our networks", Owner: ownerData, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "Credentials that were stolen are used from elsewhere.",
			Services:   []string{"*"},
			Attach:     "units whose roles carry the tag, with protect-tags; replay CloudTrail before",
			References: []string{perimeters + "/tree/main/service_control_policies", whitepaper, globalKeys},
			NotCovered: []string{notManagement, notLinked, "principals without the tag", "calls that a service makes on the principal's behalf", "VPCs with the same id in another region, which AWS does not rule out"},
			Exceptions: everyone(),
			Parameters: append(networkParameters(), exemptParameter()),
			statements: []template{{notAction: privateActions, condition: conditions{
				"NotIpAddressIfExists":    {"aws:SourceIp": {"$addresses"}},
				"StringNotEqualsIfExists": {"aws:SourceVpc": {"$vpcs"}},
				"BoolIfExists":            {"aws:ViaAWSService": {"false"}},
				"ArnNotLike":              {principalKey: {infrastructureRole}},
				"StringEquals":            {"aws:PrincipalTag/$tag": {"true"}},
			}}},
		},
		{
			ID: "perimeter-network-resources", Title: "Perimeter: our resources are called from our networks", Owner: ownerData, Type: policy.ResourceControl, ReviewBy: reviewSoon,
			Purpose:    "The network perimeter again, for principals that no service control policy reaches, such as a partner's.",
			Services:   []string{"kms", "s3"},
			Attach:     "units with data, a test account first; replay CloudTrail before",
			References: []string{perimeters + "/tree/main/resource_control_policies", whitepaper, globalKeys, rcpPage},
			NotCovered: append([]string{"principals without the tag", "calls that a service makes on the principal's behalf"}, rcpNotCovered...),
			Parameters: append(networkParameters(), organizations("the organizations whose VPC endpoints are ours"),
				Parameter{Name: "services", Kind: List, Required: true, Format: "service", Default: []string{"kms", "s3"},
					What: "services that resource control policies reach and whose calls carry aws:VpceOrgID", Example: []string{"s3"}}),
			statements: []template{{action: []string{"$services:*"}, condition: conditions{
				"NotIpAddressIfExists":    {"aws:SourceIp": {"$addresses"}},
				"StringNotEqualsIfExists": {"aws:SourceVpc": {"$vpcs"}, "aws:VpceOrgID": {"$organizations"}},
				"BoolIfExists":            {"aws:PrincipalIsAWSService": {"false"}, "aws:ViaAWSService": {"false"}},
				"ArnNotLikeIfExists":      {principalKey: {infrastructureRole}},
				"StringEquals":            {"aws:PrincipalTag/$tag": {"true"}},
			}}},
		},
	}
}
