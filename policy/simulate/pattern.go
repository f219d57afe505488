package simulate

import (
	"strings"
	"unicode/utf8"
)

// result of a comparison. AWS does not document every one; doubt is decided by the statement's effect.
type result int8

const (
	no result = iota
	doubt
	yes
)

// or: one of several values is enough.
func or(a, b result) result { return max(a, b) }

// and: all must hold.
func and(a, b result) result { return min(a, b) }

func not(r result) result { return yes - r }

func truth(b bool) result {
	if b {
		return yes
	}
	return no
}

// The kinds of a token of a pattern.
const (
	literal byte = iota
	anyOne
	anyRun
	variable
)

type token struct {
	kind byte
	// b is the byte of a literal.
	b byte
	// key and fallback are of a variable.
	key         *keyRef
	fallback    string
	hasFallback bool
}

// pattern is a text of a policy: with wildcards, and with policy variables.
type pattern struct {
	// tokens is nil where the whole text is literal.
	tokens []token
	// text is the whole text where it is literal, else the literal part before the first other token.
	text string
	// tail is the literal part after the last other token.
	tail string
	// every is the pattern "*".
	every bool
	// run says that text, one *, and tail are all of it.
	run bool
	// variables are in the text.
	variables bool
}

// compilePattern reads wildcards where wild is set and policy variables where vars is. Variables are plain
// text in a document of 2008.
// Source: IAM User Guide, IAM policy elements: Variables and tags.
func compilePattern(text string, wild, vars bool) *pattern {
	p := &pattern{}
	var tokens []token
	plain := true
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case wild && c == '*':
			plain = false
			if len(tokens) == 0 || tokens[len(tokens)-1].kind != anyRun {
				tokens = append(tokens, token{kind: anyRun})
			}
		case wild && c == '?':
			plain = false
			tokens = append(tokens, token{kind: anyOne})
		case vars && c == '$' && strings.HasPrefix(text[i:], "${"):
			t, size := compileVariable(text[i:])
			switch {
			case size == 0:
				tokens = append(tokens, token{b: c})
				continue
			case t.kind == variable:
				plain, p.variables = false, true
			}
			tokens = append(tokens, t)
			i += size - 1
		default:
			tokens = append(tokens, token{b: c})
		}
	}
	if plain {
		p.text = bytesOf(tokens)
		return p
	}
	p.every = len(tokens) == 1 && tokens[0].kind == anyRun
	first, last := 0, len(tokens)
	for tokens[first].kind == literal {
		first++
	}
	for tokens[last-1].kind == literal {
		last--
	}
	p.tokens, p.text, p.tail = tokens, bytesOf(tokens[:first]), bytesOf(tokens[last:])
	p.run = last-first == 1 && tokens[first].kind == anyRun
	return p
}

func bytesOf(tokens []token) string {
	b := make([]byte, 0, len(tokens))
	for _, t := range tokens {
		b = append(b, t.b)
	}
	return string(b)
}

// compileVariable reads ${key}, ${key, 'default'}, ${*}, ${?} and ${$}. A size of 0 says that the text is
// none of these and stays as it is.
func compileVariable(text string) (token, int) {
	end := strings.IndexByte(text, '}')
	if end < 0 {
		return token{}, 0
	}
	inner := text[2:end]
	switch inner {
	case "*", "?", "$":
		return token{b: inner[0]}, end + 1
	case "":
		return token{}, 0
	}
	key, fallback, found := strings.Cut(text[2:], ",")
	fallback = strings.TrimLeft(fallback, " ")
	if !found || len(key) > end-2 || !strings.HasPrefix(fallback, "'") {
		return token{kind: variable, key: newKey(strings.TrimSpace(inner))}, end + 1
	}
	// The default may have a brace in it: it ends at its closing quote.
	value, rest, closed := strings.Cut(fallback[1:], "'")
	after := strings.TrimLeft(rest, " ")
	if !closed || !strings.HasPrefix(after, "}") {
		return token{}, 0
	}
	return token{kind: variable, key: newKey(strings.TrimSpace(key)), fallback: value, hasFallback: true}, len(text) - len(after) + 1
}

// resolve replaces the variables; ok is false where one has no value. Wildcards in a value are plain text:
// AWS does not document it, but a tag must not widen a policy.
func (p *pattern) resolve(v *view) (tokens []token, ok bool) {
	if !p.variables {
		return p.tokens, true
	}
	out := make([]token, 0, len(p.tokens)+32)
	for _, t := range p.tokens {
		if t.kind != variable {
			out = append(out, t)
			continue
		}
		values, _ := v.values(t.key)
		text := t.fallback
		switch {
		// A key with several values cannot be a variable.
		// Source: IAM User Guide, Single-valued vs. multivalued context keys.
		case len(values) == 1 && values[0] != "":
			text = values[0]
		case !t.hasFallback:
			return nil, false
		}
		for i := 0; i < len(text); i++ {
			out = append(out, token{b: text[i]})
		}
	}
	return out, true
}

