package recorder

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
)

type thing struct{ pulumi.CustomResourceState }

type group struct{ pulumi.ResourceState }

// program registers a component with two children, reads a stack and says something.
func program(ctx *pulumi.Context) error {
	g := &group{}
	if err := ctx.RegisterComponentResource("test:index:Group", "g", g); err != nil {
		return err
	}
	first, second := &thing{}, &thing{}
	if err := ctx.RegisterResource("test:index:Thing", "g/b", nil, first, pulumi.Parent(g), pulumi.Import(pulumi.ID("thing-1"))); err != nil {
		return err
	}
	err := ctx.RegisterResource("test:index:Thing", "g/a", pulumi.Map{"of": first.ID(), "count": pulumi.Int(2)}, second,
		pulumi.Parent(g), pulumi.Protect(true), pulumi.RetainOnDelete(true), pulumi.IgnoreChanges([]string{"count"}),
		pulumi.Aliases([]pulumi.Alias{{Name: pulumi.String("g/old")}}), pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "1h"}))
	if err != nil {
		return err
	}
	ref, err := pulumi.NewStackReference(ctx, "other", &pulumi.StackReferenceArgs{Name: pulumi.String("organization/archipelago/other")})
	if err != nil {
		return err
	}
	ctx.Export("id", first.ID())
	ctx.Export("other", ref.GetStringOutput(pulumi.String("name")))
	ctx.Export("plain", pulumi.Int(1))
	return ctx.Log.Info("done", nil)
}

func options() Options {
	return Options{Stacks: map[string]map[string]any{"organization/archipelago/other": {"name": "value"}}}
}

func TestRecording(t *testing.T) {
	t.Parallel()
	got, err := Run(options(), program)
	require.NoError(t, err)
	Golden(t, filepath.Join("testdata", "recording.golden"), got.String())
	require.Equal(t, []string{"g/a", "g/b"}, got.Names("test:index:Thing"))
	require.Nil(t, got.Find("test:index:Thing", "g/c"))

	again, err := Run(options(), program)
	require.NoError(t, err)
	require.Equal(t, got.String(), again.String())
}

// In a preview the id of what does not exist is unknown, and so is what depends on it.
func TestPreview(t *testing.T) {
	t.Parallel()
	o := options()
	o.Preview = true
	got, err := Run(o, func(ctx *pulumi.Context) error {
		a, b := &thing{}, &thing{}
		if err := ctx.RegisterResource("test:index:Thing", "a", nil, a); err != nil {
			return err
		}
		ctx.Export("id", a.ID())
		return ctx.RegisterResource("test:index:Thing", "b", pulumi.Map{"of": a.ID()}, b)
	})
	require.NoError(t, err)
	require.Equal(t, "<unknown>", got.Find("test:index:Thing", "b").Inputs["of"])
	require.Empty(t, got.Outputs)
}

func TestErrors(t *testing.T) {
	t.Parallel()
	_, err := Run(Options{}, program)
	require.ErrorContains(t, err, `unknown stack "organization/archipelago/other"`)
	_, err = Run(Options{}, func(*pulumi.Context) error { return errors.New("refused") })
	require.ErrorContains(t, err, "refused")
}

func TestDifference(t *testing.T) {
	t.Parallel()
	require.Equal(t, "+ new\n- old\n", difference("same\nold\n", "same\nnew\n"))
}
