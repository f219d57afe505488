package organization

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Unit describes one organizational unit of [UnitsArgs].
type Unit struct {
	// Path is the keys from below the root, joined by "/": "Workloads/Prod". It names the unit in
	// Pulumi. The units above it must be in the same list.
	Path string
	// Formerly are paths that the unit had before: its state moves along instead of the unit being
	// replaced, which AWS would refuse for a unit with accounts.
	Formerly []string
	// Name is the name in AWS; empty means the last key of the path. Changing it renames the unit
	// in place.
	Name string
	// Tags are the unit's tags.
	Tags pulumi.StringMapInput
	// Protect keeps the unit from being deleted or replaced; set it while accounts are in the unit
	// or in one below it.
	Protect bool
	// ImportID is the id (ou-...) of a unit that exists already; empty creates one.
	ImportID string
}

// UnitsArgs are the inputs of [NewUnits].
type UnitsArgs struct {
	// RootID is the id of the organization's root, r-...
	RootID pulumi.StringInput
	// Units are the units of any depth, in any order. AWS allows five levels below the root.
	Units []Unit
}

// Units is the tree of organizational units below an organization's root.
type Units struct {
	pulumi.ResourceState

	// IDs are the ids of the units, by path.
	IDs pulumi.StringMapOutput `pulumi:"ids"`

	// Resources are the units by path.
	Resources map[string]*organizations.OrganizationalUnit

	root pulumi.StringOutput
}

// NewUnits creates a tree of organizational units. Their resources are siblings in Pulumi, whatever
// their depth: the name of each stays the same when the display name of one above it changes.
//
// AWS cannot move a unit to another parent: moving its path replaces it. Protect units that matter.
func NewUnits(ctx *pulumi.Context, name string, args *UnitsArgs, opts ...pulumi.ResourceOption) (*Units, error) {
	c := &Units{Resources: map[string]*organizations.OrganizationalUnit{}, root: args.RootID.ToStringOutput()}
	if err := ctx.RegisterComponentResource("archipelago:organization:Units", name, c, opts...); err != nil {
		return nil, fmt.Errorf("register units of %s: %w", name, err)
	}
	// A path sorts after each of its prefixes, so parents come first.
	units := slices.SortedFunc(slices.Values(args.Units), func(a, b Unit) int { return cmp.Compare(a.Path, b.Path) })
	ids := pulumi.StringMap{}
	for _, u := range units {
		if err := c.unit(ctx, name, u); err != nil {
			return nil, err
		}
		ids[u.Path] = c.ID(u.Path)
	}
	c.IDs = ids.ToStringMapOutput()
	if err := ctx.RegisterResourceOutputs(c, pulumi.Map{"ids": c.IDs}); err != nil {
		return nil, fmt.Errorf("register outputs of units of %s: %w", name, err)
	}
	return c, nil
}

// ID returns the id of the unit with the given path, or of the root for "". It panics for a path
// that is not in the tree: that is a mistake in the program.
func (c *Units) ID(path string) pulumi.StringOutput {
	if path == "" {
		return c.root
	}
	u, ok := c.Resources[path]
	if !ok {
		panic(fmt.Sprintf("no unit %q in the tree", path))
	}
	return u.ID().ToStringOutput()
}

func (c *Units) unit(ctx *pulumi.Context, name string, u Unit) error {
	parent, key := "", u.Path
	if i := strings.LastIndex(u.Path, "/"); i >= 0 {
		parent, key = u.Path[:i], u.Path[i+1:]
	}
	if parent != "" && c.Resources[parent] == nil {
		return fmt.Errorf("create unit %s: there is no unit %s above it", u.Path, parent)
	}
	opts := []pulumi.ResourceOption{pulumi.Parent(c), formerly(name+"/", u.Formerly)}
	if u.Protect {
		opts = append(opts, pulumi.Protect(true), pulumi.RetainOnDelete(true))
	}
	if u.ImportID != "" {
		opts = append(opts, pulumi.Import(pulumi.ID(u.ImportID)))
	}
	unit, err := organizations.NewOrganizationalUnit(ctx, name+"/"+u.Path, &organizations.OrganizationalUnitArgs{
		Name:     pulumi.String(cmp.Or(u.Name, key)),
		ParentId: c.ID(parent),
		Tags:     u.Tags,
	}, opts...)
	if err != nil {
		return fmt.Errorf("create unit %s: %w", u.Path, err)
	}
	c.Resources[u.Path] = unit
	return nil
}

// formerly returns aliases for the names that a resource had before, below the same parent.
func formerly(prefix string, names []string) pulumi.ResourceOption {
	aliases := make([]pulumi.Alias, len(names))
	for i, n := range names {
		aliases[i] = pulumi.Alias{Name: pulumi.String(prefix + n)}
	}
	return pulumi.Aliases(aliases)
}
