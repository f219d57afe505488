package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/policy/simulate"
)

// question is what "archipelago policies simulate" was asked.
type question struct {
	account, action               string
	principal, resource, region   string
	context                       []string
	asJSON, expectAllow, expectNo bool
}

func (a *app) policiesSimulateCommand() *cobra.Command {
	var q question
	c := &cobra.Command{
		Use:   "simulate ORGANIZATION/ACCOUNT ACTION",
		Short: "Say whether the policies above an account are in the way of a request",
		Long: `Simulate evaluates the service and resource control policies of an account's root, units and the account
itself, as the files have them, for one request, and says which statement decides. Identity policies are not
looked at: "allowed" means that no policy of the organization is in the way. Ids that only AWS knows are
stand-ins: an organization's own is o-thisorganization, an account's 000000000000 unless its file has it.`,
		Example: `  archipelago policies simulate payments/payments-prod ec2:RunInstances --region us-east-1
  archipelago policies simulate payments/payments-prod iam:CreateUser --principal root
  archipelago policies simulate sandbox/ada ec2:PurchaseReservedInstancesOffering --expect-denied`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			q.account, q.action = args[0], args[1]
			return a.simulate(c.Context(), q)
		},
	}
	f := c.Flags()
	f.StringVar(&q.principal, "principal", "role/admin", "who asks, in the account: role/NAME, user/NAME or root; or a whole ARN")
	f.StringVar(&q.resource, "resource", "", "the resource's ARN (default: no particular one)")
	f.StringVar(&q.region, "region", "", "the region of the call (default: the account's home region)")
	f.StringArrayVar(&q.context, "context", nil, "a condition key with its value, KEY=VALUE; again for more")
	f.BoolVar(&q.asJSON, "json", false, "print the answer as JSON")
	f.BoolVar(&q.expectAllow, "expect-allowed", false, "exit with 1 unless it is allowed")
	f.BoolVar(&q.expectNo, "expect-denied", false, "exit with 1 unless it is denied")
	c.MarkFlagsMutuallyExclusive("expect-allowed", "expect-denied")
	return c
}

func (a *app) simulate(ctx context.Context, q question) error {
	_, p, err := a.load(ctx)
	if err != nil {
		return err
	}
	o, key, err := organizationAndAccount(p, q.account)
	if err != nil {
		return &usageError{"archipelago policies simulate", err}
	}
	chain, err := p.Chain(o.Name, key)
	if err != nil {
		return err
	}
	if q.region == "" {
		q.region = o.Management.Region
		for _, acc := range o.Accounts {
			if acc.Key == key && len(acc.Regions) > 0 {
				q.region = acc.Regions[0]
			}
		}
	}
	request, err := q.request(chain.Account)
	if err != nil {
		return &usageError{"archipelago policies simulate", err}
	}
	answer, err := simulate.Evaluate(chain, request, simulate.Grants{})
	if err != nil {
		return fmt.Errorf("simulate %s: %w", q.action, err)
	}
	if q.asJSON {
		err = a.json(answer)
	} else {
		err = a.printAnswer(answer)
	}
	if err == nil && (q.expectAllow && !answer.Allowed || q.expectNo && answer.Allowed) {
		err = &exitError{exitFailed}
	}
	return err
}

// request is the request of the question in the account with the given id.
func (q question) request(account string) (*simulate.Request, error) {
	if !strings.Contains(q.action, ":") {
		return nil, fmt.Errorf("%q is no action; write SERVICE:ACTION, such as ec2:RunInstances", q.action)
	}
	arn := q.principal
	if !strings.HasPrefix(arn, "arn:") {
		if arn != "root" && !strings.HasPrefix(arn, "role/") && !strings.HasPrefix(arn, "user/") {
			return nil, fmt.Errorf("--principal %s: write role/NAME, user/NAME, root or an ARN", q.principal)
		}
		arn = "arn:aws:iam::" + account + ":" + arn
	}
	r := &simulate.Request{
		Principal: simulate.Principal{ARN: arn}, Action: q.action, Resource: q.resource, Region: q.region, Context: map[string][]string{},
	}
	for _, pair := range q.context {
		key, value, found := strings.Cut(pair, "=")
		if !found || key == "" {
			return nil, errors.New("--context " + pair + ": write KEY=VALUE")
		}
		r.Context[key] = append(r.Context[key], value)
	}
	return r, nil
}

func (a *app) printAnswer(answer simulate.Answer) error {
	if _, err := fmt.Fprintln(a.stdout, answer.Reason()); err != nil {
		return err
	}
	for _, doubt := range answer.Doubts {
		fmt.Fprintln(a.stdout, "  AWS does not document: "+doubt)
	}
	return nil
}
