-- import_size: how many rows a layer has, counted up to $1. {layer} stands for the table.
select count(*) from (select from {layer} limit $1) as counted
