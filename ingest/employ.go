package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// employ finds the employer of a reading in the register of schools.
func (in *Ingest) employ(ctx context.Context, r *sendwatch.Reading) error {
	reg := &register{ctx: ctx, store: in.Store}
	in.Normaliser.Employ(r, reg)
	if reg.err != nil {
		return fmt.Errorf("look an employer up: %w", reg.err)
	}
	return nil
}

// register is the store's register as the normaliser asks it, for one reading. The
// first error ends the asking.
type register struct {
	ctx   context.Context
	store *store.Store
	err   error
}

// ByURN implements normalise.Register.
func (g *register) ByURN(urn string) []sendwatch.Employer {
	if g.err != nil {
		return nil
	}
	e, err := g.store.Employer(g.ctx, urn)
	if err != nil {
		if !errors.Is(err, store.ErrNotFound) {
			g.err = err
		}
		return nil
	}
	return []sendwatch.Employer{e}
}

// Like implements normalise.Register.
func (g *register) Like(nameKey, postcode string) (es []sendwatch.Employer) {
	if g.err == nil {
		es, g.err = g.store.EmployersLike(g.ctx, nameKey, postcode)
	}
	return es
}
