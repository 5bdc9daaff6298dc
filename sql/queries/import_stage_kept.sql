-- import_stage_kept: where the rows of a preview are kept until they are applied or
-- discarded. It is not logged: after a crash of the server the preview is gone.
-- yizhan_staging and staged_columns stand for its name and its columns.
create unlogged table yizhan_staging (yizhan_pos int8, yizhan_offset int8, yizhan_geom geometry staged_columns)
