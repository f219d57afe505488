package front

import (
	"context"
	"encoding/json"
	"unicode/utf8"
)

type unit struct {
	ID   string `json:"Id"`
	ARN  string `json:"Arn"`
	Name string `json:"Name"`
}

type unitAnswer struct{ OrganizationalUnit unit }

func addUnits(t table) {
	t.add("organizations", "CreateOrganizationalUnit", byManagement(createUnit))
	t.add("organizations", "UpdateOrganizationalUnit", byManagement(renameUnit))
	t.add("organizations", "DeleteOrganizationalUnit", byManagement(deleteUnit))
	t.add("organizations", "DescribeOrganizationalUnit", inOrganization(describeUnit))
	t.add("organizations", "ListOrganizationalUnitsForParent", inOrganization(listUnits))
}

func createUnit(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ ParentID, Name string }](c)
	if err != nil {
		return nil, err
	}
	if err := checkUnitName(in.Name); err != nil {
		return nil, err
	}
	siblings, err := f.unitsBelow(c.ctx(), o, in.ParentID)
	if err != nil {
		return nil, err // an unknown parent is found out here
	}
	for _, s := range siblings {
		if s.Name == in.Name {
			return nil, refuse("DuplicateOrganizationalUnitException", "An OU with the same name already exists.")
		}
	}
	depth, err := f.depth(c.ctx(), o, in.ParentID)
	if err != nil {
		return nil, err
	}
	if depth >= f.limits.OUDepth {
		return nil, constraint("OU_DEPTH_LIMIT_EXCEEDED", "You have exceeded the maximum OU depth of %d.", f.limits.OUDepth)
	}
	return f.forward(c)
}

func checkUnitName(name string) error {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return invalid("MIN_LENGTH_EXCEEDED", "You must specify a name for the OU.")
	case n > maxOrganizationUnit:
		return invalid("MAX_LENGTH_EXCEEDED", "The name of the OU is longer than %d characters.", maxOrganizationUnit)
	}
	return nil
}

// renameUnit renames a unit. The emulator refuses a name that any unit of the organization has,
// where AWS looks at the siblings alone. If that is the only objection, the emulator gets another
// name and the front shows the real one.
func renameUnit(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ OrganizationalUnitID, Name string }](c)
	if err != nil {
		return nil, err
	}
	if err := checkUnitName(in.Name); err != nil {
		return nil, err
	}
	parent, err := f.parent(c.ctx(), o, in.OrganizationalUnitID)
	if err != nil {
		return nil, err
	}
	siblings, err := f.unitsBelow(c.ctx(), o, parent)
	if err != nil {
		return nil, err
	}
	for _, s := range siblings {
		switch {
		case s.Name != in.Name:
		case s.ID == in.OrganizationalUnitID:
			return jsonReply(c, unitAnswer{s}) // it has that name already
		default:
			return nil, refuse("DuplicateOrganizationalUnitException", "An OU with the same name already exists.")
		}
	}
	out, err := f.forward(c)
	if code(err) != "DuplicateOrganizationalUnitException" {
		if err == nil {
			delete(o.names, in.OrganizationalUnitID)
		}
		return out, err
	}
	var answer unitAnswer
	stand := map[string]string{"OrganizationalUnitId": in.OrganizationalUnitID, "Name": in.Name + " " + requestID()}
	if err := f.ask(c.ctx(), o.management, "UpdateOrganizationalUnit", stand, &answer); err != nil {
		return nil, err
	}
	o.names[in.OrganizationalUnitID] = in.Name
	return jsonReply(c, unitAnswer{o.named(answer.OrganizationalUnit)})
}

// named is a unit with its real name.
func (o *organization) named(u unit) unit {
	if name, ok := o.names[u.ID]; ok {
		u.Name = name
	}
	return u
}

func deleteUnit(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ OrganizationalUnitID string }](c)
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"ACCOUNT", "ORGANIZATIONAL_UNIT"} {
		var children struct{ Children []struct{ ID string } }
		err := f.ask(c.ctx(), o.management, "ListChildren", map[string]string{"ParentId": in.OrganizationalUnitID, "ChildType": kind}, &children)
		if code(err) == "ParentNotFoundException" {
			return nil, refuse("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.")
		}
		if err != nil {
			return nil, err
		}
		if len(children.Children) > 0 {
			return nil, refuse("OrganizationalUnitNotEmptyException",
				"The specified OU is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again.")
		}
	}
	// The emulator would keep the attachments, and then refuse to delete the policies.
	if err := f.detachAll(c.ctx(), o, in.OrganizationalUnitID); err != nil {
		return nil, err
	}
	out, err := f.forward(c)
	if err == nil {
		delete(o.names, in.OrganizationalUnitID)
	}
	return out, err
}

func describeUnit(f *Front, c *call, o *organization) (*reply, error) {
	answer, err := forwarded[unitAnswer](f, c)
	if err != nil {
		return nil, err
	}
	return jsonReply(c, unitAnswer{o.named(answer.OrganizationalUnit)})
}

func listUnits(f *Front, c *call, o *organization) (*reply, error) {
	answer, err := forwarded[unitsPage](f, c)
	if err != nil {
		return nil, err
	}
	for i, u := range answer.OrganizationalUnits {
		answer.OrganizationalUnits[i] = o.named(u)
	}
	return jsonReply(c, answer)
}

type unitsPage struct {
	OrganizationalUnits []unit
	NextToken           *string `json:",omitempty"`
}

// unitsBelow are the units directly below a parent, with their real names.
func (f *Front) unitsBelow(ctx context.Context, o *organization, parent string) ([]unit, error) {
	var all []unit
	in := map[string]any{"ParentId": parent}
	for {
		var page unitsPage
		if err := f.ask(ctx, o.management, "ListOrganizationalUnitsForParent", in, &page); err != nil {
			return nil, err
		}
		for _, u := range page.OrganizationalUnits {
			all = append(all, o.named(u))
		}
		if page.NextToken == nil || *page.NextToken == "" {
			return all, nil
		}
		in["NextToken"] = *page.NextToken
	}
}

// parent is the unit or root that a unit or an account is directly below.
func (f *Front) parent(ctx context.Context, o *organization, child string) (string, error) {
	var answer struct{ Parents []struct{ ID string } }
	if err := f.ask(ctx, o.management, "ListParents", map[string]string{"ChildId": child}, &answer); err != nil {
		return "", err
	}
	if len(answer.Parents) == 0 {
		return "", refuse("ChildNotFoundException", "You specified a child that doesn't exist.")
	}
	return answer.Parents[0].ID, nil
}

// depth is how many levels below the root a unit is. The root has none.
func (f *Front) depth(ctx context.Context, o *organization, id string) (int, error) {
	depth := 0
	for id != o.root {
		parent, err := f.parent(ctx, o, id)
		if err != nil {
			return 0, err
		}
		id = parent
		depth++
	}
	return depth, nil
}

// root is a root as ListRoots shows it.
type root struct {
	ID          string `json:"Id"`
	ARN         string `json:"Arn"`
	Name        string
	PolicyTypes []policyTypeStatus
}

// roots is the root of an organization as the emulator has it.
func (f *Front) roots(ctx context.Context, o *organization) ([]root, error) {
	var answer struct{ Roots []root }
	err := f.ask(ctx, o.management, "ListRoots", json.RawMessage("{}"), &answer)
	return answer.Roots, err
}
