package main

import (
	"fmt"
	"io/fs"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// knowledge is everything read from the data files: what the pure packages
// read and match with.
type knowledge struct {
	pay        *pay.Tables
	taxonomy   *taxonomy.Taxonomy
	gazetteer  *place.Gazetteer
	terms      *terms.Analyser
	normaliser *normalise.Normaliser
	matcher    *matcher.Matcher
}

// learn reads the data files that are built in.
func learn() (*knowledge, error) { return learnFrom(configs.FS) }

func learnFrom(fsys fs.FS) (*knowledge, error) {
	var k knowledge
	var err error
	if k.pay, err = pay.Load(fsys); err != nil {
		return nil, fmt.Errorf("pay scales: %w", err)
	}
	if k.taxonomy, err = taxonomy.Load(fsys); err != nil {
		return nil, fmt.Errorf("taxonomy: %w", err)
	}
	if k.gazetteer, err = place.Load(fsys); err != nil {
		return nil, fmt.Errorf("gazetteer: %w", err)
	}
	if k.terms, err = terms.Load(fsys); err != nil {
		return nil, fmt.Errorf("synonyms: %w", err)
	}
	k.normaliser = normalise.New(normalise.Options{Pay: k.pay, Taxonomy: k.taxonomy, Gazetteer: k.gazetteer, Terms: k.terms})
	k.matcher = matcher.New(matcher.Options{Taxonomy: k.taxonomy, Gazetteer: k.gazetteer, Terms: k.terms})
	return &k, nil
}
