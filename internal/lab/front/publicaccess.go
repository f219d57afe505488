package front

import (
	"net/url"
	"strconv"
)

// addPublicAccess adds the calls of EC2 that keep images and snapshots from being shared with everybody,
// and people from the serial console.
func addPublicAccess(t table) {
	t.add("ec2", "EnableImageBlockPublicAccess", change((*computeSettings).imageState, func(s *computeSettings, form url.Values) error {
		return choose(&s.images, form, "ImageBlockPublicAccessState", blockNewSharing)
	}))
	t.add("ec2", "DisableImageBlockPublicAccess", change((*computeSettings).imageState, func(s *computeSettings, _ url.Values) error {
		s.images = unblocked
		return nil
	}))
	t.add("ec2", "GetImageBlockPublicAccessState", show((*computeSettings).imageState))

	t.add("ec2", "EnableSnapshotBlockPublicAccess", change((*computeSettings).snapshotState, func(s *computeSettings, form url.Values) error {
		return choose(&s.snapshots, form, "State", blockAllSharing, blockNewSharing)
	}))
	t.add("ec2", "DisableSnapshotBlockPublicAccess", change((*computeSettings).snapshotState, func(s *computeSettings, _ url.Values) error {
		s.snapshots = unblocked
		return nil
	}))
	t.add("ec2", "GetSnapshotBlockPublicAccessState", show((*computeSettings).snapshotState))

	t.add("ec2", "EnableSerialConsoleAccess", change((*computeSettings).consoleState, func(s *computeSettings, _ url.Values) error {
		s.console = true
		return nil
	}))
	t.add("ec2", "DisableSerialConsoleAccess", change((*computeSettings).consoleState, func(s *computeSettings, _ url.Values) error {
		s.console = false
		return nil
	}))
	t.add("ec2", "GetSerialConsoleAccessStatus", show((*computeSettings).consoleState))
}

func (s *computeSettings) imageState() string {
	return element("imageBlockPublicAccessState", s.images)
}

func (s *computeSettings) snapshotState() string { return element("state", s.snapshots) }

func (s *computeSettings) consoleState() string {
	return element("serialConsoleAccessEnabled", strconv.FormatBool(s.console))
}
