-- rows: every row of a table of features
-- {values} expressions, the geometry first   {table} quoted   {order} by the primary key, or nothing
select {values} from {table} {order}
