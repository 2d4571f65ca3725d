// Package keyreader reads a Gemini API key from Secret Manager that may change while the app runs.
package keyreader

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Placeholder stands where a library wants a key; Transport puts the real one in its place, and touches no other header.
const Placeholder = "set-by-gemini-key-reader"

// ErrNoKey is what every failed read wraps, beside what Secret Manager or its client said.
var ErrNoKey = errors.New("no Gemini key could be read")

// Access answers the payload of a version by its name, projects/PROJECT/secrets/SECRET/versions/VERSION.
type Access func(ctx context.Context, name string) ([]byte, error)

// Options of a Reader; what is zero has the default that stands beside it.
type Options struct {
	// Access reads from Secret Manager; the README has the five lines for Google's client.
	Access Access
	// Secret is projects/PROJECT/secrets/SECRET, or with locations/LOCATION.
	Secret string
	// Version is an alias or a number: current, which gemini-key-warden moves.
	Version string
	// Field is the member of a JSON object, or the variable of an env file, that holds the key: the whole text.
	Field string
	// Refresh is about how long a key is used before it is read again behind an answer: 5 minutes, spread by a fifth.
	Refresh time.Duration
	// Again bounds how often refusals make a read: 30 seconds. Failed reads are repeated after 1, 2, 4 … seconds up to it.
	Again time.Duration
	// Now and Random are for tests.
	Now    func() time.Time
	Random func() float64
}

// Reader holds a key that may change under the app that uses it. Its methods may be called from many goroutines.
type Reader struct {
	options Options

	mu       sync.Mutex
	held     *held
	before   *string // a pointer, so that printing a copied Reader shows none
	reading  *reading
	failed   error
	notUntil time.Time
	failures int
	rereadAt time.Time
}

type held struct {
	key     string
	until   time.Time
	refused bool
}

// reading is one access that others wait for.
type reading struct {
	done chan struct{}
	err  error
}

var secretName = regexp.MustCompile(`^projects/[^/]+(/locations/[^/]+)?/secrets/[^/]+$`)

