package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/netsonde/netsonde/devices"
)

// A poster sends bodies to one address. The address may hold a token, so no
// error repeats it.
type poster struct {
	client *retryablehttp.Client
	url    devices.Secret
}

// newPoster makes a poster. Within one attempt it tries again where nothing can
// have arrived (no connection) or a proxy answered in the receiver's place; the
// longer pauses are the outbox's. It follows no redirect: that would take a
// token elsewhere.
func newPoster(to devices.Secret) (poster, error) {
	if err := address(to.Reveal()); err != nil {
		return poster{}, fmt.Errorf("the address %w", err)
	}
	c := retryablehttp.NewClient()
	c.Logger = nil
	c.RetryMax, c.RetryWaitMin, c.RetryWaitMax = 2, 200*time.Millisecond, 2*time.Second
	c.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.HTTPClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c.CheckRetry = func(ctx context.Context, r *http.Response, err error) (bool, error) {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			return unsent(err), nil
		}
		return r.StatusCode == http.StatusBadGateway || r.StatusCode == http.StatusServiceUnavailable && r.Header.Get("Retry-After") == "", nil
	}
	return poster{client: c, url: to}, nil
}

// unsent reports whether an error came before the first byte of the request
// left.
func unsent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// post sends a body; sign, if not nil, sets further headers.
func (p poster) post(ctx context.Context, body []byte, sign func(http.Header)) error {
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, p.url.Reveal(), bytes.NewReader(body))
	if err != nil {
		return &Refusal{Final: true, Err: errors.New("the address cannot be used")}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "netsonde")
	if sign != nil {
		sign(req.Header)
	}
	r, err := p.client.Do(req)
	if err != nil {
		return p.failed(err)
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(r.Body, 2<<10))
	return p.answered(r, string(text))
}

// failed words an error of the connection.
func (p poster) failed(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address
	}
	host := "the receiver"
	if u, bad := url.Parse(p.url.Reveal()); bad == nil {
		host = u.Host
	}
	err = fmt.Errorf("%s: %w", host, err)
	if unsent(err) {
		return &Refusal{Err: err}
	}
	return err // it may have arrived
}

// answered judges an answer.
func (p poster) answered(r *http.Response, text string) error {
	if r.StatusCode >= 200 && r.StatusCode < 300 {
		return nil
	}
	text = inert(p.hidden(text), 200)
	err := fmt.Errorf("%s answered %s", r.Request.URL.Host, r.Status)
	if text != "" {
		err = fmt.Errorf("%w: %s", err, text)
	}
	ref := &Refusal{Err: err, After: after(r.Header.Get("Retry-After"))}
	switch {
	case r.StatusCode == http.StatusTooManyRequests, r.StatusCode == http.StatusRequestTimeout, r.StatusCode == http.StatusTooEarly:
	case r.StatusCode < 500, r.StatusCode == http.StatusNotImplemented:
		ref.Final = true // redirects and refusals: the address or the secret is wrong
	}
	return ref
}

// hidden takes out of an answer what of the address stands in it: servers say
// which path they do not know, and the token is a part of it.
func (p poster) hidden(text string) string {
	text = strings.ReplaceAll(text, p.url.Reveal(), "(the address)")
	u, err := url.Parse(p.url.Reveal())
	if err != nil {
		return text
	}
	parts := []string{u.RequestURI(), u.EscapedPath(), u.Path, u.RawQuery}
	parts = append(append(parts, strings.Split(u.EscapedPath(), "/")...), strings.Split(u.Path, "/")...)
	for _, values := range u.Query() {
		parts = append(parts, values...)
	}
	if password, ok := u.User.Password(); ok {
		parts = append(parts, password)
	}
	for _, part := range parts {
		if len(part) >= leastHidden {
			text = strings.ReplaceAll(text, part, "(of the address)")
		}
	}
	return text
}

// leastHidden is how long a part of an address is that may be a token.
const leastHidden = 5

// after reads Retry-After: seconds or a date.
func after(s string) time.Duration {
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(time.Until(t), 0)
	}
	return 0
}
