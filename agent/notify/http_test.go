package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/netsonde/netsonde/devices"
)

// desk is an HTTP server on loopback that answers as it is told and keeps what
// it got.
type desk struct {
	*httptest.Server
	mu     sync.Mutex
	got    []*http.Request
	bodies [][]byte
	answer func(n int, w http.ResponseWriter)
}

func newDesk(t *testing.T, answer func(n int, w http.ResponseWriter)) *desk {
	t.Helper()
	d := &desk{answer: answer}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		d.mu.Lock()
		d.got, d.bodies = append(d.got, r), append(d.bodies, body)
		n := len(d.got)
		d.mu.Unlock()
		if d.answer != nil {
			d.answer(n, w)
		}
	}))
	t.Cleanup(d.Close)
	return d
}

func secrets(values map[string]string) Resolver {
	return func(ref string) (devices.Secret, error) {
		v, ok := values[ref]
		if !ok {
			return devices.Secret{}, errors.New("environment variable " + strings.TrimPrefix(ref, "env:") + " is not set")
		}
		return devices.NewSecret(v), nil
	}
}

const signingKey = "a key of more than sixteen characters"

// receiver opens one receiver of a kind that talks to an address.
func receiver(t *testing.T, r ReceiverConfig, address string) Receiver {
	t.Helper()
	all, err := Config{Receivers: map[string]ReceiverConfig{"x": r}}.Open(secrets(map[string]string{"env:URL": address, "env:KEY": signingKey, "env:PASSWORD": "correct"}))
	if err != nil {
		t.Fatal(err)
	}
	return all["x"].Receiver
}

const hostile = "<!channel> <https://evil.example|click> *bold* [x](javascript:alert(1)) <script>alert(1)</script> \u202eabc https://evil.example/ @all\r\nBcc: x@evil.example"

func parcel(text string) Parcel {
	n := news(New, Standing, Resolved)
	n.Schedule, n.Link = "core", "https://n.example/reports/rep-1"
	n.Summary, n.Items[0].Title, n.Items[0].Remedy = text, text, "no shutdown"
	n.NotEvaluated = []string{"rib of r9 (needed for a verdict): " + text}
	raw, _ := json.Marshal(n)
	return Parcel{Key: "ns-0123", News: n, Raw: raw}
}

func TestWebhookIsSignedAndCarriesItsKey(t *testing.T) {
	d := newDesk(t, func(n int, w http.ResponseWriter) {
		if n == 1 {
			w.WriteHeader(http.StatusBadGateway) // a proxy: tried again at once
		}
	})
	w := receiver(t, ReceiverConfig{Kind: Webhook, URL: d.URL + "/in", Secret: "env:KEY"}, "")
	p := parcel("a link is down")
	p.Repeat = true
	if err := w.Deliver(t.Context(), p); err != nil || len(d.got) != 2 {
		t.Fatalf("%v after %d requests", err, len(d.got))
	}
	for i, r := range d.got {
		if err := Verify([]byte(signingKey), r.Header, d.bodies[i], time.Now()); err != nil {
			t.Error(err)
		}
		if r.Header.Get(HeaderKey) != "ns-0123" || r.Header.Get(HeaderRepeat) != "true" || string(d.bodies[i]) != string(p.Raw) {
			t.Errorf("request %d: %v", i, r.Header)
		}
	}
	if err := Verify([]byte(signingKey), d.got[0].Header, []byte("other"), time.Now()); err == nil {
		t.Error("another body passes")
	}
	if err := Verify([]byte("another key, as long as it"), d.got[0].Header, d.bodies[0], time.Now()); err == nil {
		t.Error("another key passes")
	}
	if err := Verify([]byte(signingKey), d.got[0].Header, d.bodies[0], time.Now().Add(time.Hour)); err == nil {
		t.Error("an old request passes")
	}
	var back News
	if err := json.Unmarshal(d.bodies[0], &back); err != nil || back.Report != "rep-1" || back.Items[0].Severity.String() != "major" {
		t.Errorf("%+v, %v", back, err)
	}
}

