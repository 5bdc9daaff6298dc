-- ask: the rows of a question, each as JSON with its keys in the order of the columns.
-- {call} stands for the call, put together from the database's own catalogue
-- with quoted names; values are parameters. returns: json   at most 10,000 rows
select row_to_json(yizhan_answer)::text from (select * from {call}) as yizhan_answer limit 10000
