// Package defaultvpc removes the VPC that AWS makes in every region of an account, its subnets and its
// internet gateway, as long as nothing uses them. No resource of the AWS provider can: aws_default_vpc
// adopts the VPC, or even creates one, and its force_destroy fails while subnets and gateway are there.
// Source: registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_vpc.
//
// Where there is nothing to remove, a call costs one sts:GetCallerIdentity and one ec2:DescribeVpcs, and
// one sts:AssumeRole before them if there is a role. Where there is a VPC, it costs 15 more requests that
// read and, to remove it, 4 and one for each subnet: some seconds. AWS counts requests by account and
// region, so regions may run beside each other.
//
// A VPC that is gone can be had back with ec2:CreateDefaultVpc.
// Source: docs.aws.amazon.com/vpc/latest/userguide/work-with-default-vpc.html.
package defaultvpc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go"
)

// Options say which default VPC to remove, and how to get there.
type Options struct {
	// Account is the id of the account. Credentials that lead elsewhere are refused. Required.
	Account string
	// Region is the region of the VPC. Required.
	Region string
	// Profile is a profile of the shared AWS configuration. Empty means the default credentials.
	Profile string
	// RoleARN is assumed from there. Empty means that no role is assumed.
	RoleARN string
	// SessionName is how CloudTrail names the session of the role. Empty means a name of the SDK's.
	SessionName string
	// Load are further options for loading the AWS configuration, such as another endpoint.
	Load []func(*config.LoadOptions) error
	// DryRun reports what would happen and changes nothing.
	DryRun bool
}

// Report says what became of the default VPC. All of it is empty where there is none.
type Report struct {
	// Removed is the id of the VPC that is gone, or would be after a dry run.
	Removed string
	// Kept is the id of a VPC that was left untouched because something uses it.
	Kept string
	// Why says by what, such as "instance i-1; security groups sg-1, sg-2".
	Why string
}

const (
	// patience bounds how long a removal that AWS refuses for a dependency is tried again: what was
	// detached or deleted a moment ago counts for some seconds still.
	// Source: github.com/hashicorp/terraform-provider-aws pull request 5838.
	patience = time.Minute

	// pause is the wait between two of these tries.
	pause = 2 * time.Second
)

// Remove removes the default VPC of a region, unless something uses it. It looks at everything first, so
// a VPC that is in use is left whole. Running it again, or twice at the same time, does no harm: what is
// gone already counts as removed. An error says what was removed before it; another run continues there.
func Remove(ctx context.Context, o Options) (Report, error) {
	if o.Account == "" || o.Region == "" {
		return Report{}, errors.New("remove default VPC: account and region are required")
	}
	n, err := connect(ctx, o)
	if err != nil {
		return Report{}, err
	}
	r := remover{network: n, pause: pause, patience: patience}
	return r.run(ctx, o)
}

// network is what is done in one region of an account. Unlike its changes, its reads wrap their errors.
//
// It has functions rather than being an interface. In a program that calls methods by reflection, as those
// with templates do, the linker keeps every method of what is put into an interface, and the EC2 client
// has 800: 30 MB.
type network struct {
	// account is the id of the account that the credentials lead to.
	account func(ctx context.Context) (string, error)
	// defaultVPC is the id of the default VPC, empty if there is none.
	defaultVPC func(ctx context.Context) (string, error)
	// contents is what is in a VPC.
	contents func(ctx context.Context, vpc string) (contents, error)

	// markGateway notes at a gateway that it was the VPC's, see [gateway].
	markGateway   func(ctx context.Context, id, vpc string) error
	detachGateway func(ctx context.Context, id, vpc string) error
	deleteGateway func(ctx context.Context, id string) error
	deleteSubnet  func(ctx context.Context, id string) error
	deleteVPC     func(ctx context.Context, id string) error
}

// contents is what is in a VPC.
type contents struct {
	// uses are the things that AWS did not put there, such as "instance i-1".
	uses []string
	// gateways and subnets are the ones that AWS put there.
	gateways []gateway
	subnets  []string
}