// New makes a Reader, and reads nothing yet.
func New(options Options) (*Reader, error) {
	if options.Access == nil {
		return nil, errors.New("Access: pass a function that reads a version from Secret Manager; the README has one")
	}
	if !secretName.MatchString(options.Secret) {
		return nil, errors.New("Secret: write projects/PROJECT/secrets/SECRET, without a version")
	}
	if options.Version == "" {
		options.Version = "current"
	}
	if options.Refresh == 0 {
		options.Refresh = 5 * time.Minute
	}
	if options.Again == 0 {
		options.Again = 30 * time.Second
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Random == nil {
		options.Random = rand.Float64
	}
	return &Reader{options: options}, nil
}

// String and GoString print nothing of what is held.
func (r *Reader) String() string   { return "keyreader.Reader(" + r.options.Secret + ")" }
func (r *Reader) GoString() string { return r.String() }

// Format keeps %+v and %x from looking inside.
func (r *Reader) Format(state fmt.State, _ rune) { _, _ = state.Write([]byte(r.String())) }

// Key is the key to use now. It waits for the first read alone; later ones happen behind the answers.
func (r *Reader) Key(ctx context.Context) (string, error) {
	now := r.options.Now()
	r.mu.Lock()
	if r.held == nil {
		failed, notUntil := r.failed, r.notUntil
		r.mu.Unlock()
		if failed != nil && now.Before(notUntil) {
			return "", failed
		}
		return r.Refresh(ctx)
	}
	best := r.best()
	if !now.Before(r.held.until) && r.reading == nil {
		if r.held.refused {
			r.rereadAt = now
		}
		go r.access(context.WithoutCancel(ctx), r.begin())
	}
	r.mu.Unlock()
	return best, nil
}

// Refresh reads now, or waits for the read that is under way, and says which key to use.
func (r *Reader) Refresh(ctx context.Context) (string, error) {
	if err := r.read(ctx); err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.best(), nil
}

// Refused says that Google refused this key for itself. It reads again, at most every Again, and answers the key to try next,
// which is the one before where there is no newer one; "" where there is none.
func (r *Reader) Refused(ctx context.Context, key string) string {
	r.mu.Lock()
	if r.before != nil && *r.before == key {
		r.before = nil
	}
	isHeld := r.held != nil && r.held.key == key
	r.mu.Unlock()
	if isHeld {
		r.reread(ctx, key)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held == nil || r.best() == key {
		return ""
	}
	return r.best()
}

// Settled waits for the read that is under way, if there is one; before an app ends, and in tests.
func (r *Reader) Settled() {
	r.mu.Lock()
	under := r.reading
	r.mu.Unlock()
	if under != nil {
		<-under.done
	}
}

// What is still the key after the read is refused: the one before stands in for it until it is read and tried again.
func (r *Reader) reread(ctx context.Context, key string) {
	asked := r.options.Now()
	r.mu.Lock()
	if r.held.key == key {
		r.held.refused = true
	}
	isDue := r.rereadAt.IsZero() || asked.Sub(r.rereadAt) >= r.options.Again
	if isDue && r.reading == nil {
		r.rereadAt = asked
	}
	reads := isDue || r.reading != nil
	r.mu.Unlock()
	if reads {
		_ = r.read(ctx) // the key in memory may still do
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held.key != key {
		return
	}
	r.held.refused = true
	if soon := asked.Add(r.options.Again); soon.Before(r.held.until) {
		r.held.until = soon
	}
}

func (r *Reader) best() string {
	if r.held.refused && r.before != nil {
		return *r.before
	}
	return r.held.key
}

// From now on others wait for this read. The lock is held.
func (r *Reader) begin() *reading {
	r.reading = &reading{done: make(chan struct{})}
	return r.reading
}

// One access at a time, whoever asks. Who gives up waiting does not end it for the others.
func (r *Reader) read(ctx context.Context) error {
	r.mu.Lock()
	under := r.reading
	if under == nil {
		under = r.begin()
		go r.access(context.WithoutCancel(ctx), under)
	}
	r.mu.Unlock()
	select {
	case <-under.done:
		return under.err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrNoKey, context.Cause(ctx))
	}
}

func (r *Reader) access(ctx context.Context, mine *reading) {
	defer close(mine.done)
	asked := r.options.Now()
	payload, err := r.options.Access(ctx, r.options.Secret+"/versions/"+r.options.Version)
	key := ""
	if err == nil {
		key, err = keyIn(string(payload), r.options.Field)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reading = nil
	if err != nil {
		mine.err = fmt.Errorf("%w: %s: %w", ErrNoKey, r.options.Secret, err)
		r.failed = mine.err
		r.notUntil = asked.Add(min(r.options.Again, time.Second<<min(r.failures, 30)))
		r.failures++
		if r.held != nil {
			r.held.until = r.notUntil
		}
		return
	}
	if r.held != nil && r.held.key != key {
		r.before = &r.held.key
		if r.held.refused {
			r.before = nil
		}
	}
	spread := 0.8 + 0.4*r.options.Random()
	r.held = &held{key: key, until: asked.Add(time.Duration(float64(r.options.Refresh) * spread))}
	r.failed, r.failures = nil, 0
}

// The characters of a bearer token (RFC 6750). What no header can carry would be printed by whoever refuses it.
var token = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

// The key inside the stored text: all of it, or a field of a JSON object or an env file.
func keyIn(text, field string) (string, error) {
	key := strings.TrimSpace(text)
	if field != "" {
		key = fieldOf(text, field)
	}
	switch {
	case key == "" && field == "":
		return "", errors.New("the secret is empty")
	case key == "":
		return "", fmt.Errorf("the secret has no field %s", field)
	case !token.MatchString(key) && field == "":
		return "", errors.New("the secret holds more than a key: name the field that holds it")
	case !token.MatchString(key):
		return "", fmt.Errorf("the field %s of the secret holds more than a key", field)
	}
	return key, nil
}

func fieldOf(text, field string) string {
	var members map[string]any
	if json.Unmarshal([]byte(text), &members) == nil {
		if key, ok := members[field].(string); ok && strings.TrimSpace(key) != "" {
			return strings.TrimSpace(key)
		}
	}
	for line := range strings.Lines(text) {
		found := assignment.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if found != nil && found[1] == field && unquoted(found[2]) != "" {
			return unquoted(found[2])
		}
	}
	return ""
}

var assignment = regexp.MustCompile(`^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$`)

func unquoted(value string) string {
	for _, quote := range []string{`"`, `'`} {
		if len(value) > 1 && strings.HasPrefix(value, quote) && strings.HasSuffix(value, quote) {
			return value[1 : len(value)-1]
		}
	}
	return value
}
