package langhost

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

// Run builds the program and runs it to its end. What it prints, the engine shows.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	env, err := environment(req, h.engine)
	if err != nil {
		return nil, err
	}
	// Every run has a program of its own: stacks are deployed side by side, and the source may change
	// between them. Only the link is done anew.
	dir, err := os.MkdirTemp(h.programs, req.GetStack()+"-*")
	if err != nil {
		return nil, fmt.Errorf("make directory for program: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // the lab's next start removes what is left
	program := filepath.Join(dir, "program")
	if err := build(ctx, req.GetInfo(), program); err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	cmd, err := guard.Command(ctx, program, req.GetArgs()...)
	if err != nil {
		return nil, fmt.Errorf("run program: %w", err)
	}
	cmd.Dir, cmd.Env = req.GetPwd(), append(cmd.Env, env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return response(cmd.Run()), nil
}

// build builds the program that Pulumi.yaml leads to.
func build(ctx context.Context, info *pulumirpc.ProgramInfo, out string) error {
	if len(info.GetOptions().GetFields()) > 0 {
		return errors.New("build program: the lab's Go language host knows no runtime options: take them out of Pulumi.yaml or install Pulumi")
	}
	// The view of the project that a lab runs in is not the repository, and the version that could be
	// stamped in is of no use here.
	cmd, err := guard.Command(ctx, "go", "build", "-buildvcs=false", "-o", out, "./"+info.GetEntryPoint())
	if err != nil {
		return fmt.Errorf("build program: %w", err)
	}
	cmd.Dir = info.GetProgramDirectory()
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("build program in %s: go build: %w", cmd.Dir, err)
	}
	return nil
}

// environment is how pulumi.Run learns what to deploy and where.
func environment(req *pulumirpc.RunRequest, engine string) ([]string, error) {
	config, err := json.Marshal(req.GetConfig())
	if err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	secrets, err := json.Marshal(req.GetConfigSecretKeys())
	if err != nil {
		return nil, fmt.Errorf("write configuration: %w", err)
	}
	return []string{
		pulumi.EnvOrganization + "=" + req.GetOrganization(),
		pulumi.EnvProject + "=" + req.GetProject(),
		pulumi.EnvStack + "=" + req.GetStack(),
		pulumi.EnvPulumiRootDirectory + "=" + req.GetInfo().GetRootDirectory(),
		pulumi.EnvConfig + "=" + string(config),
		pulumi.EnvConfigSecretKeys + "=" + string(secrets),
		pulumi.EnvDryRun + "=" + strconv.FormatBool(req.GetDryRun()),
		pulumi.EnvParallel + "=" + strconv.Itoa(int(req.GetParallel())),
		pulumi.EnvMonitor + "=" + req.GetMonitorAddress(),
		pulumi.EnvEngine + "=" + engine,
	}, nil
}

// response words how the program ended. One that has told the engine what went wrong ends with a code
// that says so, and nothing is added.
func response(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case errors.As(err, &exit) && exit.ExitCode() == constant.ExitStatusLoggedError:
		return &pulumirpc.RunResponse{Bail: true}
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program exited with non-zero exit code: %d", exit.ExitCode())}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("run program: %v", err)}
	}
}

// goVersion is the go on PATH and its version.
func goVersion(ctx context.Context) (path, version string, err error) {
	if path, err = exec.LookPath("go"); err != nil {
		return "", "", fmt.Errorf("find go: %w", err)
	}
	out, err := exec.CommandContext(ctx, path, "env", "GOVERSION").Output()
	if err != nil {
		return "", "", fmt.Errorf("ask %s for its version: %w", path, err)
	}
	return path, strings.TrimSpace(string(out)), nil
}
