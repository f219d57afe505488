package plan

import (
	"reflect"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/topology"
)

// checkPaths reports locks and exceptions of parity that lead nowhere.
func (b *baselines) checkPaths() topology.Diagnostics {
	var found topology.Diagnostics
	locks := func(s topology.Source, locks map[string]*topology.Lock) {
		for _, text := range sortedKeys(locks) {
			if message, hint := checkPath(text); message != "" {
				found = append(found, s.Problem(topology.Error, s.Key("locks", text), "unknown-setting", message, hint))
			}
		}
	}
	a := b.archipelago
	locks(a.Source, a.Locks)
	for _, o := range a.Organizations {
		locks(o.Source, o.Locks)
		o.Walk(func(_ topology.Node, u *topology.Unit) { locks(u.Source, u.Locks) },
			func(_ topology.Node, acc *topology.Account) { locks(acc.Source, acc.Locks) })
		for _, name := range sortedKeys(o.Parity) {
			p := o.Parity[name]
			for i, text := range p.Except {
				if message, hint := checkPath(text); message != "" {
					found = append(found, p.Problem(topology.Error, p.Item(i, "except"), "unknown-setting", message, hint))
				}
			}
		}
	}
	return found
}

// checkPath says what is wrong with a path to a setting, "" for nothing.
func checkPath(text string) (message, hint string) {
	path, err := settings.ParsePath(text)
	if err != nil {
		return err.Error(), ""
	}
	t := baselineType
	for i, name := range path {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch {
		case t.Kind() == reflect.Map:
			t = t.Elem()
			continue
		case t.Kind() != reflect.Struct || t == reflect.TypeFor[topology.Document]():
			return path[:i].String() + " has no parts, so " + text + " leads nowhere", "lock " + path[:i].String() + " as a whole"
		}
		fields := topology.Fields(t)
		at := slices.IndexFunc(fields, func(f topology.Field) bool { return f.Name == name })
		if at < 0 {
			names := make([]string, len(fields))
			for i, f := range fields {
				names[i] = f.Name
			}
			where := "a baseline"
			if i > 0 {
				where = path[:i].String()
			}
			return where + " has no setting " + name, "settings are " + strings.Join(names, ", ")
		}
		t = fields[at].Go.Type
	}
	return "", ""
}

// locks reports what lower layers and hooks changed although a layer above locks it (C20).
func (b *baselines) locks(account string, value *settings.Value, locks []settings.Lock, source topology.Source) {
	for _, l := range locks {
		v := l.Check(value)
		if v == nil {
			continue
		}
		hint := "change it where it is locked, or leave it"
		if l.Spec.Because != "" {
			hint = l.Spec.Because
		}
		d := b.diagnostic(v.Origin, source, "locked", v.Message, hint)
		d.Related = []topology.Related{{Position: l.Spec.Position(), Message: l.Layer + " locks " + l.Path.String() + " here"}}
		b.found.add(account, d)
	}
}
