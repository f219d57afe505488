package front

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab/emulator"
	"github.com/archipelago-iac/archipelago/internal/lab/guard"
	"github.com/archipelago-iac/archipelago/internal/lab/toolchain/tooltest"
)

func TestMain(m *testing.M) {
	guard.Init()
	os.Exit(m.Run()) // the guard ends the emulator with this process
}

// startEmulator starts one emulator for all tests of this process. They keep out of each other's
// way by accounts.
func startEmulator(command []string) (string, error) {
	shared.Do(func() {
		var e *emulator.Emulator
		if e, shared.err = emulator.Start(context.Background(), emulator.Options{Command: command}); shared.err == nil {
			shared.url = e.URL()
		}
	})
	return shared.url, shared.err
}

var shared struct {
	sync.Once
	url string
	err error
}

// nextAccount numbers the management accounts of the tests.
var nextAccount atomic.Int64

func startMoto(t *testing.T, o Options) *Front {
	t.Helper()
	address, err := startEmulator(tooltest.Emulator(t))
	require.NoError(t, err)
	o.Upstream = address
	f, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.Close()) })
	return f
}

// awsAccount is an account as a program sees it.
type awsAccount struct {
	id      string
	config  aws.Config
	orgs    *organizations.Client
	account *account.Client
	iam     *iam.Client
}

// login assumes a role in an account, through the front.
func login(t *testing.T, f *Front, id string) awsAccount {
	t.Helper()
	cfg, err := config.LoadDefaultConfig(t.Context(),
		config.WithRegion("us-east-1"), config.WithBaseEndpoint(f.URL()),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("test", "test", "")),
		config.WithRetryMaxAttempts(1),
	)
	require.NoError(t, err)
	role, err := sts.NewFromConfig(cfg).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + id + ":role/automation"), RoleSessionName: aws.String("test"),
	})
	require.NoError(t, err)
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*role.Credentials.AccessKeyId, *role.Credentials.SecretAccessKey, *role.Credentials.SessionToken)
	return awsAccount{id, cfg, organizations.NewFromConfig(cfg), account.NewFromConfig(cfg), iam.NewFromConfig(cfg)}
}

// org is an organization under test.
type org struct {
	awsAccount
	t    *testing.T
	f    *Front
	root string
}

func newOrg(t *testing.T, f *Front) org {
	t.Helper()
	a := login(t, f, fmt.Sprintf("7%011d", nextAccount.Add(1)))
	_, err := a.orgs.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetAll})
	require.NoError(t, err)
	roots, err := a.orgs.ListRoots(t.Context(), &organizations.ListRootsInput{})
	require.NoError(t, err)
	return org{a, t, f, *roots.Roots[0].Id}
}

func (o org) enable(kinds ...types.PolicyType) {
	o.t.Helper()
	for _, k := range kinds {
		_, err := o.orgs.EnablePolicyType(o.t.Context(), &organizations.EnablePolicyTypeInput{RootId: &o.root, PolicyType: k})
		require.NoError(o.t, err)
	}
}

func (o org) unit(parent, name string) string {
	o.t.Helper()
	u, err := o.orgs.CreateOrganizationalUnit(o.t.Context(), &organizations.CreateOrganizationalUnitInput{ParentId: &parent, Name: &name})
	require.NoError(o.t, err)
	return *u.OrganizationalUnit.Id
}

func (o org) member(email string) string {
	o.t.Helper()
	s, err := o.orgs.CreateAccount(o.t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("a member"), Email: &email})
	require.NoError(o.t, err)
	require.Equal(o.t, types.CreateAccountStateSucceeded, s.CreateAccountStatus.State)
	return *s.CreateAccountStatus.AccountId
}

