// Runs one reader as the lines on standard input say, and answers each with a line: ../README.md has the words.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	secretmanager "cloud.google.com/go/secretmanager/apiv1"
	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	keyreader "github.com/your-org/gemini-key-warden/clients/go"
	"google.golang.org/api/option"
	"google.golang.org/genai"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const model = "gemini-3.8-flash"

type step struct {
	Do      string
	Callers int
	Times   int
	Prompt  string
	Way     string
	Seconds float64
}

type driver struct {
	ctx    context.Context
	http   string
	reader *keyreader.Reader
	now    time.Time
	last   error
	mu     sync.Mutex
}

func main() {
	ctx := context.Background()
	var options struct {
		Random *float64
		Field  string
	}
	must(json.Unmarshal([]byte(os.Args[4]), &options))
	client, err := secretmanager.NewClient(ctx, option.WithEndpoint(os.Args[2]), option.WithoutAuthentication(),
		option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
	must(err)
	d := &driver{ctx: ctx, http: os.Args[1], now: time.Unix(1_800_000_000, 0)}
	made := keyreader.Options{
		Secret: os.Args[3],
		Field:  options.Field,
		Now:    func() time.Time { d.mu.Lock(); defer d.mu.Unlock(); return d.now },
		Access: func(ctx context.Context, name string) ([]byte, error) {
			answer, err := client.AccessSecretVersion(ctx, &secretmanagerpb.AccessSecretVersionRequest{Name: name})
			return answer.GetPayload().GetData(), err
		},
	}
	if options.Random != nil {
		made.Random = func() float64 { return *options.Random }
	}
	d.reader, err = keyreader.New(made)
	must(err)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked step
		must(json.Unmarshal(lines.Bytes(), &asked))
		answer, err := json.Marshal(d.does(asked))
		must(err)
		fmt.Println(string(answer))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "driver:", err)
		os.Exit(1)
	}
}

func (d *driver) does(asked step) map[string]any {
	switch asked.Do {
	case "keys":
		given := make([]string, asked.Callers)
		var all sync.WaitGroup
		for at := range given {
			all.Go(func() { given[at] = d.given(d.reader.Key) })
		}
		all.Wait()
		return map[string]any{"gives": count(given)}
	case "refresh":
		return map[string]any{"gives": count([]string{d.given(d.reader.Refresh)})}
	case "ask":
		answers := make([]string, asked.Times)
		for at := range answers {
			status, err := d.ask(asked)
			if err != nil {
				return map[string]any{"failed": err.Error()}
			}
			answers[at] = strconv.Itoa(status)
		}
		return map[string]any{"answers": count(answers)}
	case "settle":
		d.reader.Settled()
		return map[string]any{}
	case "advance":
		d.mu.Lock()
		defer d.mu.Unlock()
		d.now = d.now.Add(time.Duration(asked.Seconds * float64(time.Second)))
		return map[string]any{}
	case "print":
		said := fmt.Sprintf("%v %+v %#v %s %q %x", d.reader, d.reader, d.reader, d.reader, d.reader, d.reader)
		return map[string]any{"said": said + fmt.Sprint(d.last)}
	}
	return map[string]any{"failed": "no such step: " + asked.Do}
}

func count(words []string) map[string]int {
	counts := map[string]int{}
	for _, word := range words {
		counts[word]++
	}
	return counts
}

func (d *driver) given(key func(context.Context) (string, error)) string {
	text, err := key(d.ctx)
	if err == nil {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = err
	if errors.Is(err, keyreader.ErrNoKey) {
		return "NoKey"
	}
	return err.Error()
}

func (d *driver) ask(asked step) (int, error) {
	client := &http.Client{Transport: d.reader.Transport(nil)}
	if asked.Way == "genai" {
		return d.byGenai(client, asked.Prompt)
	}
	body := bytes.NewReader([]byte(`{"contents":[{"role":"` + role(asked.Prompt) + `","parts":[{"text":"hello"}]}]}`))
	url := d.http + "/v1beta/models/" + model + ":generateContent"
	request, err := http.NewRequestWithContext(d.ctx, http.MethodPost, url, body)
	if err != nil {
		return 0, err
	}
	request.Header.Set("x-goog-api-key", keyreader.Placeholder)
	request.Header.Set("content-type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return response.StatusCode, err
}

func (d *driver) byGenai(client *http.Client, prompt string) (int, error) {
	ai, err := genai.NewClient(d.ctx, &genai.ClientConfig{
		APIKey:      keyreader.Placeholder,
		Backend:     genai.BackendGeminiAPI,
		HTTPClient:  client,
		HTTPOptions: genai.HTTPOptions{BaseURL: d.http},
	})
	if err != nil {
		return 0, err
	}
	contents := []*genai.Content{{Role: role(prompt), Parts: []*genai.Part{{Text: "hello"}}}}
	_, err = ai.Models.GenerateContent(d.ctx, model, contents, nil)
	var refusal genai.APIError
	if errors.As(err, &refusal) {
		return refusal.Code, nil
	}
	return http.StatusOK, err
}

// A role that nobody has is refused with 400, and no SDK looks at it before.
func role(prompt string) string {
	if prompt == "bad" {
		return "critic"
	}
	return "user"
}
