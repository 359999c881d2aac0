package store

import (
	"context"
	"slices"
)

// PostgreSQL's writers run beside each other and see, statement by statement, what
// others have committed by then. So whoever decides by a row locks it first and
// looks again. Locks are taken in this order, within a kind by key; who keeps to it
// never waits in a circle:
//
//  1. the head of the change log: Write, and so everything that a person asks for
//  2. the aliases: shared by Owe, alone for Unite
//  3. a reader's cursor
//  4. people: whoever changes what a person is owed, is sent or asks for
//  5. work
//  6. digests and confirmations
//  7. the ledger, of which what is unsettled belongs to whoever locks its person
//
// Postings are written by the transactions of the log, one at a time. Whoever else
// writes them (a crawl that touches them, expiry) passes over those that are locked,
// so it never waits with others in its hands.

// lockPeople locks people until the transaction ends.
func lockPeople(ctx context.Context, tx *txn, people []string) error {
	if !tx.rowLocks {
		return nil
	}
	people = slices.Clone(people)
	slices.Sort(people)
	people = slices.Compact(people)
	for len(people) > 0 {
		n := min(len(people), perQuery)
		in, args := list(1, people[:n])
		people = people[n:]
		if _, err := all(ctx, tx, scanString, `SELECT person FROM subscriber WHERE person IN (`+in+`) ORDER BY person`+tx.locks("NO KEY UPDATE"), args...); err != nil {
			return err
		}
	}
	return nil
}

// lockPerson locks one person and the person's messages that are under way: who is
// about to send one has done so in time, or finds it gone.
func lockPerson(ctx context.Context, tx *txn, person string) error {
	if !tx.rowLocks {
		return nil
	}
	if err := lockPeople(ctx, tx, []string{person}); err != nil {
		return err
	}
	_, err := all(ctx, tx, scanString, `SELECT id FROM work WHERE kind IN ('confirmation', 'digest') AND id IN (
			SELECT id FROM confirmation WHERE person = $1 UNION ALL SELECT id FROM digest WHERE person = $1)
		ORDER BY kind, id`+tx.locks("UPDATE"), person)
	return err
}

// lockOut keeps two vacancies from becoming one until the transaction ends, or,
// alone, keeps everybody from owing meanwhile. Else an alert could be owed of a
// vacancy that has just ceased to be.
func lockOut(ctx context.Context, tx *txn, alone bool) error {
	if !tx.rowLocks {
		return nil
	}
	query := `LOCK TABLE alias IN SHARE MODE`
	if alone {
		query = `LOCK TABLE alias IN ROW EXCLUSIVE MODE`
	}
	_, err := tx.ExecContext(ctx, query)
	return err
}
