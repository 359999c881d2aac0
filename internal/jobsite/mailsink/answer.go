package mailsink

import "sync"

// Failing gives an Options.Answer that answers a step with failures, one a time,
// then with success, and the other steps with success. A nil failure is a
// success.
func Failing(step Step, failures ...error) func(Step, string) error {
	var mu sync.Mutex
	return func(at Step, _ string) error {
		mu.Lock()
		defer mu.Unlock()
		if at != step || len(failures) == 0 {
			return nil
		}
		err := failures[0]
		failures = failures[1:]
		return err
	}
}
