-- history_moments: the last change of a layer up to each of two instants.
-- $1 layer  $2 instant  $3 other instant   returns: moment or null, moment or null
select journal.moment($1, $2), journal.moment($1, $3)
