-- listen: subscribes to notifications of committed journal entries.
listen yizhan
