package ssh

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/scrapli/scrapligo/driver/generic"
	"github.com/scrapli/scrapligo/driver/options"
	"github.com/scrapli/scrapligo/util"

	"github.com/netsonde/netsonde/devices"
)

// terminal is an interactive session on scrapligo's generic driver. It knows
// one mode, the one that the login lands in.
type terminal struct {
	s      *session
	driver *generic.Driver
	any    *regexp.Regexp // any exec prompt of the platform, at the end of the output
	exact  []byte         // the prompt that this device shows
}

const (
	poll      = 500 * time.Microsecond // between looks at what came
	quiet     = time.Second            // after which an end that is not the prompt is taken for what it looks like
	eraseLine = 0x15                   // Ctrl-U
	depth     = 1000                   // bytes at the end of the output that are searched for a prompt
)

// open starts the login's own command line, or line where it is given, on a
// terminal, waits for the prompt and sends what the platform prepares a
// session with.
func (s *session) open(ctx context.Context, line string) (*terminal, error) {
	t := &terminal{s: s}
	var err error
	if t.any, err = promptPattern(s.platform.Prompt); err != nil {
		return nil, fmt.Errorf("platform %s: prompt: %w", s.platform.Name, err)
	}
	t.driver, err = generic.NewDriver(s.device.Address,
		options.WithCustomTransport(&channelTransport{client: s.conn.Client, line: line}),
		options.WithPromptPattern(t.any),
		options.WithTransportReadSize(64<<10),
		options.WithTermWidth(termWidth))
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = s.conn.Client.Close() })
	defer stop()
	at := time.Now()
	if err := t.driver.Open(); err != nil {
		return nil, channelError(ctx, err)
	}
	said, err := t.until(ctx, t.promptEnds)
	if line != "" {
		s.sent(line, at, len(said), err)
	}
	if err != nil {
		_ = t.close()
		return nil, noPrompt(s, said, err)
	}
	t.learn(said)
	for _, q := range s.platform.Prepare() {
		if err := sendable(q.Text()); err != nil {
			return nil, err
		}
		if _, err := t.do(ctx, q.Text()); err != nil {
			_ = t.close()
			return nil, fmt.Errorf("%s: %w", q, err)
		}
	}
	return t, nil
}

// noPrompt is the error of a login that ended in no prompt.
func noPrompt(s *session, said []byte, err error) error {
	words := oneLine(string(tail(said, 200)))
	if saysOneOf(string(said), s.platform.Denials) {
		return fmt.Errorf("%w: %s", devices.ErrDenied, words)
	}
	if errors.Is(err, devices.ErrTimeout) || errors.Is(err, devices.ErrTruncated) {
		err = fmt.Errorf("%w: no prompt of %s", devices.ErrUnreachable, s.platform.Name)
	}
	return fmt.Errorf("%w; it said: %q", err, words)
}

// promptPattern anchors a platform's prompt at the end of the output.
func promptPattern(prompt string) (*regexp.Regexp, error) {
	prompt = strings.TrimSuffix(prompt, "$")
	if prompt == "" {
		return nil, errors.New("the platform file has none, and its commands are not run by a shell")
	}
	return regexp.Compile(`(?m)` + prompt + `\s*\z`)
}

// do types text and returns what came before the next prompt.
func (t *terminal) do(ctx context.Context, text string) (string, error) {
	at := time.Now()
	out, err := t.ask(ctx, text)
	t.s.sent(text, at, len(out), err)
	return out, err
}

func (t *terminal) ask(ctx context.Context, text string) (string, error) {
	stop := context.AfterFunc(ctx, func() { _ = t.s.conn.Client.Close() })
	defer stop()
	if err := t.driver.Channel.Write([]byte(text), false); err != nil {
		return "", t.broken(ctx, err)
	}
	echo, err := t.until(ctx, func(got []byte) bool { return echoed(got, text) })
	if err != nil {
		return "", err
	}
	help := strings.HasSuffix(text, " ?")
	if help { // it is answered as it is typed; what stands there is taken back, not run
		if err := t.driver.Channel.Write([]byte{eraseLine}, false); err != nil {
			return "", t.broken(ctx, err)
		}
	}
	if err := t.driver.Channel.WriteReturn(); err != nil {
		return "", t.broken(ctx, err)
	}
	got, err := t.until(ctx, t.promptEnds)
	if help && err == nil {
		t.learn(got)
		return helpText(string(echo)+string(got), text), nil
	}
	body := strings.TrimPrefix(strings.TrimLeft(string(got), " "), "\n")
	if err != nil {
		return body, err
	}
	t.learn(got)
	return body[:len(body)-t.promptLen(body)], nil
}

// helpText cuts the answer to a "?" out of what came: it stands between the
// echo and the line that the device shows again.
func helpText(came, text string) string {
	_, answer, _ := strings.Cut(came, "\n")
	typed := strings.TrimSuffix(text, " ?")
	if i := strings.LastIndex(answer, typed); i >= 0 {
		answer = answer[:strings.LastIndexByte(answer[:i], '\n')+1]
	}
	return answer
}

// promptLen returns the length of the prompt at the end of body, of all its
// lines where the platform's prompt has several.
func (t *terminal) promptLen(body string) int {
	end := body[max(0, len(body)-depth):]
	if at := t.any.FindStringIndex(end); at != nil {
		return len(end) - at[0]
	}
	return len(lastLine([]byte(end)))
}

// echoed reports whether the device has shown text, however it broke the line.
func echoed(got []byte, text string) bool {
	return strings.Contains(squeeze(string(got)), squeeze(text))
}

// squeeze removes what a terminal puts into a line that it shows: spaces,
// line ends and backspaces.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\b' || r == '\r' {
			return -1
		}
		return r
	}, s)
}

// learn keeps the prompt that ended an answer: from then on only that very
// prompt ends one at once, so that a line of a configuration which looks like
// a prompt does not.
func (t *terminal) learn(got []byte) { t.exact = bytes.TrimSpace(lastLine(got)) }

func lastLine(b []byte) []byte {
	trimmed := bytes.TrimRight(b, " \n\t")
	return b[bytes.LastIndexByte(trimmed, '\n')+1:]
}

func (t *terminal) promptEnds(got []byte) bool {
	if t.exact == nil {
		return false // the first prompt is taken when it stays the last thing said
	}
	return bytes.Equal(bytes.TrimSpace(lastLine(tail(got, depth))), t.exact)
}

// promptStood returns the answer up to the prompt, where something else came
// after it: a log line that the device throws in.
func (t *terminal) promptStood(got []byte) ([]byte, bool) {
	if t.exact == nil {
		return nil, false
	}
	end := len(got)
	for range 10 {
		start := bytes.LastIndexByte(got[:end], '\n') + 1
		if bytes.Equal(bytes.TrimSpace(got[start:end]), t.exact) {
			return got[:end], true
		}
		if start == 0 {
			break
		}
		end = start - 1
	}
	return nil, false
}

func tail(b []byte, n int) []byte { return b[max(0, len(b)-n):] }

// close ends the terminal; the connection stays.
func (t *terminal) close() error { return ignoreClosed(t.driver.Close()) }

// broken is the error of a connection that ended by itself.
func (t *terminal) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctxError(ctx)
	}
	if errors.Is(err, util.ErrConnectionError) {
		err = errors.New("it closed the terminal")
	}
	return fmt.Errorf("%w: the connection broke: %s", devices.ErrUnreachable, oneLine(err.Error()))
}
