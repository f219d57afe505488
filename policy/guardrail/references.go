package guardrail

// Where the pages that guardrails rest on are.
const (
	orgGuide    = "https://docs.aws.amazon.com/organizations/latest/userguide/"
	iamGuide    = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
	ec2Guide    = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
	controls    = "https://docs.aws.amazon.com/controltower/latest/controlreference/"
	authorizes  = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
	scpExamples = "https://github.com/aws-samples/service-control-policy-examples"
	perimeters  = "https://github.com/aws-samples/data-perimeter-policy-examples"
	whitepaper  = "https://docs.aws.amazon.com/whitepapers/latest/building-a-data-perimeter-on-aws/building-a-data-perimeter-on-aws.html"

	scpGeneral = orgGuide + "orgs_manage_policies_scps_examples_general.html"
	globalKeys = iamGuide + "reference_policies_condition-keys.html"
	rcpPage    = orgGuide + "orgs_manage_policies_rcps.html"
)

// Sentences that are true of many guardrails.
const (
	notManagement = "the management account, whose principals no service control policy reaches"
	notLinked     = "service-linked roles, which no policy of an organization reaches"
	notExisting   = "what exists already"
)
