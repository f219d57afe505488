package front

import "encoding/json"

// resourcePolicy is the policy of an organization that delegates its management.
type resourcePolicy struct {
	summary struct {
		ID  string `json:"Id"`
		ARN string `json:"Arn"`
	}
	content string
	tags    map[string]string
}

func addResourcePolicy(t table) {
	t.add("organizations", "PutResourcePolicy", byManagement(putResourcePolicy))
	t.add("organizations", "DescribeResourcePolicy", inOrganization(describeResourcePolicy))
	t.add("organizations", "DeleteResourcePolicy", byManagement(deleteResourcePolicy))
}

func (p *resourcePolicy) reply(c *call) (*reply, error) {
	return jsonReply(c, map[string]any{"ResourcePolicy": map[string]any{"ResourcePolicySummary": p.summary, "Content": p.content}})
}

func putResourcePolicy(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct {
		Content string
		Tags    []tag
	}](c)
	if err != nil {
		return nil, err
	}
	var document map[string]json.RawMessage
	if err := json.Unmarshal([]byte(in.Content), &document); err != nil || document["Statement"] == nil {
		return nil, invalid("INVALID_RESOURCE_POLICY_JSON", "The provided resource policy is not valid.")
	}
	if len(in.Content) > f.limits.DelegationBytes {
		return nil, constraint("POLICY_CONTENT_LIMIT_EXCEEDED", "The resource policy is longer than %d characters.", f.limits.DelegationBytes)
	}
	if o.resourcePolicy == nil {
		p := &resourcePolicy{tags: tagMap(in.Tags)}
		p.summary.ID = "rp-" + randomID(8)
		p.summary.ARN = "arn:aws:organizations::" + o.management + ":resourcepolicy/" + o.id + "/" + p.summary.ID
		o.resourcePolicy = p
	} else if len(in.Tags) > 0 {
		return nil, invalid("UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED", "You can only add tags when you create the resource policy.")
	}
	o.resourcePolicy.content = in.Content
	return o.resourcePolicy.reply(c)
}

func noResourcePolicy() error {
	return refuse("ResourcePolicyNotFoundException", "We can't find a resource policy.")
}

func describeResourcePolicy(_ *Front, c *call, o *organization) (*reply, error) {
	if o.resourcePolicy == nil {
		return nil, noResourcePolicy()
	}
	return o.resourcePolicy.reply(c)
}

func deleteResourcePolicy(_ *Front, c *call, o *organization) (*reply, error) {
	if o.resourcePolicy == nil {
		return nil, noResourcePolicy()
	}
	o.resourcePolicy = nil
	return done(c)
}
