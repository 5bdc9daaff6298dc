package pg

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/tern/v2/migrate"

	"yizhan/geo"
	"yizhan/internal/lang"
	"yizhan/sql"
)

// versionTable is where the number of the last migration is kept.
const versionTable = "catalog.schema_version"

// Migrate brings the ledger to this program's schema: first what everything
// stands on, then the functions, then the migrations that are missing. It holds
// a lock, so that servers started together migrate once. A ledger from a newer
// program is refused with both numbers.
func (db *DB) Migrate(ctx context.Context) error {
	config, err := db.logins.owner()
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return Describe(lang.Errorf("migrate the ledger: %w", err))
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, sql.Text("queries/lock_migration.sql")); err != nil {
		return Describe(lang.Errorf("wait for another migration of the ledger: %w", err))
	}
	defer conn.Exec(context.WithoutCancel(ctx), sql.Text("queries/unlock_migration.sql"))

	migrator, err := newMigrator(ctx, conn)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *pgx.Conn) error{installFoundation, installFunctions} {
		if err := step(ctx, conn); err != nil {
			return err
		}
	}
	if err := migrator.Migrate(ctx); err != nil {
		return lang.Errorf("migrate the ledger: %w", located(err))
	}
	if _, err := conn.Exec(ctx, sql.Text("queries/adopt_journal.sql")); err != nil {
		return Describe(lang.Errorf("migrate the journal: %w", err))
	}
	reader, err := db.logins.reader("")
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, sql.Text("queries/serving_reader.sql"), reader.User); err != nil {
		return Describe(lang.Errorf("migrate the grants of the reader: %w", err))
	}
	return nil
}

// newMigrator loads the numbered migrations and refuses a ledger that is ahead of them.
func newMigrator(ctx context.Context, conn *pgx.Conn) (*migrate.Migrator, error) {
	if _, err := conn.Exec(ctx, sql.Text("queries/catalog_schema.sql")); err != nil {
		return nil, Describe(lang.Errorf("migrate the ledger: %w", err))
	}
	migrator, err := migrate.NewMigrator(ctx, conn, versionTable)
	if err != nil {
		return nil, Describe(lang.Errorf("migrate the ledger: %w", err))
	}
	folder, err := sql.Migrations()
	if err != nil {
		return nil, lang.Errorf("migrate the ledger: %w", err)
	}
	if err := migrator.LoadMigrations(folder); err != nil {
		return nil, lang.Errorf("migrate the ledger: %w", err)
	}
	current, err := migrator.GetCurrentVersion(ctx)
	if err != nil {
		return nil, Describe(lang.Errorf("migrate the ledger: %w", err))
	}
	if known := int32(len(migrator.Migrations)); current > known {
		return nil,
			lang.Errorf(
				"the ledger has schema version %d and this program supports versions up to %d; run a newer program: %w",
				current, known, geo.ErrConflict)
	}
	return migrator, nil
}

func installFoundation(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, sql.Text("bootstrap.sql")); err != nil {
		return lang.Errorf("install the foundation of the ledger: %w", located(err))
	}
	return nil
}

// installFunctions replaces every function in one transaction. Bodies are not
// checked, because the tables they speak of may come with a later migration.
func installFunctions(ctx context.Context, conn *pgx.Conn) error {
	names, err := sql.Functions()
	if err != nil {
		return lang.Errorf("install the functions of the ledger: %w", err)
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, sql.Text("queries/bodies_unchecked.sql")); err != nil {
			return Describe(err)
		}
		for _, name := range names {
			if _, err := tx.Exec(ctx, sql.Text(name)); err != nil {
				return lang.Errorf("install %s: %w", name, located(err))
			}
		}
		return nil
	})
}

// located adds to a database error where in the statement it arose and its hint.
func located(err error) error {
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return Describe(err)
	}
	if answer.Code == "42501" || answer.Code == "42704" && answer.Hint != "" {
		return lang.Errorf("%s; \"yizhan setup --print-sql\" prints the statements for an administrator: %w",
			answer.Message, geo.ErrForbidden)
	}
	return lang.Errorf("%w (position %d, %s %s)", err, answer.Position, answer.Where, answer.Hint)
}
