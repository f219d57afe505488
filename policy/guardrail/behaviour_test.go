package guardrail_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/policy"
	"github.com/archipelago-iac/archipelago/policy/guardrail"
	"github.com/archipelago-iac/archipelago/policy/simulate"
)

const (
	ours      = "o-ours123456"
	member    = "111111111111"
	stranger  = "999999999999"
	managing  = "222222222222"
	developer = "arn:aws:iam::" + member + ":role/developer"
	outsider  = "arn:aws:iam::" + stranger + ":role/developer"
	ourRoot   = "arn:aws:iam::" + member + ":root"
)

// chain is a member account with one guardrail at its unit.
func chain(t *testing.T, id string, given map[string]any) simulate.Chain {
	t.Helper()
	doc, problems := guardrail.Document(id, given, exempt())
	require.Empty(t, problems)
	expanded := policy.Expand(string(doc), map[string]string{policy.OrganizationID: ours, policy.ManagementAccountID: managing})
	parsed, err := simulate.ParseDocument([]byte(expanded))
	require.NoError(t, err)
	g, _ := guardrail.Get(id)
	unit := simulate.Level{Node: "unit", SCPs: []simulate.Policy{simulate.FullAWSAccess()}}
	if g.Type == policy.ResourceControl {
		unit.RCPs = []simulate.Policy{{Name: id, Document: parsed}}
	} else {
		unit.SCPs = append(unit.SCPs, simulate.Policy{Name: id, Document: parsed})
	}
	if strings.HasPrefix(id, "allow-services") {
		unit.SCPs = unit.SCPs[1:]
	}
	top := simulate.Level{Node: "root", SCPs: []simulate.Policy{simulate.FullAWSAccess()}}
	bottom := simulate.Level{Node: "account", SCPs: []simulate.Policy{simulate.FullAWSAccess()}}
	return simulate.Chain{Account: member, OrgID: ours, OrgPath: ours + "/r-abcd/ou-abcd-11111111/", Levels: []simulate.Level{top, unit, bottom}}
}

type keys = map[string][]string

