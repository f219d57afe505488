// Package lab is AWS on this machine: an environment in which Pulumi deploys with the real engine and
// real AWS provider code onto an emulator.
//
// A [Lab] has a directory of its own, and nothing of it is outside: Pulumi's home, state and plugins,
// the AWS configuration with a profile for each way into a management account, logs. It deploys
// nothing by itself. Whoever deploys does so with [Lab.Command] and [Lab.Env], or runs any program with
// [Lab.Env] in its environment.
//
// Between provider and emulator stands the front (package front), which knows what was called; in place
// of the AWS plugin stands the proxy of package awsplugin unless the plugin itself is installed. Every
// process of a lab runs below a guard (package guard), so it ends with the process that holds the lab,
// however that ends.
package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/archipelago-iac/archipelago/internal/lab/emulator"
	"github.com/archipelago-iac/archipelago/internal/lab/front"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain"
)

// Target is an organization as far as a lab must know it: how its management account is reached.
type Target struct {
	// Name is the organization's.
	Name string
	// AccountID is the management account's.
	AccountID string
	// Profile is the AWS profile from which the deployment starts. Empty for the default credentials.
	Profile string
	// Role is the role in the management account that the deployment assumes from there. Empty if the
	// profile leads into the management account already.
	Role string
	// AccountQuota is how many accounts AWS would allow the organization. Zero means AWS's default.
	AccountQuota int
}

// Options say what a lab is for.
type Options struct {
	// Dir is the lab's own directory: one that does not exist, is empty, or was a lab's before, whose
	// content is then wiped. Required.
	Dir string
	// Project is the directory with the archipelago's files, for [Lab.WorkDir]. Empty for none.
	Project string
	// Organizations are those that will be deployed. Empty for none.
	Organizations []Target
	// Tools are what the lab runs. Nil to find or make them.
	Tools *toolchain.Tools
	// Front configures the front. Zero for AWS's default limits and the organizations' own account quotas;
	// what the lab itself decides (upstream, log) is overwritten.
	Front front.Options
	// Out gets the progress, a line a step. Nil for none.
	Out io.Writer
}

// Lab is a running lab.
type Lab struct {
	// Front is where the emulator is reached: it counts the calls and injects faults.
	Front *front.Front
	// Tools are what the lab runs.
	Tools *toolchain.Tools

	dir           directory
	organizations []Target
	profiles      profiles
	emulator      *emulator.Emulator
	memory        *sampler
	// closers end the parts, last one first.
	closers []func() error
}

// Start starts a lab. The caller closes it; if the calling process ends without doing so, the lab's
// processes end all the same.
func Start(ctx context.Context, o Options) (_ *Lab, err error) {
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Tools == nil {
		if o.Tools, err = toolchain.Ensure(ctx, toolchain.Options{Dir: o.Project, Out: o.Out}); err != nil {
			return nil, fmt.Errorf("prepare tools: %w", err)
		}
	}
	l := &Lab{Tools: o.Tools, organizations: o.Organizations}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.Close())
		}
	}()
	if l.profiles, err = newProfiles(o.Organizations); err != nil {
		return nil, fmt.Errorf("start lab: %w", err)
	}
	if err := l.claim(ctx, o.Dir); err != nil {
		return nil, fmt.Errorf("start lab: %w", err)
	}
	if err := l.startServers(ctx, o.Front); err != nil {
		return nil, fmt.Errorf("start lab: %w", err)
	}
	if err := l.furnish(o.Project); err != nil {
		return nil, fmt.Errorf("start lab: %w", err)
	}
	l.memory = newSampler(os.Getpid())
	l.closers = append(l.closers, l.memory.close)
	_, _ = fmt.Fprintf(o.Out, "lab in %s: AWS at %s\n", l.dir, l.Front.URL())
	return l, nil
}

// claim makes the directory ours and ends what is left of an earlier lab in it.
func (l *Lab) claim(ctx context.Context, dir string) error {
	d, lock, err := claim(dir)
	if err != nil {
		return err
	}
	l.dir = d
	l.closers = append(l.closers, lock.Unlock)
	// Once more at the end, for an engine that was started through the lab from another terminal.
	l.closers = append(l.closers, func() error { return sweep(context.WithoutCancel(ctx), d) })
	if err := sweep(ctx, d); err != nil {
		return err
	}
	return d.wipe()
}

func (l *Lab) startServers(ctx context.Context, o front.Options) error {
	var err error
	l.emulator, err = emulator.Start(ctx, emulator.Options{
		Command: l.Tools.EmulatorCommand,
		LogFile: l.dir.log("moto.log"),
		Env:     []string{l.mark()},
	})
	if err != nil {
		return err
	}
	l.closers = append(l.closers, l.emulator.Close)
	log, err := os.Create(l.dir.log("front.log"))
	if err != nil {
		return fmt.Errorf("open log: %w", err)
	}
	l.closers = append(l.closers, log.Close)
	o.Upstream, o.Log = l.emulator.URL(), log
	if o.Limits.AccountsOf == nil {
		o.Limits.AccountsOf = l.accountQuotas()
	}
	if l.Front, err = front.Start(ctx, o); err != nil {
		return err
	}
	l.closers = append(l.closers, l.Front.Close)
	return nil
}

// accountQuotas are those that the organizations' files claim to have been granted, by management account.
func (l *Lab) accountQuotas() map[string]int {
	quotas := map[string]int{}
	for _, o := range l.organizations {
		if o.AccountQuota > 0 {
			quotas[o.AccountID] = o.AccountQuota
		}
	}
	return quotas
}

// furnish writes all files that processes in the lab read.
func (l *Lab) furnish(project string) error {
	if err := l.profiles.write(l.dir.awsConfig()); err != nil {
		return err
	}
	if err := l.writeLaunchers(); err != nil {
		return err
	}
	return l.dir.viewProject(project)
}

// Dir is the lab's directory, absolute.
func (l *Lab) Dir() string { return string(l.dir) }

// WorkDir is where Pulumi runs: a view of the project in which the stack files that Pulumi writes do not
// touch the project's own.
func (l *Lab) WorkDir() string { return l.dir.project() }

// PulumiHome is the lab's PULUMI_HOME.
func (l *Lab) PulumiHome() string { return l.dir.pulumiHome() }

// PulumiRoot is a directory whose bin/pulumi runs the engine under guard: what auto.PulumiCommandOptions
// takes as Root. Within this process [Lab.Command] is the better way.
func (l *Lab) PulumiRoot() string { return string(l.dir) }

// Logs is the directory of the log files.
func (l *Lab) Logs() string { return filepath.Dir(l.dir.log("x")) }

// Done is closed when the emulator has ended: by Close, or by itself, which leaves a lab of no use.
func (l *Lab) Done() <-chan struct{} { return l.emulator.Done() }

// Close ends the lab. Its directory stays, for a look at state and logs, until the next lab in it.
func (l *Lab) Close() error {
	var errs []error
	for i := len(l.closers) - 1; i >= 0; i-- {
		errs = append(errs, l.closers[i]())
	}
	l.closers = nil
	return errors.Join(errs...)
}
