-- history_patience: a layer's past may take longer to gather than a question to answer.
set local statement_timeout = '20s'
