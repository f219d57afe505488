package toolchain

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// machine is a made-up machine: a home, a root and an environment.
type machine struct {
	t   *testing.T
	dir string
	env map[string]string
	out *lockedBuffer
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	m := &machine{t: t, dir: t.TempDir(), out: &lockedBuffer{}}
	m.env = map[string]string{"PATH": m.path("bin")}
	return m
}

func (m *machine) path(parts ...string) string {
	return filepath.Join(append([]string{m.dir}, parts...)...)
}

// program writes a shell script.
func (m *machine) program(path, script string) string {
	m.t.Helper()
	return m.file(path, "#!/bin/sh\n"+script+"\n")
}

// file writes an executable file.
func (m *machine) file(path, content string) string {
	m.t.Helper()
	path = m.path(path)
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(m.t, os.WriteFile(path, []byte(content), 0o755))
	return path
}

// checkout makes a project whose tools' module pins the given versions.
func (m *machine) checkout() {
	m.t.Helper()
	m.file("project/go.mod", "module "+projectModule+"\n\ngo 1.26\n")
	m.file("project/tools/go.mod", "module "+projectModule+"/tools\n\nrequire (\n\t"+
		pulumiModule+" v3.220.0 // indirect\n\t"+bridgeModule+" v3.121.0 // indirect\n)\n")
	m.file("project/tools/go.sum", "")
}

func (m *machine) finder() *finder {
	m.t.Helper()
	f := &finder{
		sys: system{
			getenv: func(k string) string { return m.env[k] },
			home:   m.path("home"), root: m.path("root"), goos: "linux", goarch: "amd64",
		},
		cache:    m.path("cache"),
		progress: newProgress(m.out),
	}
	f.module, f.moduleNo = findModule([]string{m.path("project", "organizations")})
	return f
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// fakeGo is a go that writes a program to the file after -o and one line to its log.
const fakeGo = `echo "$PWD $GOWORK $*" >> "%s"; printf '#!/bin/sh\n' > "$3"; chmod +x "$3"`

func TestVersionsAgreeWithModules(t *testing.T) {
	t.Parallel()
	wd, err := os.Getwd()
	require.NoError(t, err)
	m, err := findModule([]string{wd})
	require.NoError(t, err)
	root, err := os.ReadFile(filepath.Join(filepath.Dir(m.dir), "go.mod"))
	require.NoError(t, err)
	require.Contains(t, string(root), "github.com/pulumi/pulumi-aws/sdk/v6 v"+PluginVersion)
	for _, path := range []string{pulumiModule, bridgeModule} {
		_, err := m.version(path)
		require.NoError(t, err)
	}
}

func TestPulumi(t *testing.T) {
	t.Parallel()
	t.Run("installed", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		path := m.program("bin/pulumi", "echo v3.230.1")
		var tools Tools
		require.NoError(t, m.finder().ensurePulumi(t.Context(), &tools))
		require.Equal(t, Tool{Path: path, Version: "3.230.1", Origin: "installed"}, tools.Pulumi)
	})
	t.Run("too old is built instead", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.checkout()
		m.program("bin/pulumi", "echo v3.100.0")
		log := m.path("go.log")
		m.program("bin/go", fmt.Sprintf(fakeGo, log))
		var tools Tools
		require.NoError(t, m.finder().ensurePulumi(t.Context(), &tools))
		require.Equal(t, "3.220.0", tools.Pulumi.Version)
		require.Equal(t, "built", tools.Pulumi.Origin)
		require.FileExists(t, tools.Pulumi.Path)
		calls, err := os.ReadFile(log)
		require.NoError(t, err)
		require.Regexp(t, `^\S+/project/tools off build -o \S+/pulumi -ldflags -X \S+version\.Version=v3\.220\.0 `+pulumiPackage+"\n$", string(calls))
		require.Regexp(t, `^building pulumi 3.220.0 \(a first build takes about 3 min\)\nbuilding pulumi 3.220.0: done in \d+ s\n$`, m.out.String())
	})
	t.Run("neither", func(t *testing.T) {
		t.Parallel()
		var tools Tools
		err := newMachine(t).finder().ensurePulumi(t.Context(), &tools)
		require.EqualError(t, err, "get Pulumi CLI: none on PATH; "+errNoCheckout.Error()+" ("+pulumiHint+")")
	})
}

