package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// The functions of the agent itself: they touch no device.
const (
	planName     = "plan"
	recallName   = "recall"
	concludeName = "conclude"
)

const planSchema = `{"type":"object","additionalProperties":false,"required":["hypotheses"],"properties":{
"hypotheses":{"type":"array","minItems":1,"items":{"type":"string"},"description":"what could explain the complaint, most likely first"}}}`

type planArgs struct {
	Hypotheses []string `json:"hypotheses"`
}

const concludeSchema = `{"type":"object","additionalProperties":false,"required":["verdict","summary","findings"],"properties":{
"verdict":{"type":"string","enum":["fault","healthy","inconclusive"]},
"summary":{"type":"string","description":"two or three sentences for the operator"},
"findings":{"type":"array","items":{"type":"object","additionalProperties":false,
 "required":["root_cause","locations","title","explanation","severity","evidence"],"properties":{
 "root_cause":{"type":"string","description":"a label of the vocabulary"},
 "locations":{"type":"array","minItems":1,"items":{"type":"string"},"description":"r3, r3:eth1 or r3:eth1--r4:eth2: the end that deviates"},
 "title":{"type":"string"},
 "explanation":{"type":"string","description":"how the evidence leads to this cause, and how the cause leads to the complaint"},
 "severity":{"type":"string","enum":["critical","major","minor","warning"]},
 "evidence":{"type":"array","minItems":1,"items":{"type":"object","additionalProperties":false,"required":["observation","quote"],"properties":{
  "observation":{"type":"string","description":"o7, or as DEVICE: QUERY"},
  "quote":{"type":"string","description":"copied exactly from the observation"},
  "absent":{"type":"boolean","description":"true: the observation is complete and does not contain the quote"}}}},
 "symptoms":{"type":"array","items":{"type":"string"},"description":"consequences that this cause explains"},
 "remedy":{"type":"string","description":"what an operator would do, in the platform's own words"}}}},
"ruled_out":{"type":"array","items":{"type":"string"},"description":"hypotheses dropped, each with the observation that dropped it"},
"not_evaluated":{"type":"array","items":{"type":"string"},"description":"what could not be read, and why"},
"open":{"type":"string","description":"if inconclusive: what is not known and what would tell"}}}`

// concludeArgs is a report as a model writes it.
type concludeArgs struct {
	Verdict      Verdict         `json:"verdict"`
	Summary      string          `json:"summary"`
	Findings     []concludedCase `json:"findings"`
	RuledOut     []string        `json:"ruled_out"`
	NotEvaluated []string        `json:"not_evaluated"`
	Open         string          `json:"open"`
}

type concludedCase struct {
	RootCause   string   `json:"root_cause"`
	Locations   []string `json:"locations"`
	Title       string   `json:"title"`
	Explanation string   `json:"explanation"`
	Severity    string   `json:"severity"`
	Evidence    []struct {
		Observation string `json:"observation"`
		Device      string `json:"device"`
		Query       string `json:"query"`
		Quote       string `json:"quote"`
		Absent      bool   `json:"absent"`
	} `json:"evidence"`
	Symptoms []string `json:"symptoms"`
	Remedy   string   `json:"remedy"`
}

// ownFunctions returns plan, recall and conclude.
func ownFunctions() []Function {
	return []Function{
		{Name: planName, Description: promptText("plan.md"), Schema: json.RawMessage(planSchema)},
		{Name: recallName, Description: promptText("recall.md"), Schema: json.RawMessage(recallSchema)},
		{Name: concludeName, Description: promptText("conclude.md"), Schema: json.RawMessage(concludeSchema)},
	}
}

// report returns what the model concluded. A severity outside the vocabulary
// is left zero, which the ledger reports.
func (a concludeArgs) report() Report {
	r := Report{
		Verdict: Verdict(strings.ToLower(strings.TrimSpace(string(a.Verdict)))), Summary: a.Summary,
		RuledOut: a.RuledOut, NotEvaluated: a.NotEvaluated, Open: a.Open,
	}
	for _, c := range a.Findings {
		f := Finding{
			RootCause: strings.TrimSpace(c.RootCause), Locations: c.Locations, Title: c.Title,
			Explanation: c.Explanation, Symptoms: c.Symptoms, Remedy: c.Remedy,
		}
		f.Severity, _ = policies.ParseSeverity(strings.ToLower(strings.TrimSpace(c.Severity)))
		for i, where := range f.Locations {
			f.Locations[i] = strings.TrimSpace(where)
		}
		for _, e := range c.Evidence {
			f.Evidence = append(f.Evidence, Evidence{Observation: e.Observation, Device: e.Device, Query: e.Query, Quote: e.Quote, Absent: e.Absent})
		}
		r.Findings = append(r.Findings, f)
	}
	return r
}

// decode reads the arguments of one of our own functions strictly. The error
// is for the model.
func decode(args json.RawMessage, into any) error {
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("arguments do not fit the schema: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// arguments turns what a model wrote into one JSON object: nothing and null
// mean no arguments, and an object that was encoded twice is unwrapped. The
// error is for the model.
func arguments(text string) (json.RawMessage, error) {
	text = strings.TrimSpace(text)
	for range 2 {
		if text == "" || text == "null" {
			return json.RawMessage("{}"), nil
		}
		var inner string
		if text[0] != '"' || json.Unmarshal([]byte(text), &inner) != nil {
			break
		}
		text = strings.TrimSpace(inner)
	}
	d := json.NewDecoder(strings.NewReader(text))
	var object map[string]json.RawMessage
	if err := d.Decode(&object); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("the arguments are cut off: the JSON object does not end; send it whole, shorter if need be")
		}
		return nil, fmt.Errorf("the arguments are not one JSON object: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the arguments are more than one JSON object: make one call for each")
	}
	return json.RawMessage(text), nil
}

// canonical returns args with sorted keys and no blanks, so that equal calls
// compare equal.
func canonical(args json.RawMessage) string {
	d := json.NewDecoder(bytes.NewReader(args))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return string(args)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return string(args)
	}
	return string(out)
}

// unknownFunction is what a model reads that called name.
func unknownFunction(name string, functions []Function) error {
	names := make([]string, 0, len(functions))
	for _, f := range functions {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return fmt.Errorf("there is no function %s; there are %s", quoted(name), strings.Join(names, ", "))
}
