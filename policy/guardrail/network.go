package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func networkGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-internet-changes", Title: "Deny new ways to the internet", Owner: ownerNetwork, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Traffic goes through the company's network, where it is filtered and seen, and not round it.",
			Services:   []string{"directconnect", "ec2", "globalaccelerator"},
			Attach:     "units whose networks are shared or built centrally",
			References: []string{orgGuide + "orgs_manage_policies_scps_examples_vpc.html", authorizes + "list_amazonec2.html"},
			NotCovered: []string{notManagement, notExisting, "what has the internet without a VPC: Lambda, CloudShell, API Gateway, CloudFront", "public addresses in subnets that have an internet gateway: see ec2-defaults"},
			Exceptions: everyone(),
			Parameters: []Parameter{
				{Name: "peering", Kind: Bool, Default: true, What: "whether peering, VPN, Direct Connect and attachments to transit gateways are denied too", Example: false},
				{Name: "nat", Kind: Bool, Default: true, What: "whether NAT gateways are denied too", Example: false},
				exemptParameter(),
			},
			statements: []template{{action: []string{
				"ec2:AttachInternetGateway", "ec2:CreateCarrierGateway", "ec2:CreateEgressOnlyInternetGateway", "ec2:CreateInternetGateway",
				"globalaccelerator:Create*", "globalaccelerator:Update*",
				"$nat?ec2:CreateNatGateway",
				"$peering?ec2:AcceptTransitGatewayVpcAttachment", "$peering?ec2:AcceptVpcPeeringConnection", "$peering?ec2:AttachVpnGateway", "$peering?ec2:CreateClientVpnEndpoint",
				"$peering?ec2:CreateTransitGateway", "$peering?ec2:CreateTransitGatewayVpcAttachment", "$peering?ec2:CreateVpcPeeringConnection", "$peering?ec2:CreateVpnConnection", "$peering?ec2:CreateVpnGateway",
				"$peering?directconnect:Accept*", "$peering?directconnect:AllocatePrivateVirtualInterface", "$peering?directconnect:Confirm*", "$peering?directconnect:Create*",
			}}},
		},
		{
			ID: "deny-default-vpc", Title: "Deny default VPCs", Owner: ownerNetwork, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A default VPC has the internet on every subnet, and the addresses of every other default VPC.",
			Services:   []string{"ec2"},
			Attach:     "every unit, once the baseline has removed the default VPCs",
			References: []string{scpExamples + "/tree/main/Protect-cloud-platform-resource"},
			NotCovered: []string{notManagement, "default VPCs that exist: the baseline removes them", "regions that are enabled later, which come with one"},
			statements: []template{{action: []string{"ec2:CreateDefaultSubnet", "ec2:CreateDefaultVpc"}}},
		},
		{
			ID: "deny-external-sharing", Title: "Deny sharing outside the organization", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "Resource Access Manager shares networks, images and keys with any account that is named.",
			Services:   []string{"ram"},
			Attach:     "the root of the organization",
			References: []string{orgGuide + "orgs_manage_policies_scps_examples_ram.html", "https://docs.aws.amazon.com/ram/latest/userguide/scp.html", authorizes + "list_awsresourceaccessmanagerram.html"},
			NotCovered: []string{notManagement, "sharing by resource policies: see perimeter-identity", "sharing with a sister organization, which must be exempt"},
			Exceptions: []Exception{Automation, BreakGlass},
			Parameters: []Parameter{
				{Name: "accept", Kind: Bool, Default: true, What: "whether accepting what other organizations share is denied too", Example: false},
				exemptParameter(),
			},
			statements: []template{
				{action: []string{"ram:CreateResourceShare", "ram:UpdateResourceShare"}, condition: conditions{"Bool": {"ram:RequestedAllowsExternalPrincipals": {"true"}}}},
				// A share that allowed outsiders before the guardrail came.
				{suffix: "Existing", action: []string{"ram:AssociateResourceShare"}, condition: conditions{"Bool": {"ram:AllowsExternalPrincipals": {"true"}}}},
				{suffix: "Accept", when: "accept", action: []string{"ram:AcceptResourceShareInvitation"}},
			},
		},
	}
}
