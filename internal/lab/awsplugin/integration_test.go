package awsplugin

import (
	"bufio"
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/accessanalyzer"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/account"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/budgets"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/dynamodb"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ebs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ssm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/archipelago-iac/archipelago/internal/lab/toolchain/tooltest"
)

// The tests in this file need the bridge and the Terraform provider.

// inUse has what the components use and what baselines are made of: of each token the Go types that its properties are read from.
var inUse = map[string][]any{
	"aws:accessanalyzer/analyzer:Analyzer":                                                       {accessanalyzer.Analyzer{}, accessanalyzer.AnalyzerArgs{}},
	"aws:account/alternativeContact:AlternativeContact":                                          {account.AlternativeContact{}, account.AlternativeContactArgs{}},
	"aws:account/primaryContact:PrimaryContact":                                                  {account.PrimaryContact{}, account.PrimaryContactArgs{}},
	"aws:account/region:Region":                                                                  {account.Region{}, account.RegionArgs{}},
	"aws:budgets/budget:Budget":                                                                  {budgets.Budget{}, budgets.BudgetArgs{}},
	"aws:cloudwatch/logGroup:LogGroup":                                                           {cloudwatch.LogGroup{}, cloudwatch.LogGroupArgs{}},
	"aws:dynamodb/table:Table":                                                                   {dynamodb.Table{}, dynamodb.TableArgs{}},
	"aws:ebs/defaultKmsKey:DefaultKmsKey":                                                        {ebs.DefaultKmsKey{}, ebs.DefaultKmsKeyArgs{}},
	"aws:ebs/encryptionByDefault:EncryptionByDefault":                                            {ebs.EncryptionByDefault{}, ebs.EncryptionByDefaultArgs{}},
	"aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess":                                {ebs.SnapshotBlockPublicAccess{}, ebs.SnapshotBlockPublicAccessArgs{}},
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":                                          {ec2.DefaultSecurityGroup{}, ec2.DefaultSecurityGroupArgs{}},
	"aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess":                                      {ec2.ImageBlockPublicAccess{}, ec2.ImageBlockPublicAccessArgs{}},
	"aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults":                                  {ec2.InstanceMetadataDefaults{}, ec2.InstanceMetadataDefaultsArgs{}},
	"aws:ec2/serialConsoleAccess:SerialConsoleAccess":                                            {ec2.SerialConsoleAccess{}, ec2.SerialConsoleAccessArgs{}},
	"aws:iam/accountAlias:AccountAlias":                                                          {iam.AccountAlias{}, iam.AccountAliasArgs{}},
	"aws:iam/accountPasswordPolicy:AccountPasswordPolicy":                                        {iam.AccountPasswordPolicy{}, iam.AccountPasswordPolicyArgs{}},
	"aws:iam/organizationsFeatures:OrganizationsFeatures":                                        {iam.OrganizationsFeatures{}, iam.OrganizationsFeaturesArgs{}},
	"aws:iam/policy:Policy":                                                                      {iam.Policy{}, iam.PolicyArgs{}},
	"aws:iam/role:Role":                                                                          {iam.Role{}, iam.RoleArgs{}},
	"aws:iam/rolePolicy:RolePolicy":                                                              {iam.RolePolicy{}, iam.RolePolicyArgs{}},
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment":                                          {iam.RolePolicyAttachment{}, iam.RolePolicyAttachmentArgs{}},
	"aws:index/getCallerIdentity:getCallerIdentity":                                              {aws.GetCallerIdentityResult{}},
	"aws:kms/alias:Alias":                                                                        {kms.Alias{}, kms.AliasArgs{}},
	"aws:kms/key:Key":                                                                            {kms.Key{}, kms.KeyArgs{}},
	"aws:lambda/function:Function":                                                               {lambda.Function{}, lambda.FunctionArgs{}},
	"aws:organizations/account:Account":                                                          {organizations.Account{}, organizations.AccountArgs{}},
	"aws:organizations/delegatedAdministrator:DelegatedAdministrator":                            {organizations.DelegatedAdministrator{}, organizations.DelegatedAdministratorArgs{}},
	"aws:organizations/getOrganization:getOrganization":                                          {organizations.LookupOrganizationResult{}},
	"aws:organizations/organization:Organization":                                                {organizations.Organization{}, organizations.OrganizationArgs{}},
	"aws:organizations/organizationalUnit:OrganizationalUnit":                                    {organizations.OrganizationalUnit{}, organizations.OrganizationalUnitArgs{}},
	"aws:organizations/policy:Policy":                                                            {organizations.Policy{}, organizations.PolicyArgs{}},
	"aws:organizations/policyAttachment:PolicyAttachment":                                        {organizations.PolicyAttachment{}, organizations.PolicyAttachmentArgs{}},
	"aws:organizations/resourcePolicy:ResourcePolicy":                                            {organizations.ResourcePolicy{}, organizations.ResourcePolicyArgs{}},
	"aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock":                                   {s3.AccountPublicAccessBlock{}, s3.AccountPublicAccessBlockArgs{}},
	"aws:s3/bucketOwnershipControls:BucketOwnershipControls":                                     {s3.BucketOwnershipControls{}, s3.BucketOwnershipControlsArgs{}},
	"aws:s3/bucketPolicy:BucketPolicy":                                                           {s3.BucketPolicy{}, s3.BucketPolicyArgs{}},
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":                                     {s3.BucketPublicAccessBlock{}, s3.BucketPublicAccessBlockArgs{}},
	"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": {s3.BucketServerSideEncryptionConfigurationV2{}, s3.BucketServerSideEncryptionConfigurationV2Args{}},
	"aws:s3/bucketV2:BucketV2":                                                                   {s3.BucketV2{}, s3.BucketV2Args{}},
	"aws:s3/bucketVersioningV2:BucketVersioningV2":                                               {s3.BucketVersioningV2{}, s3.BucketVersioningV2Args{}},
	"aws:sns/topic:Topic":                                                                        {sns.Topic{}, sns.TopicArgs{}},
	"aws:sns/topicSubscription:TopicSubscription":                                                {sns.TopicSubscription{}, sns.TopicSubscriptionArgs{}},
	"aws:sqs/queue:Queue":                                                                        {sqs.Queue{}, sqs.QueueArgs{}},
	"aws:ssm/parameter:Parameter":                                                                {ssm.Parameter{}, ssm.ParameterArgs{}},
}

