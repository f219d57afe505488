package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// Limits of what a baseline sets.
const (
	// maxNotifications is how many alarms a budget has. Source: AWS Budgets API Reference, CreateBudget,
	// NotificationsWithSubscribers, 2026-11.
	maxNotifications = 5
	// maxRecipients is how many addresses an alarm goes to. Source: the same page, Subscribers.
	maxRecipients = 10
	// maxParameter is how many characters a standard SSM parameter has. Source: AWS Systems Manager User
	// Guide, Managing parameter tiers, 2026-11.
	maxParameter = 4096
)

// Grammar of names. Sources: IAM API Reference, CreateAccountAlias; AWS Systems Manager API Reference,
// PutParameter, 2026-11.
var (
	aliasText     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	parameterName = regexp.MustCompile(`^([A-Za-z0-9_.-]+|(/[A-Za-z0-9_.-]+)+)$`)
)

// setter turns the baseline of one account into its [Setup].
type setter struct {
	*baselines
	organization *topology.Organization
	// key is the account's key, "management" for the management account.
	key      string
	baseline *Baseline
	value    *settings.Value
	// accessRole is the role that the deployment itself goes in by.
	accessRole string
	// accountName, email and unit are what placeholders can tell of the account.
	accountName, email, unit string
	// facts are the placeholders with their values, see known.
	facts map[string]string
	// home is the account's home region.
	home string
	// source is where the account is written, for what has no place of its own.
	source topology.Source
	out    *Setup
}

// name names the account in errors.
func (s *setter) name() string { return s.organization.Name + "/" + s.key }

// fail reports a problem at the place where the setting came from.
func (s *setter) fail(p problem) {
	s.found.add(s.name(), s.diagnostic(s.value.Blame(p.path), s.source, p.code, p.message, p.hint))
}

func (s *setter) failf(path settings.Path, code, hint, format string, args ...any) {
	s.fail(problem{path, code, fmt.Sprintf(format, args...), hint})
}

// diagnostic points to where a setting was made, and to its account where that is not known.
func (b *baselines) diagnostic(o settings.Origin, account topology.Source, code, message, hint string) topology.Diagnostic {
	pos := o.Position
	if pos.File == "" {
		pos = account.Position()
	}
	return topology.Diagnostic{Code: code, Position: pos, Message: message, Hint: hint, Excerpt: b.excerpt(pos)}
}

// setup makes the deployable form. What is wrong is reported and left out.
func (s *setter) setup() *Setup {
	s.out = &Setup{
		Class: s.class(), Baseline: s.baseline, Settings: &s.baseline.Baseline,
		Roles: []Role{}, Parameters: []Parameter{}, Resources: []Resource{}, Regions: []string{},
	}
	s.budget()
	s.alias()
	s.roles()
	s.parameters()
	s.resources()
	s.regions()
	return s.out
}

// classLength is how many hexadecimal digits name a class.
const classLength = 10

// class hashes what is set up, whose account it is left aside.
func (s *setter) class() string {
	h := sha256.New()
	for _, name := range s.value.Keys() {
		if name != "tags" && name != "contacts" {
			h.Write([]byte(name))
			h.Write(s.sum(s.value.Fields[name]))
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:classLength]
}

// sum hashes a part, once however many accounts share it.
func (b *baselines) sum(v *settings.Value) []byte {
	if sum, ok := b.sums[v]; ok {
		return sum
	}
	sum := sha256.Sum256(v.JSON())
	b.sums[v] = sum[:]
	return sum[:]
}

func (s *setter) budget() {
	b := s.baseline.Budget
	if b == nil {
		return
	}
	if n := len(b.Actual) + len(b.Forecast); n > maxNotifications {
		s.failf(settings.Path{"budget"}, "budget-alarms", "", "the budget has %d alarms; AWS allows %d", n, maxNotifications)
	}
	if len(b.Recipients) > maxRecipients {
		s.failf(settings.Path{"budget", "recipients"}, "budget-recipients", "use the address of a group", "the budget has %d recipients; AWS allows %d", len(b.Recipients), maxRecipients)
	}
	for _, address := range b.Recipients {
		if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
			s.failf(settings.Path{"budget", "recipients"}, "budget-recipients", "", "%q is not an e-mail address", address)
		}
	}
	for name, list := range map[string][]int{"actual": b.Actual, "forecast": b.Forecast} {
		if sorted := slices.Sorted(slices.Values(list)); len(slices.Compact(sorted)) < len(list) {
			s.failf(settings.Path{"budget", name}, "budget-alarms", "remove one of the two", "budget.%s has a percentage twice", name)
		}
	}
}

