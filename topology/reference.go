package topology

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
)

// chapter is a section of the reference: a type of the model, or an enumeration.
type chapter struct {
	title string
	of    reflect.Type
}

// chapters are the structs of the model in the order in which a user meets them.
var chapters = []chapter{
	{RootFile, reflect.TypeFor[Archipelago]()},
	{OrganizationsDir + "/NAME.yaml", reflect.TypeFor[Organization]()},
	{"Management", reflect.TypeFor[Management]()},
	{"Unit", reflect.TypeFor[Unit]()},
	{"Account", reflect.TypeFor[Account]()},
	{"Policy", reflect.TypeFor[Policy]()},
	{"DelegationPolicy", reflect.TypeFor[DelegationPolicy]()},
	{"Access", reflect.TypeFor[Access]()},
	{"Contacts", reflect.TypeFor[Contacts]()},
	{"Contact", reflect.TypeFor[Contact]()},
	{"Baseline", reflect.TypeFor[Baseline]()},
	{"Budget", reflect.TypeFor[Budget]()},
	{"PasswordPolicy", reflect.TypeFor[PasswordPolicy]()},
	{"Role", reflect.TypeFor[Role]()},
	{"Trust", reflect.TypeFor[Trust]()},
	{"S3Baseline", reflect.TypeFor[S3Baseline]()},
	{"EC2Baseline", reflect.TypeFor[EC2Baseline]()},
	{"InstanceMetadata", reflect.TypeFor[InstanceMetadata]()},
	{"AccessAnalyzer", reflect.TypeFor[AccessAnalyzer]()},
	{"Resource", reflect.TypeFor[Resource]()},
	{"Lock", reflect.TypeFor[Lock]()},
	{"HookUse", reflect.TypeFor[HookUse]()},
	{"Parity", reflect.TypeFor[Parity]()},
	{"Kind", reflect.TypeFor[Kind]()},
	{"State", reflect.TypeFor[State]()},
	{"RootFeature", reflect.TypeFor[RootFeature]()},
	{"PolicyType", reflect.TypeFor[PolicyType]()},
}

const referenceHead = `# The files you write

This page and the JSON Schemas in ` + "`schema/`" + ` are generated from the types of package ` + "`topology`" + ` (` + "`make generate`" + `).
Name a file's schema in its first line, and your editor completes and checks it:

` + "```yaml" + `
# yaml-language-server: $schema=schema/archipelago.schema.json
` + "```" + `

Four layers follow one another: the archipelago, the organization, each unit on the way down, the account. Tags and
contacts merge, the inner layer winning by tag and by type of contact; a list of regions replaces the one from above.
Unknown fields are errors. Text needs quotes only where YAML would read something else, but an account id should have them.

`

