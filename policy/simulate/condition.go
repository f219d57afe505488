package simulate

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// operator of a condition.
// Source: IAM User Guide, IAM JSON policy elements: Condition operators; Single-valued vs. multivalued
// context keys for the two set operators.
type operator struct {
	// name is the base name as AWS writes it.
	name string
	// family is one of the names below; compare is what the names of a family differ in.
	family  family
	compare comparison
	negated bool
	set     setOperator
	// optional is ...IfExists.
	optional bool
}

type family byte

const (
	stringFamily family = iota
	numericFamily
	dateFamily
	boolFamily
	binaryFamily
	ipFamily
	arnFamily
	nullFamily
)

type comparison byte

const (
	equals comparison = iota
	ignoreCase
	like
	less
	lessOrEqual
	greater
	greaterOrEqual
)

type setOperator byte

const (
	single setOperator = iota
	forAllValues
	forAnyValue
)

func baseOperators() []operator {
	return []operator{
		{name: "StringEquals"}, {name: "StringNotEquals", negated: true},
		{name: "StringEqualsIgnoreCase", compare: ignoreCase}, {name: "StringNotEqualsIgnoreCase", compare: ignoreCase, negated: true},
		{name: "StringLike", compare: like}, {name: "StringNotLike", compare: like, negated: true},
		{name: "NumericEquals", family: numericFamily}, {name: "NumericNotEquals", family: numericFamily, negated: true},
		{name: "NumericLessThan", family: numericFamily, compare: less}, {name: "NumericLessThanEquals", family: numericFamily, compare: lessOrEqual},
		{name: "NumericGreaterThan", family: numericFamily, compare: greater}, {name: "NumericGreaterThanEquals", family: numericFamily, compare: greaterOrEqual},
		{name: "DateEquals", family: dateFamily}, {name: "DateNotEquals", family: dateFamily, negated: true},
		{name: "DateLessThan", family: dateFamily, compare: less}, {name: "DateLessThanEquals", family: dateFamily, compare: lessOrEqual},
		{name: "DateGreaterThan", family: dateFamily, compare: greater}, {name: "DateGreaterThanEquals", family: dateFamily, compare: greaterOrEqual},
		{name: "Bool", family: boolFamily}, {name: "BinaryEquals", family: binaryFamily},
		{name: "IpAddress", family: ipFamily}, {name: "NotIpAddress", family: ipFamily, negated: true},
		// ArnEquals and ArnLike behave identically.
		{name: "ArnEquals", family: arnFamily}, {name: "ArnNotEquals", family: arnFamily, negated: true},
		{name: "ArnLike", family: arnFamily}, {name: "ArnNotLike", family: arnFamily, negated: true},
		{name: "Null", family: nullFamily},
	}
}

// parseOperator reads an operator's name, whose case does not matter.
func parseOperator(name string) (operator, bool) {
	lower := strings.ToLower(name)
	set := single
	if rest, ok := strings.CutPrefix(lower, "forallvalues:"); ok {
		lower, set = rest, forAllValues
	} else if rest, ok := strings.CutPrefix(lower, "foranyvalue:"); ok {
		lower, set = rest, forAnyValue
	}
	lower, optional := strings.CutSuffix(lower, "ifexists")
	for _, o := range baseOperators() {
		// Null asks whether the key exists, so that it cannot depend on its existence.
		if strings.ToLower(o.name) == lower && (!optional || o.family != nullFamily) {
			o.set, o.optional = set, optional
			return o, true
		}
	}
	return operator{}, false
}

func (o operator) String() string {
	name := [...]string{single: "", forAllValues: "ForAllValues:", forAnyValue: "ForAnyValue:"}[o.set] + o.name
	if o.optional {
		name += "IfExists"
	}
	return name
}

