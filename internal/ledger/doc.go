// Package ledger reads the ledger: layers and their fields, batches of imports and who changed
// what, features as they are and were, saved profiles, and questions. It confirms places, purges
// former values and deletes persons whose retention is over.
//
// Bringing files into layers and taking them back is package merge.
package ledger
