package toolchain

import (
	"context"
	"fmt"

	"github.com/blang/semver"
)

const pulumiHint = "install the Pulumi CLI " + minPulumi + " or newer, or Go and a checkout of this project to build it"

// installedPulumi is the CLI on PATH. The note says why one that is there cannot be used.
func (f *finder) installedPulumi(ctx context.Context) (t Tool, note string) {
	path := f.sys.lookPath("pulumi")
	if path == "" {
		return Tool{}, "none on PATH"
	}
	out, err := output(ctx, []string{"PULUMI_SKIP_UPDATE_CHECK=true"}, path, "version")
	if err != nil {
		return Tool{}, fmt.Sprintf("run %s version: %v", path, err)
	}
	v, err := semver.ParseTolerant(out)
	if err != nil {
		return Tool{}, fmt.Sprintf("%s has no version: %v", path, err)
	}
	if v.LT(semver.MustParse(minPulumi)) {
		return Tool{}, fmt.Sprintf("%s is %s, older than %s", path, v, minPulumi)
	}
	return Tool{Path: path, Version: v.String(), Origin: "installed"}, ""
}

func (f *finder) ensurePulumi(ctx context.Context, t *Tools) error {
	tool, note := f.installedPulumi(ctx)
	if tool.Path == "" {
		var err error
		if tool, err = f.build(ctx, pulumiTarget); err != nil {
			return &MissingError{Tool: "Pulumi CLI", Reason: fmt.Errorf("%s; %w", note, err), Hint: pulumiHint}
		}
	}
	t.Pulumi = tool
	return nil
}