func TestConcurrentBuildsBuildOnce(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.checkout()
	log := m.path("go.log")
	m.program("bin/go", fmt.Sprintf(fakeGo, log))
	var wg sync.WaitGroup
	for range 4 {
		f := m.finder()
		wg.Go(func() {
			var tools Tools
			if err := f.ensurePulumi(t.Context(), &tools); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	calls, err := os.ReadFile(log)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(calls), "\n"))
}

func TestFailedBuildLeavesNothing(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.checkout()
	m.program("bin/go", `echo half > "$3"; echo "main.go:1: undefined: x" >&2; exit 1`)
	f := m.finder()
	dir := filepath.Join(f.cache, "v3.220.0-"+f.module.hash)
	m.file(strings.TrimPrefix(dir, m.dir)+"/.pulumi.build-killed/pulumi", "left over by a build that was killed")

	_, err := f.build(t.Context(), pulumiTarget)
	require.ErrorContains(t, err, "build pulumi: run go build: exit status 1\n  main.go:1: undefined: x")
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "only the lock stays")
	require.Equal(t, ".pulumi.lock", entries[0].Name())
}

const providerPath = "registry.example/hashicorp/aws/" + ProviderVersion + "/linux_amd64/terraform-provider-aws_v" + ProviderVersion + "_x5"

func TestProviderPlaces(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		dir string
		env map[string]string
	}{
		"cache variable":   {dir: "tfcache", env: map[string]string{"TF_PLUGIN_CACHE_DIR": "@tfcache"}},
		"home":             {dir: "home/.terraform.d/plugins"},
		"data home":        {dir: "home/.local/share/terraform/plugins"},
		"other data home":  {dir: "xdg/terraform/plugins", env: map[string]string{"XDG_DATA_HOME": "@xdg"}},
		"data directories": {dir: "two/terraform/plugins", env: map[string]string{"XDG_DATA_DIRS": "@one:@two"}},
		"shared":           {dir: "root/usr/local/share/terraform/plugins"},
		"add-on software":  {dir: "root/opt/mirror"},
		"configured":       {dir: "mirror", env: map[string]string{"TF_CLI_CONFIG_FILE": "@terraformrc"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			for k, v := range c.env {
				m.env[k] = strings.ReplaceAll(v, "@", m.dir+"/")
			}
			m.file("terraformrc", "provider_installation {\n  filesystem_mirror {\n    path = \""+m.path("mirror")+"\"\n  }\n}\n")
			want := m.file(filepath.Join(c.dir, providerPath), "")
			got, _, err := m.finder().provider()
			require.NoError(t, err)
			require.Equal(t, want, got.Path)
		})
	}
}

func TestProviderOfAnotherVersionIsNotTaken(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	m.file(filepath.Join("root/opt/mirror", strings.ReplaceAll(providerPath, ProviderVersion, "6.0.0")), "")
	_, _, err := m.finder().provider()
	require.ErrorContains(t, err, "find Terraform AWS provider 5.100.0: in none of ")
}

