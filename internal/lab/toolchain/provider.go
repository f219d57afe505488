package toolchain

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const providerFile = "terraform-provider-aws_v"

// provider finds a Terraform AWS provider of the very version that the plugin bridges: unpacked, or else
// packed, which unpack makes usable.
func (f *finder) provider() (tool Tool, archive string, err error) {
	tool = Tool{Version: ProviderVersion, Origin: "installed"}
	dirs := f.sys.mirrors()
	platform := f.sys.goos + "_" + f.sys.goarch
	for _, dir := range append(dirs, f.unpacked()) {
		tool.Path = first(filepath.Join(dir, "*", "hashicorp", "aws", ProviderVersion, platform, providerFile+"*"), executable)
		if tool.Path != "" {
			return tool, "", nil
		}
	}
	for _, dir := range dirs {
		name := "terraform-provider-aws_" + ProviderVersion + "_" + platform + ".zip"
		if archive = first(filepath.Join(dir, "*", "hashicorp", "aws", name), exists); archive != "" {
			return tool, archive, nil
		}
	}
	return Tool{}, "", fmt.Errorf("find Terraform AWS provider %s: in none of %s", ProviderVersion, strings.Join(dirs, ", "))
}

// first is the first file, by name, that matches the pattern and is usable; empty if there is none.
func first(pattern string, usable func(string) bool) string {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		return "" // a directory whose name is no pattern has no mirror in it
	}
	for _, p := range paths { // Glob sorts
		if usable(p) {
			return p
		}
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// unpacked is the mirror in the cache for what comes packed elsewhere.
func (f *finder) unpacked() string { return filepath.Join(f.cache, "providers") }

// ensureProvider finds the provider and unpacks it if need be.
func (f *finder) ensureProvider(ctx context.Context) (Tool, error) {
	tool, archive, err := f.provider()
	if err != nil || archive == "" {
		return tool, err
	}
	dir := filepath.Join(f.unpacked(), "packed", "hashicorp", "aws", ProviderVersion, f.sys.goos+"_"+f.sys.goarch)
	unlock, err := f.lock(ctx, dir, "provider")
	if err != nil {
		return Tool{}, err
	}
	defer unlock()
	if tool, archive, err = f.provider(); err != nil || archive == "" { // another process unpacked it meanwhile
		return tool, err
	}
	if err := removeAll(filepath.Join(dir, ".unpacking-*")); err != nil { // of one that was killed
		return Tool{}, err
	}
	err = f.progress.step("unpacking Terraform AWS provider "+ProviderVersion, "about 700 MB", func() error {
		tool.Path, err = unpack(ctx, archive, dir)
		return err
	})
	if err != nil {
		return Tool{}, fmt.Errorf("unpack %s: %w", archive, err)
	}
	return tool, nil
}

// unpack takes the provider's program out of its archive and moves it into place in one step.
func unpack(ctx context.Context, archive, dir string) (path string, err error) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return "", err
	}
	defer func() { _ = z.Close() }()
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return strings.HasPrefix(f.Name, providerFile) && filepath.IsLocal(f.Name) })
	if i < 0 {
		return "", errors.New("no " + providerFile + "* in it")
	}
	from, err := z.File[i].Open()
	if err != nil {
		return "", err
	}
	defer func() { _ = from.Close() }()
	to, err := os.CreateTemp(dir, ".unpacking-*")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(to.Name()) }() // gone already if all went well
	_, err = io.Copy(to, contextReader{ctx, from})
	if err = errors.Join(err, to.Chmod(0o755), to.Close()); err != nil {
		return "", err
	}
	path = filepath.Join(dir, filepath.Base(z.File[i].Name))
	return path, os.Rename(to.Name(), path)
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context // an io.Reader has no parameter for it
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// mirrors are the directories where Terraform providers may lie, as HOSTNAME/NAMESPACE/TYPE and below it
// unpacked as VERSION/OS_ARCH or packed in one archive: Terraform's cache, what its configuration names, its implied
// local mirrors, and the tree of add-on software of the file system standard.
func (s system) mirrors() []string {
	var dirs []string
	if d := s.getenv("TF_PLUGIN_CACHE_DIR"); d != "" {
		dirs = append(dirs, d)
	}
	dirs = append(dirs, s.configuredMirrors()...)
	dirs = append(dirs, filepath.Join(s.home, ".terraform.d", "plugins"))
	dirs = append(dirs, s.impliedMirrors()...)
	return append(dirs, filepath.Join(s.root, "opt", "*"))
}

func (s system) impliedMirrors() []string {
	if s.goos == "darwin" {
		support := filepath.Join("Library", "Application Support", "io.terraform", "plugins")
		return []string{filepath.Join(s.home, support), filepath.Join(s.root, support)}
	}
	data := s.getenv("XDG_DATA_HOME")
	if data == "" {
		data = filepath.Join(s.home, ".local", "share")
	}
	shared := filepath.SplitList(s.getenv("XDG_DATA_DIRS"))
	if len(shared) == 0 {
		shared = []string{filepath.Join(s.root, "usr", "local", "share"), filepath.Join(s.root, "usr", "share")}
	}
	var dirs []string
	for _, d := range append([]string{data}, shared...) {
		dirs = append(dirs, filepath.Join(d, "terraform", "plugins"))
	}
	return dirs
}

// mirrorSetting matches the two settings of Terraform's CLI configuration that name such a directory:
// plugin_cache_dir and the path of a filesystem_mirror.
var mirrorSetting = regexp.MustCompile(`(?m)^\s*(?:plugin_cache_dir|path)\s*=\s*"([^"]+)"`)

func (s system) configuredMirrors() []string {
	file := s.getenv("TF_CLI_CONFIG_FILE")
	if file == "" {
		file = filepath.Join(s.home, ".terraformrc")
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil // most users have none, and Terraform itself will complain of one that cannot be read
	}
	var dirs []string
	for _, m := range mirrorSetting.FindAllSubmatch(b, -1) {
		dirs = append(dirs, os.Expand(string(m[1]), s.getenv))
	}
	return dirs
}
