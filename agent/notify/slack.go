package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// slack posts blocks to an incoming webhook. Every text is a plain_text object:
// Slack formats nothing in it, mentions nobody and unfurls nothing.
type slack struct{ poster }

// The parts of a message that are used (Slack's Block Kit).
type (
	slackMessage struct {
		Text        string       `json:"text"` // for notifications; escaped
		Mrkdwn      bool         `json:"mrkdwn"`
		UnfurlLinks bool         `json:"unfurl_links"`
		UnfurlMedia bool         `json:"unfurl_media"`
		Blocks      []slackBlock `json:"blocks"`
	}
	slackBlock struct {
		Type     string      `json:"type"` // header, section, context, actions, divider
		Text     *slackText  `json:"text,omitempty"`
		Elements []slackItem `json:"elements,omitempty"`
	}
	slackText struct {
		Type  string `json:"type"` // plain_text
		Text  string `json:"text"`
		Emoji bool   `json:"emoji"`
	}
	slackItem struct {
		Type  string `json:"type"` // plain_text in a context, button in actions
		Text  any    `json:"text"` // a string, or of a button a slackText
		Emoji *bool  `json:"emoji,omitempty"`
		URL   string `json:"url,omitempty"`
	}
)

func plainText(s string) *slackText { return &slackText{Type: "plain_text", Text: s} }

// Deliver posts the news.
func (s slack) Deliver(ctx context.Context, p Parcel) error {
	body, err := json.Marshal(slackBlocks(p))
	if err != nil {
		return &Refusal{Final: true, Err: err}
	}
	return s.post(ctx, body, nil)
}

// slackBlocks lays the news out. A header has at most 150 characters, a
// section 3000, a message 50 blocks.
func slackBlocks(p Parcel) slackMessage {
	n, head := p.News, headline(p.News)
	m := slackMessage{Text: escapeSlack(head + ": " + inert(n.Summary, 200))}
	m.Blocks = append(m.Blocks,
		slackBlock{Type: "header", Text: plainText(cut(head, 150))},
		slackBlock{Type: "section", Text: plainText(or(inert(n.Summary, 1000), head))})
	items, more := told(n)
	for _, l := range items {
		text := l.Mark + "  " + l.Title + "\n" + l.Where
		if l.Remedy != "" {
			text += "\nRemedy (not applied): " + l.Remedy
		}
		m.Blocks = append(m.Blocks, slackBlock{Type: "section", Text: plainText(cut(text, 2900))})
	}
	if more > 0 {
		m.Blocks = append(m.Blocks, slackBlock{Type: "section", Text: plainText(fmt.Sprintf("and %d more in the report", more))})
	}
	if n.Explanation != "" {
		m.Blocks = append(m.Blocks, slackBlock{Type: "section", Text: plainText(inert(n.Explanation, 2000))})
	}
	foot := slackBlock{Type: "context"}
	for _, f := range append(footer(p), stamp(n)) {
		foot.Elements = append(foot.Elements, slackItem{Type: "plain_text", Text: f, Emoji: new(bool)})
	}
	m.Blocks = append(m.Blocks, foot)
	if n.Link != "" {
		m.Blocks = append(m.Blocks, slackBlock{Type: "actions", Elements: []slackItem{{Type: "button", Text: plainText("Open the report"), URL: n.Link}}})
	}
	return m
}

// escapeSlack escapes the characters that have a meaning in Slack's texts.
func escapeSlack(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// cut shortens s to n runes.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-3]) + "..."
}

// or returns the first of two texts that says something.
func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
