package meili

import (
	"context"
	"errors"

	"github.com/sendwatch/sendwatch/search"
)

// Renew is to come.
func (x *Index) Renew(context.Context) (search.Renewal, error) {
	return nil, errors.ErrUnsupported
}
