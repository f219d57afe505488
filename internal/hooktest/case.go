package hooktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"golang.org/x/tools/txtar"

	"github.com/archipelago-iac/archipelago/plan"
	"github.com/archipelago-iac/archipelago/plugins"
)

// Dir is where the cases are, relative to the archipelago's directory.
const Dir = "tests/hooks"

// The files of a case.
const (
	accountFile  = "account.yaml"
	paramsFile   = "params.yaml"
	baselineFile = "baseline.yaml"
	wantDraft    = "want.yaml"
	wantChanges  = "want.changes"
	wantError    = "want.err"
	wantLog      = "want.log"
)

// files are the files of a case, in the order in which they are written.
var files = []string{accountFile, paramsFile, baselineFile, wantDraft, wantChanges, wantError, wantLog}

// outcomes are the files of which a case has one.
var outcomes = []string{wantChanges, wantDraft, wantError}

// testCase is one file, read.
type testCase struct {
	file    string
	archive *txtar.Archive
	title   string
	hooks   []string
	account account
	params  json.RawMessage
	draft   map[string]*plugins.Part
}

// mistake is something in a case that makes no sense.
type mistake struct {
	file string
	// line counts from 1; 0 is the whole file.
	line    int
	message string
}

func (m *mistake) Error() string {
	if m.line == 0 {
		return m.file + ": " + m.message
	}
	return fmt.Sprintf("%s:%d: %s", m.file, m.line, m.message)
}

// readCase reads the text of a case. The error says where what is wrong.
func readCase(fsys fs.FS, file string, text []byte) (*testCase, error) {
	c := &testCase{file: file, archive: txtar.Parse(text)}
	if err := c.directives(fsys); err != nil {
		return c, err
	}
	if err := c.known(); err != nil {
		return c, err
	}
	if err := c.readAccount(); err != nil {
		return c, err
	}
	if err := c.readParams(); err != nil {
		return c, err
	}
	return c, c.readDraft()
}

func (c *testCase) wrong(line int, format string, args ...any) error {
	return &mistake{c.file, line, fmt.Sprintf(format, args...)}
}

// directives reads what is above the files.
func (c *testCase) directives(fsys fs.FS) error {
	var title []string
	for i, line := range lines(string(c.archive.Comment)) {
		line = strings.TrimSpace(line)
		name, value, found := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case line == "":
		case strings.HasPrefix(line, "#"):
			title = append(title, strings.TrimSpace(strings.TrimLeft(line, "#")))
		case !found || name != "hook":
			return c.wrong(i+1, "there is no directive %q; write hook: %s/NAME.ts, or a # before a remark", name, plan.HooksDir)
		case !fs.ValidPath(value) || !strings.HasPrefix(value, plan.HooksDir+"/"):
			return c.wrong(i+1, "hook: wants a file of the directory %s, such as %s/cost-center.ts", plan.HooksDir, plan.HooksDir)
		default:
			if _, err := fs.Stat(fsys, value); err != nil {
				return c.wrong(i+1, "there is no %s", value)
			}
			c.hooks = append(c.hooks, value)
		}
	}
	c.title = strings.TrimSpace(strings.Join(title, " "))
	if len(c.hooks) == 0 {
		return c.wrong(1, "it says no hook; write hook: %s/NAME.ts above the files", plan.HooksDir)
	}
	return nil
}

// known checks which files there are.
func (c *testCase) known() error {
	var seen []string
	outcome := ""
	line := 1 + len(lines(string(c.archive.Comment)))
	for _, f := range c.archive.Files {
		switch {
		case !slices.Contains(files, f.Name):
			return c.wrong(line, "a case has no file %q; it has %s", f.Name, strings.Join(files, ", "))
		case slices.Contains(seen, f.Name):
			return c.wrong(line, "%s is there twice", f.Name)
		case slices.Contains(outcomes, f.Name) && outcome != "":
			return c.wrong(line, "%s is there beside %s; a case wants one of them", f.Name, outcome)
		case slices.Contains(outcomes, f.Name):
			outcome = f.Name
		}
		seen = append(seen, f.Name)
		line += 1 + len(lines(string(f.Data)))
	}
	return nil
}

// content returns a file of the case and the line before its first; nil where it is not there.
func (c *testCase) content(name string) (data []byte, before int) {
	before = 1 + len(lines(string(c.archive.Comment)))
	for _, f := range c.archive.Files {
		if f.Name == name {
			return f.Data, before
		}
		before += 1 + len(lines(string(f.Data)))
	}
	return nil, 0
}

// has reports whether the case has a file.
func (c *testCase) has(name string) bool {
	return slices.ContainsFunc(c.archive.Files, func(f txtar.File) bool { return f.Name == name })
}

func (c *testCase) readParams() error {
	data, before := c.content(paramsFile)
	if len(strings.TrimSpace(string(data))) == 0 {
		return nil
	}
	var params map[string]any
	if err := yaml.Unmarshal(data, &params); err != nil {
		return c.invalid(err, before, "")
	}
	text, err := json.Marshal(params)
	if err != nil {
		return c.wrong(before+1, "params are not JSON: %v", err)
	}
	c.params = text
	return nil
}

// readDraft reads the baseline that the hooks get. Its diagnostics point into the case.
func (c *testCase) readDraft() error {
	data, before := c.content(baselineFile)
	draft, found := plan.Draft(c.file, data, c.account.Tags)
	for i := range found {
		if found[i].Line > 0 {
			found[i].Line += before
		}
	}
	c.draft = draft
	if !found.HasErrors() {
		return nil
	}
	var text strings.Builder
	for _, d := range found {
		text.WriteString(d.Render())
	}
	return errors.New(strings.TrimRight(text.String(), "\n"))
}
