package front

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
)

// The policies that AWS attaches to everything.
const (
	fullAccessSCP = "p-FullAWSAccess"
	fullAccessRCP = "p-RCPFullAWSAccess"
)

// policy is a policy of a type that the emulator cannot hold.
type policy struct {
	kind    string
	summary policySummary
	content string
	targets []string
	tags    map[string]string
}

type policySummary struct {
	ID          string `json:"Id"`
	ARN         string `json:"Arn"`
	Name        string
	Description string
	Type        string
	AwsManaged  bool
}

type policyAnswer struct {
	Policy struct {
		PolicySummary policySummary
		Content       string
	}
}

func (p *policy) reply(c *call) (*reply, error) {
	var answer policyAnswer
	answer.Policy.PolicySummary, answer.Policy.Content = p.summary, p.content
	return jsonReply(c, answer)
}

func addPolicies(t table) {
	t.add("organizations", "CreatePolicy", byManagement(createPolicy))
	t.add("organizations", "UpdatePolicy", byManagement(updatePolicy))
	t.add("organizations", "DeletePolicy", byManagement(deletePolicy))
	t.add("organizations", "DescribePolicy", inOrganization(describePolicy))
	t.add("organizations", "ListPolicies", inOrganization(listPolicies))
}

func createPolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct {
		Content, Description, Name, Type string
		Tags                             []tag
	}](c)
	if err != nil {
		return nil, err
	}
	_, own := ownPolicyTypes()[in.Type]
	switch {
	case !own && !isPolicyType(in.Type):
		return nil, invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid value.")
	case !o.allFeature:
		return nil, notAvailable()
	case !o.enabled[in.Type]:
		return nil, notEnabled()
	}
	if err := f.checkPolicy(in.Type, in.Content); err != nil {
		return nil, err
	}
	for _, p := range o.policies {
		if p.summary.Name == in.Name {
			return nil, refuse("DuplicatePolicyException", "A policy with the same name already exists.")
		}
	}
	if !own {
		return f.forward(c)
	}
	id := "p-" + randomID(10)
	p := &policy{kind: in.Type, content: in.Content, tags: tagMap(in.Tags), summary: policySummary{
		ID: id, Name: in.Name, Description: in.Description, Type: in.Type,
		ARN: "arn:aws:organizations::" + o.management + ":policy/" + o.id + "/" + strings.ToLower(in.Type) + "/" + id,
	}}
	o.policies[id] = p
	return p.reply(c)
}

// checkPolicy refuses a text that AWS would: one that is too long, counted as it is sent, or that is
// no policy of the type.
func (f *Front) checkPolicy(kind, content string) error {
	if limit := f.limits.policyBytes(kind); len(content) > limit {
		return constraint("POLICY_CONTENT_LIMIT_EXCEEDED",
			"You have exceeded the maximum policy size: %d bytes, the maximum for %s is %d.", len(content), kind, limit)
	}
	var document map[string]json.RawMessage
	if err := json.Unmarshal([]byte(content), &document); err != nil {
		return malformed("it is not a JSON object")
	}
	if kind != scp && kind != rcp {
		return nil
	}
	return checkStatements(kind, document["Statement"])
}

func malformed(why string) error {
	return refuse("MalformedPolicyDocumentException", "The provided policy document does not meet the requirements of the specified policy type: %s.", why)
}

type statement struct {
	Effect                  string
	Principal, NotPrincipal json.RawMessage
	Action, NotAction       json.RawMessage
	Resource, NotResource   json.RawMessage
}

