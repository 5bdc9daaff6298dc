-- import_unstage: takes a staging table away. {staging} stands for it.
drop table if exists {staging}
