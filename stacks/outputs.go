package stacks

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/topology"
)

// OutputsVersion is the version of [Outputs]. It rises when a field changes its meaning or goes.
const OutputsVersion = 1

// Outputs are the outputs of a stack, one for each field. Other stacks, scripts and the next
// deployment of the same stack read them.
type Outputs struct {
	// Version is [OutputsVersion] of the program that deployed the stack.
	Version int `json:"version"`
	// Organization is the organization's name in the archipelago.
	Organization string `json:"organization"`
	// Kind is the organization's kind.
	Kind topology.Kind `json:"kind"`
	// Features is ALL or CONSOLIDATED_BILLING.
	Features topology.Features `json:"features"`
	// OrganizationID is the AWS organization's id, o-...
	OrganizationID string `json:"organizationId"`
	// OrganizationARN is its ARN.
	OrganizationARN string `json:"organizationArn"`
	// RootID is the id of its root, r-...
	RootID string `json:"rootId"`
	// ManagementAccountID is the id of the account that owns it.
	ManagementAccountID string `json:"managementAccountId"`
	// Units are the organizational units by path.
	Units map[string]UnitOutputs `json:"units"`
	// Accounts are the member accounts by key, closed ones excluded.
	Accounts map[string]AccountOutputs `json:"accounts"`
	// Policies are the policies by key.
	Policies map[string]PolicyOutputs `json:"policies"`
	// DelegatedAdministrators are the keys of the accounts that administer a service, by service
	// principal.
	DelegatedAdministrators map[string][]string `json:"delegatedAdministrators"`
	// Management is what is set up in the management account; nil where nothing is.
	Management *SetupOutputs `json:"management,omitempty"`
	// Hub is what the stack read of the hub's stack; nil in the hub and where it reads none.
	Hub *HubOutputs `json:"hub,omitempty"`
	// Uses are the policy types that policies have and the services that need trusted access, sorted. Each
	// is an output of its own, uses:NAME: where a deployment fails, Pulumi keeps the outputs that it no
	// longer has, so what could not be removed counts as in use until it is.
	Uses []string `json:"-"`
	// Frozen are the keys of the accounts in which everything is denied, sorted. Each is an output of its
	// own, frozen:KEY, for the same reason: an account counts as frozen until a deployment has succeeded
	// that released it.
	Frozen []string `json:"-"`
}

// Prefixes of the names of the outputs of [Outputs.Uses] and [Outputs.Frozen].
const (
	usesPrefix   = "uses:"
	frozenPrefix = "frozen:"
)

// UnitOutputs are the outputs for one organizational unit.
type UnitOutputs struct {
	ID string `json:"id"`
	// HoldsAccounts says that accounts are in the unit or below it, so it is protected.
	HoldsAccounts bool `json:"holdsAccounts"`
}

// AccountOutputs are the outputs for one member account.
type AccountOutputs struct {
	ID    string `json:"id"`
	ARN   string `json:"arn"`
	Name  string `json:"name"`
	Email string `json:"email"`
	// Role is the role that AWS created for the management account.
	Role string `json:"role"`
	// BillingAccess is ALLOW or DENY.
	BillingAccess string `json:"billingAccess"`
	// Unit is the path of the unit that the account is in, "" for the root.
	Unit string `json:"unit"`
	// State is active, quarantined or suspended.
	State topology.State `json:"state"`
	// AllowClose says that the protection is lifted and the account may be closed.
	AllowClose bool `json:"allowClose"`
	// Imported says that the account existed before: its role and billing access are not AWS's word.
	Imported bool `json:"imported"`
	SetupOutputs
}

// SetupOutputs are the outputs for what is set up in an account. They are missing where nothing is.
type SetupOutputs struct {
	// Baseline is the class of the account's baseline: accounts whose baselines are equal share it.
	Baseline string `json:"baseline,omitempty"`
	// Roles are the ARNs of the roles of the baseline, by name.
	Roles map[string]string `json:"roles,omitempty"`
	// Region is the home region, from where what is not regional was set up.
	Region string `json:"region,omitempty"`
}

// PolicyOutputs are the outputs for one policy.
type PolicyOutputs struct {
	ID  string `json:"id"`
	ARN string `json:"arn"`
	// Type is the policy type as AWS names it.
	Type string `json:"type"`
}

// HubOutputs are the outputs for what a spoke knows of the hub.
type HubOutputs struct {
	OrganizationID      string `json:"organizationId"`
	ManagementAccountID string `json:"managementAccountId"`
}

