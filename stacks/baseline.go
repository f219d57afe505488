package stacks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/components/baseline"
	"github.com/archipelago-iac/archipelago/components/billing"
	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/topology"
)

// managementKey names the management account among the accounts; no member has that key.
const managementKey = "management"

// Placeholders that only baselines have.
const (
	accountIDPlaceholder = "account.id"
	regionPlaceholder    = "region"
	hubPrefix            = "hub."
)

// setUp is what was set up in an account.
type setUp struct {
	// class comes after everything that a deployment does in the account besides its resources, so that
	// a failure of it fails the deployment.
	class  pulumi.StringInput
	region string
	roles  pulumi.StringMapInput
}

// outputs returns the fields of [SetupOutputs] that have a value.
func (s setUp) outputs() pulumi.Map {
	out := pulumi.Map{}
	if s.class != nil {
		out["baseline"] = s.class
	}
	if s.region != "" {
		out["region"] = pulumi.String(s.region)
	}
	if s.roles != nil {
		out["roles"] = s.roles
	}
	return out
}

// homeRegion returns the region of an account in which the provider for everything global runs.
func homeRegion(o *plan.Organization, a *plan.Account) string {
	if len(a.Regions) > 0 {
		return a.Regions[0]
	}
	return o.Management.Region
}

// needsHome reports whether a setup has something that is not made for each region by itself.
func needsHome(s *plan.Setup) bool {
	return s != nil && (s.Global() || len(s.Resources) > 0)
}

// members returns the member accounts, sorted by key.
func (d *deployment) members() []*plan.Account {
	return slices.SortedFunc(slices.Values(d.organization.Accounts), func(a, b *plan.Account) int { return cmp.Compare(a.Key, b.Key) })
}

// registerBudgets registers the budget of every account that has one. They are in the management account:
// those of frozen accounts, which cost money like others, are no exception.
func (d *deployment) registerBudgets() error {
	m := d.organization.Management
	if err := d.registerBudget(managementKey, pulumi.String(m.AccountID), m.Tags, m.Setup); err != nil {
		return err
	}
	for _, a := range d.members() {
		if err := d.registerBudget(a.Key, d.accounts[a.Key].AccountID, a.Tags, a.Setup); err != nil {
			return err
		}
	}
	return nil
}

func (d *deployment) registerBudget(key string, id pulumi.StringInput, tags map[string]string, s *plan.Setup) error {
	if s == nil || s.Baseline.Budget == nil {
		return nil
	}
	provider, err := d.management()
	if err != nil {
		return err
	}
	b := s.Baseline.Budget
	_, err = billing.NewBudget(d.ctx, d.name(key, "budget"), &billing.BudgetArgs{
		Name:         pulumi.String(d.name(key)),
		AccountID:    id,
		MonthlyLimit: b.MonthlyLimit,
		Currency:     b.Currency,
		Actual:       b.Actual,
		Forecast:     b.Forecast,
		Recipients:   b.Recipients,
		Tags:         pulumi.ToStringMap(tags),
	}, provider)
	return err
}

// registerBaselines sets up what is in the accounts, and holds what is in frozen ones.
func (d *deployment) registerBaselines() error {
	d.setUp = map[string]setUp{}
	m := d.organization.Management
	id := pulumi.String(m.AccountID)
	subjects := []*subject{{deployment: d, name: d.name(managementKey), id: id, ready: id, tags: m.Tags, home: m.Region, setup: m.Setup}}
	for _, a := range d.members() {
		if h := d.held[a.Key]; h != nil {
			if err := d.hold(h); err != nil {
				return err
			}
			continue
		}
		if a.Frozen {
			continue
		}
		subjects = append(subjects, &subject{
			deployment: d, key: a.Key, name: d.name(a.Key), id: d.accounts[a.Key].AccountID, ready: d.accounts[a.Key].Ready, tags: a.Tags,
			home: homeRegion(d.organization, a), setup: a.Setup,
		})
	}
	for _, s := range subjects {
		if s.setup == nil || !s.setup.Anything() && s.setup.Baseline.EC2.DefaultVPC != topology.DefaultVPCRemove {
			continue
		}
		if err := s.register(); err != nil {
			return err
		}
	}
	return d.removeDefaultVPCs(subjects)
}

