package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/netsonde/netsonde/policies"
)

// drawer is an outbox in memory.
type drawer struct{ letters []Letter }

func (d *drawer) find(key string) int {
	return slices.IndexFunc(d.letters, func(l Letter) bool { return l.Key == key })
}

func (d *drawer) Put(_ context.Context, l Letter) (bool, error) {
	if d.find(l.Key) >= 0 {
		return false, nil
	}
	d.letters = append(d.letters, l)
	return true, nil
}

func (d *drawer) Due(_ context.Context, now time.Time, most int) ([]Letter, error) {
	var out []Letter
	for _, l := range d.letters {
		if (l.State == Waiting || l.State == Sending) && !l.Next.After(now) && len(out) < most {
			out = append(out, l)
		}
	}
	return out, nil
}

func (d *drawer) Update(_ context.Context, l Letter) error {
	i := d.find(l.Key)
	if i < 0 {
		return fmt.Errorf("no letter %s", l.Key)
	}
	d.letters[i] = l
	return nil
}

// mouth is a receiver that answers as it is told.
type mouth struct {
	answers []error
	got     []Parcel
}

func (m *mouth) Deliver(_ context.Context, p Parcel) error {
	m.got = append(m.got, p)
	if len(m.answers) == 0 {
		return nil
	}
	err := m.answers[0]
	m.answers = m.answers[1:]
	return err
}

func news(changes ...Change) News {
	n := News{Report: "rep-1", Verdict: "fault", Summary: "one link is down", At: time.Unix(1_800_000_000, 0).UTC()}
	for _, c := range changes {
		n.Items = append(n.Items, Item{Change: c, Severity: policies.Major, Title: "Link r1:eth1--r2:eth1 is down", Locations: []string{"r1:eth1"}, Cause: "link_down"})
		n.Changed = n.Changed || c != Standing
		if c != Resolved {
			n.Worst = policies.Major
		}
	}
	return n
}

// turned is news of another verdict, with nothing but a warning that stands.
func turned(verdict string) News {
	n := news(Standing)
	n.Items[0].Severity, n.Verdict, n.Changed, n.Turned = policies.Warning, verdict, true, true
	return n
}