// What devices say has no meaning in a message but itself.
func TestTextsAreInert(t *testing.T) {
	d := newDesk(t, nil)
	for _, kind := range []Kind{Slack, Teams} {
		if err := receiver(t, ReceiverConfig{Kind: kind, URL: "env:URL"}, d.URL+"/T/token").Deliver(t.Context(), parcel(hostile)); err != nil {
			t.Fatal(err)
		}
	}
	var s slackMessage
	if err := json.Unmarshal(d.bodies[0], &s); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(s.Text, "<>") || s.UnfurlLinks || s.Mrkdwn || len(s.Blocks) > 50 {
		t.Errorf("the fallback is live: %s", s.Text)
	}
	for _, b := range s.Blocks {
		if b.Text != nil && (b.Text.Type != "plain_text" || b.Text.Emoji) {
			t.Errorf("a text is not plain: %+v", b.Text)
		}
	}
	var m teamsMessage
	if err := json.Unmarshal(d.bodies[1], &m); err != nil {
		t.Fatal(err)
	}
	card := m.Attachments[0].Content
	for _, b := range card.Body {
		if b.Type != "RichTextBlock" || len(b.Inlines) == 0 || b.Inlines[0].Type != "TextRun" {
			t.Errorf("Markdown has a meaning in %+v", b)
		}
	}
	if len(card.Actions) != 1 || card.Actions[0].URL != "https://n.example/reports/rep-1" {
		t.Errorf("actions %+v", card.Actions)
	}
	for i, body := range d.bodies {
		for _, bad := range []string{"https://evil", "\u202e", "\\u202e", `\r`} {
			if strings.Contains(string(body), bad) {
				t.Errorf("message %d holds %q:\n%s", i, bad, body)
			}
		}
		for _, good := range []string{"NEW major", "RESOLVED major", "STANDING major", "r1:eth1 (link_down)", "no shutdown", "Not evaluated (1)", "FAULT core: 1 new, 1 standing, 1 resolved"} {
			if !strings.Contains(string(body), good) {
				t.Errorf("message %d lacks %q", i, good)
			}
		}
	}
}

func TestALongReportFits(t *testing.T) {
	p := parcel(strings.Repeat("long ", 2000))
	for range 500 {
		p.News.Items = append(p.News.Items, p.News.Items[0])
	}
	if n := len(slackBlocks(p).Blocks); n > 50 {
		t.Errorf("%d blocks", n)
	}
	raw, err := json.Marshal(adaptiveCard(p))
	if err != nil || len(raw) > 28<<10 {
		t.Errorf("a card of %d bytes, %v", len(raw), err)
	}
}

// Each way in which a server can fail has its consequence, and no error holds
// the address, which is a secret.
func TestServersThatFail(t *testing.T) {
	status := func(code int, header ...string) func(int, http.ResponseWriter) {
		return func(_ int, w http.ResponseWriter) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "because: cannot POST /T/token?sig=s3cretvalue (s3cretvalue, token)")
		}
	}
	for _, c := range []struct {
		name   string
		answer func(int, http.ResponseWriter)
		final  bool
		after  time.Duration
	}{
		{"gone", status(404), true, 0},
		{"forbidden", status(403), true, 0},
		{"moved", status(302, "Location", "https://evil.example/"), true, 0},
		{"too many", status(429, "Retry-After", "120"), false, 2 * time.Minute},
		{"overloaded", status(503, "Retry-After", "7"), false, 7 * time.Second},
		{"failing", status(500), false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, c.answer)
			err := receiver(t, ReceiverConfig{Kind: Slack, URL: "env:URL"}, d.URL+"/T/token?sig=s3cretvalue").Deliver(t.Context(), parcel("x"))
			var r *Refusal
			if !errors.As(err, &r) || r.Final != c.final || r.After != c.after {
				t.Errorf("got %+v (%v), want final %v after %s", r, err, c.final, c.after)
			}
			if strings.Contains(err.Error(), "token") || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "because") {
				t.Errorf("error: %v", err)
			}
			if len(d.got) != 1 {
				t.Errorf("%d requests", len(d.got))
			}
		})
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + l.Addr().String() + "/T/token"
	l.Close()
	err = receiver(t, ReceiverConfig{Kind: Teams, URL: "env:URL"}, address).Deliver(t.Context(), parcel("x"))
	if err == nil || !sure(err) || final(err) || strings.Contains(err.Error(), "token") {
		t.Errorf("got %v: want a refusal that may pass, without the address", err)
	}
}