// match compares a text; resolved is false where a variable of the pattern has no value.
func (p *pattern) match(text string, v *view) (matched, resolved bool) {
	switch {
	case p.every:
		return true, true
	case p.tokens == nil:
		return p.text == text, true
	case !strings.HasPrefix(text, p.text) || !strings.HasSuffix(text, p.tail):
		if !p.variables {
			return false, true
		}
	case p.run:
		return len(text) >= len(p.text)+len(p.tail), true
	}
	tokens, ok := p.resolve(v)
	if !ok {
		return false, false
	}
	return glob(tokens, text), true
}

// glob matches tokens without variables. A question mark stands for one character, not for one byte.
func glob(tokens []token, text string) bool {
	t, i := 0, 0
	backT, backI := -1, 0
	for i < len(text) || t < len(tokens) {
		if t < len(tokens) {
			switch k := tokens[t]; {
			case k.kind == anyRun:
				backT, backI = t, i
				t++
				continue
			case i < len(text) && k.kind == anyOne:
				_, size := utf8.DecodeRuneInString(text[i:])
				t++
				i += size
				continue
			case i < len(text) && k.kind == literal && k.b == text[i]:
				t++
				i++
				continue
			}
		}
		// Let the last run take one character more.
		if backT < 0 || backI >= len(text) {
			return false
		}
		_, size := utf8.DecodeRuneInString(text[backI:])
		backI += size
		t, i = backT+1, backI
	}
	return true
}

// resourcePattern is an entry of Resource or NotResource.
type resourcePattern struct {
	whole *pattern
	// parts compares segment by segment. AWS documents that a * that ends a segment goes on past the colon
	// and says nothing of other wildcards in the first five segments: what leaves those is in doubt.
	parts *arnPattern
	// misplaced is a variable before the fifth colon, where AWS has none.
	misplaced bool
}

// Source: IAM User Guide, IAM JSON policy elements: Resource, Using wildcards in resource ARNs; IAM policy
// elements: Variables and tags, Resource element.
func compileResource(text string, vars bool) *resourcePattern {
	r := &resourcePattern{whole: compilePattern(text, true, vars)}
	if r.whole.tokens == nil {
		return r
	}
	segment := 0
	for i := 0; i < len(text) && segment < 5; i++ {
		switch c := text[i]; {
		case c == ':':
			segment++
		case c == '$' && vars && strings.HasPrefix(text[i:], "${"):
			r.misplaced = true
		case c == '?', c == '*' && i+1 < len(text) && text[i+1] != ':':
			r.parts = compileARN(text, vars)
		}
	}
	return r
}

// match compares a resource; of NotResource, a variable without value is in doubt.
func (r *resourcePattern) match(resource string, negated bool, v *view) result {
	matched, resolved := r.whole.match(resource, v)
	switch {
	case !resolved && negated:
		return doubt
	case !matched:
		return no
	case r.misplaced:
		return doubt
	case r.parts != nil:
		if r.parts.match(v.arn(resource), v) != yes {
			return doubt
		}
	}
	return yes
}

// arnPattern compares the six parts of an ARN one by one, as the ARN operators do.
// Source: IAM User Guide, IAM JSON policy elements: Condition operators, ARN condition operators.
type arnPattern struct {
	parts []*pattern
	// whole is set where the text is not an ARN of six parts.
	whole *pattern
}

func compileARN(text string, vars bool) *arnPattern {
	segments, ok := splitARN(text)
	if !ok {
		return &arnPattern{whole: compilePattern(text, true, vars)}
	}
	a := &arnPattern{}
	for _, s := range segments {
		a.parts = append(a.parts, compilePattern(s, true, vars))
	}
	return a
}

// splitARN splits at the first five colons that are not in a variable.
func splitARN(text string) (segments [6]string, ok bool) {
	n, start, braces := 0, 0, false
	for i := 0; i < len(text) && n < 5; i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			braces = true
		case text[i] == '}':
			braces = false
		case text[i] == ':' && !braces:
			segments[n] = text[start:i]
			n, start = n+1, i+1
		}
	}
	segments[n] = text[start:]
	return segments, n == 5
}

// arnValue is a value of a request, split once for many patterns.
type arnValue struct {
	text  string
	parts [6]string
	ok    bool
}

func newARN(text string) arnValue {
	a := arnValue{text: text}
	rest := text
	for i := range 5 {
		if a.parts[i], rest, a.ok = strings.Cut(rest, ":"); !a.ok {
			return a
		}
	}
	a.parts[5] = rest
	return a
}

// match says yes or no; doubt where the policy's text is not an ARN but would match as a text, and where
// a variable has no value and the rest does not decide.
func (a *arnPattern) match(value *arnValue, v *view) result {
	if a.whole != nil {
		matched, resolved := a.whole.match(value.text, v)
		if matched || !resolved {
			return doubt
		}
		return no
	}
	if !value.ok {
		return no
	}
	unresolved := false
	// From the end, where ARNs differ most.
	for i := len(a.parts) - 1; i >= 0; i-- {
		matched, resolved := a.parts[i].match(value.parts[i], v)
		switch {
		case !resolved:
			unresolved = true
		case !matched:
			return no
		}
	}
	if unresolved {
		return doubt
	}
	return yes
}
