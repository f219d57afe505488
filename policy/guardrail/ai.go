package guardrail

import "github.com/archipelago-iac/archipelago/policy"

// aiServices are the services for generative models.
// Source: Service Authorization Reference, 2026-11.
var aiServices = []string{"aws-external-anthropic", "bedrock", "bedrock-agentcore", "bedrock-mantle", "codewhisperer", "q", "qapps", "qbusiness"}

func aiGuardrails() []Guardrail {
	return []Guardrail{
		{
			ID: "deny-ai-services", Title: "Deny generative AI", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "Where the law or a contract keeps data from models, no service with models is open.",
			Services:   aiServices,
			Attach:     "units whose data must not reach a model",
			References: []string{scpExamples + "/tree/main/Service-specific-controls", authorizes + "list_amazonbedrock.html"},
			NotCovered: []string{notManagement, notLinked, "models that somebody runs: SageMaker, EC2", "AI inside other services, and what AWS learns from them: see ai-opt-out", "calls to providers outside AWS"},
			Parameters: []Parameter{
				{Name: "services", Kind: List, Required: true, Format: "service", Default: aiServices, What: "the prefixes of the services' actions", Example: []string{"bedrock"}},
				exemptParameter(),
			},
			statements: []template{{action: []string{"$services:*"}}},
		},
		{
			ID: "allow-models", Title: "Deny Bedrock models but these", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "Each model has its own license, origin and price.",
			Services:   []string{"bedrock"},
			Attach:     "units that use Bedrock",
			References: []string{scpExamples + "/tree/main/Service-specific-controls/Amazon-Bedrock", "https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html", authorizes + "list_amazonbedrock.html"},
			NotCovered: []string{notManagement, "bedrock-mantle, whose calls have no model as their resource: deny it by deny-ai-services", "models that were imported or customized from an allowed one", "where a cross-region profile computes"},
			Parameters: []Parameter{
				{Name: "models", Kind: List, Required: true, Format: "model", What: "ids of the models, or patterns of them", Example: []string{"amazon.nova-*", "mistral.*"}},
				exemptParameter(),
			},
			// A profile is asked about beside each model behind it, so that profiles need no list.
			statements: []template{{action: []string{"bedrock:InvokeModel*", "bedrock:PutFoundationModelEntitlement"}, notResource: []string{"arn:*:bedrock:*::foundation-model/$models",
				"arn:*:bedrock:*:*:application-inference-profile/*", "arn:*:bedrock:*:*:custom-model*", "arn:*:bedrock:*:*:imported-model/*", "arn:*:bedrock:*:*:inference-profile/*", "arn:*:bedrock:*:*:provisioned-model/*"}}},
		},
		{
			ID: "deny-ai-keys", Title: "Deny API keys of Bedrock", Owner: ownerSecurity, Type: policy.ServiceControl, ReviewBy: reviewSoon,
			Purpose:    "An API key of Bedrock is an IAM user in disguise, and ends in a repository like any key.",
			Services:   []string{"bedrock", "bedrock-mantle", "iam"},
			Attach:     "the root of the organization",
			References: []string{scpExamples + "/tree/main/Service-specific-controls/Amazon-Bedrock", iamGuide + "reference_policies_iam-condition-keys.html"},
			NotCovered: []string{notManagement, "calls with credentials of a role, which are as they should be"},
			Parameters: []Parameter{
				{Name: "shortTerm", Kind: Bool, What: "whether keys of at most twelve hours, which a session makes for itself, are denied too", Example: true},
				exemptParameter(),
			},
			// Source: Amazon Bedrock User Guide, Control permissions for generating and using API keys, 2026-11.
			// The two services have a key of their own for the kind of token.
			statements: []template{
				{action: []string{"iam:CreateServiceSpecificCredential", "iam:ResetServiceSpecificCredential"},
					condition: conditions{"StringEquals": {"iam:ServiceSpecificCredentialServiceName": {"bedrock.amazonaws.com"}}}},
				{suffix: "Use", action: []string{"bedrock:CallWithBearerToken"}, condition: conditions{"StringEquals": {"bedrock:BearerTokenType": {"LONG_TERM", "$shortTerm?SHORT_TERM"}}}},
				{suffix: "UseMantle", action: []string{"bedrock-mantle:CallWithBearerToken"}, condition: conditions{"StringEquals": {"bedrock-mantle:BearerTokenType": {"LONG_TERM", "$shortTerm?SHORT_TERM"}}}},
			},
		},
	}
}
