package topology

import "strings"

// Node is a place in an organization's tree: the root, a unit or an account.
type Node struct {
	// Path is the unit keys from below the root, joined by "/"; "" for the root itself. For an
	// account it is the path of its unit.
	Path string
	// Depth is 0 for the root and its accounts, 1 for the units below the root.
	Depth int
	// Chain is the units from below the root down to here.
	Chain []*Unit
	// Key is the account's key, or the unit's.
	Key string
}

// Name words the place: "root", "unit Workloads/Prod".
func (n Node) Name() string {
	if n.Path == "" {
		return "root"
	}
	return "unit " + n.Path
}

// Walk visits the units of the organization and their accounts, parents before children, siblings
// by key, so that the order never depends on the file. Either function may be nil.
func (o *Organization) Walk(unit func(Node, *Unit), account func(Node, *Account)) {
	walk(Node{}, o.Accounts, o.Units, unit, account)
}

func walk(at Node, accounts map[string]*Account, units map[string]*Unit, unit func(Node, *Unit), account func(Node, *Account)) {
	if account != nil {
		for _, key := range sortedKeys(accounts) {
			if a := accounts[key]; a != nil {
				n := at
				n.Key = key
				account(n, a)
			}
		}
	}
	for _, key := range sortedKeys(units) {
		u := units[key]
		if u == nil {
			continue
		}
		n := Node{
			Path:  strings.TrimPrefix(at.Path+"/"+key, "/"),
			Depth: at.Depth + 1,
			Chain: append(at.Chain[:len(at.Chain):len(at.Chain)], u),
			Key:   key,
		}
		if unit != nil {
			unit(n, u)
		}
		walk(n, u.Accounts, u.Units, unit, account)
	}
}
