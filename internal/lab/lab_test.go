package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/lab/toolchain/tooltest"
)

var payments = Target{Name: "payments", AccountID: "222222222222", Profile: "acme-payments"}

// program deploys an organization with one unit into the management account that the profile leads to.
func program(ctx *pulumi.Context) error {
	p, err := aws.NewProvider(ctx, "payments", &aws.ProviderArgs{
		Region: pulumi.String("eu-west-1"), Profile: pulumi.String(payments.Profile),
		AllowedAccountIds: pulumi.ToStringArray([]string{payments.AccountID}),
	})
	if err != nil {
		return err
	}
	o, err := organizations.NewOrganization(ctx, "payments", &organizations.OrganizationArgs{
		FeatureSet: pulumi.String("ALL"),
	}, pulumi.Provider(p))
	if err != nil {
		return err
	}
	root := o.Roots.Index(pulumi.Int(0)).Id().Elem()
	_, err = organizations.NewOrganizationalUnit(ctx, "payments/Security", &organizations.OrganizationalUnitArgs{
		Name: pulumi.String("Security"), ParentId: root,
	}, pulumi.Provider(p))
	return err
}

// stack opens the stack of payments in a lab.
func stack(ctx context.Context, l *Lab, p pulumi.RunFunc) (auto.Stack, error) {
	c, err := l.Command()
	if err != nil {
		return auto.Stack{}, err
	}
	return auto.UpsertStackInlineSource(ctx, payments.Name, "archipelago", p,
		auto.WorkDir(l.WorkDir()), auto.Pulumi(c), auto.EnvVars(l.EnvMap()), auto.PulumiHome(l.PulumiHome()))
}

func TestLabDeploys(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dir := filepath.Join(t.TempDir(), "it's a lab")
	l, err := Start(ctx, Options{Dir: dir, Organizations: []Target{payments}, Tools: tooltest.Need(t)})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()

	_, err = Start(ctx, Options{Dir: dir, Tools: l.Tools})
	var used *InUseError
	require.ErrorAs(t, err, &used)

	s, err := stack(ctx, l, program)
	require.NoError(t, err)
	_, err = s.Up(ctx)
	require.NoError(t, err)
	preview, err := s.Preview(ctx)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"same": 4}, changes(preview))

	trees, err := l.Tree(ctx)
	require.NoError(t, err)
	require.Len(t, trees, 1)
	require.Equal(t, "222222222222", trees[0].ManagementAccount)
	require.Len(t, trees[0].Root.Units, 1)
	require.Equal(t, "Security", trees[0].Root.Units[0].Name)

	stats, err := l.Stats()
	require.NoError(t, err)
	require.Len(t, stats.Organizations, 1)
	require.Equal(t, 2, stats.Organizations[0].Applied)
	require.Zero(t, stats.Organizations[0].Planned)
	require.Positive(t, stats.Organizations[0].Calls)

	t.Run("pulumi from elsewhere", func(t *testing.T) { testPulumiElsewhere(t, l) })
	t.Run("any program", func(t *testing.T) { testExec(t, l) })
}

func changes(p auto.PreviewResult) map[string]int {
	out := map[string]int{}
	for op, n := range p.ChangeSummary {
		out[string(op)] = n
	}
	return out
}

// testPulumiElsewhere runs pulumi as a user does in a shell that has the lab's variables.
func testPulumiElsewhere(t *testing.T, l *Lab) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", l.Export()+"pulumi stack ls && pulumi version")
	cmd.Dir = l.WorkDir()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	require.Contains(t, string(out), "payments")
	require.Contains(t, string(out), l.Tools.Pulumi.Version)

	c, err := auto.NewPulumiCommand(&auto.PulumiCommandOptions{Root: l.PulumiRoot()})
	require.NoError(t, err)
	require.Equal(t, l.Tools.Pulumi.Version, c.Version().String())
}

func testExec(t *testing.T, l *Lab) {
	t.Helper()
	cmd, err := l.Exec(t.Context(), "pulumi", "stack", "ls")
	require.NoError(t, err)
	out, err := cmd.Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "payments")

	cmd, err = l.Exec(t.Context(), "sh", "-c", "pwd; exit 7")
	require.NoError(t, err)
	out, err = cmd.Output()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 7, exit.ExitCode())
	require.Equal(t, l.WorkDir()+"\n", string(out))

	_, err = l.Exec(t.Context(), "archipelago-no-such-program")
	require.ErrorContains(t, err, `find command: exec: "archipelago-no-such-program"`)
}

func TestEnvOverrulesTheRealAWS(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL_S3", "https://s3.example.com")
	t.Setenv("AWS_SESSION_TOKEN", "real")
	t.Setenv("AWS_PROFILE", "real")
	t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/real")
	l, err := Start(t.Context(), Options{Dir: t.TempDir(), Tools: tooltest.Need(t)})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()

	env := l.EnvMap()
	for name, want := range map[string]string{
		"AWS_ENDPOINT_URL_S3": l.Front.URL(), "AWS_ENDPOINT_URL": l.Front.URL(), "AWS_SESSION_TOKEN": "",
		"AWS_PROFILE": "default", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
	} {
		require.Contains(t, env, name)
		require.Equal(t, want, env[name], name)
	}
	for _, pair := range l.Env() {
		require.NotContains(t, pair, "real")
	}
	require.True(t, strings.HasPrefix(env["PATH"], l.PulumiRoot()))
}

func TestCancelledEngineEndsInOrder(t *testing.T) {
	t.Parallel()
	l, err := Start(t.Context(), Options{Dir: t.TempDir(), Organizations: []Target{payments}, Tools: tooltest.Need(t)})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s, err := stack(t.Context(), l, func(p *pulumi.Context) error {
		cancel()
		<-p.Context().Done() // the engine hangs up
		return p.Context().Err()
	})
	require.NoError(t, err)
	_, err = s.Up(ctx)
	require.Error(t, err)

	var locks []string
	require.NoError(t, filepath.WalkDir(filepath.Join(l.Dir(), "state", ".pulumi", "locks"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			locks = append(locks, path)
		}
		return err
	}))
	require.Empty(t, locks, "an engine that is asked to end releases its lock; one that is killed does not")
}

// held is what a holder of a lab prints once all of the lab's processes are there.
const held = "held"

// hold deploys in a lab with a program that never ends.
func hold(dir string) error {
	ctx := context.Background()
	l, err := Start(ctx, Options{Dir: dir, Organizations: []Target{payments}, Out: os.Stderr})
	if err != nil {
		return err
	}
	s, err := stack(ctx, l, func(ctx *pulumi.Context) error {
		if err := program(ctx); err != nil {
			return err
		}
		for len(l.Front.Calls()) == 0 { // the provider has not called yet
			time.Sleep(10 * time.Millisecond)
		}
		fmt.Println(held)
		select {}
	})
	if err != nil {
		return err
	}
	_, err = s.Up(ctx)
	return errors.Join(err, l.Close())
}