// binaries returns the bridge and the Terraform provider; TestMain asks for them even where pulumi-aws
// itself is installed.
func binaries(t *testing.T) (bridge, provider string) {
	t.Helper()
	tools := tooltest.Need(t)
	return tools.Bridge.Path, tools.Provider.Path
}

func TestBridgeKnowsEveryToken(t *testing.T) {
	t.Parallel()
	bridge, provider := binaries(t)
	tokens := slices.Collect(maps.Keys(inUse))
	tokens = slices.AppendSeq(tokens, maps.Keys(irregularTokens))
	tokens = slices.AppendSeq(tokens, maps.Keys(resourceShapes))
	for _, row := range plannedTypes {
		tokens = append(tokens, row.token)
	}
	const bogus = "aws:organizations/noSuchThing:NoSuchThing"
	missing, err := UnknownTokens(context.Background(), bridge, provider, append(tokens, bogus))
	require.NoError(t, err)
	require.Equal(t, []string{bogus}, missing)
}

// What the components register for the sample is looked up too: a new type belongs into inUse.
func TestInUseHasWhatTheComponentsRegister(t *testing.T) {
	t.Parallel()
	graphs, err := filepath.Glob("../../../stacks/testdata/sample/*.golden")
	require.NoError(t, err)
	require.NotEmpty(t, graphs)
	registered := regexp.MustCompile(`(?m)^resource (aws:\S+)`)
	seen := 0
	for _, graph := range graphs {
		text, err := os.ReadFile(graph)
		require.NoError(t, err)
		for _, m := range registered.FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, inUse, m[1])
			seen++
		}
	}
	require.Positive(t, seen)
}

