-- purge_vacuum: frees the space of former rows that were emptied, so that it is written over.
vacuum journal.before
