-- import_lock_patience: whoever stays in an empty layer is waited for two seconds.
set local lock_timeout = '2s'