func TestPropertyNamesAgree(t *testing.T) {
	t.Parallel()
	bridge, provider := binaries(t)
	tokens := slices.AppendSeq(slices.Collect(maps.Keys(inUse)), maps.Keys(resourceShapes))
	schema, err := describe(context.Background(), bridge, provider, tokens)
	require.NoError(t, err)

	for token, goTypes := range inUse {
		known := schema.Resources[bridgeToken(token)].Properties
		inputs := schema.Resources[bridgeToken(token)].InputProperties
		if f, ok := schema.Functions[bridgeToken(token)]; ok {
			known = f.Outputs.Properties
		}
		for _, goType := range goTypes {
			names := propertyNames(goType)
			require.NotEmpty(t, names, token)
			for name, isList := range names {
				bridged, isList := inBridge(token, name, isList)
				property, ok := known[bridged]
				if !ok {
					property, ok = inputs[bridged]
				}
				require.True(t, ok || name == "id", "%s: %s", token, name)
				require.True(t, name == "id" || isList == (property.Type == "array"), "%s: %s", token, name)
			}
		}
	}
	for token, shapes := range resourceShapes {
		for _, s := range shapes {
			require.Contains(t, schema.Resources[bridgeToken(token)].InputProperties, s.bridge, token)
		}
	}
	for name := range propertyNames(aws.ProviderArgs{}) {
		bridged := strings.TrimSuffix(pathToBridge(configShapes, name), "[0]")
		require.Contains(t, schema.Config.Variables, bridged, "configuration")
	}
}

// inBridge returns the bridge's name of a property, and whether it is a list there.
func inBridge(token, name string, isList bool) (string, bool) {
	for _, s := range resourceShapes[token] {
		if s.name == name {
			return s.bridge, s.kind == single || isList && s.kind != many
		}
	}
	return name, isList
}

// propertyNames returns the names of the properties that a type of the Go SDK stands for, and
// whether each is a list. Of arguments, the plain type that they turn into has them.
func propertyNames(v any) map[string]bool {
	typ := reflect.TypeOf(v)
	if args, ok := v.(interface{ ElementType() reflect.Type }); ok {
		if element := args.ElementType(); element.Kind() == reflect.Struct {
			typ = element
		}
	}
	names := map[string]bool{}
	for i := range typ.NumField() {
		field := typ.Field(i)
		name := field.Tag.Get("pulumi")
		if name == "" {
			continue
		}
		isList := field.Type.Kind() == reflect.Slice || strings.Contains(field.Type.Name(), "Array")
		names[name] = isList
	}
	return names
}