// A server that takes the letter and never answers leaves open whether it
// arrived: the next attempt says so.
func TestASlowServer(t *testing.T) {
	release := make(chan struct{})
	d := newDesk(t, func(n int, _ http.ResponseWriter) {
		if n == 1 {
			<-release
		}
	})
	t.Cleanup(func() { close(release) })
	box := &drawer{}
	now := time.Unix(1_800_000_000, 0)
	o := Office{Outbox: box, Now: func() time.Time { return now }, Patience: 200 * time.Millisecond, Receivers: map[string]Addressee{
		"hook": {Receiver: receiver(t, ReceiverConfig{Kind: Webhook, URL: d.URL, Secret: "env:KEY"}, "")},
	}}
	if _, err := o.Post(t.Context(), news(New), "hook"); err != nil {
		t.Fatal(err)
	}
	ls, err := o.Flush(t.Context())
	if err != nil || len(ls) != 1 || ls[0].State != Sending || !strings.Contains(ls[0].Fault, context.DeadlineExceeded.Error()) {
		t.Fatalf("got %+v, %v", ls, err)
	}
	now = now.Add(time.Hour)
	if ls, err = o.Flush(t.Context()); err != nil || ls[0].State != Delivered || ls[0].Attempts != 2 {
		t.Fatalf("got %+v, %v", ls, err)
	}
	if d.got[0].Header.Get(HeaderRepeat) != "" || d.got[1].Header.Get(HeaderRepeat) != "true" || d.got[0].Header.Get(HeaderKey) != d.got[1].Header.Get(HeaderKey) {
		t.Errorf("headers %v and %v", d.got[0].Header, d.got[1].Header)
	}
}

func TestOpenNamesTheField(t *testing.T) {
	for _, c := range []struct {
		r    ReceiverConfig
		want string
	}{
		{ReceiverConfig{Kind: Slack, URL: "env:NOPE"}, "receivers.x.url: environment variable NOPE is not set"},
		{ReceiverConfig{Kind: Slack, URL: "env:URL"}, "receivers.x.url: the address"},
		{ReceiverConfig{Kind: Webhook, URL: "https://h.example/", Secret: "env:SHORT"}, "receivers.x.secret: a signing key has at least 16"},
		{ReceiverConfig{Kind: Email, Server: "m:25", From: "a@x.example", To: []string{"b@x.example"}, CA: "no-such.pem"}, "receivers.x.ca: "},
	} {
		_, err := Config{Receivers: map[string]ReceiverConfig{"x": c.r}}.Open(secrets(map[string]string{"env:URL": "ftp://h.example", "env:SHORT": "short"}))
		var f *Fault
		if err == nil || !strings.Contains(err.Error(), c.want) || !errors.As(err, &f) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	all, err := Config{Receivers: map[string]ReceiverConfig{"b": {Kind: Slack, URL: "env:URL", At: "major"}, "a": {Kind: Teams, URL: "env:URL"}}}.Open(secrets(map[string]string{"env:URL": "https://h.example/"}))
	if err != nil || len(all) != 2 || all["b"].Policy.At.String() != "major" || !slices.Equal([]bool{true}, []bool{all["a"].Policy.Wants(news(New))}) {
		t.Errorf("%+v, %v", all, err)
	}
}
