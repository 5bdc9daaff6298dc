-- undo_stage: where the rows are gathered that a batch touched: the feature id, the
-- entry that touched it first, and whether the row was there before it.
create temporary table yizhan_undo (id int8 not null, entry int8 not null, existed boolean not null) on commit drop
