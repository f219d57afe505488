// Package awsplugin stands in for the plugin pulumi-resource-aws where that cannot be downloaded.
//
// It is a gRPC server between the Pulumi engine and Pulumi's dynamic bridge, which can run any
// Terraform provider. Both the real plugin and the bridge run the very same Terraform provider, so
// all that this package does is translate: tokens (tokens.go), the few properties that are
// presented differently (shapes.go), archives, which are files to Terraform (archives.go), and the log
// messages that the bridge sends to the engine (host.go). Resource types that the emulator cannot hold
// are answered from the provider's own plan (planned.go).
//
// The processes of one provider are, from parent to child: the engine, this plugin, a guard, the
// bridge, the Terraform provider. However the engine ends, the rest follows.
package awsplugin

import (
	"context"
	"os"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"github.com/archipelago-iac/archipelago/internal/lab/engine"
)

const (
	// Name is the value of guard.ReexecEnv that makes this program run as the plugin.
	Name = "aws-plugin"

	// Version is the version of pulumi-aws that the plugin stands in for. It has to be the one of
	// the SDK that the components are written against.
	Version = "6.83.2"

	// BridgeEnv names the binary of the dynamic bridge.
	BridgeEnv = "ARCHIPELAGO_LAB_BRIDGE"

	// ProviderEnv names the binary of the Terraform AWS provider. The file's name has to start
	// with terraform-provider-aws; a version may follow.
	ProviderEnv = "ARCHIPELAGO_LAB_PROVIDER"

	// PlannedEnv names a file to which the plugin appends the URN of each resource that it did
	// not create but only planned. Unset: no such record. Files for the provider are kept beside it.
	PlannedEnv = "ARCHIPELAGO_LAB_PLANNED"
)

// Init turns this process into the plugin if it was started as one, and then does not return.
// Call it first thing in main and in TestMain, after guard.Init.
func Init() { engine.Serve(Name, "aws plugin", service) }

// service answers as the plugin, and relays what the bridge says to the engine.
func service(address string) (func(*grpc.Server), error) {
	host, err := dialHost(address)
	if err != nil {
		return nil, err
	}
	relay, err := host.serve()
	if err != nil {
		return nil, err
	}
	options := bridgeOptions{
		bridge:   os.Getenv(BridgeEnv),
		provider: os.Getenv(ProviderEnv),
		host:     relay,
	}
	// The bridge lives as long as the plugin; the guard ends it with this process.
	ctx := context.Background()
	plugin := newProxy(ctx, options, host, newPlanner(ctx, options, plannedTypes, os.Getenv(PlannedEnv)))
	return func(s *grpc.Server) { pulumirpc.RegisterResourceProviderServer(s, plugin) }, nil
}