// DecodeOutputs turns the outputs of a stack, as Pulumi hands them out, into [Outputs]. A stack without
// outputs gives the zero value. Outputs of a later version are an error: this program may
// misunderstand them.
func DecodeOutputs(raw map[string]any) (*Outputs, error) {
	text, err := json.Marshal(raw)
	if err != nil {
		return nil, fmt.Errorf("read outputs: %w", err)
	}
	out := &Outputs{}
	if err := json.Unmarshal(text, out); err != nil {
		return nil, fmt.Errorf("read outputs: %w", err)
	}
	if out.Version > OutputsVersion {
		return nil, fmt.Errorf("read outputs: they have version %d and this archipelago knows %d: use the newer archipelago that deployed the stack", out.Version, OutputsVersion)
	}
	for _, name := range sortedKeys(raw) {
		if used, ok := strings.CutPrefix(name, usesPrefix); ok {
			out.Uses = append(out.Uses, used)
		}
		if key, ok := strings.CutPrefix(name, frozenPrefix); ok {
			out.Frozen = append(out.Frozen, key)
		}
	}
	return out, nil
}

// export exports the fields of [Outputs].
func (d *deployment) export() {
	o := d.organization
	exports := pulumi.Map{
		"version":                 pulumi.Int(OutputsVersion),
		"organization":            pulumi.String(o.Name),
		"kind":                    pulumi.String(o.Kind),
		"features":                pulumi.String(o.Features),
		"organizationId":          d.org.OrganizationID,
		"organizationArn":         d.org.ARN,
		"rootId":                  d.org.RootID,
		"managementAccountId":     d.org.ManagementAccountID,
		"units":                   d.unitOutputs(),
		"accounts":                d.accountOutputs(),
		"policies":                d.policyOutputs(),
		"delegatedAdministrators": pulumi.ToMap(administratorOutputs(o)),
	}
	if d.hub != nil {
		exports["hub"] = pulumi.StringMap{
			"organizationId":      d.hub.organizationID,
			"managementAccountId": d.hub.managementAccountID,
		}
	}
	if management := d.setUp[""].outputs(); len(management) > 0 {
		exports["management"] = management
	}
	for _, a := range o.Accounts {
		if a.Frozen {
			exports[frozenPrefix+a.Key] = pulumi.Bool(true)
		}
	}
	for _, p := range o.Policies {
		exports[usesPrefix+p.Type] = pulumi.Bool(true)
	}
	for _, t := range o.TrustedAccess {
		// What is only listed by the user goes at once.
		if !slices.Equal(t.Because, []string{"trustedAccess"}) {
			exports[usesPrefix+t.Principal] = pulumi.Bool(true)
		}
	}
	for name, value := range exports {
		d.ctx.Export(name, value)
	}
}

func (d *deployment) unitOutputs() pulumi.Map {
	out := pulumi.Map{}
	for _, u := range d.organization.Units {
		out[u.Path] = pulumi.Map{"id": d.units.ID(u.Path), "holdsAccounts": pulumi.Bool(u.HoldsAccounts)}
	}
	return out
}

func (d *deployment) accountOutputs() pulumi.Map {
	out := pulumi.Map{}
	for _, a := range d.organization.Accounts {
		deployed := d.accounts[a.Key]
		account := pulumi.Map{
			"id":            deployed.AccountID,
			"arn":           deployed.ARN,
			"name":          pulumi.String(a.Name),
			"email":         pulumi.String(a.Email),
			"role":          pulumi.String(a.Role),
			"billingAccess": pulumi.String(a.BillingAccess),
			"unit":          pulumi.String(a.Unit),
			"state":         pulumi.String(a.State),
			"allowClose":    pulumi.Bool(a.AllowClose),
			"imported":      pulumi.Bool(a.ID != ""),
		}
		maps.Copy(account, d.setUp[a.Key].outputs())
		out[a.Key] = account
	}
	return out
}

func (d *deployment) policyOutputs() pulumi.Map {
	out := pulumi.Map{}
	for _, p := range d.organization.Policies {
		deployed := d.policies[p.Key]
		out[p.Key] = pulumi.Map{"id": deployed.PolicyID, "arn": deployed.ARN, "type": pulumi.String(p.Type)}
	}
	return out
}

func administratorOutputs(o *plan.Organization) map[string]any {
	out := map[string]any{}
	for _, a := range o.DelegatedAdministrators {
		accounts, _ := out[a.Service].([]any)
		out[a.Service] = append(accounts, a.Account)
	}
	return out
}
