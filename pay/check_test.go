package pay

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestCheck(t *testing.T) {
	faults, figures, err := Check(os.DirFS("../configs"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("%s: %s %s", f.File, f.Where, f.What)
	}
	if figures < 2000 {
		t.Errorf("only %d figures were held against anything", figures)
	}
}

// TestCheckFinds breaks one figure at a time.
func TestCheckFinds(t *testing.T) {
	for _, tc := range []struct {
		file, from, to string // the first from becomes to
		want           string
	}{
		{"njc.yaml", "annual: 25583", "annual: 25593", "2025-26 point 5 is £25593, but the award makes £25583 of £24790"},
		{"njc.yaml", "hourly: 13.26", "hourly: 13.62", "2024-25 point 7 prints £13.62 an hour, but £25584 makes £13.26"},
		{"njc.yaml", "status: derived", "status: guessed", `has the status "guessed"`},
		{"njc.yaml", "- SOL19\n", "- SOL99\n", `names the source "SOL99"`},
		{"njc.yaml", "SCP2: '2026-04-01'", "SCP2: '2025-04-01'", "2025-26 point 2 was deleted on 2025-04-01"},
		{"njc.yaml", "    rise: {percent: 3.2}\n", "", `2025-26 has no "rise"`},
		{"njc.yaml", "effective_from: '2025-04-01'", "effective_from: '2025-05-01'", "2025-26 begins on 2025-05-01"},
		{"glpc.yaml", "annual_fte: 31086", "annual_fte: 32086", "observation 3 is point 6 at £31530, but point 5 is £32086"},
		{"teachers.yaml", "- 34823", "- 37823", "2025-26 england main does not rise"},
		{"teachers.yaml", "- 45352", "- 46352", "2025-26 england main maximum is £46352, but the award makes £45351 of £43607"},
		{"teachers.yaml", "    doubted: [england unqualified minimum]\n", "", "2026-27 england unqualified minimum is £23731"},
		{"grades.yaml", "scp_from: 5\n  scp_to: 6", "scp_from: 7\n  scp_to: 6", "goes from point 7 down to 6"},
		{"grades.yaml", "scp_from: 5\n  scp_to: 6", "scp_from: 1\n  scp_to: 6", "names point 1, which the award of 2025-26 does not have"},
		{"tto.yaml", "33d: 0.85634", "33d: 0.85734", "39w 33d is 0.85734"},
		{"tto.yaml", "actual: 22630.72", "actual: 22730.72", "Alderman White, Notts has the ratio"},
		{"tto.yaml", "fraction_39w_32_5h: 0.75892", "fraction_39w_32_5h: 0.75982", "Bradford, TTO + 5 days is 0.75982 of full time"},
		{"nlw.yaml", "hourly: 12.71", "hourly: 12.11", "is £12.11, not more than £12.21 before"},
	} {
		t.Run(tc.want, func(t *testing.T) {
			files := fstest.MapFS{}
			for _, name := range []string{"njc.yaml", "glpc.yaml", "teachers.yaml", "grades.yaml", "tto.yaml", "nlw.yaml"} {
				b, err := fs.ReadFile(os.DirFS("../configs"), "payscales/"+name)
				if err != nil {
					t.Fatal(err)
				}
				if name == tc.file {
					if !strings.Contains(string(b), tc.from) {
						t.Fatalf("%s does not hold %q", name, tc.from)
					}
					b = []byte(strings.Replace(string(b), tc.from, tc.to, 1))
				}
				files["payscales/"+name] = &fstest.MapFile{Data: b}
			}
			faults, _, err := Check(files)
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for _, f := range faults {
				if f.File != tc.file {
					t.Errorf("a fault in %s, which was not touched: %v", f.File, f)
				}
				all.WriteString(f.Where + " " + f.What + "\n")
			}
			if !strings.Contains(all.String(), tc.want) {
				t.Errorf("got %q, want %q", all.String(), tc.want)
			}
		})
	}
}
