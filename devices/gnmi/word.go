package gnmi

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	pb "github.com/openconfig/gnmi/proto/gnmi"

	"github.com/netsonde/netsonde/policies"
)

// word makes a text one that stands on a line behind "path: ". Plain text
// stays as it is; a text that would not be read back the same (empty, spaces
// at its ends, line breaks) is quoted as in JSON. What could act on a terminal
// is taken out.
func word(s string) string {
	s = policies.Printable(s)
	plain := s != "" && s == strings.TrimSpace(s) && s[0] != '"' && !strings.ContainsFunc(s, unicode.IsControl)
	if plain {
		return s
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// jsonWord prints a scalar of encoding/json.
func jsonWord(v any) string {
	switch v := v.(type) {
	case string:
		return word(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	case nil:
		return "null"
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("(%T)", v)
	}
	return word(string(b))
}

// keyWord prints a scalar as the value of a key: without quotes.
func keyWord(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonWord(v)
}

// scalar prints a value that is not JSON.
func scalar(v *pb.TypedValue) string {
	switch x := v.GetValue().(type) {
	case *pb.TypedValue_StringVal:
		return word(x.StringVal)
	case *pb.TypedValue_IntVal:
		return strconv.FormatInt(x.IntVal, 10)
	case *pb.TypedValue_UintVal:
		return strconv.FormatUint(x.UintVal, 10)
	case *pb.TypedValue_BoolVal:
		return strconv.FormatBool(x.BoolVal)
	case *pb.TypedValue_DoubleVal:
		return strconv.FormatFloat(x.DoubleVal, 'g', -1, 64)
	case *pb.TypedValue_FloatVal: //nolint:staticcheck // old devices still send the deprecated form
		return strconv.FormatFloat(float64(x.FloatVal), 'g', -1, 32)
	case *pb.TypedValue_DecimalVal: //nolint:staticcheck // old devices still send the deprecated form
		return decimal(x.DecimalVal.GetDigits(), x.DecimalVal.GetPrecision())
	case *pb.TypedValue_BytesVal:
		return base64.StdEncoding.EncodeToString(x.BytesVal)
	case *pb.TypedValue_LeaflistVal:
		words := make([]string, len(x.LeaflistVal.GetElement()))
		for i, e := range x.LeaflistVal.GetElement() {
			words[i] = scalar(e)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case *pb.TypedValue_JsonVal:
		return word(string(x.JsonVal))
	case *pb.TypedValue_JsonIetfVal:
		return word(string(x.JsonIetfVal))
	case *pb.TypedValue_AsciiVal:
		return word(x.AsciiVal)
	case *pb.TypedValue_ProtoBytes:
		return fmt.Sprintf("(%d bytes of protobuf, not decoded)", len(x.ProtoBytes))
	case *pb.TypedValue_AnyVal:
		return fmt.Sprintf("(protobuf message %s, not decoded)", word(x.AnyVal.GetTypeUrl()))
	}
	return "(no value)"
}

// decimal prints digits x 10^-precision (gNMI Decimal64).
func decimal(digits int64, precision uint32) string {
	if precision == 0 || precision > 18 {
		return strconv.FormatInt(digits, 10)
	}
	s := fmt.Sprintf("%0*d", int(precision)+1, max(digits, -digits))
	at := len(s) - int(precision)
	s = s[:at] + "." + s[at:]
	if digits < 0 {
		s = "-" + s
	}
	return s
}
