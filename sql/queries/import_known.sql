-- import_known: a layer's rows in the form in which a file's are staged. {layer},
-- {geom} and {as_staged} stand for the table, its geometry and its columns, null
-- where the file does not have them.
copy (select {as_staged} from {layer}) to stdout (format binary)
