package sandbox_test

import "testing"

// BenchmarkHook is one small hook on one account.
func BenchmarkHook(b *testing.B) {
	m := body(b, `draft.budget.limit = context.account.name.length`)
	draft, facts := values(b, sample), values(b, facts)
	b.ReportAllocs()
	for b.Loop() {
		runOnce(b, draft, facts, m)
	}
}

// BenchmarkUntouched is the cost of a hook that decides to do nothing.
func BenchmarkUntouched(b *testing.B) {
	m := body(b, `if (context.account.name === "") draft.budget.limit = 1`)
	draft, facts := values(b, sample), values(b, facts)
	b.ReportAllocs()
	for b.Loop() {
		runOnce(b, draft, facts, m)
	}
}
