package openai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

var (
	errSilent   = errors.New("the server went silent")
	errRedirect = errors.New("the endpoint redirects, which is not followed")
)

// retrying returns the HTTP client of c: 429 and 5xx are tried again after the
// wait that the server asks for, up to c.Wait; redirects are not followed,
// since they would take the key elsewhere; a silent server is hung up on.
func retrying(c Config) *http.Client {
	rc := retryablehttp.NewClient()
	rc.Logger = nil
	rc.RetryMax = max(c.Retries, 0)
	rc.RetryWaitMin, rc.RetryWaitMax = min(time.Second, c.Wait), c.Wait
	rc.ErrorHandler = retryablehttp.PassthroughErrorHandler
	rc.CheckRetry = checkRetry
	rc.Backoff = backoff
	next := c.Transport
	if next == nil {
		next = rc.HTTPClient.Transport
	}
	rc.HTTPClient.Transport = &watched{next: next, first: c.First, idle: c.Idle}
	return rc.StandardClient()
}

// checkRetry is the library's policy, without retries where they cannot help:
// a spent quota, a server that said nothing for minutes.
func checkRetry(ctx context.Context, r *http.Response, err error) (bool, error) {
	if errors.Is(err, errSilent) || errors.Is(err, errRedirect) {
		return false, nil
	}
	again, policyErr := retryablehttp.DefaultRetryPolicy(ctx, r, err)
	if r == nil || policyErr != nil {
		return again, policyErr
	}
	if r.StatusCode == http.StatusRequestTimeout || r.StatusCode == http.StatusConflict {
		return true, nil
	}
	if again && (r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusInternalServerError) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 64<<10)) // what could be read decides
		r.Body.Close()
		r.Body = io.NopCloser(bytes.NewReader(body))
		again = !bytes.Contains(body, []byte("insufficient_quota")) && !aboutTools(string(bytes.ToLower(body)))
	}
	return again, nil
}

// backoff waits as long as the server asks, in seconds, as a date or in
// milliseconds, or longer each time; never longer than hi, and not in step
// with other clients.
func backoff(lo, hi time.Duration, attempt int, r *http.Response) time.Duration {
	if r != nil {
		if ms, err := strconv.ParseFloat(r.Header.Get("Retry-After-Ms"), 64); err == nil && ms >= 0 {
			return min(time.Duration(ms*float64(time.Millisecond)), hi)
		}
		if asked := r.Header.Get("Retry-After"); asked != "" {
			if s, err := strconv.ParseFloat(asked, 64); err == nil && s >= 0 {
				return min(time.Duration(s*float64(time.Second)), hi)
			}
			if at, err := http.ParseTime(asked); err == nil {
				return max(min(time.Until(at), hi), 0)
			}
		}
	}
	wait := min(retryablehttp.DefaultBackoff(lo, hi, attempt, nil), hi)
	return wait/2 + rand.N(wait/2+1)
}

// watched is a transport that hangs up on a server that says nothing for too
// long: before its answer, or in the middle of it.
type watched struct {
	next        http.RoundTripper
	first, idle time.Duration
}

// RoundTrip sends r and watches the answer.
func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	timer := time.AfterFunc(w.first, func() { cancel(errSilent) })
	response, err := w.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		timer.Stop()
		cause := context.Cause(ctx)
		cancel(nil)
		if errors.Is(cause, errSilent) {
			return nil, errSilent
		}
		return nil, err
	}
	if to := response.Header.Get("Location"); to != "" && response.StatusCode/100 == 3 {
		timer.Stop()
		cancel(nil)
		response.Body.Close()
		return nil, fmt.Errorf("%w: write %s if that is where the model is", errRedirect, to)
	}
	response.Body = &watchedBody{ReadCloser: response.Body, ctx: ctx, cancel: cancel, timer: timer, idle: w.idle}
	return response, nil
}

type watchedBody struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	idle   time.Duration
	once   sync.Once
}

// Read reads on, and gives the server the idle time anew.
func (b *watchedBody) Read(p []byte) (int, error) {
	b.timer.Reset(b.idle)
	n, err := b.ReadCloser.Read(p)
	if err != nil && errors.Is(context.Cause(b.ctx), errSilent) {
		err = errSilent
	}
	return n, err
}

// Close ends the watch.
func (b *watchedBody) Close() error {
	b.once.Do(func() {
		b.timer.Stop()
		b.cancel(nil)
	})
	return b.ReadCloser.Close()
}
