package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Placeholders of a document, written {{name}}, are replaced when it is deployed: ids that AWS gives
// and that no file can know.
const (
	OrganizationID         = "organization.id"
	ManagementAccountID    = "management.account.id"
	HubOrganizationID      = "hub.organization.id"
	HubManagementAccountID = "hub.management.account.id"
)

// longest is the longest value of each placeholder: an organization id has up to 34 characters
// (o- and 10 to 32), an account id has 12.
var longest = map[string]int{OrganizationID: 34, ManagementAccountID: 12, HubOrganizationID: 34, HubManagementAccountID: 12}

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

// CheckPlaceholders returns the placeholders that have no meaning.
func CheckPlaceholders(doc []byte) []Problem {
	var problems []Problem
	for _, m := range placeholder.FindAllSubmatchIndex(doc, -1) {
		name := string(doc[m[2]:m[3]])
		if _, ok := longest[name]; !ok {
			problems = append(problems, Problem{Offset: m[0], Code: "policy-placeholder",
				Message: fmt.Sprintf("there is no placeholder {{%s}}", name),
				Hint:    "placeholders are " + strings.Join([]string{OrganizationID, ManagementAccountID, HubOrganizationID, HubManagementAccountID}, ", ")})
		}
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
		size += longest[content[m[2]:m[3]]] - (m[1] - m[0])
	}
	return size
}
