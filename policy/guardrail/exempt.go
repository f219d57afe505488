package guardrail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Exception is a group of principals that a guardrail exempts.
type Exception string

// The groups. A guardrail exempts a group because it would break the group's work, or because the group
// is the way out when the guardrail turns out wrong.
const (
	// Automation deploys the organization: what runs "up" in each account.
	Automation Exception = "automation"
	// BreakGlass is for the day when nothing else works.
	BreakGlass Exception = "break-glass"
	// AccessRole is the role that AWS Organizations creates in each account for the management account.
	AccessRole Exception = "access-role"
	// StackSets is the role that service-managed StackSets work with in each account.
	StackSets Exception = "stacksets"
)

// everyone is every group: for guardrails that forbid what a baseline must still be able to do.
func everyone() []Exception { return []Exception{Automation, BreakGlass, AccessRole, StackSets} }

// stackSetsRole is what CloudFormation calls the execution role of service-managed StackSets. The
// service-linked role that creates it is not subject to policies at all.
// Source: AWS CloudFormation User Guide, Activate trusted access for StackSets with AWS Organizations:
// "IAM service roles: stacksets-exec-*", 2026-11.
const stackSetsRole = "arn:*:iam::*:role/stacksets-exec-*"

// Exempt says who the groups are: ARN patterns of roles or users, such as
// arn:aws:iam::*:role/OrganizationAccountAccessRole. An empty group exempts nobody.
type Exempt struct {
	Automation []string
	BreakGlass []string
	AccessRole []string
}

// Patterns returns the principals that the guardrail exempts, sorted, each once.
func (g Guardrail) Patterns(e Exempt) []string {
	var patterns []string
	for _, group := range g.Exceptions {
		patterns = append(patterns, e.group(group)...)
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

func (e Exempt) group(group Exception) []string {
	switch group {
	case Automation:
		return e.Automation
	case BreakGlass:
		return e.BreakGlass
	case AccessRole:
		return e.AccessRole
	case StackSets:
		return []string{stackSetsRole}
	}
	return nil
}

// principalPattern is the ARN of a role or user of one account or of all, with its name at the end.
var principalPattern = regexp.MustCompile(`^arn:(?:aws|aws-cn|aws-us-gov|\*):iam::(?:\*|\d{12}|\{\{[^{}]+\}\}):(?:role|user)/([\w+=,.@/*?-]+)$`)

// checkPrincipal says why a pattern cannot stand for an exempt principal; both are empty where it can.
func checkPrincipal(pattern string) (message, hint string) {
	m := principalPattern.FindStringSubmatch(pattern)
	switch {
	case strings.Contains(pattern, ":assumed-role/"):
		return fmt.Sprintf("%q is the ARN of a session, which exempts nobody", pattern),
			"write the ARN of the role: aws:PrincipalArn of a session is its role's, such as arn:aws:iam::*:role/name"
	case m == nil:
		return fmt.Sprintf("%q is not the ARN of a role or user", pattern), "write it as arn:aws:iam::*:role/name; * stands for any account, or for a part of the name"
	case strings.Trim(m[1], "*?/") == "":
		return fmt.Sprintf("%q exempts every principal", pattern), "name the role, at least by a part of its name"
	}
	return "", ""
}

// check finds what is wrong in the groups that the guardrail exempts.
func (e Exempt) check(g Guardrail) []Problem {
	var problems []Problem
	for _, group := range g.Exceptions {
		for i, pattern := range e.group(group) {
			if message, hint := checkPrincipal(pattern); message != "" {
				problems = append(problems, Problem{Item: i, Code: CodeExempt, Message: fmt.Sprintf("%s: %s", group, message), Hint: hint})
			}
		}
	}
	return problems
}
