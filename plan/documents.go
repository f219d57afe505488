package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/topology"
)

// documents checks and minifies policy documents, each once however many organizations use it.
type documents struct {
	minify map[*topology.Document]string
}

func newDocuments() *documents {
	return &documents{minify: map[*topology.Document]string{}}
}

// minified returns the document without white space, "" where it is not JSON: the check has said so.
func (d *documents) minified(doc *topology.Document) string {
	if doc == nil {
		return ""
	}
	text, ok := d.minify[doc]
	if !ok {
		text, _ = policy.Minify(doc.Text)
		d.minify[doc] = text
	}
	return text
}

// checkAll checks syntax, grammar and placeholders of every document, attached or not.
func (d *documents) checkAll(a *topology.Archipelago) topology.Diagnostics {
	var found topology.Diagnostics
	// Several policies may share a file; its problems are said once per type.
	seen := map[string]bool{}
	check := func(policies map[string]*topology.Policy) {
		for _, key := range sortedKeys(policies) {
			p := policies[key]
			if p == nil || p.Document == nil || policyTypes[p.Type] == "" || seen[p.Document.Path+"\x00"+string(p.Type)] {
				continue
			}
			if p.Document.Path != "" {
				seen[p.Document.Path+"\x00"+string(p.Type)] = true
			}
			problems := policy.Check(policy.Type(policyTypes[p.Type]), p.Document.Text)
			found = append(found, diagnostics(p.Document, append(problems, policy.CheckPlaceholders(p.Document.Text, nil)...))...)
		}
	}
	check(a.Policies)
	for _, o := range a.Organizations {
		check(o.Policies)
		if p := o.DelegationPolicy; p != nil && p.Document != nil {
			problems := policy.CheckResourcePolicy(p.Document.Text)
			active := activeAccounts(o)
			placeholders := policy.CheckPlaceholders(p.Document.Text, func(key string) bool { return active[key] })
			found = append(found, diagnostics(p.Document, append(problems, placeholders...))...)
		}
	}
	return found
}

// activeAccounts returns the keys of the member accounts that take part in what an organization does.
func activeAccounts(o *topology.Organization) map[string]bool {
	active := map[string]bool{}
	o.Walk(nil, func(n topology.Node, acc *topology.Account) {
		active[n.Key] = acc.State.Active()
	})
	return active
}

func diagnostics(doc *topology.Document, problems []policy.Problem) topology.Diagnostics {
	var out topology.Diagnostics
	for _, p := range problems {
		severity := topology.Error
		if p.Warning {
			severity = topology.Warning
		}
		out = append(out, doc.ProblemAt(severity, p.Offset, p.Code, p.Message, p.Hint))
	}
	return out
}

// sizeQuota names the size limit of each policy type.
var sizeQuota = map[topology.PolicyType]string{
	topology.PolicySCP:            topology.QuotaSCPSize,
	topology.PolicyRCP:            topology.QuotaRCPSize,
	topology.PolicyTag:            topology.QuotaTagPolicySize,
	topology.PolicyBackup:         topology.QuotaBackupSize,
	topology.PolicyAIOptOut:       topology.QuotaAIOptOutSize,
	topology.PolicyChat:           topology.QuotaChatSize,
	topology.PolicyDeclarativeEC2: topology.QuotaDeclarativeEC2Size,
}

// checkUse checks what depends on the organization that uses a policy: the size limit, and what its
// placeholders need.
func (d *documents) checkUse(a *topology.Archipelago, o *topology.Organization, key string, p *topology.Policy) topology.Diagnostics {
	return d.check(a, o, fmt.Sprintf("policy %q", key), p.Source, p.Document, sizeQuota[p.Type])
}

func (d *documents) checkDelegation(a *topology.Archipelago, o *topology.Organization) topology.Diagnostics {
	p := o.DelegationPolicy
	return d.check(a, o, "the delegation policy", p.Source, p.Document, topology.QuotaDelegationSize)
}

// check looks at what s, a policy or delegation policy, makes of its document. What it finds is reported
// where s names the file, or where it starts.
func (d *documents) check(a *topology.Archipelago, o *topology.Organization, what string, s topology.Source, doc *topology.Document, quota string) topology.Diagnostics {
	var found topology.Diagnostics
	content := d.minified(doc)
	if limit, size := a.Quota(o, quota), policy.Size(content); size > limit {
		found = append(found, s.Problem(topology.Error, s.At("file"), "policy-size",
			fmt.Sprintf("%s has %d characters without white space; organization %s allows %d", what, size, o.Name, limit),
			fmt.Sprintf("split it into two policies, or set quotas.%s if AWS has raised the limit", quota)))
	}
	hub := slices.ContainsFunc(policy.Placeholders(content), func(name string) bool { return strings.HasPrefix(name, "hub.") })
	if hub && o.Kind == topology.KindBreakGlass {
		found = append(found, s.Problem(topology.Error, s.At("file"), "break-glass-hub",
			fmt.Sprintf("%s needs the hub, but the break-glass organization %s must work without it", what, o.Name),
			"write the hub's ids out, or use another policy for the break-glass organization"))
	}
	return found
}
