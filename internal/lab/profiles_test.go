package lab

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProfiles(t *testing.T) {
	t.Parallel()
	targets := []Target{
		{Name: "core", AccountID: "111111111111", Profile: "acme-core"},
		{Name: "payments", AccountID: "222222222222", Role: "automation"},
		{Name: "sandbox", AccountID: "333333333333", Profile: "sandbox"},
	}
	p, err := newProfiles(targets)
	require.NoError(t, err)
	require.Equal(t, profiles{
		"acme-core": "111111111111", "core": "111111111111",
		"default": "", "payments": "222222222222",
		"sandbox": "333333333333",
	}, p)
	for i, want := range []string{"core", "payments", "sandbox"} {
		require.Equal(t, want, p.into(targets[i]))
	}

	path := filepath.Join(t.TempDir(), "config")
	require.NoError(t, profiles{"a": "111111111111", "default": ""}.write(path))
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, `[profile archipelago-lab-base]
region = us-east-1
aws_access_key_id = test
aws_secret_access_key = test

[profile a]
region = us-east-1
role_arn = arn:aws:iam::111111111111:role/archipelago-lab
source_profile = archipelago-lab-base
role_session_name = lab-RANDOM

[default]
region = us-east-1
aws_access_key_id = test
aws_secret_access_key = test
`, regexp.MustCompile(`lab-[A-Z0-9]{20,}`).ReplaceAllString(string(b), "lab-RANDOM"))
}

func TestProfilesDefault(t *testing.T) {
	t.Parallel()
	only := Target{Name: "core", AccountID: "111111111111"}
	p, err := newProfiles([]Target{only})
	require.NoError(t, err)
	require.Equal(t, profiles{"default": "111111111111", "core": "111111111111"}, p)

	p, err = newProfiles(nil)
	require.NoError(t, err)
	require.Equal(t, profiles{"default": ""}, p)
}

func TestProfilesRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		targets []Target
		want    string
	}{
		"two by default": {
			[]Target{{Name: "a", AccountID: "1"}, {Name: "b", AccountID: "2"}},
			`make AWS profiles: profile "default" leads to different accounts for a and b`,
		},
		"shared": {
			[]Target{{Name: "a", AccountID: "1", Profile: "x"}, {Name: "b", AccountID: "2", Profile: "x", Role: "r"}},
			`make AWS profiles: profile "x" leads to different accounts for a and b`,
		},
		"name": {
			[]Target{{Name: "a", AccountID: "1", Profile: "x]\n[y"}},
			`make AWS profile of a: "x]\n[y" cannot be a profile's name here`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newProfiles(c.targets)
			require.EqualError(t, err, c.want)
		})
	}
}
