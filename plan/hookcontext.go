package plan

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/match"
	"github.com/archipelago-iac/archipelago/topology"
)

// Context is what a hook knows about the account that it runs for. All of it comes from the files:
// nothing that only AWS knows, and no secret, is in it.
type Context struct {
	// The archipelago.
	Archipelago ContextArchipelago `json:"archipelago"`
	// The organization that the account is in.
	Organization ContextOrganization `json:"organization"`
	// The account.
	Account ContextAccount `json:"account"`
	// The name of the stack that deploys the account: its organization's name.
	Stack string `json:"stack"`
	// The values that the YAML gives to this use of the hook.
	Params json.RawMessage `json:"params"`
}

// ContextArchipelago is the archipelago as a hook sees it.
type ContextArchipelago struct {
	// The company's short name.
	Name string `json:"name"`
	// The name of the hub organization.
	Hub string `json:"hub"`
	// The names of all organizations, sorted.
	Organizations []string `json:"organizations"`
}

// ContextOrganization is an organization as a hook sees it.
type ContextOrganization struct {
	// The organization's name.
	Name string `json:"name"`
	// What it is for.
	Kind topology.Kind `json:"kind"`
	// The id of its management account.
	ManagementAccountID string `json:"managementAccountId"`
	// Its regions, the home region first.
	Regions []string `json:"regions"`
}

// ContextAccount is a member account as a hook sees it.
type ContextAccount struct {
	// The account's key in its file.
	Key string `json:"key"`
	// The account's name in AWS.
	Name string `json:"name"`
	// The e-mail address of its root user.
	Email string `json:"email"`
	// The keys of the units from below the root to the account.
	Units []string `json:"units"`
	// The units joined by slashes: "Workloads/Prod", "" for the root.
	Unit string `json:"unit"`
	// Where the account is in its life.
	State topology.State `json:"state"`
	// Its tags as the files give them, before any hook.
	Tags map[string]string `json:"tags"`
}

// subject is what the match of a hook is about.
func (m *member) subject() match.Subject {
	a := m.account
	return match.Subject{
		Organization: m.organization.Name, Kind: string(m.organization.Kind), Unit: a.Unit,
		Account: a.Key, State: string(a.State), Tags: a.Tags,
	}
}

// context returns the parts of the context. What all accounts, or all of an organization, have in common
// is made once.
func (b *baselines) context(m *member) map[string]*plugins.Part {
	a, o := m.account, m.organization
	if b.shared == nil {
		names := make([]string, len(b.archipelago.Organizations))
		for i, o := range b.archipelago.Organizations {
			names[i] = o.Name
		}
		slices.Sort(names)
		b.shared = part(ContextArchipelago{Name: b.archipelago.Name, Hub: b.archipelago.Hub, Organizations: names})
	}
	if b.perOrganization[o.Name] == nil {
		b.perOrganization[o.Name] = map[string]*plugins.Part{
			"organization": part(ContextOrganization{
				Name: o.Name, Kind: o.Kind, ManagementAccountID: o.Management.AccountID, Regions: m.regions,
			}),
			"stack": part(o.Name),
		}
	}
	units := []string{}
	if a.Unit != "" {
		units = strings.Split(a.Unit, "/")
	}
	return map[string]*plugins.Part{
		"archipelago":  b.shared,
		"organization": b.perOrganization[o.Name]["organization"],
		"stack":        b.perOrganization[o.Name]["stack"],
		"account": part(ContextAccount{
			Key: a.Key, Name: a.Name, Email: a.Email, Unit: a.Unit, Units: units, State: a.State, Tags: a.Tags,
		}),
	}
}

func part(value any) *plugins.Part {
	text, err := json.Marshal(value)
	if err != nil {
		panic("encode hook context: " + err.Error()) // texts, lists and maps of them always encode
	}
	return plugins.NewPart(text)
}
