package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
)

// Explained is one setting of an account's baseline with where it comes from.
type Explained struct {
	// Path leads to the setting: budget.monthlyLimit.
	Path string `json:"path"`
	// Value is its value in JSON.
	Value json.RawMessage `json:"value"`
	// Origin is where it was set.
	Origin settings.Origin `json:"origin"`
	// Lock words the locks that hold for it, with their places, the outermost first; empty for none.
	Lock string `json:"lock,omitempty"`
}

// Explain lists every setting of an account's baseline, sorted by path. The key "management" is the
// management account.
func (p *Plan) Explain(organization, account string) ([]Explained, error) {
	o := p.Organization(organization)
	if o == nil {
		return nil, fmt.Errorf("explain %s/%s: there is no organization %q", organization, account, organization)
	}
	value, locks := o.Management.value, o.Management.locks
	if account != managementKey {
		i := slices.IndexFunc(o.Accounts, func(a *Account) bool { return a.Key == account })
		if i < 0 {
			return nil, fmt.Errorf("explain %s/%s: organization %s has no account %q that is not closed", organization, account, organization, account)
		}
		value, locks = o.Accounts[i].value, o.Accounts[i].locks
	}
	var out []Explained
	value.Walk(func(path settings.Path, v *settings.Value) {
		if v.Fields != nil && v.Origin.Layer == "" {
			return // nothing was written there
		}
		e := Explained{Path: path.String(), Value: v.JSON(), Origin: v.Origin}
		for _, l := range locks {
			if path.Within(l.Path) || l.Path.Within(path) {
				e.Lock = strings.TrimPrefix(e.Lock+"; "+l.String(), "; ")
			}
		}
		out = append(out, e)
	})
	return out, nil
}
