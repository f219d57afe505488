package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/archipelago-iac/archipelago/internal/recorder"
	"github.com/archipelago-iac/archipelago/plan"
)

func withoutHub(o *recorder.Options) { delete(o.Stacks, coreStack) }

func emptyHub(o *recorder.Options) { o.Stacks[coreStack] = map[string]any{} }

// C02: a spoke reads the hub's outputs and passes on what it read.
func TestHubOutputs(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, acme())
	require.True(t, got.Find(referenceType, "core").Read)
	require.Equal(t, map[string]string{"organizationId": "o-core000000", "managementAccountId": "111111111111"}, got.Outputs["hub"])

	other := mustDeploy(t, acme(), configured("archipelago:hubStack", "acme/landing/hub"), func(o *recorder.Options) {
		o.Stacks = map[string]map[string]any{"acme/landing/hub": hubOutputs()}
	})
	require.Equal(t, got.Outputs["hub"], other.Outputs["hub"])
}

// C05: the hub and the break-glass organization read nobody's outputs.
func TestNoHubC05(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"core", "break-glass"} {
		got := mustDeploy(t, acme(), withoutHub, func(o *recorder.Options) { o.Stack = name })
		require.Empty(t, got.Names(referenceType))
		require.NotContains(t, got.Outputs, "hub")
	}
}

func TestHubMissingInUpdate(t *testing.T) {
	t.Parallel()
	for name, missing := range map[string]func(*recorder.Options){"no stack": withoutHub, "no outputs": emptyHub} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := deploy(t, acme(), missing)
			require.ErrorContains(t, err, "read hub core: stack organization/archipelago/core has no outputs yet: deploy core first, or set archipelago:hubStack where its stack has another name")
			require.Empty(t, got.Resources)
		})
	}
}

func TestHubMissingInPreview(t *testing.T) {
	t.Parallel()
	for name, missing := range map[string]func(*recorder.Options){"no stack": withoutHub, "no outputs": emptyHub} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := mustDeploy(t, acme(), preview, missing)
			require.Equal(t, map[string]string{"organizationId": "o-0000000000", "managementAccountId": "000000000000"}, got.Outputs["hub"])
			require.Equal(t, []string{"warning: hub core: stack organization/archipelago/core has no outputs yet, so this preview uses o-0000000000 and 000000000000 for its ids; deploy core first"}, got.Log)
		})
	}
}

func TestHubOfALaterVersion(t *testing.T) {
	t.Parallel()
	_, err := deploy(t, acme(), func(o *recorder.Options) { o.Stacks[coreStack]["version"] = 99.0 })
	require.ErrorContains(t, err, "read hub core: stack organization/archipelago/core: read outputs: they have version 99 and this archipelago knows 1: use the newer archipelago that deployed the stack")
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	got := mustDeploy(t, acme())
	id := got.Outputs["organizationId"].(string)
	require.Equal(t, `{"Only":["`+id+`","o-core000000"]}`, got.Find(policyType, "payments/perimeter").Inputs["content"])
	require.Equal(t, `{"Principal":"222222222222"}`, got.Find("aws:organizations/resourcePolicy:ResourcePolicy", "payments/delegation-policy").Inputs["content"])

	// In the hub the hub is the organization itself.
	hub := mustDeploy(t, acme(), func(o *recorder.Options) { o.Stack = "core" })
	id = hub.Outputs["organizationId"].(string)
	require.Equal(t, `{"Hub":"`+id+` 111111111111"}`, hub.Find(policyType, "core/only-the-hub").Inputs["content"])

	// An organization that does not depend on the hub cannot name it.
	_, err := deploy(t, with(func(o *plan.Organization) { o.DependsOn = nil }))
	require.ErrorContains(t, err, "expand document of payments/perimeter: no value for {{hub.organization.id}}")
}
