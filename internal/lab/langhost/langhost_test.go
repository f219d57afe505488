package langhost

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

func TestMain(m *testing.M) {
	guard.Init()
	os.Exit(m.Run())
}

// run runs a program of one file on the host.
func run(t *testing.T, source string, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	t.Helper()
	dir, programs := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module program\n\ngo 1.26\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte("package main\n\n"+source), 0o600))
	request.Pwd = dir
	request.Info = &pulumirpc.ProgramInfo{RootDirectory: dir, ProgramDirectory: dir, EntryPoint: ".", Options: request.GetInfo().GetOptions()}
	response, err := (&host{engine: "127.0.0.1:1", programs: programs}).Run(t.Context(), request)
	left, readErr := os.ReadDir(programs)
	require.NoError(t, readErr)
	require.Empty(t, left, "a program is removed when it has ended")
	return response, err
}

func TestProgramLearnsWhatToDeploy(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "environment")
	response, err := run(t, `import (
	"os"
	"strings"
)

func main() {
	if err := os.WriteFile(os.Args[1], []byte(strings.Join(os.Environ(), "\n")), 0o600); err != nil {
		panic(err)
	}
	if _, err := os.Stat("go.mod"); err != nil {
		panic(err)
	}
}
`, &pulumirpc.RunRequest{
		Args: []string{out}, Project: "archipelago", Stack: "core", Organization: "acme", MonitorAddress: "127.0.0.1:2",
		Config: map[string]string{"archipelago:organization": "core"}, ConfigSecretKeys: []string{"a:b"}, DryRun: true, Parallel: 10,
	})
	require.NoError(t, err)
	require.Empty(t, response.GetError())
	b, err := os.ReadFile(out)
	require.NoError(t, err)
	got := strings.Split(string(b), "\n")
	require.Subset(t, got, []string{
		"PULUMI_PROJECT=archipelago", "PULUMI_STACK=core", "PULUMI_ORGANIZATION=acme",
		`PULUMI_CONFIG={"archipelago:organization":"core"}`, `PULUMI_CONFIG_SECRET_KEYS=["a:b"]`,
		"PULUMI_DRY_RUN=true", "PULUMI_PARALLEL=10", "PULUMI_MONITOR=127.0.0.1:2", "PULUMI_ENGINE=127.0.0.1:1",
	})
	require.NotContains(t, string(b), guard.ReexecEnv)
}

func TestHowAProgramEnds(t *testing.T) {
	t.Parallel()
	options, err := structpb.NewStruct(map[string]any{"binary": "x"})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		source  string
		options *structpb.Struct
		bail    bool
		want    string
	}{
		"well":              {source: "func main() {}\n"},
		"logged its error":  {source: "import \"os\"\n\nfunc main() { os.Exit(32) }\n", bail: true},
		"failed":            {source: "import \"os\"\n\nfunc main() { os.Exit(3) }\n", want: "program exited with non-zero exit code: 3"},
		"does not compile":  {source: "func main() { return 1 }\n", want: "build program in .*: go build: exit status 1"},
		"options not known": {source: "func main() {}\n", options: options, want: ".*knows no runtime options"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response, err := run(t, c.source, &pulumirpc.RunRequest{Info: &pulumirpc.ProgramInfo{Options: c.options}})
			require.NoError(t, err)
			require.Equal(t, c.bail, response.GetBail())
			require.Regexp(t, "^"+c.want, response.GetError())
		})
	}
}
