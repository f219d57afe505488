package awsplugin

import (
	"strings"
	"unicode"
)

// irregularTokens has the Terraform name of each type and function whose Pulumi token does not
// follow from module and name. A row is needed only for what a component uses; the test against
// the real bridge says which is missing.
var irregularTokens = map[string]string{
	"aws:account/alternativeContact:AlternativeContact": "aws_account_alternate_contact",

	"aws:bcmdata/export:Export": "aws_bcmdataexports_export",

	"aws:cfg/recorder:Recorder":             "aws_config_configuration_recorder",
	"aws:cfg/recorderStatus:RecorderStatus": "aws_config_configuration_recorder_status",
	"aws:cfg/rule:Rule":                     "aws_config_config_rule",

	"aws:cloudtrail/trail:Trail": "aws_cloudtrail",

	"aws:codepipeline/pipeline:Pipeline": "aws_codepipeline",

	"aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess":     "aws_ec2_image_block_public_access",
	"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults": "aws_ec2_instance_metadata_defaults",
	"aws:ec2/managedPrefixList:ManagedPrefixList":               "aws_ec2_managed_prefix_list",
	"aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry":     "aws_ec2_managed_prefix_list_entry",
	"aws:ec2/serialConsoleAccess:SerialConsoleAccess":           "aws_ec2_serial_console_access",

	"aws:ec2transitgateway/transitGateway:TransitGateway": "aws_ec2_transit_gateway",

	"aws:guardduty/iPSet:IPSet":                   "aws_guardduty_ipset",
	"aws:guardduty/threatIntelSet:ThreatIntelSet": "aws_guardduty_threatintelset",

	"aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": "aws_iam_openid_connect_provider",
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":       "aws_iam_openid_connect_provider",

	"aws:route53/hostedZoneDnsSec:HostedZoneDnsSec":         "aws_route53_hosted_zone_dnssec",
	"aws:route53/profilesAssociation:ProfilesAssociation":   "aws_route53profiles_association",
	"aws:route53/profilesProfile:ProfilesProfile":           "aws_route53profiles_profile",
	"aws:route53/resolverDnsSecConfig:ResolverDnsSecConfig": "aws_route53_resolver_dnssec_config",

	"aws:s3/bucketAclV2:BucketAclV2":                                                             "aws_s3_bucket_acl",
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2":                       "aws_s3_bucket_lifecycle_configuration",
	"aws:s3/bucketLoggingV2:BucketLoggingV2":                                                     "aws_s3_bucket_logging",
	"aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2":                     "aws_s3_bucket_object_lock_configuration",
	"aws:s3/bucketObjectv2:BucketObjectv2":                                                       "aws_s3_object",
	"aws:s3/bucketReplicationConfig:BucketReplicationConfig":                                     "aws_s3_bucket_replication_configuration",
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": "aws_s3_bucket_server_side_encryption_configuration",
	"aws:s3/bucketV2:BucketV2":                                                                   "aws_s3_bucket",
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               "aws_s3_bucket_versioning",
}

// modulePrefixes has what a Pulumi module is called in Terraform names, where that differs.
var modulePrefixes = map[string]string{
	"index":             "",
	"ec2":               "",
	"cfg":               "config",
	"costexplorer":      "ce",
	"directconnect":     "dx",
	"ec2clientvpn":      "ec2_client_vpn",
	"ec2transitgateway": "ec2_transit_gateway",
	"directoryservice":  "directory_service",
}

// terraformName returns the Terraform name of a type or function of pulumi-aws: of
// aws:organizations/account:Account it is aws_organizations_account.
func terraformName(token string) string {
	if name, ok := irregularTokens[token]; ok {
		return name
	}
	_, rest, _ := strings.Cut(token, ":")
	module, name, _ := strings.Cut(rest, ":")
	module, _, _ = strings.Cut(module, "/")
	prefix, ok := modulePrefixes[module]
	if !ok {
		prefix = module
	}
	if prefix != "" {
		prefix += "_"
	}
	if isFunction(name) {
		name = name[len("get"):]
	}
	return "aws_" + prefix + snake(name)
}

// bridgeToken returns what the bridge calls a type or function of pulumi-aws. It knows no
// modules: of aws:organizations/account:Account it is
// aws:index/organizationsAccount:OrganizationsAccount. Tokens of other packages stay as they are.
func bridgeToken(token string) string {
	if !strings.HasPrefix(token, "aws:") {
		return token
	}
	name := upperCamel(strings.TrimPrefix(terraformName(token), "aws_"))
	if isFunction(token[strings.LastIndexByte(token, ':')+1:]) {
		name = "get" + name
		return "aws:index/" + name + ":" + name
	}
	return "aws:index/" + lowerFirst(name) + ":" + name
}

// idProperty returns the name under which the bridge offers the id of a type of pulumi-aws as a
// property, where Terraform lets a program set it.
func idProperty(token string) string {
	return lowerFirst(upperCamel(strings.TrimPrefix(terraformName(token), "aws_"))) + "Id"
}

// bridgeURN returns urn with the resource's own type as the bridge knows it. The types of its
// parents, which precede it, mean nothing to a provider.
func bridgeURN(urn string) string {
	own := typeOf(urn)
	head, name, ok := cutURN(urn)
	if !ok {
		return urn
	}
	return strings.TrimSuffix(head, own) + bridgeToken(own) + "::" + name
}

// typeOf returns the resource's own type, without its parents'.
func typeOf(urn string) string {
	head, _, ok := cutURN(urn)
	if !ok {
		return ""
	}
	head = head[strings.LastIndex(head, "::")+len("::"):]
	return head[strings.LastIndexByte(head, '$')+1:]
}

// cutURN splits urn:pulumi:STACK::PROJECT::TYPES::NAME before NAME, which may itself hold "::".
func cutURN(urn string) (head, name string, ok bool) {
	parts := strings.SplitN(urn, "::", 4)
	if len(parts) != 4 {
		return "", "", false
	}
	return strings.Join(parts[:3], "::"), parts[3], true
}

func isFunction(name string) bool {
	return len(name) > 3 && strings.HasPrefix(name, "get") && unicode.IsUpper(rune(name[3]))
}

// snake turns PolicyAttachment into policy_attachment.
func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// upperCamel turns organizations_policy_attachment into OrganizationsPolicyAttachment.
func upperCamel(s string) string {
	var b strings.Builder
	for _, word := range strings.Split(s, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

func lowerFirst(s string) string {
	return strings.ToLower(s[:1]) + s[1:]
}
