// Package awsplugin stands in for the plugin pulumi-resource-aws where that cannot be downloaded.
//
// It is a gRPC server between the Pulumi engine and Pulumi's dynamic bridge, which can run any
// Terraform provider. Both the real plugin and the bridge run the very same Terraform provider, so
// all that this package does is translate: tokens (tokens.go), the few properties that are
// presented differently (shapes.go), and the log messages that the bridge sends to the engine
// (host.go). Resource types that the emulator cannot hold are answered from the provider's own
// plan (planned.go).
//
// The processes of one provider are, from parent to child: the engine, this plugin, a guard, the
// bridge, the Terraform provider. However the engine ends, the rest follows.
package awsplugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
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
	// not create but only planned. Unset: no such record.
	PlannedEnv = "ARCHIPELAGO_LAB_PLANNED"
)

// parentPoll is how often the plugin looks whether the engine still lives.
const parentPoll = 200 * time.Millisecond

// Init turns this process into the plugin if it was started as one, and then does not return.
// Call it first thing in main and in TestMain, after guard.Init.
func Init() {
	if os.Getenv(guard.ReexecEnv) != Name {
		return
	}
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "aws plugin: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve is the plugin's life: it announces its port on stdout, as the engine expects, and then
// answers calls until the engine is gone.
func serve(args []string) error {
	if err := os.Unsetenv(guard.ReexecEnv); err != nil {
		return fmt.Errorf("clear %s: %w", guard.ReexecEnv, err)
	}
	// The engine's address comes last, after flags that concern tracing and logging.
	if len(args) == 0 {
		return errors.New("read arguments: the engine's address is missing")
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go exitWithParent(os.Getppid())

	host, err := dialHost(args[len(args)-1])
	if err != nil {
		return err
	}
	relay, err := host.serve()
	if err != nil {
		return err
	}
	options := bridgeOptions{
		bridge:   os.Getenv(BridgeEnv),
		provider: os.Getenv(ProviderEnv),
		host:     relay,
	}
	plugin := newProxy(ctx, options, host, newPlanner(ctx, options, plannedTypes, os.Getenv(PlannedEnv)))
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterResourceProviderServer(s, plugin)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serve plugin: %w", err)
	}
	fmt.Printf("%d\n", handle.Port)
	return <-handle.Done
}

// exitWithParent ends this process when the engine is gone. The guard below does the rest.
func exitWithParent(parent int) {
	for os.Getppid() == parent {
		time.Sleep(parentPoll)
	}
	os.Exit(1)
}
