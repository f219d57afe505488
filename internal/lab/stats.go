package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// Stats are the figures of a lab.
type Stats struct {
	// Organizations are those of the lab, in their order, then stacks that are named after none of them.
	Organizations []OrganizationStats `json:"organizations"`
	// OtherCalls are those from accounts that belong to no organization: the automation account, mostly.
	OtherCalls int `json:"otherCalls"`
	// PeakMemory is the highest sum, so far, of the resident memory of this process and all below it:
	// emulator, engines, plugins. Pages that two processes share count twice.
	PeakMemory uint64 `json:"peakMemory"`
	// PeakMemoryKnown is false where the system does not tell.
	PeakMemoryKnown bool `json:"peakMemoryKnown"`
}

// OrganizationStats are the figures of an organization.
type OrganizationStats struct {
	Name string `json:"name"`
	// Applied are the resources that the emulator holds.
	Applied int `json:"applied"`
	// Planned are resources that the provider has planned but the emulator cannot hold.
	Planned int `json:"planned"`
	// Calls is how many requests came from its accounts, and Errors how many of those failed.
	Calls  int `json:"calls"`
	Errors int `json:"errors"`
}

// Stats reads the figures. Resources are those in the state of the organizations' stacks; calls are all
// that passed the front, so those of [Lab.Tree] and of other readers are among them: ask before reading.
func (l *Lab) Stats() (Stats, error) {
	planned, err := l.plannedURNs()
	if err != nil {
		return Stats{}, fmt.Errorf("read figures: %w", err)
	}
	c := counter{planned: planned, owner: map[string]string{}}
	for _, o := range l.organizations {
		c.organization(o.Name)
		c.owner[o.AccountID] = o.Name
	}
	if err := c.stacks(l.dir.state()); err != nil {
		return Stats{}, fmt.Errorf("read figures: %w", err)
	}
	c.calls(l)
	c.stats.PeakMemory, c.stats.PeakMemoryKnown = l.memory.highest()
	return c.stats, nil
}

// plannedURNs reads what the plugin has written down.
func (l *Lab) plannedURNs() (map[string]bool, error) {
	b, err := os.ReadFile(l.dir.planned())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	urns := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		urns[strings.TrimSpace(line)] = true
	}
	return urns, nil
}

// counter adds up.
type counter struct {
	stats   Stats
	planned map[string]bool
	// owner maps an account to its organization.
	owner map[string]string
}

func (c *counter) organization(name string) *OrganizationStats {
	i := slices.IndexFunc(c.stats.Organizations, func(o OrganizationStats) bool { return o.Name == name })
	if i < 0 {
		i = len(c.stats.Organizations)
		c.stats.Organizations = append(c.stats.Organizations, OrganizationStats{Name: name})
	}
	return &c.stats.Organizations[i]
}

// checkpoint is as much of a stack's state as is counted.
type checkpoint struct {
	Checkpoint struct {
		Latest struct {
			Resources []resource `json:"resources"`
		} `json:"latest"`
	} `json:"checkpoint"`
}

type resource struct {
	URN    string `json:"urn"`
	Type   string `json:"type"`
	ID     string `json:"id"`
	Custom bool   `json:"custom"`
	// Delete marks what is replaced and waits for its deletion; External what is only read.
	Delete   bool `json:"delete"`
	External bool `json:"external"`
}

// stacks counts the resources of all stacks in Pulumi's file backend: PROJECT/STACK.json, where the stack
// is named after its organization.
func (c *counter) stacks(state string) error {
	paths, err := filepath.Glob(filepath.Join(state, ".pulumi", "stacks", "*", "*.json"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var ck checkpoint
		if err := json.Unmarshal(b, &ck); err != nil {
			return fmt.Errorf("read state %s: %w", path, err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		for _, r := range ck.Checkpoint.Latest.Resources {
			c.resource(name, r)
		}
	}
	return nil
}

func (c *counter) resource(organization string, r resource) {
	if !r.Custom || r.Delete || r.External || !strings.HasPrefix(r.Type, "aws:") {
		return
	}
	o := c.organization(organization)
	if c.planned[r.URN] {
		o.Planned++
	} else {
		o.Applied++
	}
	if r.Type == "aws:organizations/account:Account" {
		c.owner[r.ID] = organization
	}
}

func (c *counter) calls(l *Lab) {
	for _, call := range l.Front.Calls() {
		name, known := c.owner[call.Account]
		if !known {
			c.stats.OtherCalls += call.Count
			continue
		}
		o := c.organization(name)
		o.Calls += call.Count
		o.Errors += call.Errors
	}
}

// Render prints the figures as a table.
func (s Stats) Render(w io.Writer) error {
	var rows strings.Builder
	rows.WriteString("ORGANIZATION\tAPPLIED\tPLANNED ONLY\tAPI CALLS\tERRORS\t\n")
	var sum OrganizationStats
	for _, o := range s.Organizations {
		fmt.Fprintf(&rows, "%s\t%d\t%d\t%d\t%d\t\n", o.Name, o.Applied, o.Planned, o.Calls, o.Errors)
		sum.Applied += o.Applied
		sum.Planned += o.Planned
		sum.Calls += o.Calls
		sum.Errors += o.Errors
	}
	fmt.Fprintf(&rows, "total\t%d\t%d\t%d\t%d\t\n", sum.Applied, sum.Planned, sum.Calls, sum.Errors)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, err := io.WriteString(tw, rows.String())
	if err = errors.Join(err, tw.Flush()); err != nil {
		return fmt.Errorf("print figures: %w", err)
	}
	memory := "not known on this system"
	if s.PeakMemoryKnown {
		memory = fmt.Sprintf("%d MB", s.PeakMemory>>20)
	}
	_, err = fmt.Fprintf(w, "calls from the automation account: %d\npeak memory: %s\n", s.OtherCalls, memory)
	return err
}
