package defaultvpc

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

const (
	testAccount = "200000000001"
	testVPC     = "vpc-1"
)

var options = Options{Account: testAccount, Region: "eu-west-1"}

// fakeRegion is a region with a default VPC, as far as a removal sees it.
type fakeRegion struct {
	mu  sync.Mutex
	vpc string
	// gateways are attached to the VPC, or not; marks are their tags.
	gateways map[string]bool
	marks    map[string]string
	subnets  []string
	uses     []string
	// refusals are given to the calls of an action, by turns.
	refusals map[string][]error
	// changes lists what was changed.
	changes []string
}

func newFakeRegion() *fakeRegion {
	return &fakeRegion{
		vpc: testVPC, gateways: map[string]bool{"igw-1": true}, marks: map[string]string{},
		subnets: []string{"subnet-1", "subnet-2"}, refusals: map[string][]error{},
	}
}

func (f *fakeRegion) network() network {
	return network{
		account:    func(context.Context) (string, error) { return testAccount, f.read("account") },
		defaultVPC: func(context.Context) (string, error) { return f.vpc, f.read("defaultVPC") },
		contents:   func(context.Context, string) (contents, error) { return f.contents(), f.read("contents") },
		markGateway: func(_ context.Context, id, vpc string) error {
			return f.change("mark", id, func() { f.marks[id] = vpc })
		},
		detachGateway: func(_ context.Context, id, _ string) error {
			return f.change("detach", id, func() { f.gateways[id] = false })
		},
		deleteGateway: func(_ context.Context, id string) error {
			return f.change("delete", id, func() { delete(f.gateways, id) })
		},
		deleteSubnet: func(_ context.Context, id string) error {
			return f.change("delete", id, func() { f.subnets = slices.DeleteFunc(f.subnets, func(s string) bool { return s == id }) })
		},
		deleteVPC: func(_ context.Context, id string) error {
			return f.change("delete", id, func() { f.vpc = "" })
		},
	}
}

func (f *fakeRegion) contents() contents {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := contents{uses: f.uses, subnets: slices.Clone(f.subnets)}
	for id, attached := range f.gateways {
		if attached || f.marks[id] == testVPC {
			c.gateways = append(c.gateways, gateway{id, attached})
		}
	}
	return c
}

func (f *fakeRegion) read(action string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refusal(action)
}

func (f *fakeRegion) change(verb, id string, do func()) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.refusal(verb + " " + id); err != nil {
		return err
	}
	do()
	f.changes = append(f.changes, verb+" "+id)
	return nil
}

func (f *fakeRegion) refusal(action string) error {
	turns := f.refusals[action]
	if len(turns) == 0 {
		return nil
	}
	f.refusals[action] = turns[1:]
	return turns[0]
}

func (f *fakeRegion) run(t *testing.T, o Options) (Report, error) {
	t.Helper()
	r := remover{network: f.network(), pause: time.Millisecond, patience: time.Second}
	return r.run(t.Context(), o)
}

func refusal(code string) error {
	return &smithy.GenericAPIError{Code: code, Message: "no"}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	f := newFakeRegion()
	dry := options
	dry.DryRun = true
	report, err := f.run(t, dry)
	require.NoError(t, err)
	require.Equal(t, Report{Removed: testVPC}, report)
	require.Empty(t, f.changes)

	report, err = f.run(t, options)
	require.NoError(t, err)
	require.Equal(t, Report{Removed: testVPC}, report)
	require.Equal(t, []string{"mark igw-1", "detach igw-1", "delete igw-1", "delete subnet-1", "delete subnet-2", "delete vpc-1"}, f.changes)

	report, err = f.run(t, options)
	require.NoError(t, err)
	require.Equal(t, Report{}, report)
	require.Len(t, f.changes, 6)
}

func TestKept(t *testing.T) {
	t.Parallel()
	f := newFakeRegion()
	f.uses = []string{"instance i-1", "security groups sg-1, sg-2"}
	report, err := f.run(t, options)
	require.NoError(t, err)
	require.Equal(t, Report{Kept: testVPC, Why: "instance i-1; security groups sg-1, sg-2"}, report)
	require.Empty(t, f.changes)
}

