package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/topology"
)

func (a *app) quotasCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "quotas",
		Short: "List the AWS limits that are checked, with their values and sources",
		Long: `Quotas lists the limits that validate checks. AWS raises some of them on request or over time:
override one under "quotas" in archipelago.yaml, or in an organization's file for that organization.`,
		Example: `  archipelago quotas`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return a.json(topology.Quotas())
			}
			w := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "NAME\tDEFAULT\tWHAT\tSOURCE")
			for _, q := range topology.Quotas() {
				fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", q.Name, q.Value, q.What, q.Source)
			}
			return w.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the table as JSON")
	return c
}
