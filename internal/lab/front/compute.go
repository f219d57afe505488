package front

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// computeSettings are the settings of EC2 that an account has in a region and the emulator does not.
type computeSettings struct {
	images, snapshots string
	console           bool
	// metadata are the defaults for instances that say nothing, as far as there are any.
	metadata map[string]string
	// key is the key of volumes, empty for AWS's own.
	key string
}

const (
	unblocked       = "unblocked"
	blockAllSharing = "block-all-sharing"
	blockNewSharing = "block-new-sharing"
)

// newComputeSettings are those of a new account: what nobody could have shared yet is blocked for images.
func newComputeSettings() *computeSettings {
	return &computeSettings{images: blockNewSharing, snapshots: unblocked, metadata: map[string]string{}}
}

// byAccount says that the account decides on a setting, not a policy of its organization.
const byAccount = "<managedBy>account</managedBy>"

// show is the handler of a call that asks for a setting of its account and region.
func show(state func(*computeSettings) string) handler {
	return func(f *Front, c *call) (*reply, error) {
		return f.compute.use(c.Account, c.Region, func(s *computeSettings) (*reply, error) {
			return ec2Reply(c, state(s)+byAccount), nil
		})
	}
}

// change is the handler of a call that makes a setting and answers with the new one.
func change(state func(*computeSettings) string, do func(s *computeSettings, form url.Values) error) handler {
	return func(f *Front, c *call) (*reply, error) {
		return f.compute.use(c.Account, c.Region, func(s *computeSettings) (*reply, error) {
			if err := do(s, c.form); err != nil {
				return nil, err
			}
			return ec2Reply(c, state(s)), nil
		})
	}
}

// ec2Reply is an answer of EC2 with the elements given.
func ec2Reply(c *call, elements string) *reply {
	body := fmt.Appendf(nil, `<%[1]sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>%[2]s</requestId>%[3]s</%[1]sResponse>`,
		c.Action, requestID(), elements)
	return &reply{status: http.StatusOK, header: http.Header{"Content-Type": {"text/xml"}}, body: body}
}

func element(name, text string) string { return "<" + name + ">" + escape(text) + "</" + name + ">" }

// choose sets a setting to a parameter, which must have one of the values.
func choose(to *string, form url.Values, name string, values ...string) error {
	v := form.Get(name)
	if !slices.Contains(values, v) {
		return refuse("InvalidParameterValue", "Value (%s) for parameter %s is invalid.", v, name)
	}
	*to = v
	return nil
}
