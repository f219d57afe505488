package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy"
)

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		want    []string
	}{
		"none":              {`{"a": {"b": "${aws:username}"}}`, nil},
		"each once, sorted": {`{{organization.id}} {{hub.organization.id}} {{ organization.id }}`, []string{"hub.organization.id", "organization.id"}},
		"unknown too":       {`{{organisation.id}}`, []string{"organisation.id"}},
		"braces of JSON":    {`{"a":{"b":{"c":"{{management.account.id}}"}}}`, []string{"management.account.id"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, policy.Placeholders(c.content))
		})
	}
}

func TestCheckPlaceholders(t *testing.T) {
	t.Parallel()
	doc := `{"a": "{{organization.id}} {{organisation.id}}", "b": "{{}}", "c": "{{ hub.management.account.id }}"}`
	require.Equal(t, []string{
		`error policy-placeholder at {: there is no placeholder {{organisation.id}}`,
		`error policy-placeholder at {: there is no placeholder {{}}`,
	}, describe(doc, policy.CheckPlaceholders([]byte(doc), nil)))
	for _, p := range policy.CheckPlaceholders([]byte(doc), nil) {
		require.True(t, strings.HasPrefix(doc[p.Offset:], "{{"))
		require.Equal(t, "placeholders are organization.id, management.account.id, hub.organization.id, hub.management.account.id", p.Hint)
	}
}

func TestExpand(t *testing.T) {
	t.Parallel()
	values := map[string]string{policy.OrganizationID: "o-abcdefghij", policy.ManagementAccountID: "{{organization.id}}"}
	require.Equal(t, "o-abcdefghij/o-abcdefghij", policy.Expand("{{organization.id}}/{{ organization.id }}", values))
	require.Equal(t, "{{hub.organization.id}} stays", policy.Expand("{{hub.organization.id}} stays", values), "no value")
	require.Equal(t, "{{organization.id}}", policy.Expand("{{management.account.id}}", values), "what a placeholder becomes is not expanded again")
	require.Equal(t, "plain", policy.Expand("plain", nil))
}

func TestSize(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content string
		want    int
	}{
		"empty":                   {"", 0},
		"characters":              {`{"a":"b"}`, 9},
		"more bytes than letters": {`"é"`, 4},
		"organization id":         {`"{{organization.id}}"`, 36},
		"account id":              {`"{{ management.account.id }}"`, 14},
		"both hub placeholders":   {`{{hub.organization.id}}{{hub.management.account.id}}`, 46},
		"unknown counts nothing":  {`a{{x}}b`, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, policy.Size(c.content))
		})
	}
}

// The longest values are what Size counts: an expanded document is never larger.
func TestSizeBoundsExpand(t *testing.T) {
	t.Parallel()
	content := `{"a":"{{organization.id}} {{management.account.id}} {{hub.organization.id}} {{hub.management.account.id}}"}`
	longest := "o-" + strings.Repeat("a", 32)
	got := policy.Expand(content, map[string]string{
		policy.OrganizationID: longest, policy.HubOrganizationID: longest,
		policy.ManagementAccountID: "111122223333", policy.HubManagementAccountID: "111122223333",
	})
	require.Len(t, got, policy.Size(content))
}

// A27: the delegation policy speaks of member accounts, which have no id before they are deployed.
func TestAccountPlaceholders(t *testing.T) {
	t.Parallel()
	const doc = `{"a": "{{account.audit.id}}", "b": "{{account.nobody.id}}"}`
	problems := policy.CheckPlaceholders([]byte(doc), func(key string) bool { return key == "audit" })
	require.Len(t, problems, 1)
	require.Equal(t, `there is no account "nobody" in this organization`, problems[0].Message)
	require.Equal(t, strings.Index(doc, "{{account.nobody"), problems[0].Offset)
	problems = policy.CheckPlaceholders([]byte(doc), nil)
	require.Len(t, problems, 2)
	require.Equal(t, "the ids of member accounts are known in the delegation policy only", problems[0].Message)
	require.Equal(t, len(`{"a":"123456789012"}`), policy.Size(`{"a":"{{account.audit.id}}"}`))
	require.Equal(t, "account.audit.id", policy.AccountID("audit"))
}
