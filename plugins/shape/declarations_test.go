package shape

import (
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func declarations(t testing.TB) string {
	t.Helper()
	text, err := Declarations(roots, exampleDoc, documents)
	require.NoError(t, err)
	return text
}

func TestDeclarationsGolden(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"testdata/archipelago.d.ts": declarations(t), "testdata/tsconfig.json": Tsconfig()} {
		if *update {
			require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
		}
		want, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, string(want), text, "run: go test ./plugins/shape -update")
	}
}

func TestDeclarationsThatCannotBe(t *testing.T) {
	t.Parallel()
	type Hook struct{}
	type reserved struct {
		Hook Hook `json:"hook"`
	}
	type Budget struct{}
	type double struct {
		Draft draft  `json:"draft"`
		Other Budget `json:"other"`
	}
	type nameless struct {
		A struct{} `json:"a"`
	}
	for want, roots := range map[string]map[string]reflect.Type{
		"declare types of hooks: the roots are Baseline and Context, not Baseline":           {Baseline: draftType},
		"declare types of hooks: string is no struct":                                        {Baseline: draftType, Context: reflect.TypeFor[string]()},
		"declare types of hooks: type shape.Hook has the name of a type that every hook has": {Baseline: reflect.TypeFor[reserved](), Context: reflect.TypeFor[facts]()},
		"declare types of hooks: types shape.Budget and shape.Budget have one name":          {Baseline: reflect.TypeFor[double](), Context: reflect.TypeFor[Organization]()},
		"declare types of hooks: type struct {} has no name":                                 {Baseline: reflect.TypeFor[nameless](), Context: reflect.TypeFor[facts]()},
	} {
		_, err := Declarations(roots, exampleDoc, documents)
		require.EqualError(t, err, want)
	}
}