// subject is an account that is being set up.
type subject struct {
	*deployment
	// key is the account's key, "" for the management account.
	key string
	// name is the name of the account's own things in Pulumi.
	name string
	id   pulumi.StringInput
	// ready is the id once the account's regions are switched on.
	ready pulumi.StringInput
	tags  map[string]string
	// home is the region of what is the same in all regions.
	home  string
	setup *plan.Setup

	account *baseline.Account
	// made are the resources declared as data, by name and region.
	made map[string]map[string]*baseline.Resource
}

func (s *subject) register() error {
	for _, step := range []func() error{s.registerAccount, s.registerRegions, s.registerResources} {
		if err := step(); err != nil {
			return fmt.Errorf("set up %s: %w", s.name, err)
		}
	}
	out := setUp{class: pulumi.String(s.setup.Class)}
	if s.account != nil {
		out.region = s.home
	}
	if len(s.setup.Roles) > 0 {
		out.roles = s.account.Roles
	}
	s.setUp[s.key] = out
	return nil
}

// registerAccount registers what the account has once. The component is also the parent of the resources
// declared as data.
func (s *subject) registerAccount() error {
	if !needsHome(s.setup) {
		return nil
	}
	provider, err := s.providers.get(s.key, s.home)
	if err != nil {
		return err
	}
	b := s.setup.Baseline
	args := &baseline.AccountArgs{BlockPublicBuckets: b.S3.BlockPublicAccess}
	if s.setup.Alias != "" {
		args.Alias = pulumi.String(s.setup.Alias)
	}
	if p := b.PasswordPolicy; p != nil {
		args.PasswordPolicy = &baseline.PasswordPolicy{
			MinimumLength:     p.MinimumLength,
			MaximumAgeDays:    p.MaximumAgeDays,
			ReusePrevention:   p.ReusePrevention,
			AllCharacterTypes: p.AllCharacterTypes == nil || *p.AllCharacterTypes,
			AllowChange:       p.AllowChange == nil || *p.AllowChange,
		}
	}
	for _, r := range s.setup.Roles {
		role, err := s.role(r)
		if err != nil {
			return fmt.Errorf("role %s: %w", r.Name, err)
		}
		args.Roles = append(args.Roles, role)
	}
	s.account, err = baseline.NewAccount(s.ctx, s.name, args, pulumi.Provider(provider))
	return err
}

func (s *subject) role(r plan.Role) (baseline.Role, error) {
	out := baseline.Role{
		Name:              r.Name,
		Path:              optional(r.Path),
		Description:       optional(r.Description),
		MaxSessionSeconds: pulumi.Int(r.MaxSessionSeconds),
		ManagedPolicies:   map[string]pulumi.StringInput{},
		Tags:              pulumi.ToStringMap(r.Tags),
	}
	texts := &texts{subject: s, region: s.home}
	out.Trust = texts.expand(r.Trust)
	for _, p := range r.Policies {
		out.Policies = append(out.Policies, baseline.RolePolicy{Name: p.Name, Document: texts.expand(p.Document)})
	}
	for _, arn := range r.ManagedPolicies {
		out.ManagedPolicies[policyName(arn)] = texts.expand(arn)
	}
	if r.Boundary != "" {
		out.Boundary = texts.expand(r.Boundary).ToStringOutput()
	}
	return out, texts.err
}

// policyName names a managed policy by its ARN: job-function/Billing for one of AWS's, with the account
// before it for one of an account's own, which may have the same name.
func policyName(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return arn
	}
	name := strings.TrimPrefix(parts[5], "policy/")
	if account := strings.Trim(parts[4], "{}"); account != "aws" {
		return account + "/" + name
	}
	return name
}

// registerRegions registers what the account has in each region.
func (s *subject) registerRegions() error {
	for _, region := range s.setup.Regions {
		args, err := s.regionArgs(region)
		if err != nil {
			return err
		}
		if args == nil {
			continue
		}
		provider, err := s.providers.regional(s.key, region)
		if err != nil {
			return err
		}
		if _, err := baseline.NewRegion(s.ctx, s.name+"/"+region, args, pulumi.Provider(provider)); err != nil {
			return err
		}
	}
	return nil
}

