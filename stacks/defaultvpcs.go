package stacks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/stacks/defaultvpc"
	"github.com/archipelago-iac/archipelago/topology"
)

// removeDefaultVPCs removes the default VPCs of the accounts whose baseline wants that. It is no resource,
// because the provider has none that could; a preview only says what is going to be asked for, and a program
// that runs with mocks does nothing. It costs two calls to AWS for each account and region at every update.
func (d *deployment) removeDefaultVPCs(subjects []*subject) error {
	var asked []string
	for _, s := range subjects {
		if s.setup == nil || s.setup.Baseline.EC2.DefaultVPC != topology.DefaultVPCRemove {
			continue
		}
		regions := s.setup.Baseline.Regions
		asked = append(asked, fmt.Sprintf("%s (%s)", s.name, strings.Join(regions, ", ")))
		if d.ctx.DryRun() || d.removeVPC == nil {
			continue
		}
		wait := []any{}
		for _, region := range regions {
			wait = append(wait, d.removeDefaultVPC(s, region))
		}
		made := d.setUp[s.key]
		made.class = pulumi.All(wait...).ApplyT(func([]any) string { return s.setup.Class }).(pulumi.StringOutput)
		d.setUp[s.key] = made
	}
	if len(asked) == 0 || !d.ctx.DryRun() {
		return nil
	}
	if err := d.ctx.Log.Info("default VPCs that nothing uses are going to be removed from "+strings.Join(asked, ", "), nil); err != nil {
		return fmt.Errorf("log what is asked for: %w", err)
	}
	return nil
}

// removeDefaultVPC removes one, once the account is there and its regions are on.
func (d *deployment) removeDefaultVPC(s *subject, region string) pulumi.Output {
	m := d.organization.Management
	return s.ready.ToStringOutput().ApplyT(func(id string) (bool, error) {
		o := defaultvpc.Options{
			Account: id, Region: region, Profile: m.Profile, SessionName: sessionName, Load: d.load,
		}
		switch {
		case s.key != "":
			o.RoleARN = m.RoleARN(id, d.roleOf(s.key))
		case m.Role != "":
			o.RoleARN = m.RoleARN(id, m.Role)
		}
		report, err := d.removeVPC(d.ctx.Context(), o)
		if err != nil {
			return false, fmt.Errorf("set up %s: %w", s.name, err)
		}
		return true, d.tell(s.name, region, report)
	})
}

// tell says what became of a default VPC.
func (d *deployment) tell(account, region string, report defaultvpc.Report) error {
	var err error
	switch {
	case report.Removed != "":
		err = d.ctx.Log.Info(fmt.Sprintf("default VPC %s of %s in %s is removed", report.Removed, account, region), nil)
	case report.Kept != "":
		err = d.ctx.Log.Warn(fmt.Sprintf("default VPC %s of %s in %s stays, because it is used: %s", report.Kept, account, region, report.Why), nil)
	}
	if err != nil {
		return fmt.Errorf("log what became of a default VPC: %w", err)
	}
	return nil
}

// roleOf returns the role that leads into a member account.
func (d *deployment) roleOf(key string) string {
	for _, a := range d.organization.Accounts {
		if a.Key == key {
			return a.Role
		}
	}
	return ""
}
