package lab

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// envMark is how a later lab in the same directory recognizes processes that this one left. Only processes
// of the lab's own have it: it is not in [Lab.Env], so it never marks what the user runs with that.
const envMark = "ARCHIPELAGO_LAB_PROCESS"

// passphrase encrypts the secrets of the lab's stacks. There is nothing to hide: a lab has no secret.
const passphrase = "archipelago-lab"

func (l *Lab) mark() string { return envMark + "=" + string(l.dir) }

// EnvMap is [Lab.Env] as a map.
func (l *Lab) EnvMap() map[string]string {
	env := l.aws()
	maps.Copy(env, map[string]string{
		"PULUMI_HOME":              l.dir.pulumiHome(),
		"PULUMI_BACKEND_URL":       "file://" + l.dir.state(),
		"PULUMI_CONFIG_PASSPHRASE": passphrase,
		"PULUMI_SKIP_UPDATE_CHECK": "true",
		// A plugin on PATH would be taken before the one in the lab's home.
		"PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
		// An emulated account is no reason to download a plugin that was not asked for.
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
		"PATH": l.dir.bin() + string(os.PathListSeparator) + os.Getenv("PATH"),
	})
	return env
}

// Env is what a program needs in its environment, appended to what is there, to work in the lab: pulumi,
// the AWS CLI and SDKs. Credentials and endpoints of the real AWS that may be in the environment are
// overruled.
func (l *Lab) Env() []string { return pairs(l.EnvMap()) }

// Export is [Lab.Env] as commands of a POSIX shell.
func (l *Lab) Export() string {
	var b strings.Builder
	env := l.EnvMap()
	for _, k := range slices.Sorted(maps.Keys(env)) {
		v := quote(env[k])
		if k == "PATH" {
			v = quote(l.dir.bin()) + `:"$PATH"`
		}
		fmt.Fprintf(&b, "export %s=%s\n", k, v)
	}
	return b.String()
}

// Profile is the AWS profile that leads into the organization's management account; empty if there is no
// such organization.
func (l *Lab) Profile(organization string) string {
	for _, o := range l.organizations {
		if o.Name == organization {
			return l.profiles.into(o)
		}
	}
	return ""
}

// aws is what AWS clients read.
func (l *Lab) aws() map[string]string {
	env := map[string]string{
		"AWS_ENDPOINT_URL": l.Front.URL(),
		// The AssumeRole of a profile does not follow the general endpoint.
		"AWS_ENDPOINT_URL_STS":        l.Front.URL(),
		"AWS_CONFIG_FILE":             l.dir.awsConfig(),
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_PROFILE":                 defaultProfile,
		"AWS_REGION":                  labRegion,
		"AWS_DEFAULT_REGION":          labRegion,
		"AWS_EC2_METADATA_DISABLED":   "true",
		// What must not be there, as keys in the environment go before profiles. Empty is as good as
		// unset, and all that can be said by adding to an environment.
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "",
	}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		switch {
		case strings.HasPrefix(name, "AWS_ENDPOINT_URL_"):
			env[name] = l.Front.URL()
		case slices.Contains([]string{"AWS_SECURITY_TOKEN", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE",
			"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
			"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CA_BUNDLE"}, name):
			env[name] = ""
		case slices.Contains([]string{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}, name):
			env[name] = "false"
		case name == "AWS_DEFAULT_PROFILE":
			env[name] = defaultProfile
		}
	}
	return env
}

func pairs(env map[string]string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(env)) {
		out = append(out, k+"="+env[k])
	}
	return out
}

// quote makes one word of s in a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
