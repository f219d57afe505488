package policy

import (
	"fmt"
	"slices"
	"strings"
)

// topLevel names the one key that a document of each management policy type has at its top. Of chat policies
// two spellings are around, the second in AWS's syntax page; both are let through.
// Source: AWS Organizations User Guide, syntax of each policy type, 2026-11.
var topLevel = map[Type][]string{
	Tag:              {"tags"},
	Backup:           {"plans"},
	AIServicesOptOut: {"services"},
	Chatbot:          {"chatbots", "chatbot"},
	DeclarativeEC2:   {"ec2_attributes"},
}

// inheritanceOperators are the keys that say how a child merges with its parents.
var inheritanceOperators = map[string]bool{
	"@@assign": true, "@@append": true, "@@remove": true,
	"@@operators_allowed_for_child_policies": true,
}

// inheritable checks the types whose documents are merged down the tree.
func (c *checker) inheritable(t Type, root *value) {
	allowed := topLevel[t]
	want := allowed[0]
	if !slices.ContainsFunc(allowed, func(key string) bool { return root.get(key) != nil }) {
		c.fail(root, "policy-grammar", fmt.Sprintf("a document of type %s needs %q at its top", t, want), "")
	}
	for _, m := range root.members {
		// Backup and declarative policies have further keys beside the first.
		if !slices.Contains(allowed, m.key) && !strings.HasPrefix(m.key, "@@") && t != Backup && t != DeclarativeEC2 {
			c.problems = append(c.problems, Problem{Offset: m.offset, Code: "policy-grammar",
				Message: fmt.Sprintf("%q is not known at the top of a document of type %s", m.key, t), Hint: fmt.Sprintf("everything stands below %q", want)})
		}
	}
	c.inheritance(root)
}

func (c *checker) inheritance(v *value) {
	for _, m := range v.members {
		if strings.HasPrefix(m.key, "@@") && !inheritanceOperators[m.key] {
			c.problems = append(c.problems, Problem{Offset: m.offset, Code: "policy-operator",
				Message: fmt.Sprintf("%q is not an inheritance operator", m.key), Hint: "operators are @@assign, @@append, @@remove and @@operators_allowed_for_child_policies"})
		}
		c.inheritance(m.value)
	}
	for _, item := range v.items {
		c.inheritance(item)
	}
}
