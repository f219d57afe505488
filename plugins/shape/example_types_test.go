package shape

import (
	"encoding/json"
	"reflect"
)

// The types of the tests: small, and with one of everything.

type draft struct {
	Source     `json:"-"`
	Budget     *Budget              `json:"budget,omitempty"`
	Alias      string               `json:"alias,omitempty" maxLength:"63" pattern:"^[a-z*/]+$"`
	Roles      map[string]*Role     `json:"roles,omitempty"`
	Stage      Stage                `json:"stage,omitempty" default:"dev"`
	Regions    []string             `json:"regions,omitempty" default:"[eu-west-1, eu-central-1]" minLength:"4"`
	Parameters map[string]string    `json:"parameters,omitempty"`
	Resources  map[string]*Resource `json:"resources,omitempty"`
	Encrypt    *bool                `json:"encrypt,omitempty" default:"true"`
	Extra      json.RawMessage      `json:"extra,omitempty"`
	Share      float64              `json:"share,omitempty" maximum:"1"`
	Small      int8                 `json:"small,omitempty"`
	Count      uint16               `json:"count,omitempty"`
	Matrix     [][]int              `json:"matrix,omitempty"`
	Tree       *Tree                `json:"tree,omitempty"`
	Stages     []Stage              `json:"stages,omitempty" default:"[dev, prod]"`
	Dashed     string               `json:"x-dashed,omitempty"`
	Named
	Hidden string `json:"-"`
}

type Named struct {
	Title string `json:"title,omitempty"`
	Plain string
}

type Source struct{ File string }

type Budget struct {
	Limit      int      `json:"limit" minimum:"1"`
	Currency   string   `json:"currency,omitempty" default:"USD" pattern:"^[A-Z]{3}$"`
	Actual     []int    `json:"actual,omitempty" default:"[80, 100]" minimum:"1" maximum:"1000"`
	Recipients []string `json:"recipients,omitempty" maxLength:"10"`
}

type Role struct {
	Trust       *Trust               `json:"trust" required:"true"`
	Description string               `json:"description,omitempty" minLength:"2" maxLength:"1000"`
	Policies    map[string]*Document `json:"policies,omitempty"`
}

type Trust struct {
	Accounts []string `json:"accounts,omitempty"`
	MFA      *bool    `json:"mfa,omitempty"`
}

type Resource struct {
	Type       string    `json:"type"`
	Properties *Document `json:"properties,omitempty"`
}

type Document struct{ Text []byte }

func (Document) MarshalJSON() ([]byte, error) { return nil, nil }

type Tree struct {
	Leaf     string  `json:"leaf,omitempty"`
	Children []*Tree `json:"children,omitempty"`
}

type Stage string

func (Stage) Values() []string { return []string{"dev", "test", "prod"} }

type facts struct {
	Account      Account         `json:"account"`
	Organization Organization    `json:"organization"`
	Path         []string        `json:"path"`
	Params       json.RawMessage `json:"params"`
}

type Account struct {
	Name   string            `json:"name"`
	Stage  Stage             `json:"stage"`
	Tags   map[string]string `json:"tags"`
	Owner  string            `json:"owner,omitempty"`
	Budget *Budget           `json:"budget,omitempty"`
	Grid   [][]string        `json:"grid"`
}

type Organization struct {
	Name string `json:"name"`
}

var (
	draftType = reflect.TypeFor[draft]()
	roots     = map[string]reflect.Type{Baseline: draftType, Context: reflect.TypeFor[facts]()}
	documents = AnyObject(reflect.TypeFor[Document]())
)

// docs are comments as a caller would read them from its sources.
var docs = map[string]string{
	"draft.":            "Baseline is how an account is set up.",
	"draft.Budget":      "The account's monthly budget.",
	"draft.Alias":       "The alias of the account on the sign-in page, unique in all of AWS; {{account.id}} is replaced. E-mail @acme.example for help, or look at docs/*/*.md.",
	"draft.Stages":      "The stages.",
	"Named.Title":       "A title.",
	"Budget.":           "Budget is the monthly cost budget of an account.",
	"Budget.Currency":   "The currency of the limit.",
	"Stage.":            "Stage is the stage of an account.",
	"Stage.prod":        "is where customers are.",
	"Account.Name":      "The account's name.",
	"facts.":            "Context is what a hook knows.",
	"facts.Account":     "The account.",
	"Organization.Name": "The organization's name.",
}

func exampleDoc(typeName, field string) string { return docs[typeName+"."+field] }
