package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"text/tabwriter"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/pay"
)

type payscalesCmd struct {
	Check payscalesCheckCmd `cmd:"" help:"Check the pay scales against their own arithmetic."`
}

func (payscalesCmd) Help() string {
	return `Examples:
  sendwatch payscales check
  sendwatch payscales check ./configs`
}

type payscalesCheckCmd struct {
	Dir string `arg:"" optional:"" type:"existingdir" help:"Folder that holds payscales/*.yaml (default: the ones built in)."`
}

func (payscalesCheckCmd) Help() string {
	return `Holds printed hourly rates against the formula, each award against the one before
it, points against their order, grades against their spine and term-time shares
against their rule, and looks for figures without a source. Exit status 1 when a
figure does not follow.

Examples:
  sendwatch payscales check
  sendwatch payscales check ./configs`
}

func (c payscalesCheckCmd) Run(e *env) error {
	var fsys fs.FS = configs.FS
	if c.Dir != "" {
		fsys = os.DirFS(c.Dir)
	}
	faults, figures, err := pay.Check(fsys)
	if err != nil {
		return err
	}
	if e.cli.JSON {
		out := json.NewEncoder(e.out)
		for _, f := range faults {
			if err := out.Encode(f); err != nil {
				return err
			}
		}
	} else {
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		for _, f := range faults {
			fmt.Fprintf(w, "%s\t%s %s\n", f.File, f.Where, f.What)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%d figures were checked, %d do not follow\n", figures, len(faults))
	}
	if len(faults) > 0 {
		return errSaid
	}
	return nil
}
