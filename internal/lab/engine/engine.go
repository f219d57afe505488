// Package engine is the life of a process that the Pulumi engine starts and talks to: a plugin or a
// language host. What they answer is their own affair.
package engine

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"google.golang.org/grpc"

	"github.com/archipelago-iac/archipelago/internal/lab/guard"
)

// parentPoll is how often a process looks whether the engine still lives.
const parentPoll = 200 * time.Millisecond

// Service makes what answers the engine, whose address it is given, and registers it with the server.
type Service func(engine string) (register func(*grpc.Server), err error)

// Serve turns this process into the service if it was started as one (guard.ReexecEnv is name), and then
// does not return: it ends with the engine. Errors go to standard error after the given title.
func Serve(name, title string, service Service) {
	if os.Getenv(guard.ReexecEnv) != name {
		return
	}
	if err := serve(os.Args[1:], service); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", title, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serve announces the port on standard output, as the engine expects, and then answers calls until the
// engine is gone.
func serve(args []string, service Service) error {
	if err := os.Unsetenv(guard.ReexecEnv); err != nil {
		return fmt.Errorf("clear %s: %w", guard.ReexecEnv, err)
	}
	// The engine's address comes last, after flags that concern tracing and logging.
	if len(args) == 0 {
		return errors.New("read arguments: the engine's address is missing")
	}
	go exitWithParent(os.Getppid())

	register, err := service(args[len(args)-1])
	if err != nil {
		return err
	}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			register(s)
			return nil
		},
	})
	if err != nil {
		return fmt.Errorf("serve: %w", err)
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
