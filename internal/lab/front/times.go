package front

import (
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// epoch is a time as the JSON protocol has it: seconds since 1970, with fractions.
type epoch struct{ time.Time }

// MarshalJSON writes the seconds.
func (e epoch) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, "%.3f", float64(e.UnixMilli())/1000), nil
}

// UnmarshalJSON reads the seconds.
func (e *epoch) UnmarshalJSON(b []byte) error {
	var seconds float64
	if err := json.Unmarshal(b, &seconds); err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	whole, fraction := math.Modf(seconds)
	e.Time = time.Unix(int64(whole), int64(fraction*1e9))
	return nil
}
