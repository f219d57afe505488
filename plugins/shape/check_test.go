package shape

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestCheckAccepts(t *testing.T) {
	t.Parallel()
	s := New(draftType, documents)
	for key, values := range map[string][]string{
		"budget":     {`{}`, `{"limit":250}`, `{"limit":0,"currency":"EUR","actual":[],"recipients":["a@b.c"]}`},
		"alias":      {`""`, `"a"`, `"\u2028 \ud83d\ude00"`},
		"roles":      {`{}`, `{"read-only":{"trust":{}}}`, `{"x":{"trust":{"mfa":true,"accounts":["a/b"]},"policies":{"p":{"Statement":[{"Effect":"Allow","n":1e10,"x":null}]}}}}`},
		"stage":      {`"dev"`, `"prod"`},
		"parameters": {`{"a.b/c":"d"}`},
		"encrypt":    {`true`, `false`},
		"extra":      {`null`, `1`, `[{"a":[null]}]`},
		"share":      {`0.5`, `1`, `-1e-9`},
		"small":      {`-128`, `127`, `-0`},
		"count":      {`0`, `65535`},
		"matrix":     {`[]`, `[[],[1,2]]`},
		"tree":       {`{"children":[{"leaf":"a","children":[{}]}]}`},
		"x-dashed":   {`"a"`},
		"title":      {`"embedded"`},
		"Plain":      {`"without a tag"`},
	} {
		for _, v := range values {
			require.Empty(t, s.Check(key, []byte(v)), "%s: %s", key, v)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ key, value, want string }{
		{"budgt", `{}`, `budgt: the draft has no field "budgt" (did you mean "budget"?)`},
		{"x y", `{}`, `["x y"]: the draft has no field "x y" (fields: budget, alias, roles, stage, regions, parameters, resources, encrypt, extra, share, small, count, matrix, tree, stages, x-dashed, title, Plain)`},
		{"Source", `{}`, `Source: the draft has no field "Source" (did you mean "resources"?)`},
		{"BUDGET", `{}`, `BUDGET: the draft has no field "BUDGET" (did you mean "budget"?)`},
		{"budget", `{"limitt":1}`, `budget.limitt: budget has no field "limitt" (did you mean "limit"?)`},
		{"budget", `{"owner":1}`, `budget.owner: budget has no field "owner" (fields: limit, currency, actual, recipients)`},
		{"budget", `250`, `budget: budget must be an object, not 250`},
		{"budget", `[]`, `budget: budget must be an object, not a list`},
		{"budget", `null`, `budget: budget must be an object, not null (to remove it, write: delete draft.budget)`},
		{"budget", `{"limit":2.5}`, `budget.limit: budget.limit must be a whole number, not 2.5`},
		{"budget", `{"limit":1e3}`, `budget.limit: budget.limit must be a whole number, not 1e3`},
		{"budget", `{"limit":1e21}`, `budget.limit: budget.limit is 1e21, more than a whole number can be`},
		{"budget", `{"limit":"250"}`, `budget.limit: budget.limit must be a whole number, not "250"`},
		{"budget", `{"limit":null}`, `budget.limit: budget.limit must be a whole number, not null (to remove it, write: delete draft.budget.limit)`},
		{"budget", `{"actual":80}`, `budget.actual: budget.actual must be a list, not 80`},
		{"budget", `{"actual":[80,null,"a"]}`, "budget.actual[1]: budget.actual[1] must be a whole number, not null\nbudget.actual[2]: budget.actual[2] must be a whole number, not \"a\""},
		{"budget", `{"limit":1,"limit":2}`, `budget.limit: budget.limit is given twice`},
		{"alias", `{}`, `alias: alias must be a text, not an object`},
		{"alias", `true`, `alias: alias must be a text, not true`},
		{"encrypt", `"` + strings.Repeat("é", 41) + `"`, `encrypt: encrypt must be true or false, not "` + strings.Repeat("é", 40) + `"...`},
		{"stage", `"Prod"`, `stage: stage cannot be "Prod" (did you mean "prod"? Choices: dev, test, prod)`},
		{"stage", `"x"`, `stage: stage cannot be "x" (choices: dev, test, prod)`},
		{"stage", `1`, `stage: stage must be a text, not 1`},
		{"stages", `["dev","pro"]`, `stages[1]: stages[1] cannot be "pro" (did you mean "prod"? Choices: dev, test, prod)`},
		{"roles", `{"read-only":{"trust":{"accounts":["a",5]}}}`, `roles["read-only"].trust.accounts[1]: roles["read-only"].trust.accounts[1] must be a text, not 5`},
		{"roles", `{"read-only":{}}`, `roles["read-only"]: roles["read-only"] needs trust`},
		{"roles", `{"read-only":null}`, `roles["read-only"]: roles["read-only"] must be an object, not null (to remove it, write: delete draft.roles["read-only"])`},
		{"roles", `{"a":{"trust":{"acounts":[]}}}`, `roles.a.trust.acounts: roles.a.trust has no field "acounts" (did you mean "accounts"?)`},
		{"roles", `{"a":{"trust":{},"policies":{"p":[]}}}`, `roles.a.policies.p: roles.a.policies.p must be an object, not a list`},
		{"roles", `{"a":{"trust":{},"policies":{"p":{"x":[{"__proto__":1}]}}}}`, `roles.a.policies.p.x[0].__proto__: roles.a.policies.p.x[0].__proto__ has a name with a meaning of its own in JavaScript (use another name)`},
		{"parameters", `{"constructor":"a","prototype":"b"}`, "parameters.constructor: parameters.constructor has a name with a meaning of its own in JavaScript (use another name)\nparameters.prototype: parameters.prototype has a name with a meaning of its own in JavaScript (use another name)"},
		{"parameters", `{"a\"b":1}`, `parameters["a\"b"]: parameters["a\"b"] must be a text, not 1`},
		{"extra", `[1e999]`, `extra[0]: extra[0] is 1e999, more than a number can be`},
		{"share", `-1e999`, `share: share is -1e999, more than a number can be`},
		{"share", `"1"`, `share: share must be a number, not "1"`},
		{"small", `128`, `small: small is 128, more than a whole number can be`},
		{"count", `-1`, `count: count must not be negative: -1`},
		{"matrix", `[[1],[2,"x"]]`, `matrix[1][1]: matrix[1][1] must be a whole number, not "x"`},
		{"tree", `{"children":[{"children":[{"leaf":1}]}]}`, `tree.children[0].children[0].leaf: tree.children[0].children[0].leaf must be a text, not 1`},
		{"alias", ``, `alias: alias is not valid JSON: unexpected end of JSON input`},
		{"alias", `"a" 1`, `alias: alias is not valid JSON: invalid character '1' after top-level value`},
		{"alias", `NaN`, `alias: alias is not valid JSON: invalid character 'N' looking for beginning of value`},
		{"extra", strings.Repeat("[", 1_000_000), `extra: extra is not valid JSON: invalid character '[' exceeded max depth`},
		{"extra", strings.Repeat("[", 1000) + strings.Repeat("]", 1000), `extra: extra is not valid JSON: nests deeper than 128 levels`},
	}
	s := New(draftType, documents)
	for _, tt := range tests {
		t.Run(tt.key+" "+tt.value[:min(len(tt.value), 40)], func(t *testing.T) {
			t.Parallel()
			var lines []string
			for _, p := range s.Check(tt.key, []byte(tt.value)) {
				line := p.Path + ": " + p.Message
				if p.Hint != "" {
					line += " (" + p.Hint + ")"
				}
				lines = append(lines, line)
			}
			require.Equal(t, tt.want, strings.Join(lines, "\n"))
		})
	}
}

func TestProblemsAreSortedByPath(t *testing.T) {
	t.Parallel()
	problems := New(draftType, documents).Check("budget", []byte(`{"recipients":1,"limit":"a","currency":2}`))
	var paths []string
	for _, p := range problems {
		paths = append(paths, p.Path)
	}
	require.Equal(t, []string{"budget.currency", "budget.limit", "budget.recipients"}, paths)
}

func TestTypesThatHaveNoShape(t *testing.T) {
	t.Parallel()
	type own struct {
		D Document `json:"d"`
	}
	type channel struct {
		C chan int `json:"c"`
	}
	type keys struct {
		M map[int]string `json:"m"`
	}
	type binary struct {
		B []byte `json:"b"`
	}
	for want, make := range map[string]func(){
		"shape of string: is no struct": func() { New(reflect.TypeFor[string]()) },
		"shape of shape.Document: it has JSON of its own; pass it as AnyJSON or AnyObject": func() { New(reflect.TypeFor[own]()) },
		"shape of chan int: JSON has no chan":                                              func() { New(reflect.TypeFor[channel]()) },
		"shape of map[int]string: its keys are no texts":                                   func() { New(reflect.TypeFor[keys]()) },
		"shape of []uint8: hooks have no bytes":                                            func() { New(reflect.TypeFor[binary]()) },
	} {
		require.PanicsWithValue(t, want, make)
	}
}

// What passes can be decoded, and what cannot be decoded does not pass.
func FuzzCheck(f *testing.F) {
	f.Add("budget", `{"limit":1,"actual":[1.5]}`)
	f.Add("roles", `{"a":{"trust":{"accounts":["x"]},"policies":{"p":{}}}}`)
	f.Add("extra", `[null,{"a":1e99}]`)
	f.Add("tree", `{"children":[{"Leaf":"a"}]}`)
	s := New(reflect.TypeFor[fuzzed]())
	f.Fuzz(func(t *testing.T, key, text string) {
		problems := s.Check(key, []byte(text))
		object, err := json.Marshal(map[string]json.RawMessage{key: json.RawMessage(text)})
		if err != nil {
			require.NotEmpty(t, problems)
			return
		}
		var into fuzzed
		if err := json.Unmarshal(object, &into); err != nil {
			require.NotEmpty(t, problems, "%v", err)
		}
	})
}

// fuzzed is the draft without what has JSON of its own.
type fuzzed struct {
	Budget *Budget           `json:"budget,omitempty"`
	Stage  Stage             `json:"stage,omitempty"`
	Tree   *Tree             `json:"tree,omitempty"`
	Extra  json.RawMessage   `json:"extra,omitempty"`
	Trusts map[string]*Trust `json:"trusts,omitempty"`
	Small  int8              `json:"small,omitempty"`
	Count  uint16            `json:"count,omitempty"`
	Share  float64           `json:"share,omitempty"`
}

func BenchmarkCheck(b *testing.B) {
	s := New(draftType, documents)
	text := []byte(`{"read-only":{"trust":{"accounts":["core/audit","core/security"],"mfa":true},"description":"Reads","policies":{"p":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":"*"}]}}}}`)
	b.ReportAllocs()
	for b.Loop() {
		if len(s.Check("roles", text)) > 0 {
			b.Fatal("refused")
		}
	}
}

// The reader of our own reads what encoding/json reads.
func FuzzRead(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e-3,true,false,null,"b\\\"\u00e9"],"":{}}`, " [ ] ", `"a"x`, `{"a" : { } , "b" : [ [ ] ] }`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := read([]byte(text))
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		var want any
		if wrong := json.Unmarshal([]byte(text), new(json.RawMessage)); wrong != nil {
			require.Error(t, err)
			return
		}
		require.NoError(t, dec.Decode(&want))
		if err == nil && utf8.ValidString(text) {
			require.Equal(t, want, plain(v))
		}
	})
}

func plain(v value) any {
	switch v.token {
	case json.Delim('{'):
		out := map[string]any{}
		for _, m := range v.members {
			out[m.name] = plain(m.value)
		}
		return out
	case json.Delim('['):
		out := []any{}
		for _, i := range v.items {
			out = append(out, plain(i))
		}
		return out
	}
	return v.token
}
