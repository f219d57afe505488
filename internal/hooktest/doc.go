// Package hooktest runs the cases that say what hooks do: txtar files below tests/hooks of an archipelago.
//
//	# production accounts get a budget of their own
//	hook: hooks/cost-center.ts
//	-- account.yaml --
//	organization: payments
//	unit: Workloads/Prod
//	tags: { cost-center: "4711" }
//	-- params.yaml --
//	limit: 250
//	-- baseline.yaml --
//	budget: { monthlyLimit: 100, recipients: [owner@acme.example] }
//	-- want.changes --
//	budget.monthlyLimit: 100 → 250
//
// The lines that begin with # are the title. Each hook: is a file; several run in their order. All files but
// what is wanted may be left out. What is wanted is one of
//
//   - want.yaml: the draft afterwards, of which the parts are compared that are named there or changed;
//   - want.changes: a line for each change, path: from → to, the values in JSON or "not set";
//   - want.err: why the hook fails, as archipelago prints it;
//
// and, besides, want.log: a line for each message, level: text.
package hooktest
