package guardrail

import "github.com/archipelago-iac/archipelago/policy"

func costGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-marketplace", Title: "Deny purchases in the Marketplace", Owner: ownerFinance, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A subscription is a contract of the company with a stranger, and runs until somebody cancels it.",
			Services:   []string{"aws-marketplace"},
			Attach:     "the root of the organization; exempt whoever buys",
			References: []string{scpExamples + "/tree/main/Protect-cloud-platform-resource", authorizes + "list_awsmarketplace.html"},
			NotCovered: []string{notManagement, "subscriptions that exist, and what they cost", "images and models that come from the Marketplace and are free"},
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"aws-marketplace:AcceptAgreement*", "aws-marketplace:AssociateProductsWithPrivateMarketplace", "aws-marketplace:CancelAgreement*", "aws-marketplace:CreateAgreementRequest",
				"aws-marketplace:CreatePrivateMarketplace*", "aws-marketplace:DisassociateProductsFromPrivateMarketplace", "aws-marketplace:Subscribe", "aws-marketplace:Unsubscribe", "aws-marketplace:UpdateAgreement*"}}},
		},
		{
			ID: "deny-commitments", Title: "Deny reservations and other commitments", Owner: ownerFinance, Type: policy.ServiceControl, ReviewBy: reviewYearly,
			Purpose:    "A reservation binds the company for years and cannot be returned; one account buys them for all.",
			Services:   []string{"bedrock", "dynamodb", "ec2", "elasticache", "es", "medialive", "memorydb", "outposts", "rds", "redshift", "redshift-serverless", "route53domains", "sagemaker", "savingsplans", "shield"},
			Attach:     "the root of the organization; exempt whoever buys, or attach it to every unit but theirs",
			References: []string{authorizes + "reference_policies_actions-resources-contextkeys.html"},
			NotCovered: []string{notManagement, "reservations that exist", "what is paid by use"},
			Parameters: []Parameter{exemptParameter()},
			statements: []template{{action: []string{"bedrock:CreateProvisionedModelThroughput", "dynamodb:PurchaseReservedCapacityOfferings", "ec2:AcceptReservedInstancesExchangeQuote", "ec2:CreateReservedInstancesListing",
				"ec2:ModifyReservedInstances", "ec2:Purchase*", "elasticache:PurchaseReservedCacheNodesOffering", "es:PurchaseReserved*", "medialive:PurchaseOffering", "memorydb:PurchaseReservedNodesOffering",
				"outposts:CreateOrder", "outposts:CreateRenewal", "rds:PurchaseReservedDBInstancesOffering", "redshift-serverless:CreateReservation", "redshift:AcceptReservedNodeExchange",
				"redshift:PurchaseReservedNodeOffering", "route53domains:RegisterDomain", "route53domains:RenewDomain", "route53domains:TransferDomain", "sagemaker:CreateTrainingPlan", "sagemaker:ExtendTrainingPlan",
				"savingsplans:CreateSavingsPlan", "savingsplans:ReturnSavingsPlan", "shield:CreateSubscription"}}},
		},
	}
}