// literal says what a value of the policy should be and is not, "" where it is right. The two pages of
// AWS disagree on whether Bool takes a policy variable; it is read as one.
func (o operator) literal(text string) string {
	switch o.family {
	case numericFamily:
		if _, ok := parseNumber(text); !ok {
			return "a number"
		}
	case dateFamily:
		if _, ok := parseDate(text); !ok {
			return "a date"
		}
	case boolFamily:
		if _, ok := parseBool(text); !ok && !strings.Contains(text, "${") {
			return "true or false"
		}
	case nullFamily:
		if _, ok := parseBool(text); !ok {
			return "true or false"
		}
	case binaryFamily:
		if _, err := base64.StdEncoding.DecodeString(text); err != nil {
			return "base64"
		}
	case ipFamily:
		if _, ok := parsePrefix(text); !ok {
			return "an IP address or range"
		}
	}
	return ""
}

// number is exact for integers of 64 bits, such as ids and epochs.
type number struct {
	exact   bool
	integer int64
	float   float64
}

var decimal = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

func parseNumber(text string) (number, bool) {
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number{exact: true, integer: i, float: float64(i)}, true
	}
	if !decimal.MatchString(text) {
		return number{}, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return number{float: f}, err == nil
}

func (n number) compare(m number) int {
	switch {
	case n.exact && m.exact && n.integer != m.integer:
		if n.integer < m.integer {
			return -1
		}
		return 1
	case n.exact && m.exact || n.float == m.float:
		return 0
	case n.float < m.float:
		return -1
	}
	return 1
}

// parseDate reads the W3C profile of ISO 8601, and seconds since 1970. Four digits are a year.
func parseDate(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	n, ok := parseNumber(text)
	if !ok || !n.exact {
		return time.Time{}, false
	}
	return time.Unix(n.integer, 0), true
}

func parseBool(text string) (value, ok bool) {
	return strings.EqualFold(text, "true"), strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
}

