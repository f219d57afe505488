package tree

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDraw(t *testing.T) {
	t.Parallel()
	require.Equal(t, `> ├── a
> │   ├── b
> │   │   └── c
> │   └── d
> └── e
`, Draw("> ", []Node{{Text: "a", Children: []Node{{Text: "b", Children: []Node{{Text: "c"}}}, {Text: "d"}}}, {Text: "e"}}))
	require.Empty(t, Draw("", nil))
}

func TestList(t *testing.T) {
	t.Parallel()
	require.Equal(t, "  [a, b]", List([]string{"a", "b"}))
	require.Empty(t, List(nil))
}