// What guardrails deny and what they leave alone, by the simulator.
func TestBehaviour(t *testing.T) {
	t.Parallel()
	org := params{"organizations": []any{"{{organization.id}}"}}
	lock := params{"allow": []any{"eu-west-1"}}
	network := params{"addresses": []any{"198.51.100.0/24"}, "vpcs": []any{"vpc-0a1b2c3d4e5f67890"}}
	instance, volume, image := "arn:aws:ec2:eu-west-1:"+member+":instance/i-1", "arn:aws:ec2:eu-west-1:"+member+":volume/vol-1", "arn:aws:ec2:eu-west-1::image/ami-1"
	bucket := "arn:aws:s3:::our-bucket/key"
	inPerimeter := map[string]string{"perimeter:network": "true"}
	service := simulate.Principal{Kind: simulate.Service, ARN: "cloudtrail.amazonaws.com"}
	for _, c := range []struct {
		id     string
		params params
		// who is a role's ARN; empty is a developer. As is a principal that is more.
		who      string
		as       simulate.Principal
		action   string
		resource string
		owner    string
		region   string
		context  keys
		// want is the Sid that denies; empty is that nothing does.
		want string
	}{
		{id: "deny-root-user", who: ourRoot, action: "s3:ListAllMyBuckets", want: "DenyRootUser"},
		{id: "deny-root-user", who: ourRoot, action: "s3:DeleteBucketPolicy", context: keys{"aws:AssumedRoot": {"true"}}},
		{id: "deny-root-user", params: params{"centralRootAccess": false}, who: ourRoot, action: "s3:DeleteBucketPolicy", context: keys{"aws:AssumedRoot": {"true"}}, want: "DenyRootUser"},
		{id: "deny-root-user", params: params{"allow": []any{"s3:DeleteBucketPolicy"}}, who: ourRoot, action: "s3:DeleteBucketPolicy"},
		{id: "deny-root-user", action: "s3:ListAllMyBuckets"},
		{id: "deny-root-access-keys", who: ourRoot, action: "iam:CreateAccessKey", resource: ourRoot, want: "DenyRootAccessKeys"},
		{id: "deny-root-access-keys", action: "iam:CreateAccessKey", resource: "arn:aws:iam::" + member + ":user/x"},
		{id: "deny-leave-organization", who: "arn:aws:iam::" + member + ":role/break-glass", action: "organizations:LeaveOrganization", want: "DenyLeaveOrganization"},
		{id: "deny-account-changes", action: "account:GetContactInformation"},
		{id: "deny-account-changes", action: "account:PutContactInformation", want: "DenyAccountChanges"},

		{id: "region-lock", params: lock, action: "ec2:RunInstances", region: "us-west-2", want: "RegionLock"},
		{id: "region-lock", params: lock, action: "ec2:RunInstances", region: "eu-west-1"},
		{id: "region-lock", params: lock, action: "iam:CreateRole", region: "us-east-1"},
		{id: "region-lock", params: lock, action: "globalaccelerator:CreateAccelerator", region: "us-west-2"},
		{id: "region-lock", params: lock, action: "acm:RequestCertificate", region: "us-east-1"},
		{id: "region-lock", params: lock, action: "acm:RequestCertificate", region: "us-west-2", want: "RegionLockVirginia"},
		{id: "region-lock", params: lock, action: "s3:CreateBucket", region: "us-east-1", want: "RegionLock"},
		{id: "region-lock", params: lock, who: "arn:aws:iam::" + member + ":role/automation", action: "ec2:RunInstances", region: "us-west-2"},
		{id: "region-lock", params: lock, who: "arn:aws:iam::" + member + ":role/stacksets-exec-0a1b", action: "config:PutConfigurationRecorder", region: "us-west-2"},
		{id: "region-lock", params: lock, who: "arn:aws:iam::" + member + ":role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", action: "ec2:RunInstances", region: "us-west-2"},
		{id: "region-lock-sts", params: lock, action: "sts:AssumeRole", region: "us-east-1", want: "RegionLockSts"},
		{id: "region-lock-sts", params: params{"allow": []any{"eu-west-1"}, "globalEndpoint": true}, action: "sts:AssumeRole", region: "us-east-1"},

		{id: "deny-services", params: params{"services": []any{"lightsail"}}, action: "lightsail:CreateInstances", want: "DenyServices"},
		{id: "deny-services", params: params{"services": []any{"lightsail"}}, action: "ec2:RunInstances"},
		{id: "only-services", params: params{"services": []any{"s3"}}, action: "ec2:RunInstances", want: "OnlyServices"},
		{id: "only-services", params: params{"services": []any{"s3"}}, action: "iam:CreateRole"},
		{id: "allow-services", params: params{"services": []any{"s3"}}, action: "s3:CreateBucket"},
		{id: "allow-services", params: params{"services": []any{"s3"}}, action: "ec2:RunInstances", want: "nothing allows"},

		{id: "protect-cloudtrail", params: params{"trails": []any{"*"}}, action: "cloudtrail:StopLogging", resource: "arn:aws:cloudtrail:eu-west-1:" + managing + ":trail/organization", want: "ProtectCloudtrail"},
		{id: "protect-cloudtrail", params: params{"trails": []any{"org*"}}, action: "cloudtrail:StopLogging", resource: "arn:aws:cloudtrail:eu-west-1:" + member + ":trail/mine"},
		{id: "protect-guardduty", action: "guardduty:DeleteDetector", want: "ProtectGuardduty"},
		{id: "protect-guardduty", action: "guardduty:GetDetector"},
		{id: "protect-roles", action: "iam:CreateRole", resource: "arn:aws:iam::" + member + ":role/break-glass", want: "ProtectRoles"},
		{id: "protect-roles", action: "iam:CreateRole", resource: "arn:aws:iam::" + member + ":role/stacksets-exec-mine", want: "ProtectRoles"},
		{id: "protect-roles", action: "iam:CreateRole", resource: "arn:aws:iam::" + member + ":role/application"},
		{id: "protect-roles", action: "iam:GetRole", resource: "arn:aws:iam::" + member + ":role/break-glass"},
		{id: "protect-baseline", params: params{"names": []any{"baseline-*"}}, action: "events:DisableRule", resource: "arn:aws:events:eu-west-1:" + member + ":rule/baseline-root", want: "ProtectBaseline"},
		{id: "protect-baseline", params: params{"names": []any{"baseline-*"}}, action: "events:DisableRule", resource: "arn:aws:events:eu-west-1:" + member + ":rule/mine"},
		{id: "protect-buckets", params: params{"buckets": []any{"logs-*"}}, action: "s3:DeleteObject", resource: "arn:aws:s3:::logs-1/a", want: "ProtectBucketsObjects"},
		{id: "protect-buckets", params: params{"buckets": []any{"logs-*"}}, action: "s3:GetObject", resource: "arn:aws:s3:::logs-1/a"},
		{id: "deny-key-deletion", action: "kms:ScheduleKeyDeletion", context: keys{"kms:ScheduleKeyDeletionPendingWindowInDays": {"7"}}, want: "DenyKeyDeletion"},
		{id: "deny-key-deletion", action: "kms:ScheduleKeyDeletion", context: keys{"kms:ScheduleKeyDeletionPendingWindowInDays": {"30"}}},

		{id: "deny-expensive-instances", action: "ec2:RunInstances", resource: instance, context: keys{"ec2:InstanceType": {"p5.48xlarge"}}, want: "DenyExpensiveInstances"},
		{id: "deny-expensive-instances", action: "ec2:RunInstances", resource: instance, context: keys{"ec2:InstanceType": {"m7g.large"}}},
		{id: "deny-expensive-instances", action: "ec2:RunInstances", resource: instance, context: keys{"ec2:InstanceType": {"m7i.metal-24xl"}}, want: "DenyExpensiveInstances"},
		{id: "deny-expensive-instances", action: "rds:CreateDBInstance", context: keys{"rds:DatabaseClass": {"db.t4g.micro"}}},
		{id: "require-imdsv2", action: "ec2:RunInstances", resource: instance, context: keys{"ec2:MetadataHttpTokens": {"optional"}}, want: "RequireImdsv2"},
		{id: "require-imdsv2", action: "ec2:RunInstances", resource: instance, context: keys{"ec2:MetadataHttpTokens": {"required"}, "ec2:MetadataHttpPutResponseHopLimit": {"2"}}},
		{id: "require-imdsv2", action: "ec2:RunInstances", resource: image},
		{id: "require-imdsv2", action: "ec2:ModifyInstanceMetadataOptions", resource: instance, context: keys{"ec2:Attribute/HttpTokens": {"optional"}}, want: "RequireImdsv2Change"},
		{id: "require-imdsv2", action: "ec2:ModifyInstanceMetadataOptions", resource: instance, context: keys{"ec2:Attribute/HttpTokens": {"required"}}},

		{id: "deny-public-snapshots", action: "ec2:ModifySnapshotAttribute", resource: "arn:aws:ec2:eu-west-1::snapshot/snap-1", context: keys{"ec2:Add/group": {"all"}}, want: "DenyPublicSnapshots"},
		{id: "deny-public-snapshots", action: "ec2:ModifySnapshotAttribute", resource: "arn:aws:ec2:eu-west-1::snapshot/snap-1", context: keys{"ec2:Add/userId": {stranger}}},
		{id: "deny-public-s3", action: "s3:PutObject", resource: bucket, context: keys{"s3:x-amz-acl": {"public-read"}}, want: "DenyPublicS3Acl"},
		{id: "deny-public-s3", action: "s3:PutObject", resource: bucket, context: keys{"s3:x-amz-acl": {"private"}}},
		{id: "deny-public-functions", action: "lambda:CreateFunctionUrlConfig", context: keys{"lambda:FunctionUrlAuthType": {"AWS_IAM"}}},
		{id: "deny-public-functions", action: "lambda:CreateFunctionUrlConfig", context: keys{"lambda:FunctionUrlAuthType": {"NONE"}}, want: "DenyPublicFunctions"},
		{id: "require-ebs-encryption", action: "ec2:CreateVolume", resource: volume, context: keys{"ec2:Encrypted": {"false"}}, want: "RequireEbsEncryption"},
		{id: "require-ebs-encryption", action: "ec2:CreateVolume", resource: volume, context: keys{"ec2:Encrypted": {"true"}}},
		{id: "require-rds-encryption", action: "rds:CreateDBInstance", context: keys{"rds:StorageEncrypted": {"false"}, "rds:DatabaseEngine": {"postgres"}}, want: "RequireRdsEncryptionInstance"},
		{id: "require-rds-encryption", action: "rds:CreateDBInstance", context: keys{"rds:StorageEncrypted": {"false"}, "rds:DatabaseEngine": {"aurora-postgresql"}}},
		{id: "require-s3-encryption", action: "s3:PutObject", resource: bucket, context: keys{"s3:x-amz-server-side-encryption": {"AES256"}}, want: "RequireS3Encryption"},
		{id: "require-s3-encryption", action: "s3:PutObject", resource: bucket},
		{id: "deny-customer-keys", action: "s3:PutObject", resource: bucket, context: keys{"s3:x-amz-server-side-encryption-customer-algorithm": {"AES256"}}, want: "DenyCustomerKeys"},
		{id: "deny-customer-keys", action: "s3:PutObject", resource: bucket},

		{id: "deny-external-sharing", action: "ram:CreateResourceShare", context: keys{"ram:RequestedAllowsExternalPrincipals": {"true"}}, want: "DenyExternalSharing"},
		{id: "deny-external-sharing", action: "ram:CreateResourceShare", context: keys{"ram:RequestedAllowsExternalPrincipals": {"false"}}},
		{id: "require-tags", params: params{"tags": []any{"owner"}}, action: "ec2:RunInstances", resource: instance, want: "RequireTagsInstanceOwner"},
		{id: "require-tags", params: params{"tags": []any{"owner"}}, action: "ec2:RunInstances", resource: instance, context: keys{"aws:RequestTag/owner": {"me"}}},
		{id: "require-tags", params: params{"tags": []any{"owner"}}, action: "ec2:RunInstances", resource: image},
		{id: "require-tags", params: params{"tags": []any{"owner"}}, action: "sqs:CreateQueue", want: "RequireTagsOnOwner"},
		{id: "protect-tags", params: params{"tags": []any{"perimeter:*"}}, action: "iam:TagRole", context: keys{"aws:TagKeys": {"owner", "perimeter:network"}}, want: "ProtectTags"},
		{id: "protect-tags", params: params{"tags": []any{"perimeter:*"}}, action: "iam:TagRole", context: keys{"aws:TagKeys": {"owner"}}},

		{id: "require-secure-transport", action: "s3:GetObject", resource: bucket, context: keys{"aws:SecureTransport": {"false"}}, want: "RequireSecureTransport"},
		{id: "require-secure-transport", action: "s3:GetObject", resource: bucket, context: keys{"aws:SecureTransport": {"true"}}},
		{id: "perimeter-identity", params: org, action: "s3:GetObject", resource: bucket},
		{id: "perimeter-identity", params: org, who: outsider, action: "s3:GetObject", resource: bucket, owner: member, want: "PerimeterIdentity"},
		{id: "perimeter-identity", params: org, as: simulate.Principal{Kind: simulate.Anonymous}, action: "s3:GetObject", resource: bucket, owner: member, want: "PerimeterIdentity"},
		{id: "perimeter-identity", params: org, as: service, action: "s3:PutObject", resource: bucket, owner: member},
		{id: "perimeter-identity", params: params{"organizations": []any{"{{organization.id}}"}, "accounts": []any{stranger}}, who: outsider, action: "s3:GetObject", resource: bucket, owner: member},
		{id: "confused-deputy", params: org, as: service, action: "s3:PutObject", resource: bucket, owner: member, context: keys{"aws:SourceAccount": {stranger}, "aws:SourceOrgID": {"o-theirs12345"}}, want: "ConfusedDeputy"},
		{id: "confused-deputy", params: org, as: service, action: "s3:PutObject", resource: bucket, owner: member, context: keys{"aws:SourceAccount": {member}, "aws:SourceOrgID": {ours}}},
		{id: "perimeter-resource", params: org, action: "s3:PutObject", resource: "arn:aws:s3:::theirs/key", owner: stranger, context: keys{"aws:ResourceOrgID": {"o-theirs12345"}}, want: "PerimeterResource"},
		{id: "perimeter-resource", params: org, action: "s3:PutObject", resource: bucket, owner: member},
		{id: "perimeter-network", params: network, as: simulate.Principal{ARN: developer, Tags: inPerimeter}, action: "s3:GetObject", context: keys{"aws:SourceIp": {"203.0.113.7"}}, want: "PerimeterNetwork"},
		{id: "perimeter-network", params: network, as: simulate.Principal{ARN: developer, Tags: inPerimeter}, action: "s3:GetObject", context: keys{"aws:SourceIp": {"198.51.100.7"}}},
		{id: "perimeter-network", params: network, as: simulate.Principal{ARN: developer, Tags: inPerimeter}, action: "s3:GetObject", context: keys{"aws:SourceVpc": {"vpc-0a1b2c3d4e5f67890"}}},
		{id: "perimeter-network", params: network, as: simulate.Principal{ARN: developer, Tags: inPerimeter}, action: "s3:GetObject", context: keys{"aws:SourceIp": {"203.0.113.7"}, "aws:ViaAWSService": {"true"}}},
		{id: "perimeter-network", params: network, action: "s3:GetObject", context: keys{"aws:SourceIp": {"203.0.113.7"}}},

		{id: "allow-models", params: params{"models": []any{"amazon.*"}}, action: "bedrock:InvokeModel", resource: "arn:aws:bedrock:eu-west-1::foundation-model/meta.llama3", want: "AllowModels"},
		{id: "allow-models", params: params{"models": []any{"amazon.*"}}, action: "bedrock:InvokeModel", resource: "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite"},
		{id: "quarantine", action: "s3:GetObject", want: "Quarantine"},
		{id: "quarantine", who: "arn:aws:iam::" + member + ":role/automation", action: "s3:GetObject", want: "Quarantine"},
		{id: "quarantine", who: "arn:aws:iam::" + member + ":role/break-glass", action: "s3:GetObject"},
		{id: "quarantine", params: params{"readOnly": true}, action: "iam:ListRoles"},
		{id: "quarantine", params: params{"readOnly": true}, action: "s3:GetObject", want: "Quarantine"},
		{id: "quarantine-resources", params: params{"accounts": []any{"{{management.account.id}}"}}, who: outsider, action: "s3:GetObject", resource: bucket, owner: member, want: "QuarantineResources"},
		{id: "quarantine-resources", params: params{"accounts": []any{"{{management.account.id}}"}}, who: "arn:aws:iam::" + managing + ":role/responder", action: "s3:GetObject", resource: bucket, owner: member},
		{id: "quarantine-resources", params: params{"accounts": []any{"{{management.account.id}}"}}, who: "arn:aws:iam::" + member + ":role/break-glass", action: "s3:GetObject", resource: bucket, owner: member},
		{id: "suspended", who: "arn:aws:iam::" + member + ":role/break-glass", action: "ec2:DescribeInstances", want: "Suspended"},
		{id: "suspended", who: "arn:aws:iam::" + member + ":role/OrganizationAccountAccessRole", action: "ec2:TerminateInstances"},
	} {
		principal := c.as
		if principal.ARN == "" && principal.Kind == "" {
			principal.ARN = c.who
			if principal.ARN == "" {
				principal.ARN = developer
			}
		}
		answer, err := simulate.Evaluate(chain(t, c.id, c.params), &simulate.Request{Principal: principal, Action: c.action, Resource: c.resource, ResourceAccount: c.owner,
			Region: c.region, Context: c.context}, simulate.Grants{})
		require.NoError(t, err)
		got := answer.Sid
		if answer.Allowed {
			got = ""
		} else if answer.Decision == simulate.ImplicitDeny {
			got = "nothing allows"
		}
		require.Equal(t, c.want, got, "%s %v: %s by %v with %v: %s", c.id, c.params, c.action, principal, c.context, answer.Reason())
	}
}