// parsePrefix reads an address or a range; one without a prefix length is a single address.
func parsePrefix(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// condition is a compiled Condition.
type condition struct {
	operator
	key      *keyRef
	values   []operand
	patterns []*pattern // of the string operators and Bool
}

type operand struct {
	arn    *arnPattern
	number number
	date   time.Time
	want   bool
	binary []byte
	prefix netip.Prefix
}

func compileCondition(c Condition, vars bool) (*condition, *Error) {
	o, ok := parseOperator(c.Operator)
	if !ok {
		return nil, fail(c.Offset, "%q is not a condition operator", c.Operator)
	}
	out := &condition{operator: o, key: newKey(c.Key)}
	for _, text := range c.Values {
		if problem := o.literal(text); problem != "" {
			return nil, fail(c.Offset, "%q is not %s, which %s compares", text, problem, c.Operator)
		}
		var v operand
		switch o.family {
		case stringFamily, boolFamily:
			out.patterns = append(out.patterns, compilePattern(text, o.compare == like, vars))
			continue
		case numericFamily:
			v.number, _ = parseNumber(text)
		case dateFamily:
			v.date, _ = parseDate(text)
		case nullFamily:
			v.want, _ = parseBool(text)
		case binaryFamily:
			v.binary, _ = base64.StdEncoding.DecodeString(text)
		case ipFamily:
			v.prefix, _ = parsePrefix(text)
		case arnFamily:
			v.arn = compileARN(text, vars)
		}
		out.values = append(out.values, v)
	}
	return out, nil
}

// holds evaluates the condition. Doubt is what AWS does not document.
func (c *condition) holds(v *view) result {
	values, known := v.values(c.key)
	if c.family == nullFamily {
		return c.null(values, known, v)
	}
	empty := len(values) == 0
	if c.set != single {
		// An empty data set, such as an empty text, is as no value for the set operators.
		empty = allEmpty(values)
	}
	if empty {
		if !known {
			v.miss(c.key)
		}
		switch {
		case c.optional || c.set == forAllValues:
			return yes
		case c.set == forAnyValue:
			return no
		}
		// The key is not there: what should match does not, what should not match holds.
		return truth(c.negated)
	}
	all, some := yes, no
	for _, value := range values {
		r := c.one(value, v)
		all, some = and(all, r), or(some, r)
	}
	switch {
	case c.set == forAllValues || all == some:
		return all
	case c.set == forAnyValue:
		return some
	}
	// AWS wants a set operator for a key with several values and does not say what happens without.
	return doubt
}

func allEmpty(values []string) bool {
	for _, v := range values {
		if v != "" {
			return false
		}
	}
	return true
}

// null checks whether the key is missing. AWS speaks of keys with empty values as null where it explains
// the set operators, and not elsewhere: a text that is empty is in doubt.
func (c *condition) null(values []string, known bool, v *view) result {
	if len(values) == 0 && !known {
		v.miss(c.key)
	}
	if len(values) > 0 && allEmpty(values) {
		return doubt
	}
	for _, want := range c.values {
		if want.want == (len(values) == 0) {
			return yes
		}
	}
	return no
}

// one compares one value of the request with all of the policy's: one of them must match, or none where
// the operator is negated.
func (c *condition) one(value string, v *view) result {
	r := no
	for _, p := range c.patterns {
		r = or(r, c.text(p, value, v))
	}
	var arn *arnValue
	if c.family == arnFamily {
		arn = v.arn(value)
	}
	for i := 0; i < len(c.values) && r != yes; i++ {
		if want := &c.values[i]; c.family == arnFamily {
			r = or(r, c.arn(want.arn, arn, v))
		} else {
			r = or(r, c.value(want, value))
		}
	}
	if c.negated {
		return not(r)
	}
	return r
}

// unresolved is the answer where a policy variable has no value: it matches nothing, and AWS says that
// the statement may be invalid, so that a negated operator is in doubt.
func (c *condition) unresolved() result {
	if c.negated {
		return doubt
	}
	return no
}

func (c *condition) text(p *pattern, value string, v *view) result {
	if c.compare == like {
		matched, resolved := p.match(value, v)
		if !resolved {
			return c.unresolved()
		}
		return truth(matched)
	}
	want := p.text
	if p.variables {
		tokens, ok := p.resolve(v)
		if !ok {
			return c.unresolved()
		}
		want = bytesOf(tokens)
	}
	switch {
	case c.family == boolFamily:
		a, okA := parseBool(want)
		b, okB := parseBool(value)
		if !okA || !okB {
			return doubt
		}
		return truth(a == b)
	case c.compare == ignoreCase:
		return truth(strings.EqualFold(want, value))
	}
	return truth(want == value)
}

// value compares where the policy's value is not a text. A value of the request that is not of the kind
// is in doubt.
func (c *condition) value(want *operand, value string) result {
	switch c.family {
	case numericFamily:
		n, ok := parseNumber(value)
		if !ok {
			return doubt
		}
		return truth(c.ordered(n.compare(want.number)))
	case dateFamily:
		t, ok := parseDate(value)
		if !ok {
			return doubt
		}
		return truth(c.ordered(t.Compare(want.date)))
	case binaryFamily:
		// The request carries binary values as base64, as the policy does.
		b, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return doubt
		}
		return truth(bytes.Equal(b, want.binary))
	}
	a, err := netip.ParseAddr(value)
	if err != nil {
		return doubt
	}
	return truth(want.prefix.Contains(a.Unmap()) || want.prefix.Contains(a))
}

func (c *condition) arn(want *arnPattern, value *arnValue, v *view) result {
	r := want.match(value, v)
	if r == doubt && want.whole == nil {
		return c.unresolved()
	}
	return r
}

func (c *condition) ordered(order int) bool {
	switch c.compare {
	case less:
		return order < 0
	case lessOrEqual:
		return order <= 0
	case greater:
		return order > 0
	case greaterOrEqual:
		return order >= 0
	}
	return order == 0
}
