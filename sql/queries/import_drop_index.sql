-- import_drop_index: takes an index away for the length of a load. {index} stands for its name.
drop index {index}
