package awsplugin

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

// bridgeOptions say what to run.
type bridgeOptions struct {
	bridge   string   // path of the bridge
	provider string   // path of the Terraform provider
	host     string   // address of the engine, or of the relay to it; the bridge fails without
	include  []string // Terraform names to restrict the schema to; none means all
}

// bridge is a running bridge, with the Terraform provider below it.
type bridge struct {
	pulumirpc.ResourceProviderClient

	stop func()
}

// startBridge starts a bridge and has it load the provider. It ends with ctx, or with stop.
func startBridge(ctx context.Context, o bridgeOptions) (*bridge, error) {
	if o.bridge == "" || o.provider == "" {
		return nil, fmt.Errorf("start bridge: %s and %s have to name the binaries", BridgeEnv, ProviderEnv)
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd, err := guard.Command(ctx, o.bridge, o.host)
	if err != nil {
		cancel()
		return nil, err
	}
	b := &bridge{}
	if b.ResourceProviderClient, err = connect(cmd); err != nil {
		cancel()
		return nil, fmt.Errorf("start bridge: %w", err)
	}
	b.stop = func() {
		cancel()
		_ = cmd.Wait()
	}

	// The bridge takes the package's name from the file, version and all, unless told otherwise.
	args := []string{o.provider, "--provider-name", "aws"}
	if len(o.include) > 0 {
		args = append(args, "--include", strings.Join(o.include, ","))
	}
	_, err = b.Parameterize(ctx, &pulumirpc.ParameterizeRequest{
		Parameters: &pulumirpc.ParameterizeRequest_Args{
			Args: &pulumirpc.ParameterizeRequest_ParametersArgs{Args: args},
		},
	}, grpc.WaitForReady(true))
	if err != nil {
		b.stop()
		return nil, fmt.Errorf("load provider %s: %w", o.provider, err)
	}
	return b, nil
}

// connect starts cmd, a plugin, and connects to the port that it prints.
func connect(cmd *exec.Cmd) (pulumirpc.ResourceProviderClient, error) {
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	out := bufio.NewReader(stdout)
	port, err := out.ReadString('\n')
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read port: it ended first: %w", cmd.Wait())
	}
	if err != nil {
		return nil, fmt.Errorf("read port: %w", err)
	}
	// Nothing of interest follows, but a full pipe would block the writer.
	go func() { _, _ = io.Copy(io.Discard, out) }()

	conn, err := grpc.NewClient(net.JoinHostPort("127.0.0.1", strings.TrimSpace(port)),
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return nil, fmt.Errorf("connect to port %s: %w", strings.TrimSpace(port), err)
	}
	return pulumirpc.NewResourceProviderClient(conn), nil
}
