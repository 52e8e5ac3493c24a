package notify

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/netsonde/netsonde/policies"
)

// teams posts an adaptive card to a workflow's webhook. Texts stand in text
// runs, in which, unlike in text blocks, Markdown has no meaning.
type teams struct{ poster }

// The parts of a card that are used (Adaptive Cards 1.4).
type (
	teamsMessage struct {
		Type        string            `json:"type"` // message
		Attachments []teamsAttachment `json:"attachments"`
	}
	teamsAttachment struct {
		ContentType string    `json:"contentType"`
		Content     teamsCard `json:"content"`
	}
	teamsCard struct {
		Schema  string            `json:"$schema"`
		Type    string            `json:"type"`
		Version string            `json:"version"`
		Width   map[string]string `json:"msteams"`
		Body    []teamsBlock      `json:"body"`
		Actions []teamsAction     `json:"actions,omitempty"`
	}
	teamsBlock struct {
		Type      string     `json:"type"` // RichTextBlock
		Separator bool       `json:"separator,omitempty"`
		Inlines   []teamsRun `json:"inlines"`
	}
	teamsRun struct {
		Type   string `json:"type"` // TextRun
		Text   string `json:"text"`
		Size   string `json:"size,omitempty"`
		Weight string `json:"weight,omitempty"`
		Color  string `json:"color,omitempty"`
		Subtle bool   `json:"isSubtle,omitempty"`
	}
	teamsAction struct {
		Type  string `json:"type"` // Action.OpenUrl
		Title string `json:"title"`
		URL   string `json:"url"`
	}
)

// Deliver posts the news.
func (t teams) Deliver(ctx context.Context, p Parcel) error {
	body, err := json.Marshal(adaptiveCard(p))
	if err != nil {
		return &Refusal{Final: true, Err: err}
	}
	return t.post(ctx, body, nil)
}

// adaptiveCard lays the news out. A card has at most 28 kB.
func adaptiveCard(p Parcel) teamsMessage {
	n := p.News
	c := teamsCard{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: "1.4", Width: map[string]string{"width": "Full"},
	}
	block := func(separator bool, runs ...teamsRun) {
		c.Body = append(c.Body, teamsBlock{Type: "RichTextBlock", Separator: separator, Inlines: runs})
	}
	block(false, teamsRun{Type: "TextRun", Text: headline(n), Size: "Large", Weight: "Bolder", Color: verdictColor(n)})
	if n.Summary != "" {
		block(false, teamsRun{Type: "TextRun", Text: inert(n.Summary, 1000)})
	}
	items, more := told(n)
	for _, l := range items {
		block(true, teamsRun{Type: "TextRun", Text: l.Mark + "  ", Weight: "Bolder", Color: itemColor(l.Item)}, teamsRun{Type: "TextRun", Text: l.Title})
		block(false, teamsRun{Type: "TextRun", Text: l.Where, Subtle: true})
		if l.Remedy != "" {
			block(false, teamsRun{Type: "TextRun", Text: "Remedy (not applied): " + l.Remedy})
		}
	}
	if more > 0 {
		block(true, teamsRun{Type: "TextRun", Text: fmt.Sprintf("and %d more in the report", more)})
	}
	if n.Explanation != "" {
		block(true, teamsRun{Type: "TextRun", Text: inert(n.Explanation, 2000)})
	}
	for _, f := range append(footer(p), stamp(n)) {
		block(false, teamsRun{Type: "TextRun", Text: f, Subtle: true})
	}
	if n.Link != "" {
		c.Actions = []teamsAction{{Type: "Action.OpenUrl", Title: "Open the report", URL: n.Link}}
	}
	return teamsMessage{Type: "message", Attachments: []teamsAttachment{{ContentType: "application/vnd.microsoft.card.adaptive", Content: c}}}
}

func verdictColor(n News) string {
	switch {
	case n.Worst >= policies.Major:
		return "Attention"
	case n.Worst > 0 || n.Verdict != "healthy":
		return "Warning"
	}
	return "Good"
}

func itemColor(i Item) string {
	switch {
	case i.Change == Resolved:
		return "Good"
	case i.Severity >= policies.Major:
		return "Attention"
	}
	return "Warning"
}
