package guardrail

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// template is a statement with parameters in it. In its texts
//
//	$name        becomes the value of a parameter: a text, a number, "true" for true, each item of a list
//	$name?text   becomes text where the parameter has a value, and nothing otherwise
//	$each        becomes the item that the statement is for
//	@exempt      becomes the principals that are exempt
//
// A text with a list in it becomes as many texts; one whose parameter is empty or false disappears.
type template struct {
	// suffix makes the Sid unique among the statements of a guardrail.
	suffix string
	// when names a parameter without which the statement is left out.
	when string
	// each names a list; there is one statement for each of its items.
	each string
	// allow makes it an Allow.
	allow bool
	// everyone applies it to the exempt principals too.
	everyone bool

	// action left empty is notAction, and with that empty too every action.
	action, notAction []string
	// resource left empty is notResource, and with that empty too every resource.
	resource, notResource []string
	condition             conditions
}

// conditions are operators, their condition keys, and the values of those. A key all of whose values
// disappear is left out.
type conditions map[string]map[string][]string

// add adds values to a key.
func (c conditions) add(operator, key string, list ...string) {
	if c[operator] == nil {
		c[operator] = map[string][]string{}
	}
	c[operator][key] = append(c[operator][key], list...)
}

const (
	principalKey  = "aws:PrincipalArn"
	exemptMark    = "@exempt"
	exemptsName   = "exempt"
	everyResource = "*"
)

// exemptParameter lets the user exempt further principals.
func exemptParameter() Parameter {
	return Parameter{Name: exemptsName, Kind: List, Format: "principal", What: "further principals that are exempt, as ARN patterns",
		Example: []string{"arn:aws:iam::*:role/platform-admin"}}
}

// filling is what a template is filled with.
type filling struct {
	values values
	exempt []string
	each   string
}

var reference = regexp.MustCompile(`\$([a-z][A-Za-z]*)(\?)?`)

// text returns what a text of a template becomes.
func (f filling) text(s string) []string {
	if s == exemptMark {
		return f.exempt
	}
	at := reference.FindStringSubmatchIndex(s)
	if at == nil {
		return []string{s}
	}
	name := s[at[2]:at[3]]
	if at[4] >= 0 {
		if !f.values.set(name) {
			return nil
		}
		return f.text(s[:at[0]] + s[at[1]:])
	}
	var out []string
	for _, item := range f.items(name) {
		// Only the rest is filled: a value may have a $ of its own, such as a policy variable.
		for _, rest := range f.text(s[at[1]:]) {
			out = append(out, s[:at[0]]+item+rest)
		}
	}
	return out
}

func (f filling) items(name string) []string {
	if name == "each" {
		return []string{f.each}
	}
	if !f.values.set(name) {
		return nil
	}
	switch v := f.values[name].(type) {
	case []string:
		return v
	case int:
		return []string{strconv.Itoa(v)}
	case bool:
		return []string{"true"}
	default:
		return []string{v.(string)}
	}
}

// list returns what a list of texts becomes, sorted, each once.
func (f filling) list(texts []string) []string {
	var out []string
	for _, s := range texts {
		out = append(out, f.text(s)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// statements returns what a template becomes.
func (t template) statements(g Guardrail, v values, exempt []string) []statement {
	if t.when != "" && !v.set(t.when) {
		return nil
	}
	if t.each == "" {
		return t.fill(g.Sid()+t.suffix, filling{values: v, exempt: exempt})
	}
	var out []statement
	taken := map[string]bool{}
	for _, item := range v.list(t.each) {
		sid := g.Sid() + t.suffix + camel(item)
		for n := 2; taken[sid]; n++ {
			sid = fmt.Sprintf("%s%s%s%d", g.Sid(), t.suffix, camel(item), n)
		}
		taken[sid] = true
		out = append(out, t.fill(sid, filling{values: v, exempt: exempt, each: item})...)
	}
	return out
}

// camel writes a text with letters and digits only, which is all that a Sid may have.
func camel(text string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !alphanumeric(r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func alphanumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// fill returns the statement, or none where it would be about no action or no resource at all.
func (t template) fill(sid string, f filling) []statement {
	s := statement{Sid: sid, Effect: "Deny"}
	if t.allow {
		s.Effect = "Allow"
	}
	s.Action, s.NotAction = f.list(t.action), f.list(t.notAction)
	s.Resource, s.NotResource = f.list(t.resource), f.list(t.notResource)
	if len(t.action) > 0 && len(s.Action) == 0 || len(t.resource) > 0 && len(s.Resource) == 0 {
		return nil
	}
	if len(s.Action)+len(s.NotAction) == 0 {
		s.Action = texter{"*"}
	}
	if len(s.Resource)+len(s.NotResource) == 0 {
		s.Resource = texter{everyResource}
	}
	filled := conditions{}
	for operator, keys := range t.condition {
		for key, list := range keys {
			names, items := f.text(key), f.list(list)
			if len(names) == 1 && len(items) > 0 {
				filled.add(operator, names[0], items...)
			}
		}
	}
	if !t.everyone && !t.allow && len(f.exempt) > 0 {
		filled.add("ArnNotLike", principalKey, f.exempt...)
	}
	s.setConditions(filled)
	return []statement{s}
}