// TestPlannedTypeWithTheRealProvider has a type that the emulator lacks checked, planned, changed
// and diffed by real code, without any emulator at all.
func TestPlannedTypeWithTheRealProvider(t *testing.T) {
	t.Parallel()
	bridge, provider := binaries(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h := &host{}
	relay, err := h.serve()
	require.NoError(t, err)
	o := bridgeOptions{bridge: bridge, provider: provider, host: relay}
	file := filepath.Join(t.TempDir(), "planned")
	p := newProxy(ctx, o, h, newPlanner(ctx, o, []plannedType{shareRow}, file))

	config := properties(t, object{
		"region": "eu-west-1", "accessKey": "test", "secretKey": "test",
		"skipCredentialsValidation": true, "skipRequestingAccountId": true, "skipMetadataApiCheck": true,
	})
	_, err = p.Configure(ctx, &pulumirpc.ConfigureRequest{Args: config, AcceptSecrets: true})
	require.NoError(t, err)

	checked, err := p.Check(ctx, &pulumirpc.CheckRequest{Urn: shareURN, News: properties(t, object{"name": "hub", "permissionArns": []any{"no ARN"}})})
	require.NoError(t, err)
	require.NotEmpty(t, checked.GetFailures(), "the real provider checks")
	inputs := object{"name": "hub", "allowExternalPrincipals": true}
	checked, err = p.Check(ctx, &pulumirpc.CheckRequest{Urn: shareURN, News: properties(t, inputs)})
	require.NoError(t, err)
	require.Empty(t, checked.GetFailures())

	created, err := p.Create(ctx, &pulumirpc.CreateRequest{Urn: shareURN, Properties: checked.GetInputs()})
	require.NoError(t, err)
	require.Regexp(t, `^arn:aws:ram:eu-west-1:123456789012:resource-share/[0-9a-f-]{36}$`, created.GetId())
	require.Equal(t, created.GetId(), created.GetProperties().AsMap()["arn"])

	diff := func(news object) *pulumirpc.DiffResponse {
		d, err := p.Diff(ctx, &pulumirpc.DiffRequest{
			Urn: shareURN, Id: created.GetId(), Olds: created.GetProperties(), News: properties(t, news),
		})
		require.NoError(t, err)
		return d
	}
	require.Equal(t, pulumirpc.DiffResponse_DIFF_NONE, diff(inputs).GetChanges())
	changed := object{"name": "renamed", "allowExternalPrincipals": true}
	require.Equal(t, pulumirpc.DiffResponse_DIFF_SOME, diff(changed).GetChanges())

	updated, err := p.Update(ctx, &pulumirpc.UpdateRequest{
		Urn: shareURN, Id: created.GetId(), Olds: created.GetProperties(), News: properties(t, changed),
	})
	require.NoError(t, err)
	require.Equal(t, "renamed", updated.GetProperties().AsMap()["name"])
	require.Equal(t, created.GetId(), updated.GetProperties().AsMap()["arn"])
}

// TestNothingOutlivesAKilledEngine kills what started the plugin in the way that leaves it no time.
func TestNothingOutlivesAKilledEngine(t *testing.T) {
	t.Parallel()
	bridge, provider := binaries(t)
	conn := serveTest(t, func(s *grpc.Server) { pulumirpc.RegisterEngineServer(s, &logs{}) })
	engine := exec.Command(os.Args[0])
	engine.Env = append(os.Environ(), engineEnv+"="+conn.Target(), BridgeEnv+"="+bridge, ProviderEnv+"="+provider)
	out, err := engine.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, engine.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Regexp(t, regexp.MustCompile(`^\d+\n$`), line, "the plugin announces its port")

	var below map[int]string
	require.Eventually(t, func() bool {
		below = descendants(t, engine.Process.Pid)
		names := strings.Join(slices.Collect(maps.Values(below)), " ")
		return strings.Contains(names, "terraform-provider-aws")
	}, time.Minute, 50*time.Millisecond)
	require.Len(t, below, 4, "plugin, guard, bridge and Terraform provider")

	require.NoError(t, engine.Process.Kill())
	require.Error(t, engine.Wait())
	for id, name := range below {
		require.Eventually(t, func() bool { return !running(t, id) }, time.Minute, 50*time.Millisecond, name)
	}
}

// process is one line of ps.
type process struct {
	id, parent int
	state, cmd string
}

func processes(t *testing.T) []process {
	t.Helper()
	out, err := exec.Command("ps", "-eo", "pid=,ppid=,stat=,args=").Output()
	require.NoError(t, err)
	var all []process
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Fields(line)
		if len(f) < 4 {
			continue
		}
		id, err := strconv.Atoi(f[0])
		require.NoError(t, err)
		parent, err := strconv.Atoi(f[1])
		require.NoError(t, err)
		all = append(all, process{id, parent, f[2], f[3]})
	}
	return all
}

// descendants returns the processes below parent with their commands.
func descendants(t *testing.T, parent int) map[int]string {
	t.Helper()
	found := map[int]string{}
	all := processes(t)
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			_, below := found[p.parent]
			if _, known := found[p.id]; !known && (below || p.parent == parent) {
				found[p.id] = p.cmd
				grown = true
			}
		}
	}
	return found
}

// running does not count what has ended and was not waited for: whether an orphan is reaped
// depends on the machine's first process.
func running(t *testing.T, id int) bool {
	t.Helper()
	return slices.ContainsFunc(processes(t), func(p process) bool {
		return p.id == id && !strings.HasPrefix(p.state, "Z")
	})
}
