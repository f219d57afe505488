// The Pulumi program of an archipelago: each stack deploys one AWS organization, as described in
// archipelago.yaml and organizations/. See package stacks.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/archipelago-iac/archipelago/stacks"
)

func main() {
	pulumi.Run(stacks.Deploy)
}
