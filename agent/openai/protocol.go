package openai

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/agent"
)

//go:embed protocol.md
var protocolText string

// promptedMessages writes a prompt for a model without tool calling: the
// functions go into the system's words, calls and results into the text.
func promptedMessages(p agent.Prompt) []agent.Message {
	var list strings.Builder
	for _, f := range p.Functions {
		fmt.Fprintf(&list, "## %s\n%s\nArguments, as JSON schema: %s\n\n", f.Name, strings.TrimSpace(f.Description), compact(schema(f)))
	}
	protocol := strings.TrimSpace(strings.Replace(protocolText, "{{functions}}", strings.TrimSpace(list.String()), 1))
	names := map[string]string{}
	var out []agent.Message
	for _, m := range p.Messages {
		switch {
		case m.Role == agent.System:
			m.Text += "\n\n" + protocol
			protocol = ""
		case m.Role == agent.ToolReply:
			m = agent.Message{Role: agent.User, Text: "Result of " + names[m.CallID] + ":\n" + m.Text}
		case len(m.Calls) > 0:
			for _, call := range m.Calls {
				names[call.ID] = call.Name
			}
			m = agent.Message{Role: agent.Assistant, Text: writeCalls(m.Calls)}
		}
		out = append(out, m)
	}
	if protocol != "" {
		out = append([]agent.Message{{Role: agent.System, Text: protocol}}, out...)
	}
	return out
}

func compact(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return string(raw)
	}
	out, err := json.Marshal(v)
	if err != nil {
		return string(raw)
	}
	return string(out)
}

// writtenCall is a call in the text of a model, by the names that models use.
type writtenCall struct {
	Name       string          `json:"name"`
	Tool       string          `json:"tool,omitempty"`
	Function   string          `json:"function,omitempty"`
	Arguments  json.RawMessage `json:"arguments"`
	Parameters json.RawMessage `json:"parameters,omitempty"`
	Input      json.RawMessage `json:"input,omitempty"`
}

func writeCalls(calls []agent.Call) string {
	var list []writtenCall
	for _, call := range calls {
		list = append(list, writtenCall{Name: call.Name, Arguments: json.RawMessage(objectArguments(call.Arguments))})
	}
	out, err := json.Marshal(map[string][]writtenCall{"calls": list})
	if err != nil {
		return "{}"
	}
	return string(out)
}

// writtenCalls reads calls of known functions that a model wrote as text: the
// object of the protocol, one call, a list of calls, any of them in a code
// block or between tool_call tags, or a bare report. The rest is what it said
// besides. Text that is not a call is left alone.
func writtenCalls(text string, functions []agent.Function) (calls []agent.Call, rest string) {
	known := func(name string) bool {
		return slices.ContainsFunc(functions, func(f agent.Function) bool { return f.Name == name })
	}
	rest = text
	for _, block := range jsonBlocks(text) {
		var found []agent.Call
		for _, w := range readCalls(block) {
			if call := w.call(); known(call.Name) {
				found = append(found, call)
			}
		}
		if len(found) == 0 && known("conclude") && strings.Contains(block, `"verdict"`) && json.Valid([]byte(block)) {
			found = append(found, agent.Call{Name: "conclude", Arguments: block})
		}
		if len(found) > 0 {
			calls, rest = append(calls, found...), strings.Replace(rest, block, "", 1)
		}
	}
	if len(calls) > 0 {
		rest = strings.TrimSpace(regexp.MustCompile("</?tool_calls?>|```(json)?").ReplaceAllString(rest, ""))
	}
	return calls, rest
}

func (w writtenCall) call() agent.Call {
	call := agent.Call{Name: w.Name}
	for _, name := range []string{w.Tool, w.Function} {
		if call.Name == "" {
			call.Name = name
		}
	}
	for _, raw := range []json.RawMessage{w.Arguments, w.Parameters, w.Input} {
		if call.Arguments == "" {
			call.Arguments = argumentText(raw)
		}
	}
	return call
}

// readCalls reads one block of JSON as the protocol's object, a list or a call.
func readCalls(block string) []writtenCall {
	var object struct {
		Calls []writtenCall `json:"calls"`
	}
	if json.Unmarshal([]byte(block), &object) == nil && len(object.Calls) > 0 {
		return object.Calls
	}
	var list []writtenCall
	if json.Unmarshal([]byte(block), &list) == nil {
		return list
	}
	var one writtenCall
	if json.Unmarshal([]byte(block), &one) == nil {
		return []writtenCall{one}
	}
	return nil
}

// jsonBlocks returns the outermost JSON objects and lists in text. It looks at
// so many brackets and so much text only, so that nonsense costs little.
func jsonBlocks(text string) []string {
	const mostText, mostTries = 256 << 10, 300
	text = text[:min(len(text), mostText)]
	var blocks []string
	tries := 0
	for i := 0; i < len(text) && tries < mostTries; i++ {
		if text[i] != '{' && text[i] != '[' {
			continue
		}
		tries++
		d := json.NewDecoder(strings.NewReader(text[i:]))
		var raw json.RawMessage
		if d.Decode(&raw) == nil {
			blocks = append(blocks, string(raw))
			i += len(raw) - 1
		}
		if len(blocks) == mostCalls {
			break
		}
	}
	return blocks
}
