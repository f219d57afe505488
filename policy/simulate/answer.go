package simulate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Decision of an evaluation.
type Decision string

// The decisions.
const (
	Allowed      Decision = "allowed"
	ExplicitDeny Decision = "explicit-deny"
	ImplicitDeny Decision = "implicit-deny"
)

// Answer of an evaluation.
type Answer struct {
	Allowed  bool     `json:"allowed"`
	Decision Decision `json:"decision"`
	// Layer decided; of several statements that deny, one that does for certain. Empty where nothing was in the way and no grants were given.
	Layer Layer `json:"layer,omitempty"`
	// Node is where the policy is attached, or where none allows.
	Node   string `json:"node,omitempty"`
	Policy string `json:"policy,omitempty"`
	Sid    string `json:"sid,omitempty"`
	// Statement is the number of the statement in its policy, from 1; 0 is none.
	Statement int `json:"statement,omitempty"`
	// NoSCP and NoRCP say why service and resource control policies were not evaluated.
	NoSCP string `json:"noScp,omitempty"`
	NoRCP string `json:"noRcp,omitempty"`
	// Unknown are condition keys that could change the answer and that the request does not tell, sorted.
	Unknown []string `json:"unknown,omitempty"`
	// Doubts are statements whose effect here AWS does not document; the answer is the one that denies.
	Doubts []string `json:"doubts,omitempty"`

	action string
}

func (a Answer) denied(s *statement, missing []*keyRef, doubtful bool) Answer {
	a.Decision = ExplicitDeny
	a.from(s)
	a.Unknown = names(missing)
	if doubtful {
		a.Doubts = []string{s.String()}
	}
	return a
}

func (a Answer) implicit(layer Layer, node string, v *view) Answer {
	a.Decision, a.Layer, a.Node = ImplicitDeny, layer, node
	// What only a Deny asked for cannot help.
	a.Unknown = names(v.unknown[v.mark:])
	for _, s := range v.doubts {
		if s.layer == layer && s.node == node {
			a.Doubts = append(a.Doubts, s.String())
		}
	}
	return a
}

func (a Answer) allowed(s *statement, v *view) Answer {
	a.Allowed, a.Decision = true, Allowed
	if s != nil {
		a.from(s)
	}
	a.Unknown = names(v.unknown)
	return a
}

func (a *Answer) from(s *statement) {
	a.Layer, a.Node, a.Policy, a.Sid, a.Statement = s.layer, s.node, s.policy, s.sid, s.number
}

func names(keys []*keyRef) []string {
	if len(keys) == 0 {
		return nil
	}
	var out []string
	for _, k := range keys {
		if !slices.ContainsFunc(out, func(name string) bool { return strings.EqualFold(name, k.name) }) {
			out = append(out, k.name)
		}
	}
	slices.Sort(out)
	return out
}

func (s *statement) String() string {
	text := fmt.Sprintf("statement %d", s.number)
	if s.sid != "" {
		text += " (" + s.sid + ")"
	}
	text += fmt.Sprintf(" of %s %q", s.layer.noun(), s.policy)
	if s.node != "" {
		text += fmt.Sprintf(" at %q", s.node)
	}
	return text
}

func (l Layer) noun() string {
	switch l {
	case SCP:
		return "service control policy"
	case RCP:
		return "resource control policy"
	case Boundary:
		return "permissions boundary"
	}
	return string(l) + " policy"
}

// Reason says in words why.
func (a Answer) Reason() string {
	action := a.action
	if action == "" {
		action = "the request"
	}
	by := (&statement{layer: a.Layer, node: a.Node, policy: a.Policy, sid: a.Sid, number: a.Statement}).String()
	var text string
	switch {
	case a.Decision == ExplicitDeny:
		text = by + " denies " + action
	case a.Decision == ImplicitDeny && a.Layer == SCP:
		text = fmt.Sprintf("no service control policy at %q allows %s", a.Node, action)
	case a.Decision == ImplicitDeny:
		text = fmt.Sprintf("no %s allows %s", a.Layer.noun(), action)
	case a.Layer == "":
		text = "no policy of the organization denies " + action
	default:
		text = by + " allows " + action
	}
	for _, why := range []string{a.NoSCP, a.NoRCP} {
		if why != "" && a.Decision == Allowed {
			text += "; " + why
		}
	}
	if len(a.Doubts) > 0 {
		text += "; AWS does not document this case, and in doubt the answer is no"
	}
	if len(a.Unknown) > 0 {
		text += "; not known of the request: " + strings.Join(a.Unknown, ", ")
	}
	return text
}

// MarshalJSON adds the reason in words.
func (a Answer) MarshalJSON() ([]byte, error) {
	type plain Answer
	return json.Marshal(struct {
		plain
		Reason string `json:"reason"`
	}{plain(a), a.Reason()})
}
