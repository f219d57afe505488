package front

import (
	"encoding/xml"
	"fmt"
	"net/url"
)

// awsVolumeKey is the key of volumes where an account has chosen none.
const awsVolumeKey = "alias/aws/ebs"

// addDefaultKey adds the calls about the key that new volumes are encrypted with. The emulator can set
// it, and uses it, but neither shows it nor takes it back.
func addDefaultKey(t table) {
	t.add("ec2", "ModifyEbsDefaultKmsKeyId", setVolumeKey)
	t.add("ec2", "GetEbsDefaultKmsKeyId", getVolumeKey)
	t.add("ec2", "ResetEbsDefaultKmsKeyId", resetVolumeKey)
}

func volumeKeyReply(c *call, s *computeSettings) *reply {
	key := s.key
	if key == "" {
		key = awsVolumeKey
	}
	return ec2Reply(c, element("kmsKeyId", key))
}

func getVolumeKey(f *Front, c *call) (*reply, error) {
	return f.compute.use(c.Account, c.Region, func(s *computeSettings) (*reply, error) {
		return volumeKeyReply(c, s), nil
	})
}

func setVolumeKey(f *Front, c *call) (*reply, error) {
	return f.compute.use(c.Account, c.Region, func(s *computeSettings) (*reply, error) {
		out, err := f.forward(c)
		if err != nil || !out.ok() {
			return out, err
		}
		var answer struct {
			Key string `xml:"kmsKeyId"`
		}
		if err := xml.Unmarshal(out.body, &answer); err != nil {
			return nil, fmt.Errorf("read default key: %w", err)
		}
		s.key = answer.Key
		return out, nil
	})
}

// resetVolumeKey sets no key, which is how the emulator takes one back.
func resetVolumeKey(f *Front, c *call) (*reply, error) {
	return f.compute.use(c.Account, c.Region, func(s *computeSettings) (*reply, error) {
		out, err := f.forward(c.with(url.Values{"Action": {"ModifyEbsDefaultKmsKeyId"}, "Version": c.form["Version"]}))
		if err != nil || !out.ok() {
			return out, err
		}
		s.key = ""
		return volumeKeyReply(c, s), nil
	})
}
