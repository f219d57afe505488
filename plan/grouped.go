package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/topology"
)

// grouped collects diagnostics about accounts: one problem that many accounts inherit is said once, with
// the accounts that it is about.
type grouped struct {
	order []groupKey
	by    map[groupKey]*group
}

type groupKey struct {
	code, message string
	file          string
	line, column  int
}

type group struct {
	diagnostic topology.Diagnostic
	accounts   []string
}

func (g *grouped) add(account string, d topology.Diagnostic) {
	key := groupKey{d.Code, d.Message, d.File, d.Line, d.Column}
	if g.by == nil {
		g.by = map[groupKey]*group{}
	}
	it := g.by[key]
	if it == nil {
		it = &group{diagnostic: d}
		g.by[key] = it
		g.order = append(g.order, key)
	}
	if !slices.Contains(it.accounts[max(0, len(it.accounts)-1):], account) {
		it.accounts = append(it.accounts, account)
	}
}

// named is how many accounts a diagnostic names.
const named = 3

// diagnostics returns what was found, each with its accounts in the message.
func (g *grouped) diagnostics() topology.Diagnostics {
	var out topology.Diagnostics
	for _, key := range g.order {
		it := g.by[key]
		d := it.diagnostic
		d.Message += " (" + who(it.accounts) + ")"
		out = append(out, d)
	}
	return out
}

// who names the first accounts of a list and counts the rest.
func who(accounts []string) string {
	if len(accounts) <= named {
		return strings.Join(accounts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(accounts[:named], ", "), len(accounts)-named)
}
