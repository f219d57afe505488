package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Placeholders of a document, written {{name}}, are replaced when it is deployed: ids that AWS gives
// and that no file can know. [AccountID] names one more for each member account.
const (
	OrganizationID         = "organization.id"
	ManagementAccountID    = "management.account.id"
	HubOrganizationID      = "hub.organization.id"
	HubManagementAccountID = "hub.management.account.id"
)

// The longest values: an organization id has up to 34 characters (o- and 10 to 32), an account id 12.
const (
	maxOrganizationID = 34
	maxAccountID      = 12
)

// AccountID names the placeholder for the id of the member account with the given key. Only the
// delegation policy may use it: other policies are attached before there are accounts.
func AccountID(key string) string { return "account." + key + ".id" }

// accountKey returns the key of the member account that a placeholder stands for.
func accountKey(name string) (string, bool) {
	key, ok := strings.CutPrefix(name, "account.")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(key, ".id")
}

// longest returns the length of the longest value that a placeholder can have, 0 where there is no
// such placeholder.
func longest(name string) int {
	switch name {
	case OrganizationID, HubOrganizationID:
		return maxOrganizationID
	case ManagementAccountID, HubManagementAccountID:
		return maxAccountID
	}
	if _, ok := accountKey(name); ok {
		return maxAccountID
	}
	return 0
}

var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

// Placeholders returns the names of the placeholders in a document, sorted, each once; unknown
// ones too.
func Placeholders(content string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(content, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// CheckPlaceholders returns the placeholders that have no meaning. Account says which member accounts
// there are, for the delegation policy; nil is for every other policy, which cannot name any.
func CheckPlaceholders(doc []byte, account func(key string) bool) []Problem {
	var problems []Problem
	for _, m := range placeholder.FindAllSubmatchIndex(doc, -1) {
		name := string(doc[m[2]:m[3]])
		key, isAccount := accountKey(name)
		p := Problem{Offset: m[0], Code: "policy-placeholder"}
		switch {
		case isAccount && account == nil:
			p.Message = "the ids of member accounts are known in the delegation policy only"
			p.Hint = "policies are attached before there are accounts; name accounts by tags, paths or an id that is written out"
		case isAccount && !account(key):
			p.Message = fmt.Sprintf("there is no account %q in this organization", key)
			p.Hint = "name an account by its key that is neither suspended nor closed"
		case longest(name) == 0:
			p.Message = fmt.Sprintf("there is no placeholder {{%s}}", name)
			p.Hint = "placeholders are " + strings.Join([]string{OrganizationID, ManagementAccountID, HubOrganizationID, HubManagementAccountID}, ", ")
		default:
			continue
		}
		problems = append(problems, p)
	}
	return problems
}

// Expand replaces the placeholders of a document. A placeholder without a value stays.
func Expand(content string, values map[string]string) string {
	return placeholder.ReplaceAllStringFunc(content, func(s string) string {
		if v, ok := values[placeholder.FindStringSubmatch(s)[1]]; ok {
			return v
		}
		return s
	})
}

// Size returns how large a minified document is for AWS, with each placeholder at the longest value it
// can have. It counts bytes: AWS says characters, older pages of its documentation say bytes, and there
// are never fewer of those.
func Size(content string) int {
	size := len(content)
	for _, m := range placeholder.FindAllStringSubmatchIndex(content, -1) {
		size += longest(content[m[2]:m[3]]) - (m[1] - m[0])
	}
	return size
}
