package topology

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	minEmail = 6
	maxEmail = 64
)

// freeMail are domains where private persons have their mail. Source: widely known providers, 2026-11.
var freeMail = []string{
	"aol.com", "fastmail.com", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
	"icloud.com", "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "outlook.com", "outlook.de",
	"proton.me", "protonmail.com", "qq.com", "web.de", "yahoo.com", "yandex.com", "yandex.ru", "zoho.com",
}

// shared are words in the local part of an address that a team or a system reads.
var shared = []string{
	"account", "accounts", "admin", "admins", "archive", "audit", "automation", "aws", "backup", "billing",
	"cloud", "core", "dev", "devops", "finance", "info", "infra", "infrastructure", "it", "log", "logs", "mail",
	"management", "master", "net", "network", "nonprod", "office", "operations", "ops", "organization", "payer",
	"platform", "prod", "production", "root", "sandbox", "sec", "security", "service", "services", "shared",
	"staging", "support", "system", "systems", "team", "test", "tools",
}

var (
	placeholder = regexp.MustCompile(`\{[^{}]*\}?`)
	firstLast   = regexp.MustCompile(`^([a-z]{2,})[._]([a-z]{2,})$`)
	domainText  = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)
	domainName  = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)
)

// emailProblem says what AWS would not accept about the e-mail address of an account, "" for nothing.
// Source: AWS Organizations API Reference, CreateAccount, in aws-sdk-go-v2 service/organizations 1.62.6.
func emailProblem(email string) string {
	local, domain, at := strings.Cut(email, "@")
	switch {
	case strings.ContainsFunc(email, func(r rune) bool { return r > '~' || r < ' ' }):
		return "has characters that are not ASCII"
	case email == "":
		return "is empty"
	case !at || strings.Contains(domain, "@"):
		return "does not have exactly one @"
	case len(email) < minEmail:
		return fmt.Sprintf("has %d characters; AWS wants at least %d", len(email), minEmail)
	case len(email) > maxEmail:
		return fmt.Sprintf("has %d characters; AWS allows %d", len(email), maxEmail)
	case local == "":
		return "has nothing before the @"
	case strings.ContainsAny(local, " \t"):
		return "has white space"
	case strings.ContainsAny(local, `"'()<>[]:;,\|%&`):
		return fmt.Sprintf("has the character %s before the @, which AWS does not accept", local[strings.IndexAny(local, `"'()<>[]:;,\|%&`):][:1])
	case local[0] == '.':
		return "begins with a dot"
	case !strings.Contains(domain, "."):
		return "has no dot in its domain"
	case strings.ContainsAny(domain[:1]+domain[len(domain)-1:], ".-"):
		return "has a domain that begins or ends with a dot or hyphen"
	case !domainText.MatchString(domain):
		return "has characters other than letters, digits, hyphens and dots in its domain"
	}
	return ""
}

// emails checks the addresses of all accounts. AWS knows every address once, closed accounts included.
func (v *validator) emails() {
	sound := v.emailPatterns()
	v.emailDomains()
	taken := registry{}
	for _, o := range v.organizations {
		domains := v.domains(o)
		if m := o.Management; m != nil && m.scalar("email") {
			v.email(taken, domains, m.Source, m.Email, "the management account of "+o.name(), true)
		}
		var without []place[*Account]
		for _, p := range o.accounts {
			acc := p.it
			switch email := EmailFor(v.a, o.Organization, p.Key, acc); {
			case acc.unreadable("email"):
			case acc.Email != "" || acc.scalar("email"):
				v.email(taken, domains, acc.Source, acc.Email, o.name()+"/"+p.Key, acc.State.Deployed())
			case email == "":
				without = append(without, p)
			case sound[EmailPattern(v.a, o.Organization)] && keyName.MatchString(p.Key) && acc == o.byKey[p.Key]:
				v.formedEmail(taken, acc, email, o.name()+"/"+p.Key)
			}
		}
		v.noEmail(o, without)
	}
}

// emailPatterns checks the patterns once, so that a mistake in one is not repeated for each of its
// accounts. It returns the patterns that are sound.
func (v *validator) emailPatterns() map[string]bool {
	sound := map[string]bool{}
	check := func(s Source, pattern, organization string) {
		if s.scalar("email") && v.emailPattern(s, pattern, organization) {
			sound[pattern] = true
		}
	}
	check(v.a.Source, v.a.Email, "o")
	for _, o := range v.organizations {
		check(o.Source, o.Email, o.Name)
	}
	return sound
}

func (v *validator) emailPattern(s Source, pattern, organization string) bool {
	known := []string{"{archipelago}", "{organization}", "{account}"}
	if !v.placeholders(s, "email", pattern, known) {
		return false
	}
	if !strings.Contains(pattern, "{account}") {
		v.fail(s, s.At("email"), "email-pattern", "add {account} before the @, such as aws+{account}@acme.example",
			"the e-mail pattern has no {account}, so all accounts would have the same address")
		return false
	}
	// Names as short as they can be: what is wrong now is wrong for every account.
	if problem := emailProblem(Expand(pattern, v.a.Name, organization, "account")); problem != "" {
		v.fail(s, s.At("email"), "email-pattern", "", "an address formed from this pattern %s", problem)
		return false
	}
	return true
}

