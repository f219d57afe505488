package guardrail

import "github.com/archipelago-iac/archipelago/policy"

// detectionGuardrails keep the services that watch an account from being switched off inside it.
func detectionGuardrails() []Guardrail {
	protect := func(id, title, purpose string, services, references, notCovered []string, statements ...template) Guardrail {
		return Guardrail{
			ID: id, Title: title, Purpose: purpose, Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Services: services, References: references, NotCovered: append([]string{notManagement}, notCovered...), Exceptions: everyone(),
			Attach: "the root of the organization, with protect-roles", Parameters: []Parameter{exemptParameter()}, statements: statements,
		}
	}
	trail := protect("protect-cloudtrail", "Protect CloudTrail", "The first thing that an intruder switches off is the log.",
		[]string{"cloudtrail"}, []string{controls + "mandatory-controls.html", scpExamples + "/tree/main/Deny-changes-to-security-services", authorizes + "list_awscloudtrail.html"},
		[]string{"the bucket and the key that a trail writes with: they belong into an account of their own", "new trails beside the protected ones"},
		template{resource: []string{"arn:*:cloudtrail:*:*:trail/$trails"},
			action: []string{"cloudtrail:DeleteTrail", "cloudtrail:PutEventSelectors", "cloudtrail:PutInsightSelectors", "cloudtrail:RemoveTags", "cloudtrail:StopLogging", "cloudtrail:UpdateTrail"}},
		template{suffix: "Lake", when: "eventDataStores", resource: []string{"arn:*:cloudtrail:*:*:eventdatastore/*"},
			action: []string{"cloudtrail:DeleteEventDataStore", "cloudtrail:DisableFederation", "cloudtrail:StopEventDataStoreIngestion", "cloudtrail:UpdateEventDataStore"}})
	trail.Parameters = append(trail.Parameters,
		Parameter{Name: "trails", Kind: List, Required: true, Format: "any-name", What: "names of the trails; * is every trail, also those that teams made for themselves", Example: []string{"organization"}},
		Parameter{Name: "eventDataStores", Kind: Bool, Default: true, What: "whether event data stores of CloudTrail Lake are protected too", Example: false})
	config := protect("protect-config", "Protect the Config recorder", "Without a recorder nobody can say what changed, and every rule reports success.",
		[]string{"config"}, []string{controls + "mandatory-controls.html", orgGuide + "orgs_manage_policies_scps_examples_config.html"},
		[]string{"rules and conformance packs that teams add for themselves", "organization rules, which members cannot change anyway"},
		template{action: []string{"config:DeleteAggregationAuthorization", "config:DeleteConfigurationRecorder", "config:DeleteDeliveryChannel", "config:DeleteRetentionConfiguration",
			"config:PutConfigurationRecorder", "config:PutDeliveryChannel", "config:PutRetentionConfiguration", "config:StopConfigurationRecorder"}})
	return []Guardrail{
		trail, config,
		protect("protect-guardduty", "Protect GuardDuty", "A detector that is off sees nothing, and a filter or a trusted list makes it see nothing quietly.",
			[]string{"guardduty"}, []string{orgGuide + "orgs_manage_policies_scps_examples_guardduty.html", authorizes + "list_amazonguardduty.html"},
			[]string{"the administrator account's own changes, unless it is a member under this guardrail and not exempt"},
			template{action: []string{"guardduty:ArchiveFindings", "guardduty:CreateFilter", "guardduty:CreateIPSet", "guardduty:Delete*", "guardduty:DisassociateFrom*", "guardduty:DisassociateMembers",
				"guardduty:StopMonitoringMembers", "guardduty:UpdateDetector", "guardduty:UpdateFilter", "guardduty:UpdateIPSet", "guardduty:UpdateMalwareScanSettings",
				"guardduty:UpdateMemberDetectors", "guardduty:UpdateOrganizationConfiguration", "guardduty:UpdatePublishingDestination"}}),
		protect("protect-security-hub", "Protect Security Hub", "Findings that are switched off or disassociated never reach the security team.",
			[]string{"securityhub"}, []string{scpExamples + "/tree/main/Deny-changes-to-security-services", authorizes + "list_awssecurityhub.html"},
			[]string{"the workflow status of findings, which teams set as they work on them"},
			template{action: []string{"securityhub:BatchDisableStandards", "securityhub:BatchUpdateStandardsControlAssociations", "securityhub:DeleteAggregatorV2", "securityhub:DeleteFindingAggregator",
				"securityhub:DeleteMembers", "securityhub:Disable*", "securityhub:Disassociate*", "securityhub:UpdateFindingAggregator", "securityhub:UpdateOrganizationConfiguration",
				"securityhub:UpdateSecurityControl", "securityhub:UpdateSecurityHubConfiguration", "securityhub:UpdateStandardsControl"}}),
		protect("protect-access-analyzer", "Protect Access Analyzer", "An archive rule hides every finding that it matches, before anyone has read it.",
			[]string{"access-analyzer"}, []string{scpExamples + "/tree/main/Deny-changes-to-security-services", authorizes + "list_awsiamaccessanalyzer.html"},
			[]string{"archiving single findings by hand"},
			template{action: []string{"access-analyzer:ApplyArchiveRule", "access-analyzer:CreateArchiveRule", "access-analyzer:DeleteAnalyzer", "access-analyzer:DeleteArchiveRule",
				"access-analyzer:UpdateAnalyzer", "access-analyzer:UpdateArchiveRule"}}),
		protect("protect-macie", "Protect Macie", "Sensitive data is found only while the search for it is on.",
			[]string{"macie2"}, []string{scpExamples + "/tree/main/Deny-changes-to-security-services", authorizes + "list_amazonmacie.html"},
			[]string{"jobs and identifiers that teams make for themselves"},
			template{action: []string{"macie2:DeleteMember", "macie2:DisableMacie", "macie2:Disassociate*", "macie2:UpdateAutomatedDiscoveryConfiguration", "macie2:UpdateClassificationScope",
				"macie2:UpdateMacieSession", "macie2:UpdateMemberSession", "macie2:UpdateOrganizationConfiguration"}}),
		protect("protect-inspector", "Protect Inspector and Detective", "Vulnerabilities are found, and traces kept, only while the services are on.",
			[]string{"inspector2", "detective"}, []string{authorizes + "list_amazoninspector2.html", authorizes + "list_amazondetective.html"},
			[]string{"suppression filters, which teams need for accepted risks"},
			template{action: []string{"detective:DeleteGraph", "detective:DeleteMembers", "detective:DisassociateMembership", "inspector2:Disable", "inspector2:DisassociateMember",
				"inspector2:UpdateConfiguration", "inspector2:UpdateEc2DeepInspectionConfiguration", "inspector2:UpdateOrganizationConfiguration"}}),
		protect("protect-flow-logs", "Protect flow logs", "Who talked to whom is known only from flow logs.",
			[]string{"ec2"}, []string{orgGuide + "orgs_manage_policies_scps_examples_vpc.html"},
			[]string{"VPCs that never had a flow log", "the log group or bucket that they are written to: see protect-baseline"},
			template{action: []string{"ec2:DeleteFlowLogs"}}),
	}
}