// checkStatements checks the grammar of the two types that are written in the language of IAM, so
// far as no element may be missing or be there that the type does not know.
func checkStatements(kind string, raw json.RawMessage) error {
	var all []statement
	if err := json.Unmarshal(raw, &all); err != nil {
		var one statement
		if err := json.Unmarshal(raw, &one); err != nil {
			return malformed("Statement is missing or is no statement")
		}
		all = []statement{one}
	}
	for _, s := range all {
		switch {
		case s.Effect != "Allow" && s.Effect != "Deny":
			return malformed("Effect must be Allow or Deny")
		case s.Action == nil && s.NotAction == nil:
			return malformed("a statement has neither Action nor NotAction")
		case s.Resource == nil && s.NotResource == nil:
			return malformed("a statement has neither Resource nor NotResource")
		case s.NotPrincipal != nil:
			return malformed("NotPrincipal is not supported")
		case kind == scp && s.Principal != nil:
			return malformed("Principal is not supported")
		case kind == rcp && s.Effect != "Deny":
			return malformed("Effect must be Deny")
		case kind == rcp && string(s.Principal) != `"*"`:
			return malformed(`Principal must be "*"`)
		}
	}
	return nil
}

func updatePolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct {
		PolicyID                   string
		Name, Description, Content *string
	}](c)
	if err != nil {
		return nil, err
	}
	if in.PolicyID == fullAccessSCP || in.PolicyID == fullAccessRCP {
		return nil, invalid("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.")
	}
	kind, err := f.policyKind(c.ctx(), o, in.PolicyID)
	if err != nil {
		return nil, err
	}
	if in.Content != nil {
		if err := f.checkPolicy(kind, *in.Content); err != nil {
			return nil, err
		}
	}
	p, own := o.policies[in.PolicyID]
	if !own {
		return f.forward(c)
	}
	for to, value := range map[*string]*string{&p.summary.Name: in.Name, &p.summary.Description: in.Description, &p.content: in.Content} {
		if value != nil {
			*to = *value
		}
	}
	return p.reply(c)
}

func deletePolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ PolicyID string }](c)
	if err != nil {
		return nil, err
	}
	p, own := o.policies[in.PolicyID]
	switch {
	case in.PolicyID == fullAccessSCP || in.PolicyID == fullAccessRCP:
		return nil, invalid("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.")
	case !own:
		return f.forward(c)
	case len(p.targets) > 0:
		return nil, refuse("PolicyInUseException", "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts before performing this operation.")
	}
	delete(o.policies, in.PolicyID)
	return done(c)
}

func describePolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ PolicyID string }](c)
	if err != nil {
		return nil, err
	}
	if p, own := o.policies[in.PolicyID]; own {
		return p.reply(c)
	}
	return f.forward(c)
}

func listPolicies(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ Filter string }](c)
	if err != nil {
		return nil, err
	}
	if _, own := ownPolicyTypes()[in.Filter]; !own {
		return f.forward(c)
	}
	return jsonReply(c, policiesPage{Policies: o.ownPolicies(in.Filter, "")})
}

type policiesPage struct {
	Policies  []policySummary
	NextToken *string `json:",omitempty"`
}

// ownPolicies are the policies of one of the front's types, all or those attached to a target.
func (o *organization) ownPolicies(kind, target string) []policySummary {
	found := []policySummary{} // an empty list, not null
	for _, id := range sortedKeys(o.policies) {
		p := o.policies[id]
		if p.kind == kind && (target == "" || slices.Contains(p.targets, target)) {
			found = append(found, p.summary)
		}
	}
	return found
}

// emulatorPolicies are all pages of a list of policies.
func (f *Front) emulatorPolicies(ctx context.Context, o *organization, action string, in map[string]any) ([]policySummary, error) {
	var all []policySummary
	for {
		var page policiesPage
		if err := f.ask(ctx, o.management, action, in, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Policies...)
		if page.NextToken == nil || *page.NextToken == "" {
			return all, nil
		}
		in["NextToken"] = *page.NextToken
	}
}

// policyKind is the type of a policy.
func (f *Front) policyKind(ctx context.Context, o *organization, id string) (string, error) {
	if p, own := o.policies[id]; own {
		return p.kind, nil
	}
	if kind, ok := o.kinds[id]; ok {
		return kind, nil
	}
	var answer policyAnswer
	if err := f.ask(ctx, o.management, "DescribePolicy", map[string]string{"PolicyId": id}, &answer); err != nil {
		return "", err
	}
	o.kinds[id] = answer.Policy.PolicySummary.Type
	return o.kinds[id], nil
}