// gateway is an internet gateway. Between the two steps that remove it, nothing but the mark tells it from
// gateways that somebody keeps unattached; without the mark, a run that ends there would leave it behind.
type gateway struct {
	id       string
	attached bool
}

// remover removes one default VPC.
type remover struct {
	network
	// pause and patience are those of the package, shorter in tests.
	pause, patience time.Duration
	// gone lists what was removed.
	gone []string
}

func (r *remover) run(ctx context.Context, o Options) (Report, error) {
	place := fmt.Sprintf("account %s in %s", o.Account, o.Region)
	account, err := r.account(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("reach %s: %w", place, err)
	}
	if account != o.Account {
		return Report{}, fmt.Errorf("reach %s: the credentials lead to account %s", place, account)
	}
	vpc, err := r.defaultVPC(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("find default VPC of %s: %w", place, err)
	}
	if vpc == "" {
		return Report{}, nil
	}
	c, err := r.contents(ctx, vpc)
	if err != nil {
		return Report{}, fmt.Errorf("look into default VPC %s of %s: %w", vpc, place, err)
	}
	if len(c.uses) > 0 {
		return Report{Kept: vpc, Why: strings.Join(c.uses, "; ")}, nil
	}
	if !o.DryRun {
		if err := r.remove(ctx, vpc, c); err != nil {
			return Report{}, fmt.Errorf("remove default VPC %s of %s: %w", vpc, place, err)
		}
	}
	return Report{Removed: vpc}, nil
}

// remove removes a VPC that nothing uses.
func (r *remover) remove(ctx context.Context, vpc string, c contents) error {
	err := r.removeAll(ctx, vpc, c)
	if err == nil {
		return nil
	}
	if len(r.gone) == 0 {
		return fmt.Errorf("%w (nothing is gone yet)", err)
	}
	return fmt.Errorf("%w (gone already: %s; another run continues here)", err, strings.Join(r.gone, ", "))
}

func (r *remover) removeAll(ctx context.Context, vpc string, c contents) error {
	for _, g := range c.gateways {
		if err := r.removeGateway(ctx, g, vpc); err != nil {
			return err
		}
	}
	for _, id := range c.subnets {
		if err := r.try(ctx, func() error { return r.deleteSubnet(ctx, id) }); err != nil {
			return fmt.Errorf("delete subnet %s: %w", id, err)
		}
		r.gone = append(r.gone, "subnet "+id)
	}
	if err := r.try(ctx, func() error { return r.deleteVPC(ctx, vpc) }); err != nil {
		return fmt.Errorf("delete VPC: %w", err)
	}
	return nil
}

func (r *remover) removeGateway(ctx context.Context, g gateway, vpc string) error {
	if g.attached {
		if err := r.try(ctx, func() error { return r.markGateway(ctx, g.id, vpc) }); err != nil {
			return fmt.Errorf("tag internet gateway %s: %w", g.id, err)
		}
		if err := r.try(ctx, func() error { return r.detachGateway(ctx, g.id, vpc) }); err != nil {
			return fmt.Errorf("detach internet gateway %s: %w", g.id, err)
		}
		r.gone = append(r.gone, "attachment of internet gateway "+g.id)
	}
	if err := r.try(ctx, func() error { return r.deleteGateway(ctx, g.id) }); err != nil {
		return fmt.Errorf("delete internet gateway %s: %w", g.id, err)
	}
	r.gone = append(r.gone, "internet gateway "+g.id)
	return nil
}

// try makes a change. That somebody else made it is as good; a dependency is given time to go away.
func (r *remover) try(ctx context.Context, change func() error) error {
	for deadline := time.Now().Add(r.patience); ; {
		err := change()
		if err == nil || isGone(err) {
			return nil
		}
		if code(err) != "DependencyViolation" || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w, while waiting because of: %w", ctx.Err(), err)
		case <-time.After(r.pause):
		}
	}
}

// isGone tells whether the object of a change is gone, or the attachment.
// Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html.
func isGone(err error) bool {
	return strings.HasSuffix(code(err), ".NotFound") || code(err) == "Gateway.NotAttached"
}

// code is AWS's code of an error, empty for other errors.
func code(err error) string {
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		return refusal.ErrorCode()
	}
	return ""
}
