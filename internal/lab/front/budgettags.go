package front

import (
	"maps"
	"strings"
)

// taggedBudget is the budget that a call about tags names by its ARN.
func taggedBudget(c *call, all map[string]*budget) (*budget, error) {
	in, err := decode[struct{ ResourceARN string }](c)
	if err != nil {
		return nil, err
	}
	name, ok := strings.CutPrefix(in.ResourceARN, "arn:aws:budgets::"+c.Account+":budget/")
	if !ok {
		return nil, refuse("InvalidParameterException", "%q is no ARN of a budget of this account.", in.ResourceARN)
	}
	if b, ok := all[name]; ok {
		return b, nil
	}
	return nil, noBudget(name)
}

func tagBudget(c *call, all map[string]*budget) (*reply, error) {
	b, err := taggedBudget(c, all)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct{ ResourceTags []tag }](c)
	if err != nil {
		return nil, err
	}
	maps.Copy(b.tags, tagMap(in.ResourceTags))
	return done(c)
}

func untagBudget(c *call, all map[string]*budget) (*reply, error) {
	b, err := taggedBudget(c, all)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct{ ResourceTagKeys []string }](c)
	if err != nil {
		return nil, err
	}
	for _, key := range in.ResourceTagKeys {
		delete(b.tags, key)
	}
	return done(c)
}

func listBudgetTags(c *call, all map[string]*budget) (*reply, error) {
	b, err := taggedBudget(c, all)
	if err != nil {
		return nil, err
	}
	list := []tag{}
	for _, key := range sortedKeys(b.tags) {
		list = append(list, tag{key, b.tags[key]})
	}
	return jsonReply(c, map[string]any{"ResourceTags": list})
}
