package front

import (
	"net/http"
	"regexp"
	"strings"
)

// rest names a call of a service whose operations are methods and paths.
func (c *call) rest() {
	path := c.r.URL.Path
	if m := rpcPath.FindStringSubmatch(path); m != nil {
		c.Action = m[1]
		return
	}
	switch {
	case strings.HasPrefix(path, "/v20180820/"):
		c.Service, c.protocol = "s3control", protocolRESTXML
		c.Action = controlAction(c.r)
	case c.Service == "s3":
		c.protocol = protocolRESTXML
		c.Action = bucketAction(c.r)
	case c.Service == "account":
		c.Action = capital(strings.Trim(path, "/"))
	case c.Service == analyzerService:
		c.Action = analyzerAction(c.r)
	case c.Service == "route53" || c.Service == "cloudfront":
		c.protocol = protocolRESTXML
		c.Action = pathAction(c.r)
	default:
		c.Action = pathAction(c.r)
	}
	if c.Service == "" {
		c.Service = "-"
	}
}

// rpcPath is where the newest protocol has its operations.
var rpcPath = regexp.MustCompile(`^/service/[^/]+/operation/([^/]+)$`)

// variable is a segment of a path that names one thing rather than a kind of things.
var variable = regexp.MustCompile(`[0-9:%]|.{25}`)

// version is a segment that has digits and is yet not variable.
var version = regexp.MustCompile(`^(v\d+|\d{4}-\d{2}-\d{2})$`)

// pathAction is method and path with the names of single things left out, so that the calls of one
// operation are counted together.
func pathAction(r *http.Request) string {
	segments := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	for i, s := range segments {
		if variable.MatchString(s) && !version.MatchString(s) {
			segments[i] = "*"
		}
	}
	return r.Method + " /" + strings.Join(segments, "/")
}

// controlAction names a call of S3 Control.
func controlAction(r *http.Request) string {
	if strings.HasSuffix(r.URL.Path, "/configuration/publicAccessBlock") {
		return verb(r) + "PublicAccessBlock"
	}
	return pathAction(r)
}

// verb is the first word of the operations of S3.
func verb(r *http.Request) string { return capital(strings.ToLower(r.Method)) }

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// bucketNouns are the parts of a bucket that have operations of their own, by the query parameter
// that selects them.
var bucketNouns = [][2]string{
	{"versioning", "BucketVersioning"},
	{"policy", "BucketPolicy"},
	{"policyStatus", "BucketPolicyStatus"},
	{"encryption", "BucketEncryption"},
	{"lifecycle", "BucketLifecycleConfiguration"},
	{"publicAccessBlock", "PublicAccessBlock"},
	{"ownershipControls", "BucketOwnershipControls"},
	{"object-lock", "ObjectLockConfiguration"},
	{"retention", "ObjectRetention"},
	{"legal-hold", "ObjectLegalHold"},
	{"cors", "BucketCors"},
	{"website", "BucketWebsite"},
	{"logging", "BucketLogging"},
	{"notification", "BucketNotificationConfiguration"},
	{"replication", "BucketReplication"},
	{"accelerate", "BucketAccelerateConfiguration"},
	{"requestPayment", "BucketRequestPayment"},
	{"location", "BucketLocation"},
	{"intelligent-tiering", "BucketIntelligentTieringConfiguration"},
	{"inventory", "BucketInventoryConfiguration"},
	{"metrics", "BucketMetricsConfiguration"},
	{"analytics", "BucketAnalyticsConfiguration"},
}

// bucketAction names a call of S3.
func bucketAction(r *http.Request) string {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	q := r.URL.Query()
	for _, noun := range bucketNouns {
		if q.Has(noun[0]) {
			return verb(r) + noun[1]
		}
	}
	thing := "Bucket"
	if key != "" {
		thing = "Object"
	}
	switch {
	case q.Has("tagging"):
		return verb(r) + thing + "Tagging"
	case q.Has("acl"):
		return verb(r) + thing + "Acl"
	case q.Has("versions"):
		return "ListObjectVersions"
	case q.Has("delete"):
		return "DeleteObjects"
	case bucket == "":
		return "ListBuckets"
	case r.Method == http.MethodPut && thing == "Bucket":
		return "CreateBucket"
	case r.Method == http.MethodGet && thing == "Bucket":
		return "ListObjects"
	}
	return verb(r) + thing
}
