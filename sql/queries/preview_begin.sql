-- preview_begin: books an import that is being read.
-- $1 layer  $2 source  $3 actor ('' means the session's user)   returns: id
insert into journal.import (state, layer, source, actor) values ('reading', $1, $2, coalesce(nullif($3, ''), session_user)) returning id