// placeholders checks that a pattern has no placeholders but the known ones.
func (v *validator) placeholders(s Source, field, pattern string, known []string) bool {
	sound := true
	for _, name := range placeholder.FindAllString(pattern, -1) {
		if slices.Contains(known, name) {
			continue
		}
		sound = false
		pos := s.within(s.At(field), name)
		if !strings.HasSuffix(name, "}") {
			v.fail(s, pos, "unknown-placeholder", "placeholders are "+list(known), "a placeholder in %s does not end with }", field)
			continue
		}
		v.fail(s, pos, "unknown-placeholder", didYouMean(name, known, "placeholders are "+list(known)), "%s has an unknown placeholder %s", field, name)
	}
	return sound
}

func (v *validator) emailDomains() {
	for i, domain := range v.a.EmailDomains {
		if !domainName.MatchString(strings.ToLower(domain)) {
			v.fail(v.a.Source, v.a.Item(i, "emailDomains"), "malformed-domain", "write the part after the @, such as acme.example",
				"%q is not a domain", domain)
		}
	}
	v.repeated(v.a.Source, v.a.EmailDomains, "emailDomains")
}

// domains are those that the addresses of an organization should have; none when nothing says so.
func (v *validator) domains(o *surveyed) []string {
	var out []string
	for _, d := range v.a.EmailDomains {
		out = append(out, strings.ToLower(d))
	}
	if len(out) > 0 {
		return out
	}
	for _, pattern := range []string{v.a.Email, o.Email} {
		if _, domain, ok := strings.Cut(pattern, "@"); ok {
			out = append(out, strings.ToLower(Expand(domain, v.a.Name, o.Name, "")))
		}
	}
	return out
}

// email checks an address that the user wrote. What it looks like matters only while the account exists.
func (v *validator) email(taken registry, domains []string, s Source, email, what string, exists bool) {
	pos := s.At("email")
	if problem := emailProblem(email); problem != "" {
		v.fail(s, pos, "malformed-email", "", "the e-mail address %q %s", email, problem)
		return
	}
	if v.takenEmail(taken, s, pos, email, what) || !exists {
		return
	}
	local, domain, _ := strings.Cut(strings.ToLower(email), "@")
	m := firstLast.FindStringSubmatch(local)
	switch {
	case slices.Contains(freeMail, domain):
		v.warn(s, pos, "personal-email", "use an address of a group in the company's own domain: who reads it can take the account over",
			"%s is an address at a public mail service", email)
	case len(domains) > 0 && !slices.Contains(domains, domain):
		v.warn(s, pos, "email-domain", "change the address, or add "+domain+" to emailDomains in "+RootFile,
			"%s is not in %s", email, strings.Join(domains, " or "))
	case m != nil && !slices.Contains(shared, m[1]) && !slices.Contains(shared, m[2]):
		v.warn(s, pos, "personal-email", "use an address of a group, such as aws+name@"+domain+": people leave",
			"%s looks like the address of one person", email)
	}
}

// formedEmail checks an address that comes from the pattern.
func (v *validator) formedEmail(taken registry, acc *Account, email, what string) {
	if problem := emailProblem(email); problem != "" {
		v.fail(acc.Source, acc.Position(), "malformed-email", "set another address in the account's field email; the key and the address never change once the account exists",
			"its e-mail address %s %s", email, problem)
		return
	}
	v.takenEmail(taken, acc.Source, acc.Position(), email, what)
}

func (v *validator) takenEmail(taken registry, s Source, pos Position, email, what string) bool {
	earlier, used := taken.claim(strings.ToLower(email), pos, what)
	if used {
		v.fail(s, pos, "duplicate-email", "AWS knows an address once, closed accounts included, and does not distinguish case",
			"%s has the e-mail address %s already", earlier.what, email).relate(earlier.pos, "here")
	}
	return used
}

// noEmail reports the accounts of an organization that have no address, all in one: what is missing is
// the pattern.
func (v *validator) noEmail(o *surveyed, without []place[*Account]) {
	if len(without) == 0 || v.a.unreadable("email") || o.unreadable("email") {
		return
	}
	first := without[0]
	who := "account " + first.Key + " has"
	if n := len(without) - 1; n > 0 {
		who = "account " + first.Key + " and " + plural(n, "other") + " have"
	}
	v.fail(first.it.Source, first.it.Position(), "missing-email",
		"set email in "+RootFile+", such as aws+{organization}.{account}@"+cmp.Or(v.a.Name, "acme")+".example, or on the account",
		"%s no e-mail address, and there is no pattern to form one", who)
}
