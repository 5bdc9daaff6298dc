-- undo_analyze: lets the planner know how many rows a batch touched.
analyze yizhan_undo
