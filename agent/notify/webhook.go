package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/netsonde/netsonde/devices"
)

// The headers of a webhook. The signature is "v1=" and the hexadecimal
// HMAC-SHA256, under the shared key, of the timestamp, a full stop and the body;
// the timestamp is in seconds since 1970 and is renewed at each attempt, the
// Idempotency-Key is the same at each.
const (
	HeaderTimestamp = "Netsonde-Timestamp"
	HeaderSignature = "Netsonde-Signature"
	HeaderRepeat    = "Netsonde-Repeat" // "true": an earlier attempt may have arrived
	HeaderKey       = "Idempotency-Key"
)

// A webhook posts the JSON of News, signed.
type webhook struct {
	poster
	key devices.Secret
	now func() time.Time
}

// Deliver posts the news.
func (w webhook) Deliver(ctx context.Context, p Parcel) error {
	return w.post(ctx, p.Raw, func(h http.Header) {
		stamp := strconv.FormatInt(w.now().Unix(), 10)
		h.Set(HeaderKey, p.Key)
		h.Set(HeaderTimestamp, stamp)
		h.Set(HeaderSignature, Sign([]byte(w.key.Reveal()), stamp, p.Raw))
		if p.Repeat {
			h.Set(HeaderRepeat, "true")
		}
	})
}

// Sign returns the signature of a body that is sent with a timestamp.
func Sign(key []byte, timestamp string, body []byte) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(timestamp + "."))
	m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}

// Verify says what is wrong with a request that a webhook received: its
// signature, or that it is older than five minutes, or from the future.
func Verify(key []byte, h http.Header, body []byte, now time.Time) error {
	stamp := h.Get(HeaderTimestamp)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return fmt.Errorf("%s: %q is no time", HeaderTimestamp, stamp)
	}
	if !hmac.Equal([]byte(h.Get(HeaderSignature)), []byte(Sign(key, stamp, body))) {
		return errors.New("the signature is wrong")
	}
	if d := now.Sub(time.Unix(seconds, 0)).Abs(); d > 5*time.Minute {
		return fmt.Errorf("the request is %s off", d.Round(time.Second))
	}
	return nil
}
