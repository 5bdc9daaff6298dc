-- listen: be woken by every journal entry that is committed.
listen yizhan
