package front

// servicePrincipals are the services that work with Organizations, true for those that may be
// delegated to a member account. AWS refuses any other name, which is how it finds typing errors.
// The emulator has about half of the list.
func servicePrincipals() map[string]bool {
	all := map[string]bool{}
	for _, p := range []string{
		"access-analyzer.amazonaws.com",
		"account.amazonaws.com",
		"auditmanager.amazonaws.com",
		"backup.amazonaws.com",
		"backup-policies.amazonaws.com",
		"bcm-data-exports.amazonaws.com",
		"billing-cost-management.amazonaws.com",
		"cloudtrail.amazonaws.com",
		"compute-optimizer.amazonaws.com",
		"config-multiaccountsetup.amazonaws.com",
		"config.amazonaws.com",
		"cost-optimization-hub.bcm.amazonaws.com",
		"detective.amazonaws.com",
		"devops-guru.amazonaws.com",
		"fms.amazonaws.com",
		"guardduty.amazonaws.com",
		"health.amazonaws.com",
		"iam.amazonaws.com",
		"inspector2.amazonaws.com",
		"ipam.amazonaws.com",
		"license-manager.amazonaws.com",
		"license-manager-linux-subscriptions.amazonaws.com",
		"license-manager.member-account.amazonaws.com",
		"macie.amazonaws.com",
		"malware-protection.guardduty.amazonaws.com",
		"managed-services.amazonaws.com",
		"member.org.stacksets.cloudformation.amazonaws.com",
		"network-security-director.amazonaws.com",
		"networkmanager.amazonaws.com",
		"notifications.amazonaws.com",
		"observabilityadmin.amazonaws.com",
		"reachabilityanalyzer.networkinsights.amazonaws.com",
		"reporting.trustedadvisor.amazonaws.com",
		"resource-explorer-2.amazonaws.com",
		"security-ir.amazonaws.com",
		"securityhub.amazonaws.com",
		"securitylake.amazonaws.com",
		"servicecatalog.amazonaws.com",
		"ssm.amazonaws.com",
		"ssm-quicksetup.amazonaws.com",
		"sso.amazonaws.com",
		"storage-lens.s3.amazonaws.com",
		"tagpolicies.tag.amazonaws.com",
		"uxc.amazonaws.com",
		"vpc-lattice.amazonaws.com",
		"wellarchitected.amazonaws.com",
	} {
		all[p] = true
	}
	for _, p := range []string{
		"application-signals.cloudwatch.amazonaws.com",
		"appconfig.amazonaws.com",
		"aws-artifact-account-sync.amazonaws.com",
		"chatbot.amazonaws.com",
		"controltower.amazonaws.com",
		"discovery.amazonaws.com",
		"ds.amazonaws.com",
		"ec2.amazonaws.com",
		"license-management.marketplace.amazonaws.com",
		"marketplace.amazonaws.com",
		"mgn.amazonaws.com",
		"opsdatasync.ssm.amazonaws.com",
		"opsdashboard.ssm.amazonaws.com",
		"q.amazonaws.com",
		"ram.amazonaws.com",
		"servicequotas.amazonaws.com",
		"stacksets.cloudformation.amazonaws.com",
		"transformation.transform.amazonaws.com",
		"user-subscriptions.amazonaws.com",
		"ipmonitor.amazonaws.com",
		"internetmonitor.amazonaws.com",
	} {
		all[p] = false
	}
	return all
}
