package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/archipelago-iac/archipelago/plan"
)

func (a *app) hooksTypesCommand() *cobra.Command {
	var check bool
	c := &cobra.Command{
		Use:   "types",
		Short: "Write the types that editors complete and check hooks with",
		Long: `Types writes hooks/archipelago.d.ts, which says what hooks get and may change, and hooks/tsconfig.json. Both
belong to a version of archipelago: write them again after an update, and commit them. With --check nothing
is written, and the exit code is 3 where a file is out of date.`,
		Example: `  archipelago hooks types
  archipelago hooks types --check`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			dir, err := a.home()
			if err != nil {
				return err
			}
			stale, err := staleTypes(dir)
			if err != nil {
				return err
			}
			switch {
			case len(stale) == 0:
				fmt.Fprintln(a.stdout, "the types are up to date")
			case check:
				for _, name := range slices.Sorted(maps.Keys(stale)) {
					fmt.Fprintf(a.stderr, "%s is out of date; run archipelago hooks types\n", name)
				}
				return &exitError{exitInvalid}
			}
			return a.writeFiles(dir, stale)
		},
	}
	c.Flags().BoolVar(&check, "check", false, "write nothing; exit with 3 where a file is out of date")
	return c
}

// staleTypes returns the files of types, by name, that are not as this version writes them.
func staleTypes(dir string) (map[string]string, error) {
	texts, err := plan.HookTypes()
	if err != nil {
		return nil, err
	}
	for name, text := range texts {
		written, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read types of hooks: %w", err)
		}
		if bytes.Equal(written, []byte(text)) {
			delete(texts, name)
		}
	}
	return texts, nil
}

// writeFiles writes files below a directory and says so.
func (a *app) writeFiles(dir string, texts map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := os.WriteFile(file, []byte(texts[name]), 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		fmt.Fprintf(a.stdout, "wrote %s\n", name)
	}
	return nil
}