func TestPackedProviderIsUnpackedOnce(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{"LICENSE.txt": "text", providerFile + "5.100.0_x5": "program"} {
		w, err := z.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(w, content)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	archive := m.file("home/.terraform.d/plugins/registry.example/hashicorp/aws/terraform-provider-aws_5.100.0_linux_amd64.zip", b.String())

	f := m.finder()
	_, found, err := f.provider()
	require.NoError(t, err)
	require.Equal(t, archive, found)
	tool, err := f.ensureProvider(t.Context())
	require.NoError(t, err)
	content, err := os.ReadFile(tool.Path)
	require.NoError(t, err)
	require.Equal(t, "program", string(content))
	require.True(t, executable(tool.Path))

	again, err := f.ensureProvider(t.Context())
	require.NoError(t, err)
	require.Equal(t, tool, again)
	require.Equal(t, 1, strings.Count(m.out.String(), "done in"))
	require.NoError(t, os.WriteFile(archive, []byte("no archive"), 0o600))
	require.NoError(t, os.Remove(tool.Path))
	_, err = f.ensureProvider(t.Context())
	require.ErrorContains(t, err, "unpack "+archive+": zip: not a valid zip file")
}

const installedPluginPath = "home/.pulumi/plugins/resource-aws-v" + PluginVersion + "/" + pluginName

func TestPlugin(t *testing.T) {
	t.Parallel()
	withBridge := func(t *testing.T) *machine {
		t.Helper()
		m := newMachine(t)
		m.checkout()
		m.file("root/opt/mirror/"+providerPath, "")
		m.program("bin/go", fmt.Sprintf(fakeGo, m.path("go.log")))
		return m
	}
	ensure := func(t *testing.T, m *machine) (*Tools, error) {
		t.Helper()
		tools := &Tools{Pulumi: Tool{Path: m.program("pulumi", `mkdir -p "$PULUMI_HOME/plugins/resource-aws-$5"
printf BIN > "$PULUMI_HOME/plugins/resource-aws-$5/pulumi-resource-aws"; chmod +x "$PULUMI_HOME/plugins/resource-aws-$5/pulumi-resource-aws"`)}}
		return tools, m.finder().ensurePlugin(t.Context(), tools)
	}
	t.Run("installed", func(t *testing.T) {
		t.Parallel()
		m := withBridge(t)
		want := m.file(installedPluginPath, "BIN")
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.Equal(t, want, tools.Plugin.Path)
		require.Empty(t, tools.Bridge.Path)
	})
	t.Run("a lab's launcher is not the plugin", func(t *testing.T) {
		t.Parallel()
		m := withBridge(t)
		m.program(installedPluginPath, "exec something")
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.Empty(t, tools.Plugin.Path)
		require.FileExists(t, tools.Bridge.Path)
		require.FileExists(t, tools.Provider.Path)
	})
	t.Run("half installed is not the plugin", func(t *testing.T) {
		t.Parallel()
		m := withBridge(t)
		m.file(installedPluginPath, "BIN")
		m.file(filepath.Dir(installedPluginPath)+".partial", "")
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.FileExists(t, tools.Bridge.Path)
	})
	t.Run("bridge by choice", func(t *testing.T) {
		t.Parallel()
		m := withBridge(t)
		m.env[EnvPlugin] = PluginBridge
		m.file(installedPluginPath, "BIN")
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.Empty(t, tools.Plugin.Path)
	})
	t.Run("downloaded without a provider", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.Equal(t, "downloaded", tools.Plugin.Origin)
		again, err := ensure(t, m)
		require.NoError(t, err)
		require.Equal(t, tools.Plugin, again.Plugin)
		require.Equal(t, 1, strings.Count(m.out.String(), "about 200 MB"))
	})
	t.Run("unknown choice", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.env[EnvPlugin] = "magic"
		_, err := ensure(t, m)
		require.EqualError(t, err, `read ARCHIPELAGO_LAB_PLUGIN: "magic" is none of bridge, download`)
	})
	t.Run("nothing works", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		tools := &Tools{Pulumi: Tool{Path: m.program("pulumi", "echo 403 Forbidden >&2; exit 255")}}
		err := m.finder().ensurePlugin(t.Context(), tools)
		var missing *MissingError
		require.ErrorAs(t, err, &missing)
		require.ErrorContains(t, err, "find Terraform AWS provider 5.100.0: in none of")
		require.ErrorContains(t, err, "download pulumi-aws: run pulumi plugin: exit status 255\n  403 Forbidden")
		require.ErrorContains(t, err, "pulumi plugin install resource aws v6.83.2")
	})
}

