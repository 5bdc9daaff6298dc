-- import_analyze_staging: lets the planner know how little is staged.
-- yizhan_staging stands for the staging table.
analyze yizhan_staging
