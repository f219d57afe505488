package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/archipelago-iac/archipelago/internal/deploy"
	"github.com/archipelago-iac/archipelago/plan"
)

// maxHookLines is how many changes of hooks a preview shows per organization: it is about AWS, and
// "hooks run" shows them all.
const maxHookLines = 20

// maxHookValue is how many characters of a value a preview shows.
const maxHookValue = 40

// printHookChanges says what hooks changed in the accounts that the steps of an organization touch, one
// line for what several accounts have in common.
func printHookChanges(w io.Writer, o *plan.Organization, steps []deploy.Step) {
	if o == nil {
		return
	}
	type line struct {
		text     string
		accounts []string
	}
	var lines []*line
	by, touched := map[string]*line{}, touchedBy(steps)
	for _, acc := range o.Accounts {
		name := o.Name + "/" + acc.Key
		if !touched[name] {
			continue
		}
		for _, change := range acc.Changes {
			key := strings.Join([]string{change.Hook, change.Path, string(change.From), string(change.To)}, "\x00")
			if by[key] == nil {
				by[key] = &line{text: hookChange(change)}
				lines = append(lines, by[key])
			}
			by[key].accounts = append(by[key].accounts, name)
		}
	}
	for i, l := range lines {
		if i == maxHookLines {
			fmt.Fprintf(w, "  and %s by hooks: archipelago hooks run %s\n", count(len(lines)-i, "more change"), o.Name)
			return
		}
		who := l.accounts[0]
		if more := len(l.accounts) - 1; more > 0 {
			who += fmt.Sprintf(", and %d more", more)
		}
		fmt.Fprintf(w, "  %s (%s)\n", l.text, who)
	}
}

// touchedBy returns the accounts, as ORGANIZATION/ACCOUNT, that steps are about, or what is in them.
func touchedBy(steps []deploy.Step) map[string]bool {
	touched := map[string]bool{}
	for _, s := range steps {
		organization, rest, _ := strings.Cut(s.Resource, "/")
		key, _, _ := strings.Cut(rest, "/")
		touched[organization+"/"+key] = true
	}
	return touched
}

// hookChange words a change: hook cost-center changed budget.monthlyLimit 100 → 250.
func hookChange(c plan.Change) string {
	hook := "hook " + strings.TrimSuffix(path.Base(c.Hook), path.Ext(c.Hook))
	short := func(value json.RawMessage) string {
		var b bytes.Buffer
		if json.Compact(&b, value) != nil {
			return cut(string(value), maxHookValue)
		}
		return cut(b.String(), maxHookValue)
	}
	switch {
	case c.From == nil:
		return fmt.Sprintf("%s set %s %s", hook, c.Path, short(c.To))
	case c.To == nil:
		return fmt.Sprintf("%s removed %s %s", hook, c.Path, short(c.From))
	}
	return fmt.Sprintf("%s changed %s %s → %s", hook, c.Path, short(c.From), short(c.To))
}
