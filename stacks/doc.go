// Package stacks deploys the plan of one organization: one organization, one Pulumi stack.
//
// It adds no decision of its own. What is deployed is in the plan; here are only the providers, the
// order, the references between stacks, and the refusal of edits that would lose something.
//
// [Deploy] is the whole program of an ordinary "pulumi up"; [Program] is the same for a plan that is
// resolved already. The outputs of every stack are [Outputs].
//
// # Configuration
//
//	archipelago:organization  the organization to deploy; default: the stack's name
//	archipelago:hubStack      the full name of the hub's stack; default: <pulumi organization>/<project>/<hub>
//	archipelago:accept        refusals to pass over, such as account:shop, separated by commas
//
// # Order of work
//
// Everything that can refuse a deployment comes before the first resource is registered: the files,
// the provider budget, the comparison with what the stack deployed last, the outputs of the hub.
//
// What is set up inside accounts comes last, when the accounts and their guardrails are there. In an account
// that is quarantined or suspended everything is denied, so what is in it is held: registered as the state
// has it, neither changed nor deleted.
package stacks
