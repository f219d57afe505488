package front

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"time"
)

// analyzerService is IAM Access Analyzer's name in signatures.
const analyzerService = "access-analyzer"

// defaultUnusedAge is after how many days an access that was not used is reported, unless told.
const defaultUnusedAge = 90

// analyzer is an analyzer as its service describes it.
type analyzer struct {
	ARN           string            `json:"arn"`
	Name          string            `json:"name"`
	Type          string            `json:"type"`
	CreatedAt     time.Time         `json:"createdAt"`
	Status        string            `json:"status"`
	Tags          map[string]string `json:"tags"`
	Configuration json.RawMessage   `json:"configuration,omitempty"`
}

// analyzerQuotas is how many analyzers of each type an account may have in a region.
var analyzerQuotas = map[string]int{
	"ACCOUNT": 1, "ACCOUNT_UNUSED_ACCESS": 1,
	"ORGANIZATION": 5, "ORGANIZATION_UNUSED_ACCESS": 5,
}

func addAnalyzers(t table) {
	for action, answer := range map[string]func(*call, map[string]*analyzer) (*reply, error){
		"CreateAnalyzer":      createAnalyzer,
		"UpdateAnalyzer":      updateAnalyzer,
		"GetAnalyzer":         getAnalyzer,
		"DeleteAnalyzer":      deleteAnalyzer,
		"ListAnalyzers":       listAnalyzers,
		"TagResource":         tagAnalyzer,
		"UntagResource":       untagAnalyzer,
		"ListTagsForResource": listAnalyzerTags,
	} {
		t.add(analyzerService, action, func(f *Front, c *call) (*reply, error) {
			return f.analyzers.use(c.Account, c.Region, func(all map[string]*analyzer) (*reply, error) { return answer(c, all) })
		})
	}
}

// analyzerAction names a call of the service by its method and path.
func analyzerAction(r *http.Request) string {
	kind, thing, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	actions := map[string]string{}
	switch {
	case kind == "tags":
		actions = map[string]string{"GET": "ListTagsForResource", "POST": "TagResource", "DELETE": "UntagResource"}
	case kind == "analyzer" && thing == "":
		actions = map[string]string{"GET": "ListAnalyzers", "PUT": "CreateAnalyzer"}
	case kind == "analyzer" && !strings.Contains(thing, "/"):
		actions = map[string]string{"GET": "GetAnalyzer", "PUT": "UpdateAnalyzer", "DELETE": "DeleteAnalyzer"}
	}
	if action, ok := actions[r.Method]; ok {
		return action
	}
	return pathAction(r)
}

func noAnalyzer(name string) error {
	return &apiError{Status: http.StatusNotFound, Code: "ResourceNotFoundException", Message: "The specified analyzer " + name + " could not be found."}
}

// analyzerIn is the analyzer that a path names: by its name, or in calls about tags by its ARN.
func analyzerIn(c *call, all map[string]*analyzer) (*analyzer, error) {
	_, thing, _ := strings.Cut(strings.Trim(c.r.URL.Path, "/"), "/")
	name := thing[strings.LastIndexByte(thing, '/')+1:]
	a, ok := all[name]
	if !ok || (strings.HasPrefix(thing, "arn:") && thing != a.ARN) {
		return nil, noAnalyzer(name)
	}
	return a, nil
}

func createAnalyzer(c *call, all map[string]*analyzer) (*reply, error) {
	in, err := decode[struct {
		AnalyzerName, Type string
		Tags               map[string]string
		Configuration      json.RawMessage
	}](c)
	if err != nil {
		return nil, err
	}
	if err := admitAnalyzer(all, in.AnalyzerName, in.Type); err != nil {
		return nil, err
	}
	a := &analyzer{
		ARN:  "arn:aws:access-analyzer:" + c.Region + ":" + c.Account + ":analyzer/" + in.AnalyzerName,
		Name: in.AnalyzerName, Type: in.Type, CreatedAt: time.Now().UTC().Truncate(time.Second), Status: "ACTIVE",
		Tags: map[string]string{}, Configuration: in.Configuration,
	}
	maps.Copy(a.Tags, in.Tags)
	if a.Configuration == nil && strings.HasSuffix(a.Type, "_UNUSED_ACCESS") {
		a.Configuration, err = json.Marshal(map[string]any{"unusedAccess": map[string]any{"unusedAccessAge": defaultUnusedAge}})
	}
	if err != nil {
		return nil, err
	}
	all[a.Name] = a
	return jsonReply(c, map[string]string{"arn": a.ARN})
}

func admitAnalyzer(all map[string]*analyzer, name, kind string) error {
	quota, known := analyzerQuotas[kind]
	if name == "" || !known {
		return refuse("ValidationException", "The analyzer has no name or no type that exists: %q.", kind)
	}
	if _, taken := all[name]; taken {
		return &apiError{Status: http.StatusConflict, Code: "ConflictException", Message: "An analyzer with the name " + name + " already exists."}
	}
	same := 0
	for _, a := range all {
		if a.Type == kind {
			same++
		}
	}
	if same >= quota {
		return &apiError{
			Status: http.StatusPaymentRequired, Code: "ServiceQuotaExceededException",
			Message: "The account has as many analyzers of type " + kind + " in this region as it may have.",
		}
	}
	return nil
}

func updateAnalyzer(c *call, all map[string]*analyzer) (*reply, error) {
	a, err := analyzerIn(c, all)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct{ Configuration json.RawMessage }](c)
	if err != nil {
		return nil, err
	}
	if in.Configuration != nil {
		a.Configuration = in.Configuration
	}
	return jsonReply(c, map[string]any{"configuration": a.Configuration})
}

func getAnalyzer(c *call, all map[string]*analyzer) (*reply, error) {
	a, err := analyzerIn(c, all)
	if err != nil {
		return nil, err
	}
	return jsonReply(c, map[string]any{"analyzer": a})
}

func deleteAnalyzer(c *call, all map[string]*analyzer) (*reply, error) {
	a, err := analyzerIn(c, all)
	if err != nil {
		return nil, err
	}
	delete(all, a.Name)
	return done(c)
}

func listAnalyzers(c *call, all map[string]*analyzer) (*reply, error) {
	list := []*analyzer{}
	kind := c.r.URL.Query().Get("type")
	for _, name := range sortedKeys(all) {
		if kind == "" || kind == all[name].Type {
			list = append(list, all[name])
		}
	}
	return jsonReply(c, map[string]any{"analyzers": list})
}

func tagAnalyzer(c *call, all map[string]*analyzer) (*reply, error) {
	a, err := analyzerIn(c, all)
	if err != nil {
		return nil, err
	}
	in, err := decode[struct{ Tags map[string]string }](c)
	if err != nil {
		return nil, err
	}
	maps.Copy(a.Tags, in.Tags)
	return done(c)
}

func untagAnalyzer(c *call, all map[string]*analyzer) (*reply, error) {
	a, err := analyzerIn(c, all)
	if err != nil {
		return nil, err
	}
	for _, key := range c.r.URL.Query()["tagKeys"] {
		delete(a.Tags, key)
	}
	return done(c)
}

func listAnalyzerTags(c *call, all map[string]*analyzer) (*reply, error) {
	a, err := analyzerIn(c, all)
	if err != nil {
		return nil, err
	}
	return jsonReply(c, map[string]any{"tags": a.Tags})
}