// Reference returns the reference page of everything that a user can write, in Markdown.
func Reference() ([]byte, error) {
	c, err := readComments()
	if err != nil {
		return nil, fmt.Errorf("make reference: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(referenceHead)
	for _, ch := range chapters {
		fmt.Fprintf(&b, "## %s\n\n%s\n\n", ch.title, c.ofType(ch.of))
		if ch.of.Implements(enumType) {
			c.choices(&b, ch.of)
		} else {
			c.fields(&b, ch.of)
		}
	}
	quotaTable(&b)
	serviceTable(&b)
	regionTable(&b)
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

// choices lists the values of an enumeration with what its comments say about each.
func (c comments) choices(b *bytes.Buffer, t reflect.Type) {
	for _, v := range reflect.Zero(t).Interface().(enum).Values() {
		fmt.Fprintf(b, "- %s\n", strings.TrimSpace("`"+v+"` "+c[t.Name()+"."+v]))
	}
	b.WriteByte('\n')
}

func (c comments) fields(b *bytes.Buffer, t reflect.Type) {
	b.WriteString("| Field | Value | Limits | Meaning |\n| --- | --- | --- | --- |\n")
	for _, f := range Fields(t) {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", f.Name, typeText(f.Go.Type), limits(f), cell(c.ofField(t, f)))
	}
	b.WriteByte('\n')
}

// cell keeps text inside a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// typeText words a type for a user, with a link where it has a chapter.
func typeText(t reflect.Type) string {
	switch {
	case t == documentType:
		return "a document"
	case t == stringListType:
		return "text, or a list of it"
	case t.Implements(enumType) && !linked(t):
		return "`" + strings.Join(reflect.Zero(t).Interface().(enum).Values(), "`, `") + "`"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeText(t.Elem())
	case reflect.Map:
		return "name: " + typeText(t.Elem())
	case reflect.Slice:
		return "list of " + typeText(t.Elem())
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "whole number"
	}
	if linked(t) {
		return fmt.Sprintf("[%s](#%s)", t.Name(), strings.ToLower(t.Name()))
	}
	return "text"
}

func linked(t reflect.Type) bool {
	for _, ch := range chapters {
		if ch.of == t {
			return true
		}
	}
	return false
}

func limits(f Field) string {
	var out []string
	if f.Required {
		out = append(out, "required")
	}
	tag := f.Go.Tag
	if d, ok := tag.Lookup("default"); ok {
		out = append(out, "default `"+d+"`")
	}
	switch lowest, highest := tag.Get("minLength"), tag.Get("maxLength"); {
	case lowest != "":
		out = append(out, lowest+"-"+highest+" characters")
	case highest != "":
		out = append(out, "at most "+highest+" characters")
	}
	switch lowest, highest := tag.Get("minimum"), tag.Get("maximum"); {
	case lowest != "" && highest != "":
		out = append(out, lowest+"-"+highest)
	case highest != "":
		out = append(out, "at most "+highest)
	case lowest != "":
		out = append(out, "at least "+lowest)
	}
	if p := tag.Get("pattern"); p != "" {
		out = append(out, "`"+cell(p)+"`")
	}
	if table := tag.Get("keys") + tag.Get("values"); table != "" {
		out = append(out, fmt.Sprintf("see [%s](#%s)", table, table))
	}
	return strings.Join(out, "; ")
}

func quotaTable(b *bytes.Buffer) {
	b.WriteString("## Quotas\n\nLimits of AWS that are checked before anything is deployed. Override one under `quotas`, in " +
		RootFile + " for all organizations or in an organization's file for that one.\n\n| Name | Default | What is counted | Source |\n| --- | --- | --- | --- |\n")
	for _, q := range quotas {
		fmt.Fprintf(b, "| `%s` | %d | %s | %s |\n", q.Name, q.Value, q.What, q.Source)
	}
	b.WriteByte('\n')
}

func serviceTable(b *bytes.Buffer) {
	b.WriteString("## Services\n\nAWS services that work with AWS Organizations, for `trustedAccess` and `delegatedAdministrators`. Either name will do, " +
		"and so will a principal that is not in the table.\n\n| Name | Principal | Delegated administrators | Source |\n| --- | --- | --- | --- |\n")
	for _, s := range services {
		number := "none known"
		switch {
		case s.Source == sourceNoLimit:
			number = "no limit known"
		case s.Administrators > 0:
			number = fmt.Sprintf("at most %d", s.Administrators)
		}
		fmt.Fprintf(b, "| `%s` | `%s` | %s | %s |\n", s.Name, s.Principal, number, s.Source)
	}
	b.WriteByte('\n')
}

func regionTable(b *bytes.Buffer) {
	b.WriteString("## Regions\n\nRegions that AWS has switched off in a new account are enabled where an account uses them.\n\n| Region | Place | In a new account |\n| --- | --- | --- |\n")
	for _, r := range regions {
		state := "on"
		if r.OptIn {
			state = "off"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", r.Name, r.Place, state)
	}
	fmt.Fprintf(b, "\nSource: %s.\n", SourceRegions)
}
