package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// understands reports why the command line is refused, if it is.
func understands(args []string) error {
	parser, err := kong.New(new(cli), kong.Name("sendwatch"), kong.Writers(io.Discard, io.Discard), kong.Vars{"version": ""})
	if err != nil {
		return err
	}
	_, err = parser.Parse(args)
	return err
}

// What the containers call is what the program understands, and they give it the
// time that it takes to stop. deploy/ has the other tests of these files.
func TestContainersCallTheProgram(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Build       any           `yaml:"build"`
			Command     []string      `yaml:"command"`
			Grace       time.Duration `yaml:"stop_grace_period"`
			Healthcheck struct {
				Test []string `yaml:"test"`
			} `yaml:"healthcheck"`
		} `yaml:"services"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	ours := 0
	for name, s := range file.Services {
		if s.Build == nil {
			continue
		}
		ours++
		if err := understands(s.Command); err != nil {
			t.Errorf("%s runs %q: %v", name, s.Command, err)
		}
		if h := s.Healthcheck.Test; len(h) < 3 || h[0] != "CMD" || h[1] != "/sendwatch" {
			t.Errorf("%s is checked by %q", name, h)
		} else if err := understands(h[2:]); err != nil {
			t.Errorf("%s is checked by %q: %v", name, h, err)
		}
		// The pulse and the open requests may take it one after the other.
		if s.Grace < 2*shutdownGrace {
			t.Errorf("%s is killed after %s; serve takes up to %s twice", name, s.Grace, shutdownGrace)
		}
	}
	if ours < 2 {
		t.Errorf("%d services run sendwatch", ours)
	}
}

func TestImageCallsTheProgram(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	calls := regexp.MustCompile(`(?m)^\s*CMD (\[.*\])$`).FindAllSubmatch(text, -1)
	if len(calls) != 2 {
		t.Fatalf("the image is started and checked by %q", calls)
	}
	for _, call := range calls {
		var args []string
		if err := json.Unmarshal(call[1], &args); err != nil {
			t.Fatal(err)
		}
		if args[0] == "/sendwatch" { // the check; the start goes through ENTRYPOINT
			args = args[1:]
		}
		if err := understands(args); err != nil {
			t.Errorf("%s: %v", call[1], err)
		}
	}
}
