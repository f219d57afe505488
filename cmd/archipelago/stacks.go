package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
)

// stackInfo is one stack in the output of "archipelago stacks --json".
type stackInfo struct {
	Stack        string   `json:"stack"`
	Organization string   `json:"organization"`
	Kind         string   `json:"kind"`
	Account      string   `json:"account"`
	Accounts     int      `json:"accounts"`
	DependsOn    []string `json:"dependsOn"`
	// Wave is when it can be deployed: once all of the waves before are.
	Wave int `json:"wave"`
}

// stackList fits a CI matrix: each wave is the value of a job's matrix.
type stackList struct {
	Stacks []stackInfo `json:"stacks"`
	Waves  []matrix    `json:"waves"`
}

type matrix struct {
	Include []stackInfo `json:"include"`
}

func (a *app) stacksCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "stacks",
		Short: "List the stacks in the order of their deployment",
		Long: `Stacks lists one Pulumi stack per organization, with what it depends on and the wave in which it can
be deployed: all stacks of a wave can run at once, after those of the waves before.`,
		Example: `  archipelago stacks
  archipelago stacks --json | jq -c '.waves[1]'     the matrix of a CI job`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, p, err := a.load(cmd.Context())
			if err != nil {
				return err
			}
			list := listStacks(p)
			if asJSON {
				return a.json(list)
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "WAVE\tSTACK\tKIND\tMANAGEMENT ACCOUNT\tACCOUNTS\tDEPENDS ON")
			for _, s := range list.Stacks {
				fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\n", s.Wave, s.Stack, s.Kind, s.Account, s.Accounts, strings.Join(s.DependsOn, ", "))
			}
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the list as JSON, with a CI matrix per wave")
	return c
}

// listStacks orders the stacks by wave, and within a wave as the plan does.
func listStacks(p *plan.Plan) stackList {
	wave := map[string]int{}
	list := stackList{Stacks: []stackInfo{}, Waves: []matrix{}}
	for left := p.Organizations; len(left) > 0; {
		var now, later []*plan.Organization
		for _, o := range left {
			if ready(o, wave) {
				now = append(now, o)
			} else {
				later = append(later, o)
			}
		}
		if len(now) == 0 {
			break // What is left depends on what is not there; a valid plan has none of it.
		}
		number := len(list.Waves)
		m := matrix{Include: []stackInfo{}}
		for _, o := range now {
			wave[o.Name] = number
			m.Include = append(m.Include, stackInfo{
				Stack: o.Name, Organization: o.Name, Kind: string(o.Kind), Account: o.Management.AccountID,
				Accounts: len(o.Accounts), DependsOn: o.DependsOn, Wave: number,
			})
		}
		list.Waves = append(list.Waves, m)
		list.Stacks = append(list.Stacks, m.Include...)
		left = later
	}
	return list
}

func ready(o *plan.Organization, wave map[string]int) bool {
	for _, dep := range o.DependsOn {
		if _, done := wave[dep]; !done {
			return false
		}
	}
	return true
}
