// Package tsc runs the real TypeScript compiler in tests, so that the types that hook authors get are
// checked by what their editors run. Only tests import it.
package tsc

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// limit is how long one run may take. It takes two seconds on an idle machine.
const limit = 5 * time.Minute

// Diagnostic is one error of the compiler.
type Diagnostic struct {
	// File is the path as given to [Check]; empty where the error is about none.
	File string
	// Line and Column count from 1; 0 where there is no file.
	Line, Column int
	// Code is the compiler's, "TS2322".
	Code string
	// Message may have several lines.
	Message string
}

// String returns the diagnostic as the compiler prints it.
func (d Diagnostic) String() string {
	if d.File == "" {
		return fmt.Sprintf("%s: %s", d.Code, d.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", d.File, d.Line, d.Column, d.Code, d.Message)
}

// Check compiles files, by path relative to a directory of their own; one of them is the tsconfig.json. It
// returns the errors by file and place. The compiler is installed the first time, which needs Node.js, npm
// and access to a registry; without them the test fails.
//
// A run costs seconds whatever it compiles: put all cases of a table into one.
func Check(t testing.TB, files map[string]string) []Diagnostic {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	found, err := check(ctx, t.TempDir(), files)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func check(ctx context.Context, dir string, files map[string]string) ([]Diagnostic, error) {
	compiler, err := install(ctx)
	if err != nil {
		return nil, err
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	cmd := exec.CommandContext(ctx, "node", compiler, "--project", "tsconfig.json", "--noEmit", "--pretty", "false")
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 2) {
		return nil, fmt.Errorf("run tsc: %w\n%s%s", err, out, stderr.String())
	}
	found, err := parse(string(out))
	if err == nil && exit != nil && len(found) == 0 {
		err = fmt.Errorf("run tsc: %w\n%s", exit, stderr.String())
	}
	return found, err
}

var (
	inFile  = regexp.MustCompile(`^(.+)\((\d+),(\d+)\): error (TS\d+): (.*)$`)
	nowhere = regexp.MustCompile(`^error (TS\d+): (.*)$`)
)

// parse reads what the compiler prints: a line for each error, and indented lines that go on with it.
func parse(out string) ([]Diagnostic, error) {
	var found []Diagnostic
	for line := range strings.Lines(strings.ReplaceAll(out, "\r\n", "\n")) {
		line = strings.TrimSuffix(line, "\n")
		if m := inFile.FindStringSubmatch(line); m != nil {
			// The expression lets digits through only, and no file has more lines than fit an int.
			row, _ := strconv.Atoi(m[2])
			column, _ := strconv.Atoi(m[3])
			found = append(found, Diagnostic{File: m[1], Line: row, Column: column, Code: m[4], Message: m[5]})
		} else if m := nowhere.FindStringSubmatch(line); m != nil {
			found = append(found, Diagnostic{Code: m[1], Message: m[2]})
		} else if len(found) > 0 && strings.HasPrefix(line, "  ") {
			found[len(found)-1].Message += "\n" + line
		} else {
			return nil, fmt.Errorf("read tsc's output: do not know what this line is: %q", line)
		}
	}
	slices.SortStableFunc(found, func(a, b Diagnostic) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return found, nil
}
