package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"

	"github.com/archipelago-iac/archipelago/internal/recovery"
)

// recover puts right what an interrupted deployment left behind: resources that AWS may have created
// although the state does not know their ids. Creating them again would fail, or worse, succeed. Each
// is looked up in AWS: what exists is taken into the state, what does not is forgotten.
func (r *runner) recover(ctx context.Context, s *auto.Stack) error {
	state, err := s.Export(ctx)
	if err != nil {
		return fmt.Errorf("read the stack's state: %w", err)
	}
	pending, err := recovery.Pending(state.Deployment)
	if err != nil || len(pending) == 0 {
		return err
	}
	organization := r.Plan.Organization(s.Name())
	finder, err := recovery.NewFinder(ctx, organization.Management, r.Env)
	if err != nil {
		return err
	}
	found := map[string]string{}
	var messages []string
	for _, p := range pending {
		id, err := finder.Find(ctx, p)
		if err != nil {
			return fmt.Errorf("look for %s, whose creation was interrupted: %w", resourceName(p.URN), err)
		}
		text := "AWS does not have it, it will be created again"
		if id != "" {
			found[p.URN] = id
			text = "AWS has it as " + id + ", it is taken over"
		}
		messages = append(messages, fmt.Sprintf("%s was being created when the last deployment was interrupted; %s", resourceName(p.URN), text))
	}
	// Looking takes minutes where accounts are being created, and the creations may be those of a
	// deployment that is not interrupted but under way. While it runs, its lock keeps the import out;
	// once it has ended, what it wrote must not be overwritten.
	again, err := s.Export(ctx)
	if err != nil {
		return fmt.Errorf("read the stack's state: %w", err)
	}
	if same, err := recovery.Same(state.Deployment, again.Deployment); err != nil {
		return err
	} else if !same {
		return errors.New("take over interrupted resources: another deployment of this stack has been under way; nothing was changed, run this one again")
	}
	if state.Deployment, err = recovery.Resolve(state.Deployment, found); err != nil {
		return err
	}
	if err := s.Import(ctx, state); err != nil {
		return fmt.Errorf("take over interrupted resources: %w", err)
	}
	// Only now, since a lock would have this done once more.
	for _, text := range messages {
		r.emit(Event{Kind: Message, Stack: s.Name(), Text: text})
	}
	if len(found) == 0 {
		return nil
	}
	args := []string{"refresh", "--yes", "--skip-preview", "--stack", s.Name()}
	for _, urn := range slices.Sorted(maps.Keys(found)) {
		args = append(args, "--target", urn)
	}
	if err := runPulumi(ctx, s, args...); err != nil {
		return fmt.Errorf("read interrupted resources: %w", err)
	}
	return nil
}

// locked and holder recognize the message of a self-managed backend about locks, with those who hold
// them. The name of a user may have blanks.
var (
	locked = regexp.MustCompile(`locked by (\d+) lock\(s\)`)
	holder = regexp.MustCompile(`created by .*@(\S+) \(pid (\d+)\)`)
)

// abandoned reports whether the error is about locks on the stack that were all held by processes of this
// machine that no longer run: a deployment that was killed. Lifting locks lifts all of them, so one of
// another machine, of a living process or that cannot be read is reason enough to leave them alone.
func abandoned(message string) bool {
	count := locked.FindStringSubmatch(message)
	if count == nil {
		return false
	}
	holders := holder.FindAllStringSubmatch(message, -1)
	if len(holders) == 0 || strconv.Itoa(len(holders)) != count[1] {
		return false
	}
	host, err := os.Hostname()
	if err != nil {
		return false
	}
	for _, h := range holders {
		pid, err := strconv.Atoi(h[2])
		if err != nil || h[1] != host || alive(pid) {
			return false
		}
	}
	return true
}
