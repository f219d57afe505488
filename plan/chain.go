package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/policy/simulate"
)

// Ids that stand in for those that AWS gives, wherever policies are evaluated before there is an organization.
const (
	standInOrganization = "o-thisorganization"
	standInHub          = "o-huborganization"
	// StandInAccount is the id of an account whose file has none.
	StandInAccount = "000000000000"
)

// Chain returns the policies that decide about requests in an account: those of the root, of each unit on the
// way down and of the account, AWS's own FullAWSAccess among them. The key "management" is the management
// account, which no policy restricts. Ids that only AWS knows are stand-ins.
func (p *Plan) Chain(organization, account string) (simulate.Chain, error) {
	o := p.Organization(organization)
	if o == nil {
		return simulate.Chain{}, fmt.Errorf("find policies of %s/%s: there is no organization %q", organization, account, organization)
	}
	c := simulate.Chain{Account: o.Management.AccountID, Management: true, OrgID: standInOrganization}
	unit, key := "", ""
	if account != managementKey {
		i := slices.IndexFunc(o.Accounts, func(a *Account) bool { return a.Key == account })
		if i < 0 {
			return simulate.Chain{}, fmt.Errorf("find policies of %s/%s: organization %s has no such account, or it is closed", organization, account, organization)
		}
		c.Account, c.Management = StandInAccount, false
		if o.Accounts[i].ID != "" {
			c.Account = o.Accounts[i].ID
		}
		unit, key = o.Accounts[i].Unit, account
	}
	values := p.standIns(o)
	c.Levels = append(c.Levels, o.level("root", TargetRoot, "", values))
	for i, r := range unit + "/" {
		if r == '/' && unit != "" {
			c.Levels = append(c.Levels, o.level("unit "+unit[:i], TargetUnit, unit[:i], values))
		}
	}
	if key != "" {
		c.Levels = append(c.Levels, o.level("account "+key, TargetAccount, key, values))
	}
	for _, level := range c.Levels {
		for _, attached := range slices.Concat(level.SCPs, level.RCPs) {
			if attached.Document == nil {
				return simulate.Chain{}, fmt.Errorf("find policies of %s/%s: policy %s cannot be evaluated", organization, account, attached.Name)
			}
		}
	}
	return c, nil
}

// standIns are the values of the placeholders of policies.
func (p *Plan) standIns(o *Organization) map[string]string {
	out := map[string]string{
		policy.OrganizationID: standInOrganization, policy.ManagementAccountID: o.Management.AccountID,
		policy.HubOrganizationID: standInHub,
	}
	if o.Name == p.Hub {
		out[policy.HubOrganizationID] = standInOrganization
	}
	if hub := p.Organization(p.Hub); hub != nil {
		out[policy.HubManagementAccountID] = hub.Management.AccountID
	}
	return out
}

// level is what is attached to one target.
func (o *Organization) level(node string, kind TargetKind, target string, values map[string]string) simulate.Level {
	out := simulate.Level{Node: node, SCPs: []simulate.Policy{simulate.FullAWSAccess()}}
	for _, at := range o.Attachments {
		if at.Kind != kind || at.Target != target {
			continue
		}
		i := slices.IndexFunc(o.Policies, func(x *Policy) bool { return x.Key == at.Policy })
		if i < 0 || !strings.HasSuffix(o.Policies[i].Type, "_CONTROL_POLICY") {
			continue
		}
		// A document that the grammar check let through parses; a nil one is reported by the caller.
		doc, _ := simulate.ParseDocument([]byte(policy.Expand(o.Policies[i].Content, values)))
		if attached := (simulate.Policy{Name: o.Policies[i].Key, Document: doc}); o.Policies[i].Type == policyTypes["scp"] {
			out.SCPs = append(out.SCPs, attached)
		} else {
			out.RCPs = append(out.RCPs, attached)
		}
	}
	return out
}
