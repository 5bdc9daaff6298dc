-- import_analyze_light: statistics of a third of the usual sample, because somebody
-- waits for them; the server makes its own in the background.
set local default_statistics_target = 30
