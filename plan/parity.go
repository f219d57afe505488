package plan

import (
	"fmt"
	"slices"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// mayDiffer are the parts that say whose an account is rather than how it is set up.
var mayDiffer = []settings.Path{{"tags"}, {"contacts"}}

// parity reports accounts of a group whose baselines differ from the first one's (B05).
func (b *baselines) parity(o *topology.Organization) topology.Diagnostics {
	var found topology.Diagnostics
	members := map[string]*member{}
	for _, m := range b.members {
		if m.organization == o {
			members[m.account.Key] = m
		}
	}
	for _, name := range sortedKeys(o.Parity) {
		p := o.Parity[name]
		except := slices.Clone(mayDiffer)
		for _, text := range p.Except {
			if path, err := settings.ParsePath(text); err == nil {
				except = append(except, path)
			}
		}
		var first *member
		for i, key := range p.Accounts {
			m := members[key]
			switch {
			case m == nil:
				found = append(found, p.Problem(topology.Error, p.Item(i, "accounts"), "unknown-account",
					fmt.Sprintf("parity %s: there is no account %q in organization %s", name, key, o.Name), "name an account by its key that is not closed"))
			case m.failed:
			case first == nil:
				first = m
			default:
				found = append(found, b.differences(p, p.Item(i, "accounts"), name, first, m, except)...)
			}
		}
	}
	return found
}

func (b *baselines) differences(p *topology.Parity, at topology.Position, name string, first, second *member, except []settings.Path) topology.Diagnostics {
	var found topology.Diagnostics
	for _, d := range settings.Diff(first.value, second.value) {
		if slices.ContainsFunc(except, func(e settings.Path) bool { return d.Path.Within(e) }) {
			continue
		}
		diag := p.Problem(topology.Error, at, "parity",
			fmt.Sprintf("parity %s: %s is %s in %s and %s in %s", name, d.Path,
				wording(d.A), first.account.Key, wording(d.B), second.account.Key),
			"make them the same, or name the setting under except")
		for _, v := range []*settings.Value{d.A, d.B} {
			if v != nil && v.Origin.Position.File != "" {
				diag.Related = append(diag.Related, topology.Related{Position: v.Origin.Position, Message: "set here"})
			}
		}
		found = append(found, diag)
	}
	return found
}

func wording(v *settings.Value) string {
	if v == nil {
		return "not set"
	}
	return settings.Short(v.JSON())
}
