// Package persons recognises what looks like personal data: by the names of fields, by
// single values, and by values within free text. It reports and masks what it finds, and
// decides nothing: what becomes of a field is the importer's.
package persons
