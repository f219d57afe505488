package lab

import (
	"crypto/rand"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

const (
	// defaultProfile is the profile of those who name none.
	defaultProfile = "default"
	// baseProfile has the keys that all roles are assumed from.
	baseProfile = "archipelago-lab-base"
	// baseKey is the emulator's key of the account that stands for the automation account.
	baseKey = "test"
	// AutomationAccountID is the emulator's account of the base credentials.
	AutomationAccountID = "123456789012"
	// labRole is the role of profiles that lead into an account. The emulator lets any role be assumed.
	labRole = "archipelago-lab"
	// labRegion is the region of all profiles.
	labRegion = "us-east-1"
)

// profiles maps the name of an AWS profile to the account that it leads into: empty for the automation
// account.
type profiles map[string]string

// profileName is what can stand in an AWS configuration file unquoted.
var profileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.@+-]*$`)

// newProfiles makes the profiles that the organizations are reached by. One with a role of its own is
// reached from the automation account by that role, any other by its profile alone. Each organization
// has besides, for the AWS CLI, a profile of its own name, unless that name is taken.
func newProfiles(organizations []Target) (profiles, error) {
	p := profiles{}
	owner := map[string]string{}
	for _, o := range organizations {
		name, account := o.Profile, o.AccountID
		if name == "" {
			name = defaultProfile
		}
		if o.Role != "" {
			account = ""
		}
		if !profileName.MatchString(name) || name == baseProfile {
			return nil, fmt.Errorf("make AWS profile of %s: %q cannot be a profile's name here", o.Name, name)
		}
		if have, taken := p[name]; taken && have != account {
			return nil, fmt.Errorf("make AWS profiles: profile %q leads to different accounts for %s and %s", name, owner[name], o.Name)
		}
		p[name], owner[name] = account, o.Name
	}
	for _, o := range organizations {
		if _, taken := p[o.Name]; !taken && profileName.MatchString(o.Name) {
			p[o.Name] = o.AccountID
		}
	}
	if _, taken := p[defaultProfile]; !taken {
		p[defaultProfile] = ""
	}
	return p, nil
}

// into is the profile that leads into the management account of the organization, best its own name.
func (p profiles) into(o Target) string {
	if p[o.Name] == o.AccountID {
		return o.Name
	}
	for _, name := range slices.Sorted(maps.Keys(p)) {
		if p[name] == o.AccountID {
			return name
		}
	}
	return ""
}

func (p profiles) write(path string) error {
	var b strings.Builder
	// The AWS CLI keeps the credentials of a role in a cache of its own, by everything that is said here: without a
	// name that no other lab has, it would come with the credentials of the lab before.
	session := "lab-" + rand.Text()
	keys := "region = " + labRegion + "\naws_access_key_id = " + baseKey + "\naws_secret_access_key = " + baseKey + "\n"
	fmt.Fprintf(&b, "[profile %s]\n%s", baseProfile, keys)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		section := "profile " + name
		if name == defaultProfile {
			section = name
		}
		fmt.Fprintf(&b, "\n[%s]\n", section)
		if p[name] == "" {
			b.WriteString(keys)
			continue
		}
		fmt.Fprintf(&b, "region = %s\nrole_arn = %s\nsource_profile = %s\nrole_session_name = %s\n", labRegion, roleARN(p[name]), baseProfile, session)
	}
	return writeFile(path, b.String(), 0o644)
}

func roleARN(account string) string { return "arn:aws:iam::" + account + ":role/" + labRole }
