package front

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// apiError is a refusal as AWS gives it.
type apiError struct {
	// Status is the HTTP status. Zero means 400, which is right for nearly all of them.
	Status int
	Code   string
	// Reason tells apart the cases of the two catch-all codes of Organizations.
	Reason  string
	Message string
}

// Error is for the log and for tests; clients get the form of their protocol.
func (e *apiError) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("%s (%s): %s", e.Code, e.Reason, e.Message)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

func refuse(code, format string, args ...any) error {
	return &apiError{Code: code, Message: fmt.Sprintf(format, args...)}
}

// constraint is the refusal for a limit or a rule of Organizations.
func constraint(reason, format string, args ...any) error {
	return &apiError{Code: "ConstraintViolationException", Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// invalid is the refusal for a parameter of Organizations.
func invalid(reason, format string, args ...any) error {
	return &apiError{Code: "InvalidInputException", Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// unreachableError names the cause, which a connection that breaks would not.
func unreachableError(err error) error {
	return &apiError{Status: http.StatusBadGateway, Code: "EmulatorUnreachable", Message: "the lab's emulator does not answer: " + err.Error()}
}

func (f *Front) unreachable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the client is gone
	}
	c := callOf(r.Context())
	errorReply(c, unreachableError(err)).write(w, c)
}

// errorReply is an error in the form of the caller's protocol.
func errorReply(c *call, err error) *reply {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{Status: http.StatusInternalServerError, Code: "InternalFailure", Message: err.Error()}
	}
	status := e.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	header := http.Header{}
	var body []byte
	switch c.protocol {
	case protocolQuery, protocolEC2, protocolRESTXML:
		header.Set("Content-Type", "text/xml")
		body = xmlError(c.protocol, e, status)
	default:
		header.Set("Content-Type", "application/json")
		if c.protocol == protocolJSON {
			header.Set("Content-Type", "application/x-amz-json-1.1")
		}
		header.Set("X-Amzn-Errortype", e.Code)
		body = jsonError(e)
	}
	return &reply{status: status, header: header, body: body}
}

func jsonError(e *apiError) []byte {
	// Both spellings: services differ in which one their model has.
	fields := map[string]string{"__type": e.Code, "message": e.Message, "Message": e.Message}
	if e.Reason != "" {
		fields["Reason"] = e.Reason
	}
	b, err := json.Marshal(fields)
	if err != nil { // a map of strings has no reason to fail
		return []byte(`{"__type":"InternalFailure"}`)
	}
	return b
}

func xmlError(p protocol, e *apiError, status int) []byte {
	fault := "Sender"
	if status >= http.StatusInternalServerError {
		fault = "Receiver"
	}
	code, message, id := escape(e.Code), escape(e.Message), requestID()
	switch p {
	case protocolEC2:
		return fmt.Appendf(nil, "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>%s</RequestID></Response>", code, message, id)
	case protocolRESTXML:
		return fmt.Appendf(nil, "<Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>", code, message, id)
	default:
		return fmt.Appendf(nil, "<ErrorResponse><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>", fault, code, message, id)
	}
}

func escape(s string) string {
	var b strings.Builder
	// A strings.Builder takes everything.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

// readError reads the emulator's refusal of a JSON call.
func readError(out *reply) error {
	var body struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		Reason  string `json:"Reason"`
	}
	// A body that cannot be read leaves the code empty, which still carries the status.
	_ = json.Unmarshal(out.body, &body)
	code := body.Type[strings.LastIndexByte(body.Type, '#')+1:]
	if code == "" {
		code, _, _ = strings.Cut(out.header.Get("X-Amzn-Errortype"), ":")
	}
	return &apiError{Status: out.status, Code: code, Reason: body.Reason, Message: body.Message}
}

var htmlTitle = regexp.MustCompile(`(?s)<title>(.*?)</title>`)

// clarify makes an error of AWS's form out of the HTML page that the emulator sends for a call it
// lacks or breaks on. As a 500 such a page would be retried for minutes and then shown as a page.
func clarify(res *http.Response) error {
	if res.StatusCode < http.StatusBadRequest || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	page, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return fmt.Errorf("read error page: %w", err)
	}
	title := htmlTitle.FindSubmatch(page)
	if title == nil { // such as the answer to HEAD, which is real though it calls itself HTML
		res.Body = io.NopCloser(bytes.NewReader(page))
		return nil
	}
	c := callOf(res.Request.Context())
	out := errorReply(c, &apiError{
		Status:  http.StatusNotImplemented,
		Code:    "NotImplementedByEmulator",
		Message: fmt.Sprintf("the lab's emulator cannot do %s %s (%d %s)", c.Service, c.Action, res.StatusCode, pageTitle(title[1])),
	})
	res.StatusCode, res.Status = out.status, http.StatusText(out.status)
	res.Header = out.header
	res.Body = io.NopCloser(bytes.NewReader(out.body))
	res.ContentLength = int64(len(out.body))
	return nil
}

func pageTitle(s []byte) string {
	title, _, _ := strings.Cut(html.UnescapeString(string(s)), "//")
	return strings.TrimSpace(title)
}

// requestID is random, as AWS's are: clients show it and expect nothing of it.
func requestID() string { return strings.ToLower(rand.Text()) }
