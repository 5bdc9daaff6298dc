-- import_readable: reads all staged texts of a column as its type; an error when one
-- cannot be. {staging}, {staged_text} and {declared_type} stand for the staging
-- table, the column in it and its type.
select count({staged_text}::{declared_type}) from {staging}