func TestNothingIsChangedWithoutKnowing(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{
		"account":    "reach account 200000000001 in eu-west-1: ",
		"defaultVPC": "find default VPC of account 200000000001 in eu-west-1: ",
		"contents":   "look into default VPC vpc-1 of account 200000000001 in eu-west-1: ",
	} {
		f := newFakeRegion()
		cause := refusal("UnauthorizedOperation")
		f.refusals[action] = []error{cause}
		report, err := f.run(t, options)
		require.EqualError(t, err, want+cause.Error())
		require.ErrorIs(t, err, cause)
		require.Equal(t, Report{}, report)
		require.Empty(t, f.changes)
	}

	f := newFakeRegion()
	_, err := f.run(t, Options{Account: "200000000002", Region: "eu-west-1"})
	require.EqualError(t, err, "reach account 200000000002 in eu-west-1: the credentials lead to account 200000000001")
	require.Empty(t, f.changes)

	for _, o := range []Options{{Region: "eu-west-1"}, {Account: testAccount}} {
		_, err := Remove(t.Context(), o)
		require.EqualError(t, err, "remove default VPC: account and region are required")
	}
}

func TestAnotherRunContinues(t *testing.T) {
	t.Parallel()
	const before = "remove default VPC vpc-1 of account 200000000001 in eu-west-1: "
	no := refusal("UnauthorizedOperation")
	for action, want := range map[string]string{
		"mark igw-1":      "tag internet gateway igw-1: %s (nothing is gone yet)",
		"detach igw-1":    "detach internet gateway igw-1: %s (nothing is gone yet)",
		"delete igw-1":    "delete internet gateway igw-1: %s (gone already: attachment of internet gateway igw-1; another run continues here)",
		"delete subnet-2": "delete subnet subnet-2: %s (gone already: attachment of internet gateway igw-1, internet gateway igw-1, subnet subnet-1; another run continues here)",
		"delete vpc-1":    "delete VPC: %s (gone already: attachment of internet gateway igw-1, internet gateway igw-1, subnet subnet-1, subnet subnet-2; another run continues here)",
	} {
		f := newFakeRegion()
		f.refusals[action] = []error{no}
		report, err := f.run(t, options)
		require.ErrorIs(t, err, no)
		require.EqualError(t, err, before+strings.Replace(want, "%s", no.Error(), 1))
		require.Equal(t, Report{}, report)

		report, err = f.run(t, options)
		require.NoError(t, err, action)
		require.Equal(t, Report{Removed: testVPC}, report)
		require.Empty(t, f.gateways)
		require.Empty(t, f.subnets)
	}
}

// TestOtherGateways has gateways that nobody attached, or that another VPC's removal left.
func TestOtherGateways(t *testing.T) {
	t.Parallel()
	f := newFakeRegion()
	f.gateways["igw-2"], f.gateways["igw-3"] = false, false
	f.marks["igw-3"] = "vpc-2"
	_, err := f.run(t, options)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"igw-2": false, "igw-3": false}, f.gateways)
}

func TestDependencyGoesAway(t *testing.T) {
	t.Parallel()
	busy := refusal("DependencyViolation")
	f := newFakeRegion()
	f.refusals["delete vpc-1"] = []error{busy, busy, busy}
	report, err := f.run(t, options)
	require.NoError(t, err)
	require.Equal(t, testVPC, report.Removed)

	f = newFakeRegion()
	f.refusals["detach igw-1"] = slices.Repeat([]error{busy}, 10000)
	_, err = f.run(t, options)
	require.ErrorIs(t, err, busy)
	require.ErrorContains(t, err, "(nothing is gone yet)")

	f = newFakeRegion()
	f.refusals["delete vpc-1"] = []error{busy}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := remover{network: f.network(), pause: time.Hour, patience: time.Hour}
	_, err = r.run(ctx, options)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, busy)
	require.ErrorContains(t, err, "gone already")
}

// TestTwoAtOnce is what two removals meet that run beside each other.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	f := newFakeRegion()
	for action, code := range map[string]string{
		"mark igw-1": "InvalidInternetGatewayID.NotFound", "detach igw-1": "Gateway.NotAttached",
		"delete subnet-1": "InvalidSubnetID.NotFound", "delete vpc-1": "InvalidVpcID.NotFound",
	} {
		f.refusals[action] = []error{refusal(code)}
	}
	report, err := f.run(t, options)
	require.NoError(t, err)
	require.Equal(t, Report{Removed: testVPC}, report)

	require.False(t, isGone(errors.New("no answer")))
}
