package plan

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/archipelago-iac/archipelago/plan/settings"
	"github.com/archipelago-iac/archipelago/plugins"
	"github.com/archipelago-iac/archipelago/plugins/shape"
	"github.com/archipelago-iac/archipelago/topology"
)

// HooksDir is the directory of the hooks.
const HooksDir = "hooks"

// member is a member account whose baseline is being made.
type member struct {
	organization *topology.Organization
	account      *Account
	source       *topology.Account
	layer        *layer
	// regions are those of the organization.
	regions []string
	// value is the baseline so far.
	value *settings.Value
	// failed says that a hook failed, so there is no baseline to check.
	failed bool
}

func (m *member) name() string { return m.organization.Name + "/" + m.account.Key }

// baselines makes the baselines of all accounts. Whatever several accounts share is a pointer that
// they have in common, and is completed, checked, decoded and sent to hooks once.
type baselines struct {
	archipelago *topology.Archipelago
	root        *layer
	members     []*member
	// failures are what hooks said and why they failed, found is what is wrong with the baselines that came of it.
	failures, found grouped
	// unlike are accounts that should be set up alike and are not.
	unlike topology.Diagnostics

	complete        map[*settings.Value]*settings.Value
	sent            map[*settings.Value]*plugins.Part
	params          map[*topology.HookUse]*plugins.Part
	shared          *plugins.Part
	perOrganization map[string]map[string]*plugins.Part
	pieces          map[*settings.Value]*piece
	// patterns are the compiled patterns of tags.
	patterns map[string]*regexp.Regexp
	// sums are the hashes of parts.
	sums map[*settings.Value][]byte
	// actives, idsOf and known answer who is there, see principals.go.
	actives map[*topology.Organization]map[string]bool
	idsOf   map[*topology.Organization]map[string]string
	known   map[string]bool
	// lines are the lines of hooks, for excerpts.
	lines func(topology.Position) string
	// aliases finds an alias that is used twice, in whatever organization.
	aliases map[string]string
}

func newBaselines(a *topology.Archipelago) *baselines {
	return &baselines{
		archipelago:     a,
		root:            archipelagoLayer(a),
		complete:        map[*settings.Value]*settings.Value{},
		sent:            map[*settings.Value]*plugins.Part{},
		params:          map[*topology.HookUse]*plugins.Part{},
		perOrganization: map[string]map[string]*plugins.Part{},
		pieces:          map[*settings.Value]*piece{},
		patterns:        map[string]*regexp.Regexp{},
		sums:            map[*settings.Value][]byte{},
		actives:         map[*topology.Organization]map[string]bool{},
		idsOf:           map[*topology.Organization]map[string]string{},
		aliases:         map[string]string{},
	}
}

// HookOptions returns the options with which hooks of baselines run: their limits, and what a draft may be.
func HookOptions() plugins.Options {
	checker := shape.New(baselineType, anyObject)
	return plugins.Options{Check: func(key string, value []byte) []plugins.Problem {
		var out []plugins.Problem
		for _, p := range checker.Check(key, value) {
			out = append(out, plugins.Problem{Path: p.Path, Message: p.Message, Hint: p.Hint})
		}
		return out
	}}
}

// LoadHooks compiles the hooks that the archipelago uses, nil where it uses none. The diagnostics are
// about hooks that cannot be used; the error is for what is not the user's writing.
func LoadHooks(ctx context.Context, fsys fs.FS, a *topology.Archipelago) (*plugins.Set, topology.Diagnostics, error) {
	files := a.HookFiles()
	if len(files) == 0 {
		return nil, nil, nil
	}
	set, broken, err := plugins.Load(ctx, fsys, HooksDir, files, HookOptions())
	if err != nil {
		return nil, nil, fmt.Errorf("load hooks: %w", err)
	}
	var found topology.Diagnostics
	for _, e := range broken {
		d := HookDiagnostic(e)
		if d.Line > 0 {
			found = append(found, d)
			continue
		}
		// The file as a whole is wrong, or not there: that is to be seen where it is used. A file that hooks
		// import is used nowhere.
		used := false
		for _, use := range a.HookUses() {
			if use.File == e.Hook {
				found = append(found, use.Problem(topology.Error, use.At("file"), "hook-file", e.Hook+": "+d.Message, d.Hint))
				used = true
			}
		}
		if !used {
			found = append(found, d)
		}
	}
	return set, found, nil
}

// HookDiagnostic words what went wrong in a hook like every other problem in the user's files.
func HookDiagnostic(e *plugins.Error) topology.Diagnostic {
	d := topology.Diagnostic{
		Code:     "hook-" + string(e.Kind),
		Position: topology.Position{File: e.Position.File, Line: e.Position.Line, Column: e.Position.Column, Width: 1},
		Message:  e.Message, Hint: e.Hint, Excerpt: e.Excerpt,
	}
	if e.Path != "" && !tellsPath(e.Message, e.Path) {
		d.Message = e.Path + ": " + e.Message
	}
	if d.File == "" {
		d.File = e.Hook
	}
	last := e.Position
	for _, at := range e.Stack {
		if at == last {
			continue // what calls itself is there once
		}
		last = at
		d.Related = append(d.Related, topology.Related{
			Position: topology.Position{File: at.File, Line: at.Line, Column: at.Column}, Message: "called here",
		})
	}
	return d
}

// tellsPath reports whether a message names a path itself: as a whole, or by its last name in quotes.
func tellsPath(message, path string) bool {
	if strings.Contains(message, path) {
		return true
	}
	names, err := settings.ParsePath(path)
	return err == nil && strings.Contains(message, strconv.Quote(names[len(names)-1]))
}

