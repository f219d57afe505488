package stacks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/plan"
)

// held is what the baseline of an account deployed and what now stays as it is.
//
// Everything is denied in a quarantined or suspended account: nothing in it can be created, changed or
// deleted, and a deployment that tries fails. Nor may it be forgotten, since the account can be
// released. So what the state has of it is registered as it is: with no inputs of its own and every
// change ignored. The provider is started, for the engine wants one and asks it for the difference, which
// it tells without a call to AWS. What is held is also retained, so that an account that is closed takes it
// along without one.
type held struct {
	account *plan.Account
	// home is the region of what has none.
	home string
	// components and resources are sorted.
	components, resources []stateResource
}

// Types of the components that a baseline in an account is made of.
const (
	accountBaseline = "archipelago:baseline:Account"
	regionBaseline  = "archipelago:baseline:Region"
)

// readHeld finds what is held, by the account's key. The state itself is asked, not a record of what a
// deployment wanted to make: one that failed made a part of it.
func (d *deployment) readHeld() (map[string]*held, error) {
	out := map[string]*held{}
	for _, a := range d.organization.Accounts {
		if d.last != nil && (a.Frozen || slices.Contains(d.last.Frozen, a.Key)) {
			out[a.Key] = &held{account: a, home: cmp.Or(d.last.Accounts[a.Key].Region, homeRegion(d.organization, a))}
		}
	}
	if len(out) == 0 {
		return out, nil
	}
	state, err := readState(d.ctx)
	if err != nil {
		return nil, fmt.Errorf("find what is held: %w", err)
	}
	for _, r := range state {
		first, _, child := strings.Cut(string(r.urn.QualifiedType()), "$")
		if first != accountBaseline && first != regionBaseline {
			continue
		}
		key, _, _ := strings.Cut(strings.TrimPrefix(r.urn.Name(), d.name("")), "/")
		h := out[key]
		switch {
		case h == nil:
		case child:
			h.resources = append(h.resources, r)
		default:
			h.components = append(h.components, r)
		}
	}
	return out, nil
}

// neededProviders returns the providers of the plan and those of what is held.
func (d *deployment) neededProviders() []plan.Provider {
	needed := slices.Clone(d.organization.Providers)
	for _, key := range sortedKeys(d.held) {
		for _, r := range d.held[key].resources {
			region := d.held[key].region(d.name(key), r.urn)
			if !slices.ContainsFunc(needed, func(p plan.Provider) bool { return p.Account == key && p.Region == region }) {
				needed = append(needed, plan.Provider{Account: key, Region: region, Reasons: []string{"what the account's baseline deployed is held"}})
			}
		}
	}
	return needed
}

// region returns where a resource is. Its name says so: account/region/... in a region, and in the rest
// account/resource/name/region for the copy of a resource that is not in the home region.
func (h *held) region(account string, urn resource.URN) string {
	parts := strings.Split(strings.TrimPrefix(urn.Name(), account+"/"), "/")
	if strings.HasPrefix(string(urn.QualifiedType()), regionBaseline+"$") {
		return parts[0]
	}
	if parts[0] == "resource" && len(parts) == 3 {
		return parts[2]
	}
	return h.home
}

// hold registers what is held of an account.
func (d *deployment) hold(h *held) error {
	key := h.account.Key
	if err := d.warnHeld(h); err != nil {
		return err
	}
	components := map[string]pulumi.Resource{}
	for _, r := range h.components {
		c := &struct{ pulumi.ResourceState }{}
		if err := d.ctx.RegisterComponentResource(string(r.urn.Type()), r.urn.Name(), c); err != nil {
			return fmt.Errorf("hold %s: %w", r.urn.Name(), err)
		}
		components[string(r.urn.Type())+" "+r.urn.Name()] = c
	}
	for _, r := range h.resources {
		region := h.region(d.name(key), r.urn)
		provider, err := d.providers.get(key, region)
		if err != nil {
			return err
		}
		parent := components[accountBaseline+" "+d.name(key)]
		if strings.HasPrefix(string(r.urn.QualifiedType()), regionBaseline+"$") {
			parent = components[regionBaseline+" "+d.name(key, region)]
		}
		err = d.ctx.RegisterResource(string(r.urn.Type()), r.urn.Name(), pulumi.Map{}, &struct{ pulumi.CustomResourceState }{},
			pulumi.Parent(parent), pulumi.Provider(provider), pulumi.IgnoreChanges(r.all()), pulumi.RetainOnDelete(true))
		if err != nil {
			return fmt.Errorf("hold %s: %w", r.urn.Name(), err)
		}
	}
	last := d.last.Accounts[key].SetupOutputs
	kept := setUp{region: last.Region}
	if last.Baseline != "" {
		kept.class = pulumi.String(last.Baseline)
	}
	if len(last.Roles) > 0 {
		kept.roles = pulumi.ToStringMap(last.Roles)
	}
	d.setUp[key] = kept
	return nil
}

// all returns the paths of everything about the resource, for its changes to be ignored. "*" makes the
// engine take all inputs from the state. The provider knows no "*" and needs the names: else a
// difference between the inputs and what AWS made of them would still be one.
// Source: github.com/pulumi/pulumi-terraform-bridge, computeIgnoreChanges in pkg/tfbridge/diff.go.
func (r stateResource) all() []string {
	out := []string{"*"}
	for _, name := range r.properties {
		if !strings.HasPrefix(name, "__") {
			out = append(out, resource.PropertyPath{name}.String())
		}
	}
	return out
}

// warnHeld says what is held and why. Pulumi deletes after everything else, so the policy that denies
// everything is still attached while the deployment that releases an account changes what is in it: it
// changes nothing, and the next one does.
func (d *deployment) warnHeld(h *held) error {
	a := h.account
	message := fmt.Sprintf("account %s is %s: what its baseline deployed stays as it is (%d resources)", a.Key, a.State, len(h.resources))
	switch {
	case !a.Frozen && (len(h.resources) > 0 || a.Setup != nil && a.Setup.Anything()):
		message = fmt.Sprintf("account %s is released by this deployment: its baseline follows with the next one", a.Key)
	case len(h.resources) == 0:
		return nil
	}
	if err := d.ctx.Log.Warn(message, nil); err != nil {
		return fmt.Errorf("log warning: %w", err)
	}
	return nil
}