const denySCP = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`

func (o org) policy(kind types.PolicyType, name string) string {
	o.t.Helper()
	content := `{}`
	if kind == types.PolicyTypeServiceControlPolicy {
		content = denySCP
	}
	p, err := o.orgs.CreatePolicy(o.t.Context(), &organizations.CreatePolicyInput{Type: kind, Name: &name, Content: &content, Description: aws.String("")})
	require.NoError(o.t, err)
	return *p.Policy.PolicySummary.Id
}

func (o org) attach(policy, target string) error {
	_, err := o.orgs.AttachPolicy(o.t.Context(), &organizations.AttachPolicyInput{PolicyId: &policy, TargetId: &target})
	return err
}

func (o org) detach(policy, target string) error {
	_, err := o.orgs.DetachPolicy(o.t.Context(), &organizations.DetachPolicyInput{PolicyId: &policy, TargetId: &target})
	return err
}

func (o org) trust(services ...string) {
	o.t.Helper()
	for _, s := range services {
		_, err := o.orgs.EnableAWSServiceAccess(o.t.Context(), &organizations.EnableAWSServiceAccessInput{ServicePrincipal: &s})
		require.NoError(o.t, err)
	}
}

func (o org) policiesOn(target string, kind types.PolicyType) []string {
	o.t.Helper()
	page, err := o.orgs.ListPoliciesForTarget(o.t.Context(), &organizations.ListPoliciesForTargetInput{TargetId: &target, Filter: kind})
	require.NoError(o.t, err)
	ids := []string{}
	for _, p := range page.Policies {
		ids = append(ids, *p.Id)
	}
	return ids
}

// refused requires an error of a type that the SDK knows, with the reason if there is one.
func refused(t *testing.T, err error, code, reason string) {
	t.Helper()
	require.Error(t, err)
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	require.Equal(t, code, api.ErrorCode())
	require.NotEmpty(t, api.ErrorMessage())
	var c *types.ConstraintViolationException
	if errors.As(err, &c) {
		require.Equal(t, reason, string(c.Reason))
	}
	var i *types.InvalidInputException
	if errors.As(err, &i) {
		require.Equal(t, reason, string(i.Reason))
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{}))
	ctx := t.Context()
	create := func(parent, name string) error {
		_, err := o.orgs.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: &parent, Name: &name})
		return err
	}
	rename := func(id, name string) error {
		u, err := o.orgs.UpdateOrganizationalUnit(ctx, &organizations.UpdateOrganizationalUnitInput{OrganizationalUnitId: &id, Name: &name})
		if err == nil {
			require.Equal(t, name, *u.OrganizationalUnit.Name)
		}
		return err
	}
	remove := func(id string) error {
		_, err := o.orgs.DeleteOrganizationalUnit(ctx, &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: &id})
		return err
	}

	workloads := o.unit(o.root, "Workloads")
	prod := o.unit(workloads, "Prod")
	sandbox := o.unit(o.root, "Sandbox")
	refused(t, create(o.root, "Workloads"), "DuplicateOrganizationalUnitException", "")
	refused(t, create(o.root, ""), "InvalidInputException", "MIN_LENGTH_EXCEEDED")
	refused(t, create("ou-abcd-12345678", "x"), "ParentNotFoundException", "")

	deepest := prod
	for _, name := range []string{"3", "4", "5"} {
		deepest = o.unit(deepest, name)
	}
	refused(t, create(deepest, "6"), "ConstraintViolationException", "OU_DEPTH_LIMIT_EXCEEDED")

	require.NoError(t, rename(sandbox, "Sandbox"), "its own name")
	refused(t, rename(sandbox, "Workloads"), "DuplicateOrganizationalUnitException", "")
	require.NoError(t, rename(sandbox, "Prod"), "a name that a unit elsewhere has")
	d, err := o.orgs.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: &sandbox})
	require.NoError(t, err)
	require.Equal(t, "Prod", *d.OrganizationalUnit.Name)
	refused(t, create(o.root, "Prod"), "DuplicateOrganizationalUnitException", "")
	list, err := o.orgs.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &o.root})
	require.NoError(t, err)
	require.Equal(t, []string{"Workloads", "Prod"}, []string{*list.OrganizationalUnits[0].Name, *list.OrganizationalUnits[1].Name})
	require.NoError(t, rename(sandbox, "Playground"))

	refused(t, remove(workloads), "OrganizationalUnitNotEmptyException", "")
	refused(t, remove("ou-abcd-12345678"), "OrganizationalUnitNotFoundException", "")
	o.enable(types.PolicyTypeServiceControlPolicy, types.PolicyTypeBackupPolicy)
	guard, backup := o.policy(types.PolicyTypeServiceControlPolicy, "guard"), o.policy(types.PolicyTypeBackupPolicy, "backup")
	require.NoError(t, o.attach(guard, sandbox))
	require.NoError(t, o.attach(backup, sandbox))
	require.NoError(t, remove(sandbox))
	for _, p := range []string{guard, backup} {
		_, err = o.orgs.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: &p})
		require.NoError(t, err, "nothing is left of the attachments to a unit that is gone")
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{Limits: Limits{Accounts: 4}})
	one, other := newOrg(t, f), newOrg(t, f)
	ctx := t.Context()
	create := func(o org, email string) (*types.CreateAccountStatus, error) {
		s, err := o.orgs.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: &email})
		if err != nil {
			return nil, err
		}
		require.Equal(t, types.CreateAccountStateInProgress, s.CreateAccountStatus.State)
		d, err := o.orgs.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: s.CreateAccountStatus.Id})
		require.NoError(t, err)
		return d.CreateAccountStatus, nil
	}

	a := one.member("audit@acme.example")
	for _, o := range []org{one, other} {
		s, err := create(o, "Audit@acme.example")
		require.NoError(t, err)
		require.Equal(t, types.CreateAccountStateFailed, s.State)
		require.Equal(t, types.CreateAccountFailureReasonEmailAlreadyExists, s.FailureReason)
	}
	s, err := create(one, "a|b@acme.example")
	require.NoError(t, err)
	require.Equal(t, types.CreateAccountFailureReasonInvalidEmail, s.FailureReason)
	failed, err := one.orgs.ListCreateAccountStatus(ctx, &organizations.ListCreateAccountStatusInput{States: []types.CreateAccountState{types.CreateAccountStateFailed}})
	require.NoError(t, err)
	require.Len(t, failed.CreateAccountStatuses, 2)
	_, err = one.orgs.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: aws.String("car-12345678")})
	refused(t, err, "CreateAccountStatusNotFoundException", "")
	_, err = create(one, "no address")
	refused(t, err, "InvalidInputException", "INVALID_PATTERN")

	one.member("b@acme.example")
	one.member("c@acme.example")
	_, err = create(one, "d@acme.example")
	refused(t, err, "ConstraintViolationException", "ACCOUNT_NUMBER_LIMIT_EXCEEDED")

	unit, unit2 := one.unit(one.root, "A"), one.unit(one.root, "B")
	move := func(from, to string) error {
		_, err := one.orgs.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: &a, SourceParentId: &from, DestinationParentId: &to})
		return err
	}
	require.NoError(t, move(one.root, unit))
	refused(t, move(one.root, unit2), "SourceParentNotFoundException", "")
	refused(t, move(unit, unit), "DuplicateAccountException", "")
	refused(t, move(unit, "ou-abcd-12345678"), "DestinationParentNotFoundException", "")
	_, err = one.orgs.DeleteOrganizationalUnit(ctx, &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: &unit})
	refused(t, err, "OrganizationalUnitNotEmptyException", "")

	_, err = login(t, f, a).orgs.CreateOrganizationalUnit(ctx, &organizations.CreateOrganizationalUnitInput{ParentId: &one.root, Name: aws.String("X")})
	refused(t, err, "AccessDeniedException", "")
}

func TestClosedAccountsAndTheEndOfAnOrganization(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	o := newOrg(t, f)
	ctx := t.Context()
	id := o.member("gone@acme.example")
	closeAccount := func(id string) error {
		_, err := o.orgs.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &id})
		return err
	}
	remove := func(id string) error {
		_, err := o.orgs.RemoveAccountFromOrganization(ctx, &organizations.RemoveAccountFromOrganizationInput{AccountId: &id})
		return err
	}
	end := func() error {
		_, err := o.orgs.DeleteOrganization(ctx, &organizations.DeleteOrganizationInput{})
		return err
	}
	refused(t, closeAccount(o.id), "ConstraintViolationException", "CANNOT_CLOSE_MANAGEMENT_ACCOUNT")
	refused(t, closeAccount("000000000000"), "AccountNotFoundException", "")
	require.NoError(t, closeAccount(id))
	refused(t, closeAccount(id), "AccountAlreadyClosedException", "")
	d, err := o.orgs.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &id})
	require.NoError(t, err)
	require.Equal(t, types.AccountStateSuspended, d.Account.State)

	_, err = sts.NewFromConfig(o.config).AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::" + id + ":role/OrganizationAccountAccessRole"), RoleSessionName: aws.String("x"),
	})
	refused(t, err, "AccessDenied", "")
	refused(t, remove(id), "ConstraintViolationException", "ACCOUNT_CANNOT_LEAVE_ORGANIZATION")
	refused(t, remove(o.id), "MasterCannotLeaveOrganizationException", "")
	refused(t, end(), "OrganizationNotEmptyException", "")

	require.NoError(t, f.ExpireClosedAccounts(ctx))
	require.NoError(t, end())
	_, err = o.orgs.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	refused(t, err, "AWSOrganizationsNotInUseException", "")

	_, err = o.orgs.CreateOrganization(ctx, &organizations.CreateOrganizationInput{})
	require.NoError(t, err)
	s, err := o.orgs.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: aws.String("again"), Email: aws.String("gone@acme.example")})
	require.NoError(t, err)
	d2, err := o.orgs.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: s.CreateAccountStatus.Id})
	require.NoError(t, err)
	require.Equal(t, types.CreateAccountFailureReasonEmailAlreadyExists, d2.CreateAccountStatus.FailureReason, "AWS never gives an address free")
}

func TestClosedForGood(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{ExpireClosed: true}))
	id, unit := o.member("good@acme.example"), o.unit(o.root, "U")
	ctx := t.Context()
	_, err := o.orgs.MoveAccount(ctx, &organizations.MoveAccountInput{AccountId: &id, SourceParentId: &o.root, DestinationParentId: &unit})
	require.NoError(t, err)
	_, err = o.orgs.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &id})
	require.NoError(t, err)
	_, err = o.orgs.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &id})
	refused(t, err, "AccountNotFoundException", "")
	_, err = o.orgs.DeleteOrganizationalUnit(ctx, &organizations.DeleteOrganizationalUnitInput{OrganizationalUnitId: &unit})
	require.NoError(t, err)
	_, err = o.orgs.DeleteOrganization(ctx, &organizations.DeleteOrganizationInput{})
	require.NoError(t, err)
}

func TestRemovedAccountLeaves(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{}))
	id := o.member("standalone@acme.example")
	_, err := o.orgs.RemoveAccountFromOrganization(t.Context(), &organizations.RemoveAccountFromOrganizationInput{AccountId: &id})
	require.NoError(t, err)
	_, err = login(t, o.f, id).orgs.DescribeOrganization(t.Context(), &organizations.DescribeOrganizationInput{})
	refused(t, err, "AWSOrganizationsNotInUseException", "")
	_, err = o.orgs.DeleteOrganization(t.Context(), &organizations.DeleteOrganizationInput{})
	require.NoError(t, err)
}

func TestServiceControlPolicies(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{Limits: Limits{PoliciesPerTarget: map[string]int{scp: 3}}}))
	ctx := t.Context()
	create := func(kind types.PolicyType, content string) error {
		_, err := o.orgs.CreatePolicy(ctx, &organizations.CreatePolicyInput{Type: kind, Name: aws.String("x"), Content: &content, Description: aws.String("")})
		return err
	}
	refused(t, create(types.PolicyTypeServiceControlPolicy, denySCP), "PolicyTypeNotEnabledException", "")
	o.enable(types.PolicyTypeServiceControlPolicy, types.PolicyTypeResourceControlPolicy)
	refused(t, create(types.PolicyTypeServiceControlPolicy, "not json"), "MalformedPolicyDocumentException", "")
	refused(t, create(types.PolicyTypeServiceControlPolicy, denySCP+strings.Repeat(" ", 10_241-len(denySCP))), "ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")

	unit := o.unit(o.root, "Prod")
	p1, p2, p3 := o.policy(types.PolicyTypeServiceControlPolicy, "1"), o.policy(types.PolicyTypeServiceControlPolicy, "2"), o.policy(types.PolicyTypeServiceControlPolicy, "3")
	require.NoError(t, o.attach(p1, unit))
	refused(t, o.attach(p1, unit), "DuplicatePolicyAttachmentException", "")
	require.NoError(t, o.attach(p2, unit))
	refused(t, o.attach(p3, unit), "ConstraintViolationException", "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
	refused(t, o.attach(p3, "ou-abcd-12345678"), "TargetNotFoundException", "")
	refused(t, o.attach("p-12345678", unit), "PolicyNotFoundException", "")

	_, err := o.orgs.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: &p1, Content: aws.String("{")})
	refused(t, err, "MalformedPolicyDocumentException", "")
	_, err = o.orgs.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: &p1, Name: aws.String("one")})
	require.NoError(t, err)
	_, err = o.orgs.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: aws.String(fullAccessSCP), Name: aws.String("one")})
	refused(t, err, "InvalidInputException", "IMMUTABLE_POLICY")

	require.NoError(t, o.detach(fullAccessSCP, unit))
	require.NoError(t, o.detach(p1, unit))
	refused(t, o.detach(p1, unit), "PolicyNotAttachedException", "")
	refused(t, o.detach(p2, unit), "ConstraintViolationException", "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED")
	refused(t, o.detach(fullAccessRCP, unit), "InvalidInputException", "NON_DETACHABLE_POLICY")

	disable := &organizations.DisablePolicyTypeInput{RootId: &o.root, PolicyType: types.PolicyTypeServiceControlPolicy}
	_, err = o.orgs.DisablePolicyType(ctx, disable)
	require.NoError(t, err, "AWS does not refuse, it detaches")
	_, err = o.orgs.DisablePolicyType(ctx, disable)
	refused(t, err, "PolicyTypeNotEnabledException", "")
	refused(t, o.attach(p1, unit), "PolicyTypeNotEnabledException", "")
	o.enable(types.PolicyTypeServiceControlPolicy)
	require.Equal(t, []string{fullAccessSCP}, o.policiesOn(unit, types.PolicyTypeServiceControlPolicy))
	_, err = o.orgs.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: &p2})
	require.NoError(t, err)
}

func TestPoliciesThatTheEmulatorCannotHold(t *testing.T) {
	t.Parallel()
	for _, kind := range []types.PolicyType{types.PolicyTypeBackupPolicy, types.PolicyTypeChatbotPolicy, types.PolicyTypeDeclarativePolicyEc2} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			o := newOrg(t, startMoto(t, Options{}))
			ctx := t.Context()
			o.enable(types.PolicyTypeTagPolicy, kind)
			_, err := o.orgs.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: &o.root, PolicyType: kind})
			refused(t, err, "PolicyTypeAlreadyEnabledException", "")
			require.Equal(t, []types.PolicyType{types.PolicyTypeTagPolicy, kind}, o.enabledTypes())

			created, err := o.orgs.CreatePolicy(ctx, &organizations.CreatePolicyInput{
				Type: kind, Name: aws.String("p"), Content: aws.String(`{"a":1}`), Description: aws.String("d"),
				Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
			})
			require.NoError(t, err)
			summary := created.Policy.PolicySummary
			require.Regexp(t, `^arn:aws:organizations::\d{12}:policy/o-[a-z0-9]{10}/`+strings.ToLower(string(kind))+`/p-[a-z0-9]{8,}$`, *summary.Arn)
			_, err = o.orgs.CreatePolicy(ctx, &organizations.CreatePolicyInput{Type: kind, Name: aws.String("p"), Content: aws.String("{}"), Description: aws.String("")})
			refused(t, err, "DuplicatePolicyException", "")

			o.describe(summary, `{"a":1}`, "d")
			_, err = o.orgs.UpdatePolicy(ctx, &organizations.UpdatePolicyInput{PolicyId: summary.Id, Content: aws.String(`{"a":2}`)})
			require.NoError(t, err)
			o.describe(summary, `{"a":2}`, "d")
			o.tagsOf(*summary.Id)
			o.attachEverywhere(*summary.Id, kind)

			_, err = o.orgs.DisablePolicyType(ctx, &organizations.DisablePolicyTypeInput{RootId: &o.root, PolicyType: kind})
			require.NoError(t, err)
			require.Equal(t, []types.PolicyType{types.PolicyTypeTagPolicy}, o.enabledTypes())
			_, err = o.orgs.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: summary.Id})
			require.NoError(t, err)
			_, err = o.orgs.DescribePolicy(ctx, &organizations.DescribePolicyInput{PolicyId: summary.Id})
			require.Error(t, err)
		})
	}
}

func (o org) enabledTypes() []types.PolicyType {
	o.t.Helper()
	roots, err := o.orgs.ListRoots(o.t.Context(), &organizations.ListRootsInput{})
	require.NoError(o.t, err)
	var all []types.PolicyType
	for _, p := range roots.Roots[0].PolicyTypes {
		require.Equal(o.t, types.PolicyTypeStatusEnabled, p.Status)
		all = append(all, p.Type)
	}
	return all
}

func (o org) describe(s *types.PolicySummary, content, description string) {
	o.t.Helper()
	d, err := o.orgs.DescribePolicy(o.t.Context(), &organizations.DescribePolicyInput{PolicyId: s.Id})
	require.NoError(o.t, err)
	require.Equal(o.t, s, d.Policy.PolicySummary)
	require.Equal(o.t, content, *d.Policy.Content)
	require.Equal(o.t, description, *d.Policy.PolicySummary.Description)
	list, err := o.orgs.ListPolicies(o.t.Context(), &organizations.ListPoliciesInput{Filter: s.Type})
	require.NoError(o.t, err)
	require.Equal(o.t, []types.PolicySummary{*s}, list.Policies)
}

func (o org) tagsOf(id string) {
	o.t.Helper()
	ctx := o.t.Context()
	_, err := o.orgs.TagResource(ctx, &organizations.TagResourceInput{ResourceId: &id, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
	require.NoError(o.t, err)
	list := func() []types.Tag {
		tags, err := o.orgs.ListTagsForResource(ctx, &organizations.ListTagsForResourceInput{ResourceId: &id})
		require.NoError(o.t, err)
		return tags.Tags
	}
	require.Equal(o.t, []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}, {Key: aws.String("k"), Value: aws.String("v")}}, list())
	_, err = o.orgs.UntagResource(ctx, &organizations.UntagResourceInput{ResourceId: &id, TagKeys: []string{"a", "k"}})
	require.NoError(o.t, err)
	require.Empty(o.t, list())
}

func (o org) attachEverywhere(id string, kind types.PolicyType) {
	o.t.Helper()
	ctx := o.t.Context()
	unit := o.unit(o.root, "U")
	member := o.member(strings.ToLower(string(kind)) + "@acme.example")
	for _, target := range []string{o.root, unit, member} {
		require.NoError(o.t, o.attach(id, target))
		refused(o.t, o.attach(id, target), "DuplicatePolicyAttachmentException", "")
		require.Equal(o.t, []string{id}, o.policiesOn(target, kind))
	}
	for _, target := range []string{"r-abcd", "ou-abcd-12345678", "000000000000"} {
		refused(o.t, o.attach(id, target), "TargetNotFoundException", "")
	}
	targets, err := o.orgs.ListTargetsForPolicy(ctx, &organizations.ListTargetsForPolicyInput{PolicyId: &id})
	require.NoError(o.t, err)
	var found []string
	for _, x := range targets.Targets {
		require.NotEmpty(o.t, *x.Arn)
		found = append(found, string(x.Type)+" "+*x.Name)
	}
	require.Equal(o.t, []string{"ROOT Root", "ORGANIZATIONAL_UNIT U", "ACCOUNT a member"}, found)

	_, err = o.orgs.DeletePolicy(ctx, &organizations.DeletePolicyInput{PolicyId: &id})
	refused(o.t, err, "PolicyInUseException", "")
	require.NoError(o.t, o.detach(id, unit))
	refused(o.t, o.detach(id, unit), "PolicyNotAttachedException", "")
	require.Empty(o.t, o.policiesOn(unit, kind))
}

func TestResourcePolicy(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{Limits: Limits{DelegationBytes: 200}}))
	ctx := t.Context()
	put := func(content string, tags ...types.Tag) (*organizations.PutResourcePolicyOutput, error) {
		return o.orgs.PutResourcePolicy(ctx, &organizations.PutResourcePolicyInput{Content: &content, Tags: tags})
	}
	_, err := o.orgs.DescribeResourcePolicy(ctx, &organizations.DescribeResourcePolicyInput{})
	refused(t, err, "ResourcePolicyNotFoundException", "")
	_, err = put("{}")
	refused(t, err, "InvalidInputException", "INVALID_RESOURCE_POLICY_JSON")
	_, err = put(`{"Statement":[]}` + strings.Repeat(" ", 200))
	refused(t, err, "ConstraintViolationException", "POLICY_CONTENT_LIMIT_EXCEEDED")

	k := types.Tag{Key: aws.String("k"), Value: aws.String("v")}
	p, err := put(`{"Statement":[]}`, k)
	require.NoError(t, err)
	id := *p.ResourcePolicy.ResourcePolicySummary.Id
	require.Regexp(t, `^rp-[a-z0-9]{8}$`, id)
	_, err = put(`{"Statement":[1]}`, k)
	refused(t, err, "InvalidInputException", "UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED")
	_, err = put(`{"Statement":[2]}`)
	require.NoError(t, err)
	d, err := o.orgs.DescribeResourcePolicy(ctx, &organizations.DescribeResourcePolicyInput{})
	require.NoError(t, err)
	require.Equal(t, `{"Statement":[2]}`, *d.ResourcePolicy.Content)
	require.Equal(t, id, *d.ResourcePolicy.ResourcePolicySummary.Id)
	o.tagsOf(id)
	_, err = o.orgs.DeleteResourcePolicy(ctx, &organizations.DeleteResourcePolicyInput{})
	require.NoError(t, err)
	_, err = o.orgs.DeleteResourcePolicy(ctx, &organizations.DeleteResourcePolicyInput{})
	refused(t, err, "ResourcePolicyNotFoundException", "")
}

func TestTrustedAccess(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{ServicePrincipals: []string{"new.amazonaws.com"}}))
	ctx := t.Context()
	o.trust("iam.amazonaws.com", "cloudtrail.amazonaws.com", "new.amazonaws.com", "cloudtrail.amazonaws.com")
	_, err := o.orgs.EnableAWSServiceAccess(ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String("cloudtrial.amazonaws.com")})
	refused(t, err, "InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")
	list := func() []string {
		l, err := o.orgs.ListAWSServiceAccessForOrganization(ctx, &organizations.ListAWSServiceAccessForOrganizationInput{})
		require.NoError(t, err)
		all := []string{}
		for _, p := range l.EnabledServicePrincipals {
			require.False(t, p.DateEnabled.IsZero())
			all = append(all, *p.ServicePrincipal)
		}
		return all
	}
	require.Equal(t, []string{"cloudtrail.amazonaws.com", "iam.amazonaws.com", "new.amazonaws.com"}, list())
	for _, p := range list() {
		_, err = o.orgs.DisableAWSServiceAccess(ctx, &organizations.DisableAWSServiceAccessInput{ServicePrincipal: &p})
		require.NoError(t, err)
	}
	require.Empty(t, list())
}

func TestPolicyTypesOfServices(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{}))
	hub := &organizations.EnablePolicyTypeInput{RootId: &o.root, PolicyType: types.PolicyTypeSecurityhubPolicy}
	_, err := o.orgs.EnablePolicyType(t.Context(), hub)
	refused(t, err, "ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
	o.trust("securityhub.amazonaws.com")
	o.enable(types.PolicyTypeSecurityhubPolicy)
	_, err = o.orgs.DisableAWSServiceAccess(t.Context(), &organizations.DisableAWSServiceAccessInput{ServicePrincipal: aws.String("securityhub.amazonaws.com")})
	refused(t, err, "ConstraintViolationException", "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE")
}

func TestDelegatedAdministrators(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{Limits: Limits{DelegatedAdministrators: map[string]int{"guardduty.amazonaws.com": 1}}}))
	ctx := t.Context()
	audit, second := o.member("audit@delegated.example"), o.member("second@delegated.example")
	register := func(id, service string) error {
		_, err := o.orgs.RegisterDelegatedAdministrator(ctx, &organizations.RegisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: &service})
		return err
	}
	deregister := func(id, service string) error {
		_, err := o.orgs.DeregisterDelegatedAdministrator(ctx, &organizations.DeregisterDelegatedAdministratorInput{AccountId: &id, ServicePrincipal: &service})
		return err
	}
	refused(t, register(audit, "sso.amazonaws.com"), "ConstraintViolationException", "SERVICE_ACCESS_NOT_ENABLED")
	o.trust("sso.amazonaws.com", "guardduty.amazonaws.com")
	refused(t, register(o.id, "sso.amazonaws.com"), "ConstraintViolationException", "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR")
	refused(t, register(audit, "ram.amazonaws.com"), "InvalidInputException", "UNRECOGNIZED_SERVICE_PRINCIPAL")
	refused(t, register("000000000000", "sso.amazonaws.com"), "AccountNotFoundException", "")
	require.NoError(t, register(audit, "sso.amazonaws.com"))
	refused(t, register(audit, "sso.amazonaws.com"), "AccountAlreadyRegisteredException", "")
	require.NoError(t, register(audit, "guardduty.amazonaws.com"))
	refused(t, register(second, "guardduty.amazonaws.com"), "ConstraintViolationException", "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED")
	require.NoError(t, register(second, "sso.amazonaws.com"))

	list := func(service *string) []string {
		l, err := o.orgs.ListDelegatedAdministrators(ctx, &organizations.ListDelegatedAdministratorsInput{ServicePrincipal: service})
		require.NoError(t, err)
		ids := []string{}
		for _, a := range l.DelegatedAdministrators {
			require.False(t, a.DelegationEnabledDate.IsZero())
			require.False(t, a.JoinedTimestamp.IsZero())
			require.Equal(t, types.AccountStatusActive, a.Status)
			ids = append(ids, *a.Id)
		}
		return ids
	}
	both := []string{audit, second}
	slices.Sort(both)
	require.Equal(t, both, list(nil))
	require.Equal(t, both, list(aws.String("sso.amazonaws.com")))
	require.Equal(t, []string{audit}, list(aws.String("guardduty.amazonaws.com")))
	services, err := o.orgs.ListDelegatedServicesForAccount(ctx, &organizations.ListDelegatedServicesForAccountInput{AccountId: &audit})
	require.NoError(t, err)
	require.Equal(t, "guardduty.amazonaws.com", *services.DelegatedServices[0].ServicePrincipal)
	require.Len(t, services.DelegatedServices, 2)

	accounts, err := login(t, o.f, audit).orgs.ListAccounts(ctx, &organizations.ListAccountsInput{})
	require.NoError(t, err)
	require.Len(t, accounts.Accounts, 3, "a delegated administrator reads the organization")
	_, err = o.orgs.RemoveAccountFromOrganization(ctx, &organizations.RemoveAccountFromOrganizationInput{AccountId: &audit})
	refused(t, err, "ConstraintViolationException", "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG")

	require.NoError(t, deregister(audit, "sso.amazonaws.com"))
	refused(t, deregister(audit, "sso.amazonaws.com"), "AccountNotRegisteredException", "")
	require.NoError(t, deregister(audit, "guardduty.amazonaws.com"))
	require.Equal(t, []string{second}, list(nil))
	_, err = o.orgs.ListDelegatedServicesForAccount(ctx, &organizations.ListDelegatedServicesForAccountInput{AccountId: &audit})
	refused(t, err, "AccountNotRegisteredException", "")

	_, err = o.orgs.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &audit})
	require.NoError(t, err)
	refused(t, register(audit, "sso.amazonaws.com"), "ConstraintViolationException", "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR")
}

func TestContacts(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{}))
	ctx := t.Context()
	id := o.member("contacts@acme.example")
	put := func(a awsAccount, id *string) error {
		_, err := a.account.PutAlternateContact(ctx, &account.PutAlternateContactInput{
			AccountId: id, AlternateContactType: accounttypes.AlternateContactTypeSecurity,
			EmailAddress: aws.String("sec@acme.example"), Name: aws.String("Sec"), PhoneNumber: aws.String("+1"), Title: aws.String("Dr"),
		})
		return err
	}
	get := func(a awsAccount, id *string) error {
		c, err := a.account.GetAlternateContact(ctx, &account.GetAlternateContactInput{AccountId: id, AlternateContactType: accounttypes.AlternateContactTypeSecurity})
		if err == nil {
			require.Equal(t, "sec@acme.example", *c.AlternateContact.EmailAddress)
		}
		return err
	}
	refused(t, put(o.awsAccount, &id), "AccessDeniedException", "")
	o.trust(accountService)
	member := login(t, o.f, id)
	require.NoError(t, put(o.awsAccount, &id))
	require.NoError(t, get(o.awsAccount, &id))
	require.NoError(t, get(member, nil), "it is the member's contact")
	refused(t, get(o.awsAccount, nil), "ResourceNotFoundException", "")
	refused(t, put(o.awsAccount, &o.id), "AccessDeniedException", "")
	refused(t, put(o.awsAccount, aws.String("000000000000")), "AccessDeniedException", "")
	refused(t, put(member, &id), "AccessDeniedException", "")
	refused(t, put(login(t, o.f, "799999999999"), &id), "AccessDeniedException", "")
	_, err := o.account.DeleteAlternateContact(ctx, &account.DeleteAlternateContactInput{AccountId: &id, AlternateContactType: accounttypes.AlternateContactTypeSecurity})
	require.NoError(t, err)
	refused(t, get(member, nil), "ResourceNotFoundException", "")

	_, err = o.account.GetContactInformation(ctx, &account.GetContactInformationInput{AccountId: &id})
	refused(t, err, "ResourceNotFoundException", "")
	contact := &accounttypes.ContactInformation{
		AddressLine1: aws.String("1 Main St"), City: aws.String("Bern"), CountryCode: aws.String("CH"),
		FullName: aws.String("A"), PhoneNumber: aws.String("+41"), PostalCode: aws.String("3000"),
	}
	_, err = o.account.PutContactInformation(ctx, &account.PutContactInformationInput{AccountId: &id, ContactInformation: contact})
	require.NoError(t, err)
	got, err := member.account.GetContactInformation(ctx, &account.GetContactInformationInput{})
	require.NoError(t, err)
	require.Equal(t, contact, got.ContactInformation)
	_, err = o.account.PutContactInformation(ctx, &account.PutContactInformationInput{ContactInformation: &accounttypes.ContactInformation{
		AddressLine1: aws.String(""), City: aws.String("Bern"), CountryCode: aws.String("CH"),
		FullName: aws.String("A"), PhoneNumber: aws.String("+41"), PostalCode: aws.String("3000"),
	}})
	refused(t, err, "ValidationException", "")
}

func TestRegions(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{RegionPolls: 1}))
	ctx := t.Context()
	id := o.member("regions@acme.example")
	o.trust(accountService)
	status := func(name string) accounttypes.RegionOptStatus {
		s, err := o.account.GetRegionOptStatus(ctx, &account.GetRegionOptStatusInput{AccountId: &id, RegionName: &name})
		require.NoError(t, err)
		return s.RegionOptStatus
	}
	enable := func(name string) error {
		_, err := o.account.EnableRegion(ctx, &account.EnableRegionInput{AccountId: &id, RegionName: &name})
		return err
	}
	require.Equal(t, accounttypes.RegionOptStatusEnabledByDefault, status("eu-west-1"))
	require.Equal(t, accounttypes.RegionOptStatusDisabled, status("eu-south-1"))
	require.NoError(t, enable("eu-south-1"))
	refused(t, enable("eu-south-1"), "ConflictException", "")
	require.Equal(t, accounttypes.RegionOptStatusEnabling, status("eu-south-1"))
	require.Equal(t, accounttypes.RegionOptStatusEnabled, status("eu-south-1"))
	require.NoError(t, enable("eu-south-1"))
	refused(t, enable("eu-west-1"), "ValidationException", "")
	refused(t, enable("eu-nowhere-1"), "ValidationException", "")

	list, err := o.account.ListRegions(ctx, &account.ListRegionsInput{AccountId: &id, RegionOptStatusContains: []accounttypes.RegionOptStatus{accounttypes.RegionOptStatusEnabled}})
	require.NoError(t, err)
	require.Equal(t, []accounttypes.Region{{RegionName: aws.String("eu-south-1"), RegionOptStatus: accounttypes.RegionOptStatusEnabled}}, list.Regions)
	pages := account.NewListRegionsPaginator(o.account, &account.ListRegionsInput{MaxResults: aws.Int32(10)})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		n += len(page.Regions)
	}
	require.Len(t, regions(), n)

	_, err = o.account.DisableRegion(ctx, &account.DisableRegionInput{AccountId: &id, RegionName: aws.String("eu-south-1")})
	require.NoError(t, err)
	require.Equal(t, accounttypes.RegionOptStatusDisabling, status("eu-south-1"))
	require.Equal(t, accounttypes.RegionOptStatusDisabled, status("eu-south-1"))
}

func TestRootFeatures(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{}))
	ctx := t.Context()
	_, err := o.iam.EnableOrganizationsRootSessions(ctx, &iam.EnableOrganizationsRootSessionsInput{})
	var disabled *iamtypes.ServiceAccessNotEnabledException
	require.ErrorAs(t, err, &disabled)
	o.trust(iamService)
	_, err = o.iam.EnableOrganizationsRootSessions(ctx, &iam.EnableOrganizationsRootSessionsInput{})
	require.NoError(t, err)
	both, err := o.iam.EnableOrganizationsRootCredentialsManagement(ctx, &iam.EnableOrganizationsRootCredentialsManagementInput{})
	require.NoError(t, err)
	require.Equal(t, []iamtypes.FeatureType{iamtypes.FeatureTypeRootCredentialsManagement, iamtypes.FeatureTypeRootSessions}, both.EnabledFeatures)
	_, err = o.iam.DisableOrganizationsRootSessions(ctx, &iam.DisableOrganizationsRootSessionsInput{})
	require.NoError(t, err)
	list, err := o.iam.ListOrganizationsFeatures(ctx, &iam.ListOrganizationsFeaturesInput{})
	require.NoError(t, err)
	require.Equal(t, []iamtypes.FeatureType{iamtypes.FeatureTypeRootCredentialsManagement}, list.EnabledFeatures)
	require.Regexp(t, `^o-`, *list.OrganizationId)
	_, err = o.iam.DisableOrganizationsRootCredentialsManagement(ctx, &iam.DisableOrganizationsRootCredentialsManagementInput{})
	require.NoError(t, err)

	_, err = login(t, o.f, "788888888888").iam.ListOrganizationsFeatures(ctx, &iam.ListOrganizationsFeaturesInput{})
	var none *iamtypes.OrganizationNotFoundException
	require.ErrorAs(t, err, &none)
	var member *iamtypes.AccountNotManagementOrDelegatedAdministratorException
	_, err = login(t, o.f, o.member("root@acme.example")).iam.ListOrganizationsFeatures(ctx, &iam.ListOrganizationsFeaturesInput{})
	require.ErrorAs(t, err, &member)
}

func TestConsolidatedBilling(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	a := login(t, f, fmt.Sprintf("7%011d", nextAccount.Add(1)))
	ctx := t.Context()
	_, err := a.orgs.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: types.OrganizationFeatureSetConsolidatedBilling})
	require.NoError(t, err)
	roots, err := a.orgs.ListRoots(ctx, &organizations.ListRootsInput{})
	require.NoError(t, err)
	_, err = a.orgs.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: roots.Roots[0].Id, PolicyType: types.PolicyTypeTagPolicy})
	refused(t, err, "PolicyTypeNotAvailableForOrganizationException", "")
	_, err = a.orgs.EnableAWSServiceAccess(ctx, &organizations.EnableAWSServiceAccessInput{ServicePrincipal: aws.String(iamService)})
	refused(t, err, "ConstraintViolationException", "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE")
}

// TestFrontThatComesLater shows that an organization may be older than the front: its addresses are
// taken and its accounts count.
func TestFrontThatComesLater(t *testing.T) {
	t.Parallel()
	before := newOrg(t, startMoto(t, Options{}))
	before.enable(types.PolicyTypeTagPolicy)
	before.trust("ram.amazonaws.com")
	closed := before.member("closed@later.example")
	before.member("first@later.example")
	_, err := before.orgs.CloseAccount(t.Context(), &organizations.CloseAccountInput{AccountId: &closed})
	require.NoError(t, err)

	f := startMoto(t, Options{Limits: Limits{Accounts: 4}})
	after := org{login(t, f, before.id), t, f, before.root}
	require.Equal(t, []types.PolicyType{types.PolicyTypeTagPolicy}, after.enabledTypes())
	s, err := after.orgs.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: aws.String("first@later.example")})
	require.NoError(t, err)
	require.Equal(t, types.CreateAccountStateInProgress, s.CreateAccountStatus.State, "the address is taken")
	after.member("second@later.example")
	_, err = after.orgs.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: aws.String("third@later.example")})
	refused(t, err, "ConstraintViolationException", "ACCOUNT_NUMBER_LIMIT_EXCEEDED")
	_, err = after.orgs.RemoveAccountFromOrganization(t.Context(), &organizations.RemoveAccountFromOrganizationInput{AccountId: &closed})
	refused(t, err, "ConstraintViolationException", "ACCOUNT_CANNOT_LEAVE_ORGANIZATION")
}

// TestLostAnswer is what a program meets that was killed between a call and its answer.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	o := newOrg(t, startMoto(t, Options{}))
	o.f.Inject(Fault{Service: "organizations", Action: "CreateAccount", Kind: FaultLose, Count: 1})
	create := &organizations.CreateAccountInput{AccountName: aws.String("x"), Email: aws.String("lost@acme.example")}
	_, err := o.orgs.CreateAccount(t.Context(), create)
	require.Error(t, err)
	s, err := o.orgs.CreateAccount(t.Context(), create)
	require.NoError(t, err)
	require.Equal(t, types.CreateAccountStateInProgress, s.CreateAccountStatus.State)
	accounts, err := o.orgs.ListAccounts(t.Context(), &organizations.ListAccountsInput{})
	require.NoError(t, err)
	require.Len(t, accounts.Accounts, 2)
}

// TestAccountPublicAccessBlock is the call whose host has the account in front of it.
func TestAccountPublicAccessBlock(t *testing.T) {
	t.Parallel()
	f := startMoto(t, Options{})
	send := func(method, body string) (int, string) {
		r := signed(t, method, "http://123456789012."+strings.TrimPrefix(f.URL(), "http://")+"/v20180820/configuration/publicAccessBlock", "test", "s3", body)
		r.Header.Set("X-Amz-Account-Id", "123456789012")
		r.URL.Host = strings.TrimPrefix(f.URL(), "http://")
		r.Host = "123456789012." + r.URL.Host
		res, answer := do(t, r)
		return res.StatusCode, answer
	}
	status, _ := send(http.MethodPut, `<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>`)
	require.Less(t, status, 300)
	status, body := send(http.MethodGet, "")
	require.Equal(t, 200, status)
	require.Contains(t, body, "<BlockPublicAcls>true</BlockPublicAcls>")
	status, _ = send(http.MethodDelete, "")
	require.Less(t, status, 300)
}
