package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/topology"
)

// schemaNames maps what users call the schemas to their files.
var schemaNames = map[string]string{
	"archipelago":  topology.SchemaArchipelago,
	"organization": topology.SchemaOrganization,
}

func (a *app) schemaCommand() *cobra.Command {
	var write bool
	c := &cobra.Command{
		Use:   "schema [archipelago|organization]",
		Short: "Print or write the JSON Schemas that editors complete and check with",
		Long: `Schema prints the JSON Schema of archipelago.yaml or of the files of organizations/. With --write it puts
both into schema/ of the archipelago's directory, where the first line of each file names them.`,
		Example: `  archipelago schema organization
  archipelago schema --write`,
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"archipelago", "organization"},
		RunE: func(c *cobra.Command, args []string) error {
			if write {
				return a.writeSchemas()
			}
			if len(args) == 0 {
				return &usageError{c.CommandPath(), fmt.Errorf("say which schema: archipelago or organization, or --write for both")}
			}
			text, err := topology.Schema(schemaNames[args[0]])
			if err != nil {
				return err
			}
			_, err = a.stdout.Write(text)
			return err
		},
	}
	c.Flags().BoolVar(&write, "write", false, "write both schemas to schema/")
	return c
}

func (a *app) writeSchemas() error {
	dir, err := a.root()
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, "schema")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write schemas: %w", err)
	}
	for _, file := range []string{topology.SchemaArchipelago, topology.SchemaOrganization} {
		text, err := topology.Schema(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o644); err != nil {
			return fmt.Errorf("write schemas: %w", err)
		}
		fmt.Fprintf(a.stdout, "wrote %s\n", filepath.Join("schema", file))
	}
	return nil
}
