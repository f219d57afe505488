package policy_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy"
)

func TestMinify(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doc, want string }{
		"white space between tokens": {" {\n\t\"a\" : [ 1 , 2 ],\r\n \"b\": { } }\n", `{"a":[1,2],"b":{}}`},
		"white space in texts stays": {`{"a b": " c "}`, `{"a b":" c "}`},
		"escapes stay":               {`{"a": "\u003c<&"}`, `{"a":"\u003c<&"}`},
		"order and repetition stay":  {`{"b": 1, "a": 2, "b": 3}`, `{"b":1,"a":2,"b":3}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := policy.Minify([]byte(c.doc))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	_, err := policy.Minify([]byte(`{"a":`))
	require.EqualError(t, err, "minify policy: unexpected end of JSON input")
}

func seeds(f *testing.F) {
	for _, doc := range []string{
		statement(`{"Sid": "A", "Effect": "Deny", "Action": ["s3:*", "ec2:Run*"], "Resource": "*", "Condition": {"ForAnyValue:StringLike": {"aws:x": ["{{organization.id}}"]}}}`),
		`{"tags": {"a": {"@@assign": "x"}}}`, `{"a": [1, 2.5e3, true, null, "\u00e9"]}`, `[[[]]]`, `{"a":`, "\xef\xbb\xbf{}", `{{x}}`, ``, `{} {}`, `"` + "\xff" + `"`, `{"a":1,"a":2}`,
	} {
		f.Add([]byte(doc))
	}
}

// FuzzCheck: whatever the text, the check ends, and every problem is about a place in it.
func FuzzCheck(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		var all []policy.Problem
		for _, kind := range policy.Types() {
			found := policy.Check(kind, doc)
			require.True(t, json.Valid(doc) || len(found) > 0, "not JSON, and no problem")
			all = append(all, found...)
		}
		all = append(all, policy.CheckResourcePolicy(doc)...)
		all = append(all, policy.CheckPlaceholders(doc, nil)...)
		for _, p := range all {
			require.GreaterOrEqual(t, p.Offset, 0)
			require.LessOrEqual(t, p.Offset, len(doc))
			require.NotEmpty(t, p.Code)
			require.NotEmpty(t, p.Message)
		}
	})
}

// FuzzMinify: a minified document means the same, and cannot be minified any further.
func FuzzMinify(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, doc []byte) {
		got, err := policy.Minify(doc)
		if !json.Valid(doc) {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.LessOrEqual(t, len(got), len(doc))
		require.JSONEq(t, string(doc), got)
		again, err := policy.Minify([]byte(got))
		require.NoError(t, err)
		require.Equal(t, got, again)
		require.GreaterOrEqual(t, policy.Size(got), 0)
	})
}
