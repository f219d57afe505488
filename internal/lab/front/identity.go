package front

import (
	"encoding/xml"
	"strings"
	"sync"
)

// identities knows which account an access key belongs to.
type identities struct {
	mu    sync.RWMutex
	byKey map[string]string
}

func (i *identities) reset() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.byKey = map[string]string{}
}

func (i *identities) learn(key, account string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.byKey[key] = account
}

// account is the account of a call. The emulator hands out keys of AWS's form and takes any other
// for one of the base account. A key of that form that nobody has seen, because the front started
// after it was handed out, is asked for once.
func (i *identities) account(f *Front, c *call) string {
	if !strings.HasPrefix(c.key, "ASIA") && !strings.HasPrefix(c.key, "AKIA") {
		return baseAccount
	}
	i.mu.RLock()
	account, ok := i.byKey[c.key]
	i.mu.RUnlock()
	if ok {
		return account
	}
	account, err := f.askIdentity(c.ctx(), c.key)
	if err != nil {
		return baseAccount // as the emulator would, and without keeping the guess
	}
	i.learn(c.key, account)
	return account
}

func addIdentities(t table) {
	for _, action := range []string{"AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"} {
		t.add("sts", action, assumeRole)
	}
}

// assumeRole learns whose the new credentials are. A closed account lets nobody in.
func assumeRole(f *Front, c *call) (*reply, error) {
	if parts := strings.Split(c.form.Get("RoleArn"), ":"); len(parts) > 4 && f.orgs.closed(parts[4]) {
		return nil, &apiError{
			Status: 403, Code: "AccessDenied",
			Message: "not authorized to perform sts:AssumeRole on resource " + c.form.Get("RoleArn") + ": the account is closed",
		}
	}
	out, err := f.forward(c)
	if err != nil || !out.ok() {
		return out, err
	}
	var answer struct {
		Result struct {
			Key string `xml:"Credentials>AccessKeyId"`
			ARN string `xml:"AssumedRoleUser>Arn"`
		} `xml:",any"`
	}
	// What cannot be read is not learned here but asked for later.
	if err := xml.Unmarshal(out.body, &answer); err == nil {
		if parts := strings.Split(answer.Result.ARN, ":"); len(parts) > 4 && answer.Result.Key != "" {
			f.identities.learn(answer.Result.Key, parts[4])
		}
	}
	return out, nil
}
