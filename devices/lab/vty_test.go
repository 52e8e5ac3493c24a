package lab

import (
	"bufio"
	"strings"
	"testing"
)

func TestReadAnswer(t *testing.T) {
	long := strings.Repeat("a line of a long answer\n", 1000)
	tests := []struct {
		name, wire, want, wrong string
	}{
		{"plain", "text\n\x00\x00\x00\x00rest", "text\n", ""},
		{"empty", "\x00\x00\x00\x00", "", ""},
		{"longer than the buffer", long + "\x00\x00\x00\x00", long, ""},
		{"refused", "% Unknown command\n\x00\x00\x00\x02", "", "return code 2: % Unknown command"},
		{"cut off", "text", "", "EOF"},
		{"cut off in the end mark", "text\x00\x00\x00", "", "EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readAnswer(bufio.NewReader(strings.NewReader(tt.wire)))
			switch {
			case tt.wrong == "" && (err != nil || string(got) != tt.want):
				t.Errorf("got %.40q, %v; want %.40q", got, err, tt.want)
			case tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)):
				t.Errorf("error %v, want one with %q", err, tt.wrong)
			}
		})
	}
}
