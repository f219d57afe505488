// Package baseline has Pulumi components for what is set up inside an AWS account: its global settings
// and IAM roles ([NewAccount]), its settings in a region ([NewRegion]), and any other AWS resource that
// is declared as data ([NewResource]).
//
// The components know nothing of Archipelago's files and can be used from any Pulumi program in Go. Give
// each a provider that leads into the account and, for what is regional, into the region.
//
//	account, err := baseline.NewAccount(ctx, "acme/shop", &baseline.AccountArgs{
//		Alias: pulumi.String("acme-shop"),
//		Roles: []baseline.Role{{
//			Name:            "audit",
//			Trust:           pulumi.String(trust),
//			ManagedPolicies: map[string]pulumi.StringInput{"SecurityAudit": pulumi.String("arn:aws:iam::aws:policy/SecurityAudit")},
//		}},
//		BlockPublicBuckets: &yes,
//	}, pulumi.Provider(home))
//	...
//	region, err := baseline.NewRegion(ctx, "acme/shop/eu-west-1", &baseline.RegionArgs{
//		EncryptVolumes:   &yes,
//		ExternalAnalyzer: true,
//	}, pulumi.Provider(home))
//	...
//	bucket, err := baseline.NewResource(ctx, "acme/shop/resource/logs", &baseline.ResourceArgs{
//		Type:       "aws:s3/bucketV2:BucketV2",
//		Properties: json.RawMessage(`{"bucketPrefix": "logs-{{account.id}}-"}`),
//		Values:     map[string]pulumi.StringInput{"account.id": id},
//	}, pulumi.Parent(account), pulumi.Provider(home))
//
// What is nil, empty or zero in the arguments is left as it is in AWS, and no resource is registered for it.
//
// # Placeholders
//
// [Text] replaces placeholders in a text: {{account.id}}. [NewResource] does so in the properties of a
// resource, and knows references to the outputs of another one beside: {{resources.logs.arn}}.
package baseline
