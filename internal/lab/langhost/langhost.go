// Package langhost stands in for pulumi-language-go, Pulumi's language host for Go, where that is not
// installed.
//
// A Pulumi installation has its language hosts beside the CLI. A CLI that the lab has built from Go
// modules has none, and without one `pulumi up` cannot run a program. (Programs that deploy through the
// Automation API, as the archipelago command does, need none: they are their own.) This host does what
// the engine asks for in preview, up, refresh, destroy and about: it builds the program and runs it. What
// belongs to writing projects and packages, it does not answer.
//
// The processes are, from parent to child: the engine, this host, a guard, the program. However the
// engine ends, the rest follows.
package langhost

import (
	"context"
	"os"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/archipelago-iac/archipelago/internal/lab/engine"
)

const (
	// Name is the value of guard.ReexecEnv that makes this program run as the language host.
	Name = "language-go"

	// File is what the engine calls the host's program.
	File = "pulumi-language-go"

	// ProgramsEnv names the directory in which programs are built. Unset: the system's for temporary
	// files.
	ProgramsEnv = "ARCHIPELAGO_LAB_PROGRAMS"
)

// Init turns this process into the language host if it was started as one, and then does not return.
// Call it first thing in main and in TestMain, after guard.Init.
func Init() {
	engine.Serve(Name, "go language host", func(address string) (func(*grpc.Server), error) {
		return func(s *grpc.Server) {
			pulumirpc.RegisterLanguageRuntimeServer(s, &host{engine: address, programs: os.Getenv(ProgramsEnv)})
		}, nil
	})
}

// host answers the engine. The methods that it does not have say so by themselves.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engine   string // the engine's address, for the program
	programs string // where programs are built
}

// GetPluginInfo tells no version: there is no release of Pulumi that this host is.
func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

// GetRequiredPackages names none. The engine then loads plugins when the program first asks for them,
// and the lab has those that its programs ask for.
func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// About tells which Go builds the programs.
func (h *host) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	path, version, err := goVersion(ctx)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{
		Executable: path, Version: version, Metadata: map[string]string{"host": "the lab's stand-in for " + File},
	}, nil
}