// run runs the hooks of every account, and makes what they changed part of the baselines, in the order of the
// accounts.
func (b *baselines) run(ctx context.Context, set *plugins.Set, watch func(*member, *plugins.Result)) error {
	var accounts []plugins.Account
	var members []*member
	for _, m := range b.members {
		if len(m.layer.uses) > 0 {
			accounts = append(accounts, b.input(m))
			members = append(members, m)
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	results, err := set.Run(ctx, accounts)
	if err != nil {
		return fmt.Errorf("run hooks: %w", err)
	}
	for i := range results {
		if err := b.apply(members[i], &results[i]); err != nil {
			return fmt.Errorf("run hooks of account %s: %w", members[i].name(), err)
		}
		if watch != nil {
			watch(members[i], &results[i])
		}
	}
	return nil
}

// diagnostics returns everything that is wrong with hooks and baselines.
func (b *baselines) diagnostics() topology.Diagnostics {
	return append(b.failures.diagnostics(), b.problems()...)
}

// problems returns what is wrong with the baselines that the hooks left.
func (b *baselines) problems() topology.Diagnostics {
	return append(b.found.diagnostics(), b.unlike...)
}

// input is what the hooks of an account get.
func (b *baselines) input(m *member) plugins.Account {
	in := plugins.Account{
		Name: m.name(), Subject: m.subject(), Context: b.context(m), Draft: make(map[string]*plugins.Part, len(m.value.Fields)),
	}
	for name, v := range m.value.Fields {
		sent := b.sent[v]
		if sent == nil {
			sent = plugins.NewPart(v.JSON())
			b.sent[v] = sent
		}
		in.Draft[name] = sent
	}
	for _, use := range m.layer.uses {
		in.Uses = append(in.Uses, plugins.Use{File: use.File, Params: b.paramsOf(use)})
	}
	return in
}

func (b *baselines) paramsOf(use *topology.HookUse) *plugins.Part {
	if use.Params == nil {
		return nil
	}
	if b.params[use] == nil {
		b.params[use] = plugins.NewPart(use.Params.Text)
	}
	return b.params[use]
}

// apply takes over what the hooks of an account did.
func (b *baselines) apply(m *member, r *plugins.Result) error {
	for _, e := range r.Log {
		if e.Level == "warn" {
			b.failures.add(m.name(), topology.Diagnostic{
				Severity: topology.Warning, Code: "hook-warning", Message: e.Message,
				Position: topology.Position{File: e.Position.File, Line: e.Position.Line, Column: e.Position.Column},
			})
		}
	}
	if r.Err != nil {
		m.failed = true
		for _, e := range append([]*plugins.Error{r.Err}, r.Err.Also...) {
			b.failures.add(m.name(), HookDiagnostic(e))
		}
		return nil
	}
	for _, ran := range r.Times {
		m.account.Hooks = append(m.account.Hooks, AppliedHook{File: ran.Hook, Matched: ran.Matched})
	}
	edits := make([]settings.Edit, len(r.Changes))
	for i, c := range r.Changes {
		at := topology.Position{File: c.Position.File, Line: c.Position.Line, Column: c.Position.Column}
		if at.File == "" {
			at.File = c.Hook
		}
		edits[i] = settings.Edit{Path: settings.Path(c.Path), Origin: settings.Origin{Layer: "hook " + c.Hook, Position: at}}
		m.account.Changes = append(m.account.Changes, Change{
			Path: edits[i].Path.String(), Hook: c.Hook, Source: at.String(), From: c.From, To: c.To,
		})
	}
	for _, name := range sortedKeys(r.Changed) {
		value, err := settings.Replace(m.value.Fields[name], settings.Path{name}, r.Changed[name], baselineParts[name], edits)
		if err != nil {
			return err
		}
		if value == nil {
			m.value = m.value.Remove(name, edits)
		}
		if value == nil && slices.Contains(always, name) {
			value = empty().Fields[name]
		}
		m.value = m.value.With(name, value)
	}
	return nil
}

// excerpt returns the line at a position of a YAML file or a hook.
func (b *baselines) excerpt(pos topology.Position) string {
	if text := b.archipelago.Excerpt(pos); text != "" || b.lines == nil {
		return text
	}
	return b.lines(pos)
}

// AppliedHook is the use of a hook for an account.
type AppliedHook struct {
	// File is the hook's file.
	File string `json:"file"`
	// Matched says that the hook ran: its match takes the account in.
	Matched bool `json:"matched"`
}

// Change is a part of a baseline that a hook made another.
type Change struct {
	// Path leads to the part: budget.monthlyLimit.
	Path string `json:"path"`
	// Hook is the hook's file.
	Hook string `json:"hook"`
	// Source is the place in the hook where that was done, or the hook's file.
	Source string `json:"source"`
	// From and To are the values in JSON; absent where the part was not there before, or is gone.
	From json.RawMessage `json:"from,omitempty"`
	To   json.RawMessage `json:"to,omitempty"`
}

// completed adds the defaults of every part, each part once however many accounts share it.
func (b *baselines) completed(v *settings.Value) *settings.Value {
	out := v
	for _, name := range v.Keys() {
		before := v.Fields[name]
		after, known := b.complete[before]
		if !known {
			after = settings.Complete(before, baselineParts[name])
			b.complete[before], b.complete[after] = after, after
		}
		if after != before {
			out = out.With(name, after)
		}
	}
	return out
}
