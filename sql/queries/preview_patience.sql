-- preview_patience: how long to wait for writers of the layer.   $1 such as 10s
select set_config('lock_timeout', $1, true)
