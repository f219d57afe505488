package guardrail

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// format is a form that texts can have.
type format struct {
	// noun words it with its article.
	noun string
	// example is a text of the form.
	example string
	pattern *regexp.Regexp
	// more finds what a pattern cannot say; Parameter and Item of its problems are filled in, and Code
	// where it is empty. May be nil.
	more func(string) []Problem
}

func (f format) check(text string) []Problem {
	if f.pattern != nil && !f.pattern.MatchString(text) {
		return []Problem{{Message: fmt.Sprintf("%q is not %s", text, f.noun), Hint: "such as " + f.example}}
	}
	if f.more == nil {
		return nil
	}
	return f.more(text)
}

// maxLiteral is the longest that AWS allows a name or ARN pattern in the fields below to be.
const maxLiteral = 512

var formats = map[string]format{
	"region": {"a region", "eu-west-1", regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-\d{1,2}$`), knownRegion},
	// The prefix of actions, not the name of the service: elasticloadbalancing, not elb.
	"service": {"the prefix of a service's actions", "s3", regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`), nil},
	"action":  {"an action", `"s3:GetObject" or "s3:Get*"`, regexp.MustCompile(`^[a-z0-9][a-z0-9-]*:[A-Za-z0-9*?]+$`), nil},
	"instance-type": {"an instance type or a pattern of them", `"p5.48xlarge" or "p*.*"`,
		regexp.MustCompile(`^[a-z0-9*?-]+\.[a-z0-9*?-]+$`), notOnlyWildcards},
	"database-class": {"a database instance class or a pattern of them", "db.r7g.16xlarge",
		regexp.MustCompile(`^db\.[a-z0-9*?.-]+$`), nil},
	"account": {"an account id", "111122223333 or {{management.account.id}}",
		regexp.MustCompile(`^(\d{12}|\{\{(hub\.)?management\.account\.id\}\})$`), nil},
	"organization": {"an organization id", "o-a1b2c3d4e5 or {{organization.id}}",
		regexp.MustCompile(`^(o-[a-z0-9]{10,32}|\{\{(hub\.)?organization\.id\}\})$`), nil},
	"cidr":      {"a range of IP addresses", "198.51.100.0/24", nil, network},
	"vpc":       {"the id of a VPC", "vpc-0a1b2c3d4e5f67890", regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`), nil},
	"principal": {"", "", nil, principal},
	// Source: AWS Organizations User Guide and Tagging AWS Resources, tag naming limits, 2026-11.
	"tag-key":     {"a tag key", "cost-center", regexp.MustCompile(`^[\pL\pN _.:/=+@-]{1,128}$`), userTag},
	"tag-pattern": {"a tag key or a pattern of them", `"perimeter:*"`, regexp.MustCompile(`^[\pL\pN _.:/=+@*?-]{1,128}$`), notOnlyWildcards},
	"role": {"the name of a role, with its path, or a pattern of them", `"ci/deploy" or "platform-*"`,
		regexp.MustCompile(`^[\w+=,.@/*?-]{1,512}$`), notOnlyWildcards},
	"name":     {"a name or a pattern of names", `"baseline-*"`, regexp.MustCompile(`^[\w.*?/-]{1,128}$`), notOnlyWildcards},
	"any-name": {"a name or a pattern of names", `"audit" or "*"`, regexp.MustCompile(`^[\w.*?-]{1,128}$`), nil},
	"resource": {"the ARN of a resource or a pattern of ARNs", "arn:aws:s3:::partner-bucket/*",
		regexp.MustCompile(`^arn:(aws[a-z-]*|\*):[a-z0-9*-]+:[a-z0-9*-]*:[a-z0-9*]*:.+$`), short},
	"model":    {"the id of a Bedrock foundation model or a pattern of them", `"amazon.nova-*"`, regexp.MustCompile(`^[a-z0-9-]+\.[a-z0-9.:*-]+$`), nil},
	"provider": {"the host and path of an OpenID Connect provider", "token.actions.githubusercontent.com", regexp.MustCompile(`^[a-z0-9.-]+\.[a-z]+(/[\w./-]+)?$`), nil},
	"subject":  {"a subject or a pattern of subjects", `"repo:acme/*"`, regexp.MustCompile(`^[^\s"]{1,512}$`), notOnlyWildcards},
	// Source: AWS Organizations User Guide, Supported services and resource types for tag policies, 2026-11.
	"tag-resource": {"a resource type of tag policies", `"ec2:instance" or "ec2:ALL_SUPPORTED"`, regexp.MustCompile(`^[a-z0-9-]+:([a-z0-9*/_-]+|ALL_SUPPORTED)$`), nil},
	"schedule":     {"a cron expression of AWS", "cron(0 3 ? * * *)", regexp.MustCompile(`^cron\([^()]+\)$`), sixFields},
	"vault":        {"the name of a backup vault", "central", regexp.MustCompile(`^[a-zA-Z0-9_-]{2,50}$`), nil},
	"vault-arn": {"the ARN of a backup vault", "arn:aws:backup:eu-central-1:111122223333:backup-vault:central",
		regexp.MustCompile(`^arn:aws[a-z-]*:backup:[a-z0-9-]+:(\d{12}|\$account|\{\{[^{}]+\}\}):backup-vault:[a-zA-Z0-9_-]{2,50}$`), nil},
	"plan":       {"the name of a backup plan", "daily", regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,50}$`), nil},
	"ai-service": {"the name of an AI service in opt-out policies", "rekognition", regexp.MustCompile(`^[a-z0-9]+$`), nil},
	"workspace":  {"the id of a Slack workspace", "T01ABCDEFGH", regexp.MustCompile(`^(T[A-Z0-9]{4,}|\*)$`), nil},
	"tenant": {"the id of a Microsoft Teams tenant", "0a1b2c3d-0000-4000-8000-000000000000",
		regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`), nil},
	"image-owner": {"an account id or an owner of images", "amazon", regexp.MustCompile(`^(\d{12}|amazon|aws_marketplace|aws_backup_vault)$`), nil},
}

func notOnlyWildcards(text string) []Problem {
	if strings.Trim(text, "*?/.") == "" {
		return []Problem{{Message: fmt.Sprintf("%q matches everything", text), Hint: "name it, at least by a part"}}
	}
	return nil
}

func short(text string) []Problem {
	if len(text) > maxLiteral {
		return []Problem{{Message: fmt.Sprintf("it has %d characters; at most %d are sensible", len(text), maxLiteral)}}
	}
	return nil
}

func principal(text string) []Problem {
	message, hint := checkPrincipal(text)
	if message == "" {
		return nil
	}
	return []Problem{{Code: CodeExempt, Message: message, Hint: hint}}
}

func userTag(key string) []Problem {
	if strings.HasPrefix(strings.ToLower(key), "aws:") {
		return []Problem{{Message: fmt.Sprintf("%q belongs to AWS, which alone sets tags that begin with aws:", key)}}
	}
	return nil
}

// network accepts a range, with the zero bits that AWS wants after its length, that is not everything.
func network(text string) []Problem {
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return []Problem{{Message: fmt.Sprintf("%q is not a range of IP addresses", text), Hint: "such as 198.51.100.0/24; a single address ends in /32"}}
	case prefix.Bits() == 0:
		return []Problem{{Message: fmt.Sprintf("%q is the whole internet", text), Hint: "list the ranges that your people and machines call from"}}
	case prefix.Masked() != prefix:
		return []Problem{{Message: fmt.Sprintf("%q does not begin its range", text), Hint: "write " + prefix.Masked().String()}}
	case prefix.Addr().IsPrivate():
		return []Problem{{Message: fmt.Sprintf("%q is private: AWS sees public addresses, or those of a VPC", text), Hint: "list VPCs instead", Warning: true}}
	}
	return nil
}

func sixFields(text string) []Problem {
	if fields := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(text, "cron("), ")")); len(fields) != 6 {
		return []Problem{{Message: fmt.Sprintf("%q has %d fields; cron of AWS has six", text, len(fields)), Hint: "minutes, hours, day of month, month, day of week, year"}}
	}
	return nil
}

// knownRegion warns about a region that nobody has heard of; it may be new.
func knownRegion(name string) []Problem {
	if slices.Contains(regions, name) {
		return nil
	}
	p := Problem{Message: fmt.Sprintf("%q is not a region that is known here", name), Warning: true}
	if near := closest(name, regions); near != "" {
		p.Hint = "did you mean " + near + "?"
	}
	return []Problem{p}
}

// regions are the regions of the commercial partition, and of those for China and GovCloud.
// Source: partitions.json of aws-sdk-go-v2, 2026-11.
var regions = []string{
	"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
	"ca-central-1", "ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1",
	"eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
	"us-east-1", "us-east-2", "us-gov-east-1", "us-gov-west-1", "us-west-1", "us-west-2",
}
