package agenttest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/netsonde/netsonde/agent"
)

// An Answer is what a Server does with one request. The zero Answer is a
// completion without words.
type Answer struct {
	Text      string
	Reasoning string // sent before the text, as servers of reasoning models do
	Calls     []agent.Call
	Finish    string // "" means stop, or tool_calls where there are calls; "none" sends no reason
	NoUsage   bool

	Status int               // not 0 or 200: an error with Body
	Header map[string]string // of the answer
	Body   string            // of an error, or sent as it is instead of a completion
	Type   string            // content type of Body; "" means application/json

	CutAfter  int // pieces of a stream after which the connection breaks; 0 never
	HangAfter int // pieces of a stream after which nothing more comes; 0 never
}

// A Request is what a Server was asked.
type Request struct {
	Header http.Header
	Path   string
	Raw    []byte
	Body   struct {
		Model         string           `json:"model"`
		Stream        bool             `json:"stream"`
		StreamOptions *json.RawMessage `json:"stream_options"`
		Messages      []struct {
			Role       string `json:"role"`
			Content    string `json:"content"`
			ToolCallID string `json:"tool_call_id"`
			ToolCalls  []struct {
				ID       string `json:"id"`
				Function struct {
					Name, Arguments string
				} `json:"function"`
			} `json:"tool_calls"`
		} `json:"messages"`
		Tools []struct {
			Function struct {
				Name       string          `json:"name"`
				Parameters json.RawMessage `json:"parameters"`
			} `json:"function"`
		} `json:"tools"`
		MaxTokens           int `json:"max_tokens"`
		MaxCompletionTokens int `json:"max_completion_tokens"`
	}
}

// A Server is an OpenAI-compatible endpoint on loopback that gives its answers
// in order, the last one again and again. It lists one model, m, which takes 8192 tokens.
type Server struct {
	URL string // to be used as base URL

	answer func(n int, r Request) Answer
	mu     sync.Mutex
	asked  []Request
}

// NewServer starts a server that gives answers; the test's end stops it.
func NewServer(t testing.TB, answers ...Answer) *Server {
	return NewServerFunc(t, func(n int, _ Request) Answer { return answers[min(n, len(answers)-1)] })
}

// NewServerFunc starts a server that answers the n-th request, from 0, with
// what answer says. The test's end stops it.
func NewServerFunc(t testing.TB, answer func(n int, r Request) Answer) *Server {
	s := &Server{answer: answer}
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
	})
	s.URL = web.URL + "/v1"
	return s
}

// Requests returns what the server was asked so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.asked...)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/models") {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"object":"list","data":[{"id":"m","object":"model","max_model_len":8192}]}`)
		return
	}
	request := Request{Header: r.Header, Path: r.URL.RequestURI()}
	var err error
	if request.Raw, err = io.ReadAll(r.Body); err == nil {
		err = json.Unmarshal(request.Raw, &request.Body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	n := len(s.asked)
	s.asked = append(s.asked, request)
	s.mu.Unlock()
	a := s.answer(n, request)
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	switch {
	case a.Body != "":
		s.write(w, a)
	case request.Body.Stream:
		stream(w, r, a)
	default:
		whole(w, a)
	}
}

func (s *Server) write(w http.ResponseWriter, a Answer) {
	kind := a.Type
	if kind == "" {
		kind = "application/json"
	}
	w.Header().Set("Content-Type", kind)
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	io.WriteString(w, a.Body)
}

// pieces cuts an answer into the deltas of a stream: text in halves, the
// arguments of calls in halves, calls interleaved.
func pieces(a Answer) []map[string]any {
	var list []map[string]any
	add := func(d map[string]any) { list = append(list, d) }
	if a.Reasoning != "" {
		add(map[string]any{"role": "assistant", "reasoning": a.Reasoning})
	}
	half := len(a.Text) / 2
	add(map[string]any{"role": "assistant", "content": a.Text[:half]})
	add(map[string]any{"content": a.Text[half:]})
	call := func(i int, rest map[string]any) {
		rest["index"] = i
		add(map[string]any{"tool_calls": []any{rest}})
	}
	for i, c := range a.Calls {
		call(i, map[string]any{"id": c.ID, "type": "function", "function": map[string]any{"name": c.Name, "arguments": ""}})
	}
	for _, second := range []bool{false, true} {
		for i, c := range a.Calls {
			cut := len(c.Arguments) / 2
			part := c.Arguments[:cut]
			if second {
				part = c.Arguments[cut:]
			}
			call(i, map[string]any{"function": map[string]any{"arguments": part}})
		}
	}
	return list
}

func (a Answer) finish() any {
	switch {
	case a.Finish == "none":
		return nil
	case a.Finish != "":
		return a.Finish
	case len(a.Calls) > 0:
		return "tool_calls"
	}
	return "stop"
}

func usage() map[string]any {
	return map[string]any{"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, "prompt_tokens_details": map[string]any{"cached_tokens": 60}}
}

func stream(w http.ResponseWriter, r *http.Request, a Answer) {
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(v map[string]any) {
		v["model"], v["object"] = "scripted", "chat.completion.chunk"
		line, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(w, "data: %s\n\n", line)
		w.(http.Flusher).Flush()
	}
	choice := func(delta map[string]any, finish any) {
		send(map[string]any{"choices": []any{map[string]any{"index": 0, "delta": delta, "finish_reason": finish}}})
	}
	fmt.Fprint(w, ": keep-alive\n\n")
	for i, delta := range pieces(a) {
		if a.CutAfter > 0 && i == a.CutAfter {
			panic(http.ErrAbortHandler)
		}
		if a.HangAfter > 0 && i == a.HangAfter {
			<-r.Context().Done()
			return
		}
		choice(delta, nil)
	}
	choice(map[string]any{}, a.finish())
	if !a.NoUsage {
		send(map[string]any{"choices": []any{}, "usage": usage()})
	}
	fmt.Fprint(w, "data: [DONE]\n\n")
}

func whole(w http.ResponseWriter, a Answer) {
	message := map[string]any{"role": "assistant", "content": a.Text}
	var calls []any
	for _, c := range a.Calls {
		calls = append(calls, map[string]any{"id": c.ID, "type": "function", "function": map[string]any{"name": c.Name, "arguments": c.Arguments}})
	}
	if calls != nil {
		message["tool_calls"] = calls
	}
	body := map[string]any{"model": "scripted", "object": "chat.completion",
		"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": a.finish()}}}
	if !a.NoUsage {
		body["usage"] = usage()
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}
