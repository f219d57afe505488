package front

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// adminPrefix is where the front has endpoints of its own, for tests in other processes. No AWS
// service has a path that begins like this, and no bucket may be named so.
const adminPrefix = "/_lab/"

func isAdmin(path string) bool { return strings.HasPrefix(path, adminPrefix) }

// admin serves
//
//	GET    /_lab/calls           the counters
//	DELETE /_lab/calls           sets them to zero
//	GET    /_lab/faults          the faults
//	POST   /_lab/faults          injects one fault, or an array of them
//	DELETE /_lab/faults          ends all faults
//	POST   /_lab/expire-closed   lets the 90 days pass after which closed accounts are gone
func (f *Front) admin(w http.ResponseWriter, r *http.Request) {
	var answer any = struct{}{}
	var err error
	switch r.Method + " " + strings.TrimPrefix(r.URL.Path, adminPrefix) {
	case "GET calls":
		answer = f.Calls()
	case "DELETE calls":
		f.ResetCalls()
	case "GET faults":
		answer = f.Faults()
	case "POST faults":
		err = f.injectJSON(r.Body)
	case "DELETE faults":
		f.ClearFaults()
	case "POST expire-closed":
		err = f.ExpireClosedAccounts(r.Context())
	default:
		http.Error(w, "the lab's front has no such endpoint", http.StatusNotFound)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// The client is gone if this fails, and there is nobody to tell.
	_ = json.NewEncoder(w).Encode(answer)
}

func (f *Front) injectJSON(body io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(body, maxBody))
	if err != nil {
		return fmt.Errorf("read faults: %w", err)
	}
	var many []Fault
	if strings.HasPrefix(strings.TrimSpace(string(b)), "[") {
		err = json.Unmarshal(b, &many)
	} else {
		many = make([]Fault, 1)
		err = json.Unmarshal(b, &many[0])
	}
	if err != nil {
		return err
	}
	for _, x := range many {
		f.Inject(x)
	}
	return nil
}
