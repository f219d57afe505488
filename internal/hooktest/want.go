package hooktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/plan/settings"
)

// Wording is a value of a change as people read it: JSON, or "not set" for none.
func Wording(value json.RawMessage) string {
	if value == nil {
		return "not set"
	}
	return string(value)
}

// compare says what the case wants and the hooks did not do, "" for nothing.
func (c *testCase) compare(o outcome) (string, error) {
	var problems []string
	differ := func(file, got string) {
		want, _ := c.content(file)
		if text := strings.TrimRight(string(want), "\n"); text != strings.TrimRight(got, "\n") {
			problems = append(problems, c.differs(file, Difference(strings.TrimRight(string(want), "\n"), got)))
		}
	}
	switch {
	case o.errs != nil && !c.has(wantError):
		problems = append(problems, c.file+": the hook fails, which the case does not want\n"+strings.TrimRight(rendered(o), "\n"))
	case c.has(wantError):
		if o.errs == nil {
			problems = append(problems, c.differs(wantError, "the hook does not fail\n"+listed(changes(o))))
			break
		}
		differ(wantError, rendered(o))
	case c.has(wantChanges):
		differ(wantChanges, changes(o))
	case c.has(wantDraft):
		problem, err := c.compareDraft(o)
		if err != nil {
			return "", err
		}
		if problem != "" {
			problems = append(problems, problem)
		}
	default:
		problems = append(problems, fmt.Sprintf("%s: it wants nothing; add %s, or let --update write what happens\n%s",
			c.file, strings.Join(outcomes, " or "), listed(changes(o))))
	}
	if c.has(wantLog) {
		differ(wantLog, log(o))
	}
	return strings.Join(problems, "\n"), nil
}

// differs words that a file of the case is not what the hooks did; how is in lines below.
func (c *testCase) differs(file, how string) string {
	_, line := c.content(file)
	return fmt.Sprintf("%s:%d: %s is not what the hooks do\n%s", c.file, line, file, strings.TrimRight(how, "\n"))
}

// listed words changes.
func listed(changes string) string {
	if changes == "" {
		return "the hook changes nothing"
	}
	return "the hook changes\n" + strings.TrimRight(changes, "\n")
}

// compareDraft compares the parts that the case names or that changed. How the YAML is written does not
// matter.
func (c *testCase) compareDraft(o outcome) (string, error) {
	data, before := c.content(wantDraft)
	want := map[string]any{}
	if err := yaml.Unmarshal(data, &want); err != nil {
		return c.invalid(err, before, "").Error(), nil
	}
	text, err := json.Marshal(want)
	if err != nil {
		return c.wrong(before+1, "%s is not JSON: %v", wantDraft, err).Error(), nil
	}
	wanted, err := toYAML(text)
	if err != nil {
		return "", err
	}
	got, err := c.resulting(o, slices.Sorted(maps.Keys(want)))
	if err != nil || got == wanted {
		return "", err
	}
	return c.differs(wantDraft, Difference(wanted, got)), nil
}

// resulting is the draft afterwards in YAML: the named parts and those that changed, null for one that is not
// there.
func (c *testCase) resulting(o outcome, named []string) (string, error) {
	parts := map[string]json.RawMessage{}
	for _, name := range named {
		if p := c.draft[name]; p != nil {
			parts[name] = p.JSON()
		} else {
			parts[name] = nil
		}
	}
	maps.Copy(parts, o.Changed)
	text, err := json.Marshal(parts)
	if err != nil {
		return "", err
	}
	return toYAML(text)
}

// toYAML writes JSON as YAML with sorted keys.
func toYAML(text []byte) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return "", err
	}
	out, err := yaml.MarshalWithOptions(numbers(value), yaml.Indent(2), yaml.IndentSequence(true))
	return string(out), err
}

// numbers makes the numbers of a decoded JSON text whole where they are, and sorts nothing: YAML is written
// with sorted keys.
func numbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	}
	return value
}

// changes are the lines of want.changes.
func changes(o outcome) string {
	var b strings.Builder
	for _, change := range o.Changes {
		fmt.Fprintf(&b, "%s: %s → %s\n", settings.Path(change.Path), Wording(change.From), Wording(change.To))
	}
	return b.String()
}

// log is the lines of want.log.
func log(o outcome) string {
	var b strings.Builder
	for _, e := range o.Log {
		fmt.Fprintf(&b, "%s: %s\n", e.Level, e.Message)
	}
	return b.String()
}

// rendered is why a hook fails as archipelago prints it.
func rendered(o outcome) string {
	var b strings.Builder
	for _, e := range o.errs {
		b.WriteString(plan.HookDiagnostic(e).Render())
	}
	return b.String()
}

// update returns the case with what the hooks did in the place of what it wants.
func (c *testCase) update(o outcome) []byte {
	text := changes(o)
	file := wantChanges
	switch {
	case o.errs != nil:
		file, text = wantError, rendered(o)
	case c.has(wantDraft):
		data, _ := c.content(wantDraft)
		var want map[string]any
		if yaml.Unmarshal(data, &want) != nil {
			return nil
		}
		var err error
		if text, err = c.resulting(o, slices.Sorted(maps.Keys(want))); err != nil {
			return nil
		}
		file = wantDraft
	}
	var out txtar.Archive
	out.Comment = c.archive.Comment
	at := -1
	for _, f := range c.archive.Files {
		switch {
		case slices.Contains(outcomes, f.Name):
			at = len(out.Files)
			f = txtar.File{Name: file, Data: []byte(text)}
		case f.Name == wantLog:
			f.Data = []byte(log(o))
		}
		out.Files = append(out.Files, f)
	}
	if at < 0 {
		out.Files = append(out.Files, txtar.File{Name: file, Data: []byte(text)})
	}
	return txtar.Format(&out)
}
