-- import_copy: takes the staged rows as a stream.
copy {staging} from stdin (format binary)
