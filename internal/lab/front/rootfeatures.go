package front

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// iamService is the principal of IAM, whose central root access needs trusted access.
const iamService = "iam.amazonaws.com"

const (
	rootCredentials = "RootCredentialsManagement"
	rootSessions    = "RootSessions"
)

func addRootFeatures(t table) {
	t.add("iam", "ListOrganizationsFeatures", rootFeature("", false))
	t.add("iam", "EnableOrganizationsRootCredentialsManagement", rootFeature(rootCredentials, true))
	t.add("iam", "DisableOrganizationsRootCredentialsManagement", rootFeature(rootCredentials, false))
	t.add("iam", "EnableOrganizationsRootSessions", rootFeature(rootSessions, true))
	t.add("iam", "DisableOrganizationsRootSessions", rootFeature(rootSessions, false))
}

// rootFeature is the handler of a call that switches a feature of central root access, or lists them
// if the feature is empty.
func rootFeature(feature string, on bool) handler {
	return func(f *Front, c *call) (*reply, error) {
		o, err := f.organizationOf(c.ctx(), c.Account)
		var refused *apiError
		if errors.As(err, &refused) && refused.Code == "AWSOrganizationsNotInUseException" {
			return nil, &apiError{Status: http.StatusNotFound, Code: "OrganizationNotFoundException", Message: refused.Message}
		}
		if err != nil {
			return nil, err
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		if err := o.rootAccess(c.Account); err != nil {
			return nil, err
		}
		switch {
		case feature == "":
		case on:
			o.rootFeatures[feature] = true
		default:
			delete(o.rootFeatures, feature)
		}
		return o.rootFeaturesReply(c), nil
	}
}

func (o *organization) rootAccess(account string) error {
	_, delegate := o.delegates[account][iamService]
	switch {
	case account != o.management && !delegate:
		return refuse("AccountNotManagementOrDelegatedAdministratorException",
			"The request was rejected because the account making the request is not the management account or delegated administrator account for centralized root access.")
	case !o.allFeature:
		return refuse("OrganizationNotInAllFeaturesModeException", "The organization does not have all features enabled.")
	case !o.trusts(iamService):
		return refuse("ServiceAccessNotEnabledException", "You must enable trusted access for %s first.", iamService)
	}
	return nil
}

func (o *organization) rootFeaturesReply(c *call) *reply {
	var features strings.Builder
	for _, name := range sortedKeys(o.rootFeatures) {
		features.WriteString("<member>" + name + "</member>")
	}
	body := fmt.Appendf(nil, `<%[1]sResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><%[1]sResult><OrganizationId>%[2]s</OrganizationId>`+
		`<EnabledFeatures>%[3]s</EnabledFeatures></%[1]sResult><ResponseMetadata><RequestId>%[4]s</RequestId></ResponseMetadata></%[1]sResponse>`,
		c.Action, o.id, features.String(), requestID())
	return &reply{status: http.StatusOK, header: http.Header{"Content-Type": {"text/xml"}}, body: body}
}