func (s *setter) alias() {
	if s.baseline.Alias == "" {
		return
	}
	path := settings.Path{"alias"}
	alias := expandPattern(s.baseline.Alias, s.archipelago.Name, s.organization.Name, s.key)
	switch taken, twice := s.aliases[alias]; {
	case len(alias) < 3 || len(alias) > 63 || !aliasText.MatchString(alias):
		s.failf(path, "malformed-alias", "", "the alias %q must have 3-63 lower-case letters, digits and single hyphens", alias)
	case twice:
		s.failf(path, "duplicate-alias", "an alias is unique in all of AWS: use {organization} and {account} in the pattern", "the alias %q is that of %s already", alias, taken)
	default:
		s.aliases[alias] = s.name()
		s.out.Alias = alias
	}
}

func (s *setter) parameters() {
	taken := map[string]string{}
	for _, name := range sortedKeys(s.baseline.Parameters) {
		path := settings.Path{"parameters", name}
		value := s.expand(path, s.baseline.Parameters[name], nil)
		bare := strings.TrimPrefix(name, "/")
		lower := strings.ToLower(bare)
		other, twice := taken[bare]
		taken[bare] = name
		switch {
		case twice:
			s.failf(path, "duplicate-parameter", "their ARNs are the same: remove one of the two", "the parameters %s and %s differ in the first slash only", other, name)
		case !parameterName.MatchString(name) || strings.HasPrefix(lower, "aws") || strings.HasPrefix(lower, "ssm"):
			s.failf(path, "malformed-parameter", "", "the parameter name %q must have letters, digits and _ . -, or such names each after a slash, and not begin with aws or ssm", name)
		case value == "":
			s.failf(path, "malformed-parameter", "remove the parameter with null", "the parameter %s is empty, which AWS does not allow", name)
		case len(value) > maxParameter:
			s.failf(path, "malformed-parameter", "", "the parameter %s has %d characters; AWS allows %d", name, len(value), maxParameter)
		}
		s.out.Parameters = append(s.out.Parameters, Parameter{name, value})
	}
}

// regions lists where something regional is set up. Home is first.
func (s *setter) regions() {
	b := s.baseline
	// No provider removes default VPCs.
	everywhere := b.AccessAnalyzer != nil || len(b.Parameters) > 0 ||
		b.EC2 != (topology.EC2Baseline{Source: b.EC2.Source, DefaultVPC: b.EC2.DefaultVPC})
	if everywhere {
		s.out.Regions = append(s.out.Regions, b.Regions...)
		return
	}
	used := map[string]bool{}
	for _, r := range s.out.Resources {
		for _, region := range r.Regions {
			used[region] = true
		}
	}
	for _, region := range b.Regions {
		if used[region] {
			s.out.Regions = append(s.out.Regions, region)
		}
	}
}

// Anything reports whether a provider in the account is needed for what the setup has there.
func (s *Setup) Anything() bool { return s.Global() || len(s.Regions) > 0 }

// inside reports whether anything is done in the account, by a provider or without.
func (s *Setup) inside() bool {
	return s.Anything() || s.Baseline.EC2.DefaultVPC == topology.DefaultVPCRemove
}

// Global reports whether something is set up that is the same in all regions.
func (s *Setup) Global() bool {
	return s.Alias != "" || s.Baseline.PasswordPolicy != nil || len(s.Roles) > 0 || s.Baseline.S3.BlockPublicAccess != nil
}

// providers adds the providers that the setup of an account needs; key is "" for the management account. Of
// that one, the provider for what is global is the first in the plan.
func (r *resolver) providers(key, home string, s *Setup) {
	const global = "the account's baseline"
	reasons := map[string][]string{}
	switch {
	case !s.Global():
	case key == "":
		r.plan.Providers[0].Reasons = append(r.plan.Providers[0].Reasons, global)
	default:
		reasons[home] = append(reasons[home], global)
	}
	for _, region := range s.Regions {
		reasons[region] = append(reasons[region], "the account's baseline in "+region)
	}
	for _, region := range sortedKeys(reasons) {
		r.plan.Providers = append(r.plan.Providers, Provider{Account: key, Region: region, Regional: key == "", Reasons: reasons[region]})
	}
}
