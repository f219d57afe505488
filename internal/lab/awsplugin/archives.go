package awsplugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/types/known/structpb"
)

// archives gives the archives of properties names of files, which is what Terraform has in their place.
// A file is named after the content of its archive, so that other content is another value.
type archives struct {
	dir string

	mu sync.Mutex
	// known are the archives that files stand for. A call that is answered with a file has had its
	// archive, in the program's properties or in the state.
	known map[string]*structpb.Value
}

// newArchives keeps the files beside another one of the lab's, or where temporary files are.
func newArchives(beside string) *archives {
	dir := os.TempDir()
	if beside != "" {
		dir = filepath.Dir(beside)
	}
	return &archives{dir: filepath.Join(dir, "archives"), known: map[string]*structpb.Value{}}
}

// toFile returns the name of the file that v, an archive, is to be in. It is written when needed: of what
// an archive in a state was made of, nothing may be left.
func (a *archives) toFile(v *structpb.Value) *structpb.Value {
	fields := v.GetStructValue().GetFields()
	hash := fields["hash"].GetStringValue()
	if fields[sig.Key].GetStringValue() != sig.ArchiveSig || hash == "" {
		return v
	}
	name := filepath.Join(a.dir, hash+".zip")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known[name] = v
	return structpb.NewStringValue(name)
}

// fromFile undoes toFile.
func (a *archives) fromFile(v *structpb.Value) *structpb.Value {
	a.mu.Lock()
	defer a.mu.Unlock()
	if known, ok := a.known[v.GetStringValue()]; ok {
		return known
	}
	return v
}

// convertArchives converts the archives in properties that have the bridge's names.
func (s subject) convertArchives(convert func(*structpb.Value) *structpb.Value, properties []*structpb.Struct) {
	for _, sh := range s.shapes {
		for _, p := range properties {
			if v, ok := p.GetFields()[sh.bridge]; ok && sh.kind == archived {
				p.Fields[sh.bridge] = insideWrapper(v, convert)
			}
		}
	}
}

// writeArchives writes the files that the properties name, unless they are only looked at.
func (s subject) writeArchives(properties *structpb.Struct, preview bool) error {
	if preview {
		return nil
	}
	var err error
	s.convertArchives(func(v *structpb.Value) *structpb.Value {
		err = errors.Join(err, s.archives.write(v.GetStringValue()))
		return v
	}, []*structpb.Struct{properties})
	if err != nil {
		return fmt.Errorf("write archive of %s: %w", s.urn, err)
	}
	return nil
}

// write writes a file that stands for an archive. Another plugin may be writing the same one.
func (a *archives) write(name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, ok := a.known[name]
	if !ok {
		return nil
	}
	content, _, err := archive.Deserialize(v.GetStructValue().AsMap())
	if err != nil {
		return err
	}
	packed, err := content.Bytes(archive.ZIPArchive)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return err
	}
	draft, err := os.CreateTemp(a.dir, "draft")
	if err != nil {
		return err
	}
	_, err = draft.Write(packed)
	if err := errors.Join(err, draft.Close()); err != nil {
		return err
	}
	return os.Rename(draft.Name(), name)
}
