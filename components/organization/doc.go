// Package organization has Pulumi components for an AWS organization: the organization itself, its
// units, accounts, policies and delegated administrators.
//
// The components know nothing of Archipelago's files and can be used from any Pulumi program in Go.
// Everything is done from the organization's management account: give each component a provider
// that leads there.
//
//	org, err := organization.NewOrganization(ctx, "acme", &organization.Args{
//		PolicyTypes: []policy.Type{policy.ServiceControl},
//	}, pulumi.Provider(management))
//	...
//	units, err := organization.NewUnits(ctx, "acme", &organization.UnitsArgs{
//		RootID: org.RootID,
//		Units:  []organization.Unit{{Path: "Workloads"}, {Path: "Workloads/Prod"}},
//	}, pulumi.Provider(management))
//	...
//	guard, err := organization.NewPolicy(ctx, "acme/deny-leave", &organization.PolicyArgs{
//		Type:      policy.ServiceControl,
//		Content:   pulumi.String(document),
//		DependsOn: []pulumi.Resource{org.Resource},
//	}, pulumi.Provider(management))
//	...
//	attached, err := guard.Attach(ctx, "acme/deny-leave@Workloads/Prod", &organization.AttachmentArgs{
//		TargetID: units.ID("Workloads/Prod"),
//	})
//	...
//	account, err := organization.NewAccount(ctx, "acme/shop", &organization.AccountArgs{
//		Email:     pulumi.String("aws+shop@acme.example"),
//		ParentID:  units.ID("Workloads/Prod"),
//		DependsOn: []pulumi.Resource{attached},
//	}, pulumi.Provider(management))
//
// # Order
//
// The order is organization, units, policies, attachments to the root and to units, accounts,
// attachments to accounts, delegated administrators: a guardrail is in place before the account
// that it guards. AWS creates an account below the root and moves it to its unit a moment later, so
// what must hold from the first second belongs on the root. Deletion runs the other way round.
//
// # What is kept
//
// Organizations, units that hold accounts, and accounts are protected and retained: neither a
// program that no longer mentions them nor a destroyed stack deletes them. An account is closed
// only after it was deployed with [AccountArgs.AllowClose].
package organization
