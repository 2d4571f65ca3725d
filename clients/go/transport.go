package keyreader

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
)

// The most of a refusal that is looked at.
const refusalBytes = 64 << 10

// MeansTheKey says whether an answer of the Gemini API means the key itself: a bad prompt, a restriction, billing and a quota do not.
func MeansTheKey(status int, text string) bool {
	said := strings.ToLower(text)
	return slices.Contains(refusals.Statuses, status) &&
		slices.ContainsFunc(refusals.Words, func(word string) bool { return strings.Contains(said, strings.ToLower(word)) })
}

// Transport puts the key where Placeholder stands in a header, and sends again with another key where Google refused this one.
// A body that can be read only once is sent once. A nil base is http.DefaultTransport.
func (r *Reader) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return transport{reader: r, base: base}
}

type transport struct {
	reader *Reader
	base   http.RoundTripper
}

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	if !hasPlaceholder(request.Header) {
		return t.base.RoundTrip(request)
	}
	ctx := request.Context()
	key, err := t.reader.Key(ctx)
	if err != nil {
		if request.Body != nil {
			_ = request.Body.Close()
		}
		return nil, err
	}
	tried := []string{}
	body := request.Body
	for {
		tried = append(tried, key)
		sent := request.Clone(ctx)
		sent.Header = withKey(request.Header, key)
		sent.Body = body
		response, err := t.base.RoundTrip(sent)
		if err != nil || !isRefusal(response) {
			return response, err
		}
		next := t.reader.Refused(ctx, key)
		again, ok := bodyAgain(request)
		if next == "" || slices.Contains(tried, next) || !ok {
			return response, nil
		}
		_ = response.Body.Close()
		key, body = next, again
	}
}

func hasPlaceholder(header http.Header) bool {
	for _, values := range header {
		for _, value := range values {
			if strings.Contains(value, Placeholder) {
				return true
			}
		}
	}
	return false
}

func withKey(header http.Header, key string) http.Header {
	changed := header.Clone()
	for _, values := range changed {
		for at, value := range values {
			values[at] = strings.ReplaceAll(value, Placeholder, key)
		}
	}
	return changed
}

// The body of a request that was sent once already.
func bodyAgain(request *http.Request) (io.ReadCloser, bool) {
	if request.Body == nil || request.Body == http.NoBody {
		return request.Body, true
	}
	if request.GetBody == nil {
		return nil, false
	}
	body, err := request.GetBody()
	return body, err == nil
}

// Looks into a refusal and leaves it whole for whoever reads it after us.
func isRefusal(response *http.Response) bool {
	if !slices.Contains(refusals.Statuses, response.StatusCode) {
		return false
	}
	text, _ := io.ReadAll(io.LimitReader(response.Body, refusalBytes))
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(text), response.Body), response.Body}
	return MeansTheKey(response.StatusCode, string(text))
}
