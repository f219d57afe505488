package match

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var prod = Subject{
	Organization: "payments",
	Kind:         "workload",
	Unit:         "Workloads/Prod/eu",
	Account:      "payments-prod",
	State:        "active",
	Tags:         map[string]string{"environment": "prod", "cost-center": "", "owner": "team/payments"},
}

func TestMatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		match string
		want  bool
	}{
		{"empty", `{}`, true},
		{"every field", `{"organization":"payments","kind":"workload","unit":"Workloads/**","account":"payments-*","state":"active","tags":{"environment":"prod"},"not":{"account":"x"}}`, true},
		{"one field does not hold", `{"organization":"payments","kind":"sandbox"}`, false},
		{"one of a list", `{"account":["x","payments-????"]}`, true},
		{"none of a list", `{"account":["x","payments-???"]}`, false},
		{"case differs", `{"account":"Payments-prod"}`, false},
		{"unit: one level", `{"unit":"Workloads/*"}`, false},
		{"unit: two levels", `{"unit":"Workloads/*/*"}`, true},
		{"unit: none", `{"unit":""}`, false},
		{"tag", `{"tags":{"environment":["dev","prod"]}}`, true},
		{"tag of another value", `{"tags":{"environment":"dev"}}`, false},
		{"tag that is missing", `{"tags":{"team":"*"}}`, false},
		{"tag that is empty", `{"tags":{"cost-center":"*"}}`, true},
		{"tag that must be empty", `{"tags":{"cost-center":""}}`, true},
		{"tag with a slash", `{"tags":{"owner":"*"}}`, true},
		{"tag with a slash in a list", `{"tags":{"owner":["x","*"]}}`, true},
		{"tag with a slash, in part", `{"tags":{"owner":"team*"}}`, false},
		{"one of two tags", `{"tags":{"environment":"prod","team":"*"}}`, false},
		{"no tags", `{"tags":{}}`, true},
		{"not", `{"not":{"tags":{"environment":"prod"}}}`, false},
		{"not, where one field does not hold", `{"not":{"tags":{"environment":"prod"},"account":"x"}}`, true},
		{"not not", `{"not":{"not":{"account":"payments-prod"}}}`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, problems := Parse([]byte(tt.match))
			require.Empty(t, problems)
			require.Equal(t, tt.want, m.Matches(prod))
		})
	}
	require.True(t, (*Match)(nil).Matches(prod))
	require.True(t, (&Match{}).Matches(Subject{}))
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern string
		yes, no []string
	}{
		{pattern: "", yes: []string{""}, no: []string{"a"}},
		{pattern: "a", yes: []string{"a"}, no: []string{"", "A", "aa"}},
		{pattern: "*", yes: []string{"", "a", "a b"}, no: []string{"/", "a/b"}},
		{pattern: "**", yes: []string{"", "a", "a/b", "a\nb", "\xff"}},
		{pattern: "?", yes: []string{"a", "é", "\n"}, no: []string{"", "/", "aa"}},
		{pattern: "a*", yes: []string{"a", "ab"}, no: []string{"a/b", "ba"}},
		{pattern: "*a*", yes: []string{"a", "bab"}, no: []string{"b", "a/"}},
		{pattern: "a**", yes: []string{"a", "ab", "a/b/c"}, no: []string{"ba"}},
		{pattern: "a**b", yes: []string{"ab", "a/b", "axx/xb"}, no: []string{"a/bc"}},
		{pattern: "a/**", yes: []string{"a", "a/b", "a/b/c", "a/"}, no: []string{"ab", "b/a", ""}},
		{pattern: "**/a", yes: []string{"a", "b/a", "c/b/a"}, no: []string{"ba", "a/b"}},
		{pattern: "a/**/b", yes: []string{"a/b", "a/x/b", "a/x/y/b"}, no: []string{"ab", "a/xb", "a/b/x"}},
		{pattern: "**/a/**", yes: []string{"a", "x/a", "a/x", "x/a/y"}, no: []string{"xa", "ax"}},
		{pattern: "a/*/**", yes: []string{"a/b", "a/b/c"}, no: []string{"a"}},
		{pattern: "**/**", yes: []string{"", "a", "a/b"}},
		{pattern: "a.b+(c)[d]{e,f}^$|\\", yes: []string{"a.b+(c)[d]{e,f}^$|\\"}, no: []string{"axb"}},
		{pattern: `(?i)a*`, yes: []string{"(xi)ab"}, no: []string{"A"}},
		{pattern: "é*", yes: []string{"é", "éa"}, no: []string{"e"}},
	}
	for _, tt := range tests {
		t.Run(tt.pattern, func(t *testing.T) {
			t.Parallel()
			p, err := compile(tt.pattern)
			require.NoError(t, err)
			for _, s := range tt.yes {
				require.True(t, p.holds(s), "%q", s)
			}
			for _, s := range tt.no {
				require.False(t, p.holds(s), "%q", s)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", MaxPattern+1)
	tests := []struct{ match, want string }{
		{``, "match is not valid JSON: unexpected end of JSON input"},
		{`{"unit":`, "match is not valid JSON: unexpected end of JSON input"},
		{`{} {}`, "match is not valid JSON: invalid character '{' after top-level value"},
		{`null`, "match must be an object, not null"},
		{`[]`, "match must be an object, not a list"},
		{`"prod"`, "match must be an object, not a text"},
		{`{"units":"a"}`, `match has no field "units" (a match has organization, kind, unit, account, state, tags and not)`},
		{`{"Unit":"a"}`, `match has no field "Unit" (a match has organization, kind, unit, account, state, tags and not)`},
		{`{"ou-path":"a"}`, `match has no field "ou-path" (a match has organization, kind, unit, account, state, tags and not)`},
		{`{"unit":null}`, "match.unit must be a pattern or a list of patterns, not null"},
		{`{"unit":1}`, "match.unit must be a pattern or a list of patterns, not a number"},
		{`{"unit":true}`, "match.unit must be a pattern or a list of patterns, not true or false"},
		{`{"unit":{}}`, "match.unit must be a pattern or a list of patterns, not an object"},
		{`{"unit":[]}`, "match.unit is an empty list, which matches nothing (leave it out to match everything)"},
		{`{"unit":["a",["b"]]}`, "match.unit[1] must be a pattern, not a list"},
		{`{"unit":"/a//b/"}`, `match.unit has a slash that no path of units has (write "a/b")`},
		{`{"account":""}`, "match.account is empty, which matches nothing (leave it out to match everything)"},
		{`{"account":"a***"}`, `match.account has three asterisks in a row: "a***" (* is any run without a slash, ** any run, ? one character)`},
		{`{"account":"` + long + `"}`, "match.account is longer than 1024 bytes (* is any run without a slash, ** any run, ? one character)"},
		{`{"tags":"a"}`, "match.tags must be an object of patterns by tag, not a text"},
		{`{"tags":{"cost-center":null}}`, `match.tags["cost-center"] must be a pattern or a list of patterns, not null`},
		{`{"tags":{"cost-*":"a"}}`, `match.tags["cost-*"] is not the name of a tag (the name of a tag is written out; patterns are for its value)`},
		{`{"not":{}}`, "match.not is empty, so that the hook would match nothing (leave it out)"},
		{`{"not":{"tags":{"a":[1]}}}`, "match.not.tags.a[0] must be a pattern, not a number"},
		{
			strings.Repeat(`{"not":`, 9) + `{"unit":"a"}` + strings.Repeat("}", 9),
			"match" + strings.Repeat(".not", 9) + " has more than 8 levels of not (write the condition in the hook itself)",
		},
		{`{"unit":1,"account":2,"kind":[3,"a",4]}`, `match.account must be a pattern or a list of patterns, not a number
match.kind[0] must be a pattern, not a number
match.kind[2] must be a pattern, not a number
match.unit must be a pattern or a list of patterns, not a number`},
	}
	for _, tt := range tests {
		t.Run(tt.match, func(t *testing.T) {
			t.Parallel()
			m, problems := Parse([]byte(tt.match))
			require.Nil(t, m)
			var lines []string
			for _, p := range problems {
				line := p.Message
				require.True(t, strings.HasPrefix(p.Path, "match"), p.Path)
				if p.Hint != "" {
					line += " (" + p.Hint + ")"
				}
				lines = append(lines, line)
			}
			require.Equal(t, tt.want, strings.Join(lines, "\n"))
		})
	}
}

func TestJSONOfAMatchIsWhatWasParsed(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`,
		`{"unit":"Workloads/**"}`,
		`{"organization":["a","b"],"tags":{"cost-center":"*","x":["1","2"]},"not":{"state":"closed"}}`,
	} {
		m, problems := Parse([]byte(text))
		require.Empty(t, problems)
		got, err := json.Marshal(m)
		require.NoError(t, err)
		require.JSONEq(t, text, string(got))
	}
}

// A matcher that tries and goes back takes years for this.
func TestMatchIsLinear(t *testing.T) {
	t.Parallel()
	p, err := compile(strings.Repeat("*a**b?", 100))
	require.NoError(t, err)
	start := time.Now()
	require.False(t, p.holds(strings.Repeat("ab/a", 1000)+"c"))
	require.Less(t, time.Since(start), 5*time.Second)
}

func FuzzParse(f *testing.F) {
	f.Add(`{"unit":["Workloads/**","a?"],"tags":{"a":"*"},"not":{"account":"x*"}}`, "Workloads/a")
	f.Add(`{"tags":{"__proto__":"\ud800"},"not":{"not":{"kind":"a/**/b"}}}`, "a\xff")
	f.Fuzz(func(t *testing.T, text, subject string) {
		m, problems := Parse([]byte(text))
		require.Equal(t, m == nil, len(problems) > 0)
		if m == nil {
			return
		}
		s := Subject{Organization: subject, Kind: subject, Unit: subject, Account: subject, State: subject, Tags: map[string]string{"a": subject}}
		again, err := json.Marshal(m)
		require.NoError(t, err)
		second, problems := Parse(again)
		require.Empty(t, problems)
		require.Equal(t, m.Matches(s), second.Matches(s))
		require.NotEqual(t, m.Matches(s), (&Match{Not: m}).Matches(s))
	})
}

// FuzzPattern compares the compiled pattern with a plain reading of what a pattern is.
func FuzzPattern(f *testing.F) {
	for _, s := range [][2]string{{"a/**", "a"}, {"**/a", "b/a"}, {"a/**/b", "a/x/b"}, {"a**b?", "a/bc"}, {"*.?", "é.\xff"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 12 || len(text) > 12 {
			return // the plain reading takes exponential time
		}
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) {
			return // JSON has no such texts
		}
		p, err := compile(pattern)
		if err != nil {
			require.Contains(t, pattern, "***")
			return
		}
		require.Equal(t, plain([]rune(pattern), []rune(text), true), p.holds(text), "%q %q", pattern, text)
	})
}

func plain(p, s []rune, start bool) bool {
	has := func(prefix string) bool { return strings.HasPrefix(string(p), prefix) }
	any := func(rest []rune, from int, ok func(rune) bool) bool {
		for i := from; i <= len(s); i++ {
			if plain(rest, s[i:], false) {
				return true
			}
			if i < len(s) && !ok(s[i]) {
				return false
			}
		}
		return false
	}
	everything := func(rune) bool { return true }
	// afterSlash skips any run that ends in a slash, or nothing.
	afterSlash := func(rest []rune, from int) bool {
		if plain(rest, s[from:], false) {
			return true
		}
		for i := from; i < len(s); i++ {
			if s[i] == '/' && plain(rest, s[i+1:], false) {
				return true
			}
		}
		return false
	}
	switch {
	case len(p) == 0:
		return len(s) == 0
	case start && has("**/"):
		return afterSlash(p[3:], 0)
	case string(p) == "/**":
		return len(s) == 0 || s[0] == '/'
	case has("/**/"):
		return len(s) > 0 && s[0] == '/' && afterSlash(p[4:], 1)
	case has("**"):
		return any(p[2:], 0, everything)
	case has("*"):
		return any(p[1:], 0, func(r rune) bool { return r != '/' })
	case len(s) == 0:
		return false
	case p[0] == '?':
		return s[0] != '/' && plain(p[1:], s[1:], false)
	}
	return p[0] == s[0] && plain(p[1:], s[1:], false)
}

func BenchmarkMatches(b *testing.B) {
	var matches []*Match
	for i := range 20 {
		text := fmt.Sprintf(`{"organization":"org-%d*","unit":["Workloads/Prod/**","Workloads/*/eu-%d"],"tags":{"environment":["prod","production"],"cost-center":"*"},"not":{"account":"*-%d??"}}`, i%10, i, i)
		m, problems := Parse([]byte(text))
		require.Empty(b, problems)
		matches = append(matches, m)
	}
	var subjects []Subject
	for i := range 10_000 {
		subjects = append(subjects, Subject{
			Organization: fmt.Sprintf("org-%d", i%50), Kind: "workload", State: "active", Account: fmt.Sprintf("account-%d", i),
			Unit: []string{"Workloads/Prod/eu", "Workloads/Dev/eu-3", "Security", ""}[i%4],
			Tags: map[string]string{"environment": "prod", "cost-center": fmt.Sprint(i)},
		})
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, m := range matches {
			for _, s := range subjects {
				if m.Matches(s) {
					n++
				}
			}
		}
		require.NotZero(b, n)
	}
}
