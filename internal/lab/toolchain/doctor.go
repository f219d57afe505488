package toolchain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// State says how a piece of the lab stands.
type State string

// The states of a piece.
const (
	// Found means that it is there.
	Found State = "found"
	// WillMake means that the first lab builds, installs or downloads it.
	WillMake State = "will be made"
	// Missing means that a lab cannot start without somebody's help.
	Missing State = "missing"
)

// Piece is one thing that a lab needs.
type Piece struct {
	Name    string `json:"name"`
	State   State  `json:"state"`
	Version string `json:"version,omitempty"`
	// Detail is its path, how it will be made, or how to get it.
	Detail string `json:"detail"`
}

// Report is what Doctor found.
type Report struct {
	Pieces []Piece `json:"pieces"`
	// Cache is where what is made is kept.
	Cache string `json:"cache"`
}

// Err names the pieces without which no lab starts; nil if there are none.
func (r Report) Err() error {
	var errs []error
	for _, p := range r.Pieces {
		if p.State == Missing {
			errs = append(errs, fmt.Errorf("%s is missing: %s", p.Name, p.Detail))
		}
	}
	return errors.Join(errs...)
}

// Render prints the report as a table.
func (r Report) Render(w io.Writer) error {
	var rows strings.Builder
	rows.WriteString("PIECE\tSTATE\tVERSION\tDETAIL\n")
	for _, p := range r.Pieces {
		version := p.Version
		if version == "" {
			version = "-"
		}
		fmt.Fprintf(&rows, "%s\t%s\t%s\t%s\n", p.Name, p.State, version, p.Detail)
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, err := io.WriteString(tw, rows.String())
	if err = errors.Join(err, tw.Flush()); err != nil {
		return fmt.Errorf("print report: %w", err)
	}
	_, err = fmt.Fprintf(w, "\ncache: %s\n", r.Cache)
	return err
}

// Doctor looks at everything that a lab needs and makes nothing.
func Doctor(ctx context.Context, o Options) (Report, error) {
	f, err := newFinder(o)
	if err != nil {
		return Report{}, err
	}
	return f.report(ctx), nil
}

func (f *finder) report(ctx context.Context) Report {
	r := Report{Cache: f.cache, Pieces: []Piece{f.pulumiPiece(ctx)}}
	r.Pieces = append(r.Pieces, f.pluginPieces()...)
	r.Pieces = append(r.Pieces, f.emulatorPiece(ctx))
	return r
}

func (f *finder) pulumiPiece(ctx context.Context) Piece {
	const name = "Pulumi CLI"
	t, note := f.installedPulumi(ctx)
	if t.Path != "" {
		return found(name, t)
	}
	return f.buildPiece(name, pulumiTarget, note, pulumiHint)
}

// buildPiece is a piece that is built from the tools' module, or will be.
func (f *finder) buildPiece(name string, t target, note, hint string) Piece {
	tool, _, err := f.built(t)
	if err == nil && tool.Path != "" {
		return found(name, tool)
	}
	if err == nil {
		err = f.buildable()
	}
	if err != nil {
		return Piece{Name: name, State: Missing, Detail: fmt.Sprintf("%s%v; %s", prefix(note), err, hint)}
	}
	return Piece{Name: name, State: WillMake, Version: tool.Version, Detail: prefix(note) + "built from tools/go.mod, about " + t.cold + " the first time"}
}

// pluginPieces are the plugin, or the two that stand in for it. Which of the two ways is taken follows
// ensurePlugin.
func (f *finder) pluginPieces() []Piece {
	const name = "pulumi-aws"
	choice := f.sys.getenv(EnvPlugin)
	if choice != PluginBridge {
		if t := f.installedPlugin(); t.Path != "" {
			return []Piece{found(name, t)}
		}
	}
	provider, archive, err := f.provider()
	if choice == PluginDownload || (err != nil && choice != PluginBridge) {
		detail := "downloaded by the Pulumi CLI, about 200 MB"
		if err != nil {
			detail += "; without network: " + pluginHint
		}
		return []Piece{{Name: name, State: WillMake, Version: PluginVersion, Detail: detail}}
	}
	bridge := f.buildPiece(name+": bridge", bridgeTarget, "", pluginHint)
	if err != nil {
		return []Piece{bridge, {Name: name + ": Terraform provider", State: Missing, Version: ProviderVersion, Detail: err.Error()}}
	}
	if archive != "" {
		return []Piece{bridge, {Name: name + ": Terraform provider", State: WillMake, Version: ProviderVersion, Detail: "unpacked from " + archive}}
	}
	return []Piece{bridge, found(name+": Terraform provider", provider)}
}

func (f *finder) emulatorPiece(ctx context.Context) Piece {
	const name = "AWS emulator (moto)"
	t, note := f.installedEmulator(ctx)
	if t.Path == "" {
		t = f.venvEmulator()
	}
	if t.Path != "" {
		return found(name, t)
	}
	if f.sys.lookPath("python3") != "" {
		return Piece{Name: name, State: WillMake, Version: motoPinned, Detail: prefix(note) + "installed with pip into the cache"}
	}
	if f.docker(ctx) != "" {
		return Piece{Name: name, State: WillMake, Version: motoPinned, Detail: prefix(note) + "container " + motoImage}
	}
	return Piece{Name: name, State: Missing, Detail: prefix(note) + emulatorHint}
}

func found(name string, t Tool) Piece {
	return Piece{Name: name, State: Found, Version: t.Version, Detail: t.Path + " (" + t.Origin + ")"}
}

func prefix(note string) string {
	if note == "" {
		return ""
	}
	return note + "; "
}
