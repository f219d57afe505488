package plan

import (
	"context"
	"io/fs"

	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/match"
	"github.com/archipelago-iac/archipelago/topology"
)

// HookRun is what the hooks of an archipelago did, for the people who write them.
type HookRun struct {
	// Hooks are the hooks in use, sorted by file.
	Hooks []plugins.Hook
	// Accounts are the accounts that some layer uses a hook for, the organizations by name and the
	// accounts in the order of their files' trees.
	Accounts []HookedAccount
	// Problems are what is wrong with the baselines that came of it: they could not be deployed.
	Problems topology.Diagnostics
}

// HookedAccount is what the hooks did for one account.
type HookedAccount struct {
	// Name is ORGANIZATION/ACCOUNT.
	Name string
	// Uses are the files of the hooks in the order in which they run; whether each matches is in Times.
	Uses    []string
	Changes []Change
	Log     []plugins.Entry
	Times   []plugins.Time
	// Err is why a hook failed, nil where none did.
	Err *plugins.Error
}

// RunHooks loads an archipelago and runs its hooks, and nothing else. Unlike [Load] it returns what they
// did where some fail. The run is nil where the files or the hooks cannot be read, which the diagnostics
// explain.
func RunHooks(ctx context.Context, fsys fs.FS) (*HookRun, *topology.Archipelago, topology.Diagnostics, error) {
	a, found, err := topology.Load(fsys)
	if err != nil || a == nil {
		return nil, a, found, err
	}
	hooks, broken, err := LoadHooks(ctx, fsys, a)
	if err != nil {
		return nil, a, nil, err
	}
	if hooks == nil {
		return &HookRun{}, a, append(found, broken...).Sort(), nil
	}
	defer func() { _ = hooks.Close() }() // the results are there
	if found = append(found, broken...).Sort(); found.HasErrors() {
		return nil, a, found, nil
	}
	run := &HookRun{Hooks: hooks.Hooks()}
	_, b, _, err := resolve(ctx, a, hooks, lines(fsys), func(m *member, r *plugins.Result) {
		it := HookedAccount{Name: m.name(), Changes: m.account.Changes, Log: r.Log, Times: r.Times, Err: r.Err}
		for _, use := range m.layer.uses {
			it.Uses = append(it.Uses, use.File)
		}
		run.Accounts = append(run.Accounts, it)
	})
	if err != nil {
		return nil, a, nil, err
	}
	run.Problems = b.problems().Sort()
	return run, a, append(found, b.failures.diagnostics()...).Sort(), nil
}

// begun lays out the layers of every account, before any hook.
func begun(a *topology.Archipelago) *baselines {
	b := newBaselines(a)
	for _, o := range a.Organizations {
		(&resolver{archipelago: a, organization: o, documents: newDocuments(), baselines: b}).begin()
	}
	return b
}

// HookTarget is an account with the hooks that some layer uses for it.
type HookTarget struct {
	// Name is ORGANIZATION/ACCOUNT.
	Name string
	// Subject is what the match of a hook is about.
	Subject match.Subject
	// Uses are in running order.
	Uses []*topology.HookUse
}

// HookTargets lists all member accounts that are not closed, the organizations by name, the accounts in the
// order of the tree. No hook runs.
func HookTargets(a *topology.Archipelago) []HookTarget {
	members := begun(a).members
	out := make([]HookTarget, len(members))
	for i, m := range members {
		out[i] = HookTarget{Name: m.name(), Subject: m.subject(), Uses: m.layer.uses}
	}
	return out
}
