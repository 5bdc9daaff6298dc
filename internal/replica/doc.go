// Package replica keeps the copy of all public layers in memory and follows the
// journal, so that the copy is always exactly what some snapshot of the ledger holds.
//
// At start it notes the ledger's snapshot and loads every layer in the same
// REPEATABLE READ transaction. From then on, woken by a notification or by a slow
// poll, it opens another such transaction, takes the journal entries that are
// visible now and were not visible in the last snapshot, and reads the features
// they name. So every change is seen once, whatever order its transaction
// committed in:
//
//	R1  A state equals the tables as one snapshot sees them, all layers alike.
//	R2  States follow one another; none is skipped back.
//	R3  A state is published before anyone is told of what changed in it.
//	R4  While the ledger is unreachable the last state stays, and says that it may be stale.
//	R5  When another server answers, or the same one after a restart, everything is
//	    loaded again: it may have lost commits that the state holds.
//
// It does not draw and it does not speak HTTP; it runs as the public role and so
// could not read a personal layer if it tried.
package replica