// regionArgs returns nil where nothing regional is set up: only resources declared as data go there.
func (s *subject) regionArgs(region string) (*baseline.RegionArgs, error) {
	b := s.setup.Baseline
	ec2 := b.EC2
	something := ec2.EncryptVolumes != nil || ec2.SnapshotSharing != "" || ec2.BlockPublicImages != nil || ec2.Metadata != nil ||
		ec2.SerialConsole != nil || b.AccessAnalyzer != nil || len(s.setup.Parameters) > 0
	if !something {
		return nil, nil
	}
	args := &baseline.RegionArgs{
		EncryptVolumes:    ec2.EncryptVolumes,
		SnapshotSharing:   string(ec2.SnapshotSharing),
		BlockPublicImages: ec2.BlockPublicImages,
		SerialConsole:     ec2.SerialConsole,
		Tags:              pulumi.ToStringMap(s.tags),
	}
	if m := ec2.Metadata; m != nil {
		args.Metadata = &baseline.InstanceMetadata{Tokens: string(m.Tokens), HopLimit: m.HopLimit}
	}
	if a := b.AccessAnalyzer; a != nil {
		args.ExternalAnalyzer = a.External == nil || *a.External
		args.UnusedAccessDays = a.UnusedDays
	}
	texts := &texts{subject: s, region: region}
	for _, p := range s.setup.Parameters {
		args.Parameters = append(args.Parameters, baseline.Parameter{Name: p.Name, Value: texts.expand(p.Value)})
	}
	return args, texts.err
}

// registerResources registers the resources declared as data, each after those that it waits for.
func (s *subject) registerResources() error {
	s.made = map[string]map[string]*baseline.Resource{}
	for _, r := range s.setup.Resources {
		s.made[r.Name] = map[string]*baseline.Resource{}
		for _, region := range r.Regions {
			made, err := s.resource(r, region)
			if err != nil {
				return err
			}
			s.made[r.Name][region] = made
		}
	}
	return nil
}

func (s *subject) resource(r plan.Resource, region string) (*baseline.Resource, error) {
	provider, err := s.providers.regional(s.key, region)
	if err != nil {
		return nil, err
	}
	name := s.name + "/resource/" + r.Name
	if region != s.home {
		name += "/" + region
	}
	values, err := s.placeholders(string(r.Properties), region)
	if err != nil {
		return nil, fmt.Errorf("resource %s: %w", r.Name, err)
	}
	opts := []pulumi.ResourceOption{pulumi.Parent(s.account), pulumi.Provider(provider), pulumi.IgnoreChanges(r.IgnoreChanges)}
	others := map[string]*baseline.Resource{}
	for _, other := range r.DependsOn {
		copies := s.made[other]
		// The copy in the same region, or else the one at home.
		if others[other] = cmp.Or(copies[region], copies[s.home]); others[other] == nil {
			return nil, fmt.Errorf("resource %s in %s waits for resource %s, which is neither there nor in %s", r.Name, region, other, s.home)
		}
		opts = append(opts, pulumi.DependsOn([]pulumi.Resource{others[other]}))
	}
	if r.Protect {
		opts = append(opts, pulumi.Protect(true))
	}
	if r.Retain {
		opts = append(opts, pulumi.RetainOnDelete(true))
	}
	return baseline.NewResource(s.ctx, name, &baseline.ResourceArgs{
		Type: r.Type, Properties: r.Properties, Values: values, Resources: others,
	}, opts...)
}

// texts replaces the placeholders of texts that go to one region, and keeps the first error.
type texts struct {
	subject *subject
	region  string
	err     error
}

func (t *texts) expand(text string) pulumi.StringInput {
	values, err := t.subject.placeholders(text, t.region)
	if err == nil {
		var out pulumi.StringInput
		if out, err = baseline.Text(text, values); err == nil {
			return out
		}
	}
	t.err = cmp.Or(t.err, err)
	return pulumi.String("")
}

// placeholders returns what the placeholders in a text of the account stand for.
func (s *subject) placeholders(text, region string) (map[string]pulumi.StringInput, error) {
	if !strings.Contains(text, "{{") {
		return nil, nil
	}
	values := s.values(text)
	for _, name := range policy.Placeholders(text) {
		rest, fromHub := strings.CutPrefix(name, hubPrefix)
		key, isAccount := accountKey(rest)
		switch {
		case name == accountIDPlaceholder:
			values[name] = s.id
		case name == regionPlaceholder:
			values[name] = pulumi.String(region)
		case fromHub && isAccount:
			id, err := s.hubAccountID(key)
			if err != nil {
				return nil, err
			}
			values[name] = id
		}
	}
	return values, nil
}
