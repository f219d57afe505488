package plan

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// layer is what everything from the archipelago down to one place says together. An account that sets
// nothing itself has the layer of its unit, so equal things are held, checked and sent to hooks once.
type layer struct {
	value *settings.Value
	locks []settings.Lock
	uses  []*topology.HookUse
}

// written is what one layer wrote.
type written struct {
	// name words the layer: "organization payments".
	name     string
	source   topology.Source
	tags     map[string]string
	owner    string
	regions  []string
	contacts *topology.Contacts
	baseline *topology.Baseline
	locks    map[string]*topology.Lock
	hooks    []*topology.HookUse
}

func archipelagoLayer(a *topology.Archipelago) *layer {
	return (&layer{value: empty()}).add(written{
		name: "archipelago", source: a.Source, tags: a.Tags, regions: a.Regions, contacts: a.Contacts,
		baseline: a.Baseline, locks: a.Locks, hooks: a.Hooks,
	})
}

func (l *layer) organization(o *topology.Organization) *layer {
	return l.add(written{
		name: "organization " + o.Name, source: o.Source, tags: o.Tags, regions: o.Regions, contacts: o.Contacts,
		baseline: o.Baseline, locks: o.Locks, hooks: o.Hooks,
	})
}

func (l *layer) unit(n topology.Node, u *topology.Unit) *layer {
	return l.add(written{
		name: n.Name(), source: u.Source, tags: u.Tags, regions: u.Regions, contacts: u.Contacts,
		baseline: u.Baseline, locks: u.Locks, hooks: u.Hooks,
	})
}

func (l *layer) account(n topology.Node, a *topology.Account) *layer {
	return l.add(written{
		name: "account " + n.Key, source: a.Source, tags: a.Tags, owner: a.Owner, regions: a.Regions, contacts: a.Contacts,
		baseline: a.Baseline, locks: a.Locks, hooks: a.Hooks,
	})
}

// managementLayer is what the management account gets: tags and contacts of the archipelago and the
// organization, and of the baseline only what is written for the account itself (A28).
func managementLayer(a *topology.Archipelago, o *topology.Organization) *layer {
	outer := (&layer{value: empty()}).
		add(written{name: "archipelago", source: a.Source, tags: a.Tags, regions: a.Regions, contacts: a.Contacts}).
		add(written{name: "organization " + o.Name, source: o.Source, tags: o.Tags, regions: o.Regions, contacts: o.Contacts})
	m := o.Management
	return outer.add(written{
		name: "management account", source: m.Source, tags: m.Tags, owner: m.Owner, contacts: m.Contacts, baseline: m.Baseline,
	})
}

// add lays one layer's writing over this one.
func (l *layer) add(w written) *layer {
	out := &layer{value: l.value, locks: l.locks, uses: l.uses}
	out.tags(w)
	if len(w.regions) > 0 {
		out.set("regions", settings.Leaf(w.regions, settings.Origin{Layer: w.name, Position: w.source.Key("regions")}))
	}
	out.contacts(w)
	if s := w.baseline.Settings(); s != nil {
		out.value = merge(out.value, s, w.name)
	}
	out.lock(w)
	if len(w.hooks) > 0 {
		out.uses = append(slices.Clip(out.uses), HookOrder(w.hooks)...)
	}
	return out
}

// HookOrder returns the hooks of one layer in the order in which they run: by file, so that the order of a
// list means nothing.
func HookOrder(uses []*topology.HookUse) []*topology.HookUse {
	return slices.SortedStableFunc(slices.Values(uses), func(x, y *topology.HookUse) int {
		return strings.Compare(x.File, y.File)
	})
}

func (l *layer) set(name string, v *settings.Value) { l.value = l.value.With(name, v) }

func (l *layer) tags(w written) {
	if len(w.tags) == 0 && w.owner == "" {
		return
	}
	tags := maps.Clone(l.value.Fields["tags"].Fields)
	for key, value := range w.tags {
		tags[key] = settings.Leaf(value, settings.Origin{Layer: w.name, Position: w.source.Key("tags", key)})
	}
	if w.owner != "" {
		tags["owner"] = settings.Leaf(w.owner, settings.Origin{Layer: w.name, Position: w.source.Key("owner")})
	}
	l.set("tags", settings.Object(tags, settings.Origin{}))
}

// contacts replaces whole contacts by type, as the layers of the files do.
func (l *layer) contacts(w written) {
	if w.contacts == nil {
		return
	}
	all := maps.Clone(l.value.Fields["contacts"].Fields)
	for name, c := range map[string]*topology.Contact{
		"billing": w.contacts.Billing, "operations": w.contacts.Operations, "security": w.contacts.Security,
	} {
		if c == nil {
			continue
		}
		o := settings.Origin{Layer: w.name, Position: w.source.Key("contacts", name)}
		all[name] = settings.Object(map[string]*settings.Value{
			"name": settings.Leaf(c.Name, o), "title": settings.Leaf(c.Title, o),
			"email": settings.Leaf(c.Email, o), "phone": settings.Leaf(c.Phone, o),
		}, o)
	}
	l.set("contacts", settings.Object(all, settings.Origin{}))
}

// lock notes the layer's locks with the values that they lock.
func (l *layer) lock(w written) {
	if len(w.locks) == 0 {
		return
	}
	complete := completed(l.value)
	l.locks = slices.Clip(l.locks)
	for _, text := range sortedKeys(w.locks) {
		path, err := settings.ParsePath(text)
		if err != nil || w.locks[text] == nil {
			continue // the check of the files has said so
		}
		l.locks = append(l.locks, settings.Lock{
			Path: path, Layer: w.name, Spec: w.locks[text], Value: complete.Get(path), Endless: slices.Equal(path, endless),
		})
	}
}

// endless is the setting of which 0 is more than any other number: passwords that never expire.
var endless = settings.Path{"passwordPolicy", "maximumAgeDays"}

// baselineType is what an effective baseline decodes to.
var baselineType = reflect.TypeFor[Baseline]()

// baselineFields are its top-level parts.
var baselineFields = topology.Fields(baselineType)

// baselineParts are the types of the top-level parts of a baseline.
var baselineParts = partTypes()

func partTypes() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for _, f := range baselineFields {
		out[f.Name] = f.Go.Type
	}
	return out
}

// always are the parts that are there even where nothing is in them, so that a hook can write
// draft.roles["x"] without looking.
var always = []string{"tags", "contacts", "regions", "roles", "s3", "ec2", "parameters", "resources"}

func empty() *settings.Value {
	fields := map[string]*settings.Value{}
	for _, name := range always {
		fields[name] = settings.Object(map[string]*settings.Value{}, settings.Origin{})
	}
	fields["regions"] = settings.Leaf([]string{}, settings.Origin{Layer: "default"})
	return settings.Object(fields, settings.Origin{})
}

// completed adds the defaults of what is there.
func completed(v *settings.Value) *settings.Value {
	out := v
	for _, name := range v.Keys() {
		if part := settings.Complete(v.Fields[name], baselineParts[name]); part != v.Fields[name] {
			out = out.With(name, part)
		}
	}
	return out
}
