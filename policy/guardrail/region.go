package guardrail

import (
	"slices"

	"github.com/archipelago-iac/archipelago/policy"
)

// globalActions are what region-lock lets through, because its endpoint is not in the region that a user
// works in: a lock would forbid it everywhere. First the services with one endpoint for all regions, then
// single actions that the console, or an API for all regions, sends to such an endpoint.
//
// Source: the SCP of the Region deny controls of AWS Control Tower (GRREGIONDENY, CT.MULTISERVICE.PV.1,
// https://docs.aws.amazon.com/controltower/latest/controlreference/ou-region-deny.html), and General
// examples of the AWS Organizations User Guide, 2026-11. Left out of theirs, because they are regional
// services: access-analyzer, acm, config, kms, waf-regional, wafv2 (see virginiaServices) and devicefarm;
// and what few have any more: a4b, activate, chime, datapipeline, importexport, iq and mobileanalytics.
// The parameter exemptActions brings any of them back.
var globalActions = []string{
	"account:*", "artifact:*", "aws-marketplace-management:*", "aws-marketplace:*", "aws-portal:*", "billing:*", "billingconductor:*", "budgets:*",
	"ce:*", "chatbot:*", "cloudfront:*", "compute-optimizer:*", "consoleapp:*", "consolidatedbilling:*", "cur:*", "directconnect:*", "ecr-public:*",
	"fms:*", "freetier:*", "globalaccelerator:*", "health:*", "iam:*", "invoicing:*", "networkmanager:*", "notifications-contacts:*", "notifications:*",
	"organizations:*", "payments:*", "pricing:*", "resource-explorer-2:*", "route53-recovery-cluster:*", "route53-recovery-control-config:*",
	"route53-recovery-readiness:*", "route53:*", "route53domains:*", "savingsplans:*", "shield:*", "sso:*", "sts:*", "support:*", "supportapp:*",
	"supportplans:*", "sustainability:*", "tax:*", "trustedadvisor:*", "waf:*",

	"cloudtrail:LookupEvents", "ec2:DescribeRegions", "ec2:DescribeTransitGateways", "ec2:DescribeVpnGateways", "license-manager:ListReceivedLicenses",
	"lightsail:Get*", "quicksight:DescribeAccountSubscription", "s3:*MultiRegionAccessPoint*", "s3:*StorageLens*", "s3:GetAccountPublicAccessBlock",
	"s3:GetBucketLocation", "s3:GetBucketPolicyStatus", "s3:GetBucketPublicAccessBlock", "s3:ListAllMyBuckets", "s3:PutAccountPublicAccessBlock",
	"tag:GetResources", "vendor-insights:ListEntitledSecurityProfiles",
}

// virginiaServices are regional services of which a part works for a global one and stands in us-east-1:
// certificates and web ACLs of CloudFront, and metrics and alarms of CloudFront, Route 53 and billing.
// Source: Amazon CloudFront Developer Guide, Requirements for using SSL/TLS certificates, and Monitoring
// CloudFront metrics; AWS WAF Developer Guide, How AWS WAF works with CloudFront, 2026-11.
var virginiaServices = []string{"acm", "cloudwatch", "wafv2"}

// allowedRegions is the parameter of the locks.
func allowedRegions() Parameter {
	return Parameter{Name: "allow", Kind: List, Required: true, Format: "region", What: "the regions that stay open", Example: []string{"eu-west-1", "eu-central-1"}}
}

func regionGuardrails() []Guardrail {
	const requested = "aws:RequestedRegion"
	return []Guardrail{
		{
			ID: "region-lock", Title: "Lock regions", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "Data stays where the law wants it, and nothing runs in a region that nobody watches.",
			Services:   []string{"*"},
			Attach:     "units with workloads; with region-lock-sts for sessions. Global services stay open by a table; Bedrock's global inference asks for the region unspecified, and is denied",
			References: []string{controls + "ou-region-deny.html", scpGeneral, iamGuide + "reference_policies_examples_aws_deny-requested-region.html"},
			NotCovered: []string{notManagement, notLinked, notExisting + " in other regions, which goes on running", "STS: see region-lock-sts",
				"global services, wherever they keep data, and services that copy data between regions on their own, such as Bedrock's cross-region inference",
				"services that this table does not know as global: their calls are denied until exemptActions names them"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				allowedRegions(),
				{Name: "exemptActions", Kind: List, Format: "action", What: "further actions that are open in every region", Example: []string{"devicefarm:*"}},
				{Name: "virginia", Kind: List, Format: "service", Default: virginiaServices, Example: []string{"acm", "lambda", "wafv2"},
					What: "services that are also open in us-east-1, because a part of them serves global services there; empty closes it"},
				exemptParameter(),
			},
			statements: []template{
				{notAction: append(slices.Clone(globalActions), "$exemptActions", "$virginia:*"), condition: conditions{"StringNotEquals": {requested: {"$allow"}}}},
				{suffix: "Virginia", action: []string{"$virginia:*"}, condition: conditions{"StringNotEquals": {requested: {"$allow", "us-east-1"}}}},
			},
		},
		{
			ID: "region-lock-sts", Title: "Lock the regions of sessions", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A session from an endpoint of a region that nobody uses is logged where nobody looks, and its region's outage is yours.",
			Services:   []string{"sts"},
			Attach:     "where region-lock is attached",
			References: []string{iamGuide + "id_credentials_temp_region-endpoints.html", iamGuide + "id_credentials_temp_enable-regions.html"},
			NotCovered: []string{notManagement, notLinked, "sessions that are no principal of the account yet: AssumeRoleWithSAML and AssumeRoleWithWebIdentity, so sign-in through Identity Center is safe",
				"sts:GetCallerIdentity, which no policy denies"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				allowedRegions(),
				// "Requests made to the AWS STS global endpoint have a value of us-east-1 for the
				// aws:RequestedRegion condition key, regardless of which Region served the request."
				// Source: IAM User Guide, AWS STS Regions and endpoints, 2026-11.
				{Name: "globalEndpoint", Kind: Bool, What: "whether the global endpoint sts.amazonaws.com stays open; it opens us-east-1, which AWS says each of its requests is for", Example: true},
				exemptParameter(),
			},
			statements: []template{{action: []string{"sts:*"}, condition: conditions{"StringNotEquals": {requested: {"$allow", "$globalEndpoint?us-east-1"}}}}},
		},
		{
			ID: "deny-region-changes", Title: "Deny enabling and disabling regions", Owner: ownerPlatform, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A region that is enabled is one more place to watch; one that is disabled keeps its resources and their bill.",
			Services:   []string{"account"},
			Attach:     "the root of the organization",
			References: []string{scpExamples + "/tree/main/Region-controls", "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"},
			NotCovered: []string{"the management account and the delegated administrator of account management, who enable regions of members from outside"},
			Exceptions: everyone(),
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"account:DisableRegion", "account:EnableRegion"}}},
		},
	}
}
