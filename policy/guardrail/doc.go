// Package guardrail is the catalogue of guardrails: policies that have a name, a purpose, an owner and
// parameters, so that an organization file says "region-lock, allow eu-west-1" rather than JSON.
//
//	statements, problems := guardrail.Build("region-lock", map[string]any{"allow": []any{"eu-west-1"}}, exempt)
//
// # How an entry is written
//
// The catalogue is data. An entry of a service or resource control policy is a list of templates, in
// which $name stands for the parameter of that name; [Build] checks the parameters, fills the templates
// and adds the principals that are exempt. Entries of the policy types that are no lists of statements
// (tag, backup, AI opt-out, chat applications, declarative EC2) use the typed builders of this package,
// such as [TagPolicy], which are of use on their own.
//
// # Who is exempt
//
// A guardrail names the groups of principals that it exempts: see [Exception]. Resource control policies
// exempt nobody by name: they meet principals of any account in the world, and a pattern such as
// arn:aws:iam::*:role/automation would let in whoever gives a role that name. For the same reason
// whatever exempts a name wants protect-roles beside it, which keeps members from creating it.
//
// # Stability
//
// The same parameters give the same bytes, whatever their order. The Sid of each statement begins with
// the guardrail's id in camel case and never changes.
//
// Facts about AWS stand next to what they decide, with the page that they are from. Names of actions,
// whether an action knows a condition key, and whether it has a resource, were compared with data made
// from the Service Authorization Reference, 2026-11.
package guardrail
