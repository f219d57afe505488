package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
)

// results are one of each way in which a stack can end.
func results() []deploy.Result {
	return []deploy.Result{
		{Stack: "core", Status: deploy.Succeeded, Seconds: 61.25, Changes: map[string]int{"same": 40, "create": 2, "update": 1}, Steps: []deploy.Step{
			{Operation: "create", Type: "aws:organizations/policy:Policy", Resource: "core/deny-leave"},
			{Operation: "import", Type: "aws:organizations/account:Account", Resource: "core/log-archive"},
			{Operation: "update", Type: "aws:organizations/account:Account", Resource: "core/network", Properties: []string{"parentId", "tags.owner"}},
			{Operation: "delete", Type: "aws:organizations/policyAttachment:PolicyAttachment", Resource: "core/deny-leave@root"},
			{Operation: "replace", Type: "aws:account/alternativeContact:AlternativeContact", Resource: "core/network/billing"},
			{Operation: "something-new", Type: "aws:organizations/policy:Policy", Resource: "core/x"},
		}},
		{Stack: "payments", Status: deploy.Failed, Seconds: 3, Changes: map[string]int{"create": 1}, Error: "payments/deny-leave: wrong\n  and more"},
		{Stack: "platform", Status: deploy.Succeeded, Seconds: 2.04, Changes: map[string]int{"same": 31}},
		{Stack: "sandbox", Status: deploy.Blocked, BlockedBy: "core"},
		{Stack: "transit", Status: deploy.Failed},
	}
}

func TestPrintResults(t *testing.T) {
	t.Parallel()
	for _, op := range []deploy.Operation{deploy.Preview, deploy.Up} {
		var stdout, stderr bytes.Buffer
		(&app{stdout: &stdout, stderr: &stderr}).printResults(op, &plan.Plan{}, results())
		recorder.Golden(t, filepath.Join("testdata", string(op)+".golden.txt"), stdout.String()+"--- standard error\n"+stderr.String())
	}
}

// Scripts read every field by its name.
func TestSummary(t *testing.T) {
	t.Parallel()
	var stdout bytes.Buffer
	require.NoError(t, (&app{stdout: &stdout}).json(summary{Operation: deploy.Up, Stacks: results()}))
	require.True(t, json.Valid(stdout.Bytes()))
	recorder.Golden(t, filepath.Join("testdata", "summary.golden.json"), stdout.String())
}

func TestExpectNoChanges(t *testing.T) {
	t.Parallel()
	a := &app{}
	require.NoError(t, a.expectNoChanges([]deploy.Result{{Changes: map[string]int{"same": 3, "read": 1}}, {}}))
	require.EqualError(t, a.expectNoChanges([]deploy.Result{{Changes: map[string]int{"same": 3, "create": 1}}}), "no changes were expected, but 1 resource would change")
	require.EqualError(t, a.expectNoChanges(results()), "no changes were expected, but 4 resources would change")
}

// Elsewhere than on a terminal, progress is a plain line for what matters.
func TestProgress(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	p := newProgress(&b, deploy.Up)
	list := results()
	for _, e := range []deploy.Event{
		{Kind: deploy.Started, Stack: "core"},
		{Kind: deploy.Progress, Stack: "core", Operation: "create", Resource: "core/deny-leave", Done: 1, Total: 3},
		{Kind: deploy.Message, Stack: "core", Text: "warning: careful\nsecond line"},
		{Kind: deploy.Finished, Stack: "core", Result: &list[0]},
		{Kind: deploy.Started, Stack: "payments"},
		{Kind: deploy.Started, Stack: "platform"},
		{Kind: deploy.Finished, Stack: "payments", Result: &list[1]},
		{Kind: deploy.Finished, Stack: "platform", Result: &list[2]},
		{Kind: deploy.Started, Stack: "transit"},
		{Kind: deploy.Finished, Stack: "transit", Result: &list[4]},
	} {
		p.see(e)
	}
	p.close()
	require.Empty(t, p.order)
	recorder.Golden(t, filepath.Join("testdata", "progress.golden.txt"), b.String())
}

// On a terminal a line per running stack is redrawn in place, and what is said stays above.
func TestProgressLive(t *testing.T) {
	t.Parallel()
	// The clock stands still: it is part of what is drawn.
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := newProgress(&b, deploy.Up)
		p.live, p.width = true, 40
		list := results()
		p.see(deploy.Event{Kind: deploy.Started, Stack: "core"})
		p.see(deploy.Event{Kind: deploy.Started, Stack: "payments"})
		b.Reset()
		p.see(deploy.Event{Kind: deploy.Message, Stack: "core", Text: "warning: careful"})
		require.Equal(t, "\x1b[2A\x1b[Jcore: warning: careful\n  core                0s    0/0     \n  payments            0s    0/0     \n", b.String())
		b.Reset()
		p.last["payments"] = deploy.Event{Operation: "create", Resource: "payments/payments-prod", Done: 7, Total: 11}
		p.see(deploy.Event{Kind: deploy.Finished, Stack: "core", Result: &list[0]})
		require.Equal(t, "\x1b[2A\x1b[Jcore: up succeeded in 61.2s, 2 create, 40 same, 1 update\n  payments            0s    7/11   crea\n", b.String(),
			"no line is wider than the terminal")
		b.Reset()
		p.close()
		require.Equal(t, "\x1b[1A\x1b[J", b.String())
	})
}

func TestPrintOutputs(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	printOutputs(&b, "  ", map[string]any{
		"organization": map[string]any{"id": "o-abcdefghij", "root": "r-abcd"},
		"accounts":     map[string]any{"payments-prod": map[string]any{"id": "111122223333"}, "empty": map[string]any{}},
		"count":        2.0, "key": "[secret]", "list": []any{"a", "b"}, "nothing": nil,
	})
	recorder.Golden(t, filepath.Join("testdata", "outputs.golden.txt"), b.String())
}
