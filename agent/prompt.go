package agent

import (
	"embed"
	"fmt"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

//go:embed prompts
var prompts embed.FS

// promptText returns an embedded prompt with its {{names}} filled in, given
// as name, value pairs. It panics if the file is not embedded, which a test
// would show.
func promptText(name string, pairs ...string) string {
	text, err := prompts.ReadFile("prompts/" + name)
	if err != nil {
		panic(err)
	}
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{{" + pairs[i] + "}}"
	}
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(string(text)))
}

// systemPrompt says what the model is, what counts as evidence, and what is
// data.
func systemPrompt(mark string, causes Causes) string {
	var list strings.Builder
	for _, label := range causes.Labels() {
		fmt.Fprintf(&list, "%s: %s\n", label, causes[label])
	}
	return promptText("system.md", "mark", mark, "causes", list.String())
}

// casePrompt states the case. What came with it is given as numbered, fenced
// data.
func casePrompt(c Case, places Places, given []Numbered, mark string) string {
	var facts []string
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, name+": "+oneLine(value))
		}
	}
	add("Device", c.Device)
	add("From", c.From)
	add("To", c.To)
	add("Flow", c.Flow)
	for _, n := range given {
		text := n.Output
		if n.Query == SuppliedConfig {
			facts = append(facts, fmt.Sprintf("%s is a configuration that the operator supplied for %s. It may not be what the device runs: hold its "+
				"intent against the live state of the device and of its neighbours. An intent that would break something, or not do what is "+
				"asked of it, is a fault at the place that it configures.", n.ID, orUnnamed(n.Device)))
		}
		facts = append(facts, numberLine([]Numbered{n})+"\n"+fence(text, mark))
	}
	question := c.Question
	if strings.TrimSpace(question) == "" {
		question = "Is anything wrong with this network? If so, what and where?"
	}
	devices := strings.Join(shorten(places.Devices(), 200), " ")
	return promptText("case.md", "question", policies.Printable(question), "facts", strings.Join(facts, "\n"), "devices", devices)
}

func orUnnamed(device string) string {
	if device == "" {
		return "a device that was not named"
	}
	return device
}

// fence marks text as data. The mark cannot be guessed by who wrote the text;
// should it stand in it nevertheless, it is taken out.
func fence(text, mark string) string {
	text = strings.ReplaceAll(policies.Printable(text), mark, "(mark)")
	return "<data " + mark + ">\n" + strings.TrimRight(text, "\n") + "\n</data " + mark + ">"
}

// oneLine makes text safe to stand in a line of netsonde's own words.
func oneLine(text string) string {
	return strings.Join(strings.Fields(policies.Printable(text)), " ")
}

// resultMessage is what the model reads of a result: the numbers of what it
// rests on, then its text as data, then netsonde's own remarks. Of many
// observations only those that the text speaks of are listed.
func resultMessage(r Returned, cited []Numbered, mark string) string {
	const most = 30
	var parts []string
	listed := cited
	if len(cited) > most {
		listed = nil
		for _, n := range cited {
			if strings.Contains(r.Text, n.Device+": "+n.Query) {
				listed = append(listed, n)
			}
		}
	}
	if line := numberLine(listed[:min(len(listed), 3*most)]); line != "" {
		parts = append(parts, line)
	}
	if left := len(cited) - len(listed); left > 0 {
		parts = append(parts, fmt.Sprintf("(%d more observations, %s to %s; name one as DEVICE: QUERY)", left, cited[0].ID, cited[len(cited)-1].ID))
	}
	if r.Text != "" {
		parts = append(parts, fence(r.Text, mark))
	}
	if r.Error != "" {
		parts = append(parts, "error: "+strings.ReplaceAll(policies.Printable(r.Error), mark, "(mark)"))
	}
	if len(parts) == 0 {
		return "(no output)"
	}
	return strings.Join(parts, "\n")
}

// numberLine lists observations with their numbers, those of one query
// together: "o7 r1, o8 r2: show ip ospf neighbor".
func numberLine(cited []Numbered) string {
	var queries []string
	by := map[string][]string{}
	for _, n := range cited {
		if _, ok := by[n.Query]; !ok {
			queries = append(queries, n.Query)
		}
		entry := n.ID + " " + oneLine(n.Device)
		if n.Truncated {
			entry += " (cut off)"
		}
		by[n.Query] = append(by[n.Query], entry)
	}
	var lines []string
	for _, q := range queries {
		lines = append(lines, strings.Join(by[q], ", ")+": "+oneLine(q))
	}
	return strings.Join(lines, "\n")
}
