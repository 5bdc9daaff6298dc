package record

// Limits of what is read; the zero value of each stands for the default.
type Limits struct {
	RecordBytes   int   // of one record; default 32 MiB
	Depth         int   // arrays and objects within each other; default 100
	Vertices      int   // of one record; default 2,000,000
	FieldBytes    int   // default 1 MiB
	Columns       int   // default 2,000
	UnpackedBytes int64 // of an archive or a packed file, all together; default 8 GiB
	Entries       int   // of an archive; default 1,000
	WorkbookBytes int64 // of an XLSX file, which is read whole; default 64 MiB
}

// WithDefaults fills in what is zero.
func (l Limits) WithDefaults() Limits {
	set(&l.RecordBytes, 32<<20)
	set(&l.Depth, 100)
	set(&l.Vertices, 2_000_000)
	set(&l.FieldBytes, 1<<20)
	set(&l.Columns, 2000)
	set(&l.UnpackedBytes, 8<<30)
	set(&l.Entries, 1000)
	set(&l.WorkbookBytes, 64<<20)
	return l
}

func set[T int | int64](limit *T, standard T) {
	if *limit == 0 {
		*limit = standard
	}
}
