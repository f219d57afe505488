package front

import "maps"

type tag struct{ Key, Value string }

func tagMap(tags []tag) map[string]string {
	m := map[string]string{}
	for _, t := range tags {
		m[t.Key] = t.Value
	}
	return m
}

func addTags(t table) {
	t.add("organizations", "TagResource", byManagement(tagResource))
	t.add("organizations", "UntagResource", byManagement(untagResource))
	t.add("organizations", "ListTagsForResource", inOrganization(listTags))
}

// ownTags are the tags of what the front holds, nil for everything else.
func (o *organization) ownTags(id string) map[string]string {
	if p, ok := o.policies[id]; ok {
		return p.tags
	}
	if o.resourcePolicy != nil && o.resourcePolicy.summary.ID == id {
		return o.resourcePolicy.tags
	}
	return nil
}

func tagResource(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct {
		ResourceID string
		Tags       []tag
	}](c)
	if err != nil {
		return nil, err
	}
	own := o.ownTags(in.ResourceID)
	if own == nil {
		return f.forward(c)
	}
	maps.Copy(own, tagMap(in.Tags))
	return done(c)
}

func untagResource(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct {
		ResourceID string
		TagKeys    []string
	}](c)
	if err != nil {
		return nil, err
	}
	own := o.ownTags(in.ResourceID)
	if own == nil {
		return f.forward(c)
	}
	for _, key := range in.TagKeys {
		delete(own, key)
	}
	return done(c)
}

func listTags(f *Front, c *call, o *organization) (*reply, error) {
	in, err := decode[struct{ ResourceID string }](c)
	if err != nil {
		return nil, err
	}
	own := o.ownTags(in.ResourceID)
	if own == nil {
		return f.forward(c)
	}
	answer := struct{ Tags []tag }{Tags: []tag{}}
	for _, key := range sortedKeys(own) {
		answer.Tags = append(answer.Tags, tag{key, own[key]})
	}
	return jsonReply(c, answer)
}