func TestEmulator(t *testing.T) {
	t.Parallel()
	ensure := func(t *testing.T, m *machine) (*Tools, error) {
		t.Helper()
		tools := &Tools{}
		return tools, m.finder().ensureEmulator(t.Context(), tools)
	}
	// python is a python3 that tells a version of moto and makes environments whose pip makes a server.
	python := func(moto string) string {
		return `case "$*" in
-c*) echo ` + moto + ` ;;
"-m venv"*) mkdir -p "$3/bin"; printf '#!/bin/sh\nprintf "#!/bin/sh" > "%s/bin/moto_server"; chmod +x "%s/bin/moto_server"\n' "$3" "$3" > "$3/bin/pip"; chmod +x "$3/bin/pip" ;;
esac`
	}
	t.Run("installed", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		want := m.program("bin/moto_server", "")
		m.program("bin/python3", python("5.2.0"))
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.Equal(t, []string{want}, tools.EmulatorCommand)
		require.Equal(t, "5.2.0", tools.Emulator.Version)
	})
	t.Run("version unknown is taken", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.program("bin/moto_server", "")
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.Empty(t, tools.Emulator.Version)
	})
	t.Run("too old is installed in the cache", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.env["PATH"] += ":/bin:/usr/bin"
		m.program("bin/moto_server", "")
		m.program("bin/python3", python("4.0.0"))
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.Equal(t, m.path("cache", "moto-"+motoPinned, "bin", "moto_server"), tools.Emulator.Path)
		require.Contains(t, m.out.String(), "installing moto "+motoPinned)
	})
	t.Run("failed installation leaves nothing, container instead", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.program("bin/python3", "exit 1")
		docker := m.program("bin/docker", "echo 28.0.0")
		tools, err := ensure(t, m)
		require.NoError(t, err)
		require.NoDirExists(t, m.path("cache", "moto-"+motoPinned))
		require.Equal(t, docker, tools.EmulatorCommand[0])
	})
	t.Run("nothing", func(t *testing.T) {
		t.Parallel()
		_, err := ensure(t, newMachine(t))
		require.EqualError(t, err, "get AWS emulator (moto): no moto_server on PATH\nno python3 on PATH\nno running docker ("+emulatorHint+")")
	})
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	t.Run("bare machine", func(t *testing.T) {
		t.Parallel()
		f := newMachine(t).finder()
		r := f.report(t.Context())
		require.ErrorContains(t, r.Err(), "Pulumi CLI is missing: none on PATH; no checkout")
		require.ErrorContains(t, r.Err(), "AWS emulator (moto) is missing: no moto_server on PATH; install it with: pip")
	})
	t.Run("checkout with go and a mirror", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.checkout()
		m.program("bin/go", "")
		server := m.program("bin/moto_server", "")
		provider := m.file("root/opt/mirror/"+providerPath, "")
		f := m.finder()
		r := f.report(t.Context())
		require.NoError(t, r.Err())
		var b strings.Builder
		require.NoError(t, r.Render(&b))
		require.Equal(t, strings.Join([]string{
			"PIECE                           STATE         VERSION  DETAIL",
			"Pulumi CLI                      will be made  3.220.0  none on PATH; built from tools/go.mod, about 3 min the first time",
			"pulumi-aws: bridge              will be made  3.121.0  built from tools/go.mod, about 2 min the first time",
			"pulumi-aws: Terraform provider  found         5.100.0  " + provider + " (installed)",
			"AWS emulator (moto)             found         -        " + server + " (installed)",
			"", "cache: " + f.cache, "",
		}, "\n"), b.String())
	})
}