func TestPolicyWants(t *testing.T) {
	quiet := News{Verdict: "healthy"}
	for _, c := range []struct {
		name string
		p    Policy
		n    News
		want bool
	}{
		{"change, something new", Policy{}, news(New), true},
		{"change, all stands", Policy{When: OnChange}, news(Standing, Standing), false},
		{"change, gone", Policy{When: OnChange, At: policies.Major}, news(Resolved), true},
		{"change, too small", Policy{When: OnChange, At: policies.Critical}, news(New), false},
		{"change of verdict alone", Policy{When: OnChange}, News{Verdict: "inconclusive", Changed: true}, true},
		{"change to inconclusive beside what stands", Policy{At: policies.Critical}, turned("inconclusive"), true},
		{"change to healthy beside what stands", Policy{}, turned("healthy"), false},
		{"threshold, stands", Policy{When: Threshold, At: policies.Major}, news(Standing), true},
		{"threshold, below", Policy{When: Threshold, At: policies.Critical}, news(New), false},
		{"threshold, quiet", Policy{When: Threshold}, quiet, false},
		{"always, quiet", Policy{When: Always}, quiet, true},
	} {
		if got := c.p.Wants(c.n); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestOfficeDeliversOnceAndRetries(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	box := &drawer{}
	m := &mouth{answers: []error{&Refusal{Err: errors.New("connection refused")}, &Refusal{After: time.Hour, Err: errors.New("429")}}}
	o := Office{Outbox: box, Receivers: map[string]Addressee{"noc": {Receiver: m}}, Now: func() time.Time { return now }}
	told, err := o.Post(t.Context(), news(New), "noc", "nobody")
	if !slices.Equal(told, []string{"noc"}) || err == nil || !strings.Contains(err.Error(), `"nobody"`) {
		t.Fatalf("told %v, %v", told, err)
	}
	if told, err := o.Post(t.Context(), news(New), "noc"); len(told) > 0 || err != nil {
		t.Errorf("posted twice: %v, %v", told, err)
	}
	flush := func(want State, wait time.Duration) {
		t.Helper()
		ls, err := o.Flush(t.Context())
		if err != nil || len(ls) != 1 || ls[0].State != want || want == Waiting && ls[0].Next.Sub(now) != wait {
			t.Fatalf("got %+v, %v, want %s after %s", ls, err, want, wait)
		}
	}
	flush(Waiting, 30*time.Second)
	if ls, _ := o.Flush(t.Context()); len(ls) > 0 {
		t.Errorf("tried before its time: %+v", ls)
	}
	now = now.Add(time.Minute)
	flush(Waiting, time.Hour)
	now = now.Add(2 * time.Hour)
	flush(Delivered, 0)
	if ls, _ := o.Flush(t.Context()); len(ls) > 0 || len(m.got) != 3 {
		t.Errorf("after its delivery: %+v, %d attempts", ls, len(m.got))
	}
	for _, p := range m.got {
		if p.Repeat || p.Key != m.got[0].Key {
			t.Errorf("a refused letter is no repeat, and has one key: %+v", p)
		}
	}
}

func TestOfficeGivesUp(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	box := &drawer{}
	m := &mouth{answers: []error{&Refusal{Final: true, Err: errors.New("404 not found")}}}
	o := Office{Outbox: box, Receivers: map[string]Addressee{"noc": {Receiver: m}}, Now: func() time.Time { return now }}
	_, _ = o.Post(t.Context(), news(New), "noc")
	if ls, err := o.Flush(t.Context()); err != nil || ls[0].State != Dead || ls[0].Fault != "404 not found" || ls[0].Done.IsZero() {
		t.Errorf("got %+v, %v", ls, err)
	}
	m.answers = slices.Repeat([]error{errors.New("refused")}, 20)
	n := news(New)
	n.Report = "rep-2"
	_, _ = o.Post(t.Context(), n, "noc")
	for i := range 12 {
		ls, err := o.Flush(t.Context())
		if err != nil || len(ls) != 1 {
			t.Fatalf("attempt %d: %+v, %v", i, ls, err)
		}
		now = now.Add(5 * time.Hour)
	}
	if l := box.letters[1]; l.State != Dead || l.Attempts != 12 {
		t.Errorf("after 12 attempts: %+v", l)
	}
}

// A letter whose delivery was begun by a process that was killed says that it
// may be a repeat.
func TestOfficeSaysThatALetterMayBeARepeat(t *testing.T) {
	box := &drawer{}
	m := &mouth{}
	o := Office{Outbox: box, Receivers: map[string]Addressee{"noc": {Receiver: m}}}
	_, _ = o.Post(t.Context(), news(New), "noc")
	box.letters[0].State, box.letters[0].Attempts = Sending, 1
	if ls, err := o.Flush(t.Context()); err != nil || ls[0].State != Delivered || !m.got[0].Repeat {
		t.Errorf("got %+v, %v, parcel %+v", ls, err, m.got)
	}
}

func TestConfigCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		r    ReceiverConfig
		want string
	}{
		{"nothing", ReceiverConfig{}, "receivers.x.kind: is missing"},
		{"kind", ReceiverConfig{Kind: "pager"}, `receivers.x.kind: "pager" is not known`},
		{"no address", ReceiverConfig{Kind: Slack}, "has no address"},
		{"open address", ReceiverConfig{Kind: Teams, URL: "https://hooks.example/T/secret"}, "receivers.x.url: whoever has this address may post"},
		{"when", ReceiverConfig{Kind: Slack, URL: "env:S", When: "often"}, "receivers.x.when"},
		{"severity", ReceiverConfig{Kind: Slack, URL: "env:S", At: "high"}, `receivers.x.at: unknown severity "high"`},
		{"threshold", ReceiverConfig{Kind: Slack, URL: "env:S", When: Threshold}, "needs a severity"},
		{"unsigned", ReceiverConfig{Kind: Webhook, URL: "https://x.example/"}, "no signing key"},
		{"in the open", ReceiverConfig{Kind: Webhook, URL: "http://x.example/", Secret: "env:S"}, "use https"},
		{"open key", ReceiverConfig{Kind: Webhook, URL: "https://x.example/", Secret: "abc"}, "receivers.x.secret"},
		{"no server", ReceiverConfig{Kind: Email, From: "a@x.example", To: []string{"b@x.example"}}, "no server"},
		{"mailbox", ReceiverConfig{Kind: Email, Server: "m:25", From: "a@x.example", To: []string{"bob"}}, `receivers.x.to: "bob" is no mail address`},
		{"password in the open", ReceiverConfig{Kind: Email, Server: "m:25", TLS: NoTLS, User: "u", Password: "env:P", From: "a@x.example", To: []string{"b@x.example"}}, "without TLS"},
	} {
		err := Config{Receivers: map[string]ReceiverConfig{"x": c.r}}.Check()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	good := Config{Link: "https://n.example/reports/{report}", Receivers: map[string]ReceiverConfig{
		"a": {Kind: Slack, URL: "env:S"}, "b": {Kind: Webhook, URL: "http://127.0.0.1:1/x", Secret: "file:k", When: Threshold, At: "minor"},
		"c": {Kind: Email, Server: "m:587", From: "N <n@x.example>", To: []string{"o@x.example"}},
	}}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	if got := good.LinkTo("a/b"); got != "https://n.example/reports/a%2Fb" {
		t.Error(got)
	}
}

// News of a network that is well survive the outbox, too: there is no severity
// to tell.
func TestOfficeDeliversGoodNews(t *testing.T) {
	box, m := &drawer{}, &mouth{}
	o := Office{Outbox: box, Receivers: map[string]Addressee{"noc": {Receiver: m, Policy: Policy{When: Always}}}}
	if told, err := o.Post(t.Context(), News{Report: "rep-9", Verdict: "healthy", Summary: "all is well"}, "noc"); err != nil || len(told) != 1 {
		t.Fatal(told, err)
	}
	if ls, err := o.Flush(t.Context()); err != nil || ls[0].State != Delivered || m.got[0].News.Summary != "all is well" || m.got[0].News.Worst != 0 {
		t.Errorf("got %+v, %v", ls, err)
	}
}
