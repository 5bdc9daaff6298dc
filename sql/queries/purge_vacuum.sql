-- purge_vacuum: frees the space of purged former rows, so that it is overwritten.
vacuum journal.before
