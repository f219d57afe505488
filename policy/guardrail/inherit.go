package guardrail

import "encoding/json"

// object is a JSON object of the policy types that accounts inherit and merge.
type object map[string]any

// assign sets a value, in place of what an account inherits.
func assign(value any) object { return object{"@@assign": value} }

// lock keeps children from changing a value that an assign sets.
func (o object) lock(locked bool) object {
	if locked {
		o["@@operators_allowed_for_child_policies"] = []string{"@@none"}
	}
	return o
}

// TagPolicy says what tags may say.
type TagPolicy struct {
	Tags []TagRule
}

// TagRule is the rule about one tag key.
type TagRule struct {
	// Key is the tag key, in the case that is wanted.
	Key string
	// Values are the values that are allowed; * stands for any characters. Empty allows any.
	Values []string
	// EnforcedFor are resource types on which other values are refused, such as ec2:instance. Empty reports only.
	EnforcedFor []string
	// ReportedFor are resource types that must have the tag; those without are reported, and refused by
	// the tools for infrastructure as code that ask. Empty wants it nowhere.
	ReportedFor []string
	// Locked keeps units and accounts below from changing the rule.
	Locked bool
}

// Document returns the policy's document, minified.
// Source: AWS Organizations User Guide, Tag policy syntax and examples, 2026-11.
func (p TagPolicy) Document() json.RawMessage {
	tags := object{}
	for _, t := range p.Tags {
		rule := object{"tag_key": assign(t.Key).lock(t.Locked)}.lock(t.Locked)
		for name, values := range map[string][]string{"tag_value": t.Values, "enforced_for": t.EnforcedFor, "report_required_tag_for": t.ReportedFor} {
			if len(values) > 0 {
				rule[name] = assign(values).lock(t.Locked)
			}
		}
		tags[t.Key] = rule
	}
	return marshal(object{"tags": tags})
}

// AIOptOutPolicy says which AI services may keep content to become better.
type AIOptOutPolicy struct {
	// OptOut are services that may not. "default" stands for every service, those of next year included.
	OptOut []string
	// OptIn are services that may.
	OptIn []string
	// Locked keeps units and accounts below from deciding otherwise.
	Locked bool
}

// Document returns the policy's document, minified.
// Source: AWS Organizations User Guide, AI services opt-out policy syntax and examples, 2026-11.
func (p AIOptOutPolicy) Document() json.RawMessage {
	// A lock of one service would leave it open to name others.
	services := object{}.lock(p.Locked)
	for choice, names := range map[string][]string{"optIn": p.OptIn, "optOut": p.OptOut} {
		for _, name := range names {
			services[name] = object{"opt_out_policy": assign(choice).lock(p.Locked)}.lock(p.Locked)
		}
	}
	return marshal(object{"services": services})
}

// ChatPolicy says from which chat rooms AWS accounts are reached.
type ChatPolicy struct {
	// Workspaces are the Slack workspaces that are allowed; "*" is any. Empty closes Slack.
	Workspaces []string
	// Tenants are the Microsoft Teams tenants that are allowed, with all their teams. Empty closes Teams.
	Tenants []string
	// Chime leaves Amazon Chime open.
	Chime bool
	// Channels are the kinds of Slack channels: public, private. Empty allows both.
	Channels []string
	// Roles are the kinds of roles: user_role, channel_role. Empty allows both.
	Roles []string
}

func client(open bool) object {
	if open {
		return assign("enabled")
	}
	return assign("disabled")
}

// Document returns the policy's document, minified.
// Source: AWS Organizations User Guide, Chat applications policy syntax and examples, 2026-11.
func (p ChatPolicy) Document() json.RawMessage {
	slack := object{"client": client(len(p.Workspaces) > 0)}
	teams := object{"client": client(len(p.Tenants) > 0)}
	if len(p.Workspaces) > 0 {
		slack["workspaces"] = assign(p.Workspaces)
		p.settings(slack, "supported_channel_types", p.Channels)
		p.settings(slack, "supported_role_settings", p.Roles)
	}
	if len(p.Tenants) > 0 {
		tenants := object{}
		for _, id := range p.Tenants {
			tenants[id] = assign([]string{"*"})
		}
		teams["tenants"] = tenants
		p.settings(teams, "supported_role_settings", p.Roles)
	}
	return marshal(object{"chatbot": object{
		"platforms": object{"slack": slack, "microsoft_teams": teams, "chime": object{"client": client(p.Chime)}},
		// What AWS connects next year is closed too.
		"default": object{"client": client(false)},
	}})
}

func (p ChatPolicy) settings(platform object, name string, values []string) {
	if len(values) == 0 {
		return
	}
	defaults, ok := platform["default"].(object)
	if !ok {
		defaults = object{}
		platform["default"] = defaults
	}
	defaults[name] = assign(values)
}
