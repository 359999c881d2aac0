// Package changelog says how the change log is read.
//
// The log is an ordered list of changes without gaps. A reader is anything that
// derives something from it (a search index, the ledger of alerts) and keeps a
// cursor: the number of the last change whose consequence it holds. The reader
// moves its cursor in the same transaction as what it derives, so that a kill at
// any instant leaves both or neither. Several processes may follow for one reader:
// the one that loses the race for a batch is told so (ErrCursorMoved) and reads on
// from where the other left off. A Turn spares them the race.
package changelog
