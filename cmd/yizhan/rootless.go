package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"yizhan/internal/account"
	"yizhan/internal/cluster"
	"yizhan/internal/pg"
)

// works is a command that opens the ledger, parses or serves, which is never done as root.
type works interface {
	where() ledgerFlags
	errand() account.Errand
}

// nobody is the account for a PostgreSQL that no account of this machine owns.
const nobody = "nobody"

// leaveRoot restarts the command as an ordinary account if root started it.
func leaveRoot(ctx context.Context, command any, name string, log *slog.Logger) error {
	work, ok := command.(works)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	errand := work.errand()
	at := work.where()
	if at.DSN != "" {
		who, err := accountOn(at.DSN, name)
		if err != nil {
			return err
		}
		return become(who, errand, log)
	}
	if name != "" {
		if _, err := account.Named(name); err != nil {
			return err // before the folder is given to it
		}
	}
	dir, uid, err := cluster.Prepare(ctx, cluster.Options{Dir: at.Data, Log: log}, name)
	if err != nil {
		return err
	}
	who, err := account.Named(uid)
	if err != nil {
		return err
	}
	errand.Environment = append(errand.Environment, "YIZHAN_DATA="+dir)
	return become(who, errand, log)
}

// accountOn is the account for a PostgreSQL that yizhan does not start.
func accountOn(dsn, name string) (account.Account, error) {
	if name != "" {
		return account.Named(name)
	}
	if owner, ok := account.OwnerOf(pg.SocketFolder(dsn)); ok {
		return owner, nil
	}
	return account.Named(nobody)
}

func become(who account.Account, errand account.Errand, log *slog.Logger) error {
	level := slog.LevelDebug
	if len(errand.Listen) > 0 {
		level = slog.LevelInfo
	}
	log.Log(context.Background(), level, "switching from root to an ordinary account", "user", who.Name)
	return who.Become(os.Args, errand)
}

func (c *upCommand) where() ledgerFlags      { return ledgerFlags{Data: c.Data} }
func (c *serveCommand) where() ledgerFlags   { return ledgerFlags{DSN: c.DSN} }
func (c *importCommand) where() ledgerFlags  { return c.ledgerFlags }
func (c *importsCommand) where() ledgerFlags { return c.ledgerFlags }
func (c *undoCommand) where() ledgerFlags    { return c.ledgerFlags }
func (c *exportCommand) where() ledgerFlags  { return c.ledgerFlags }
func (c *askCommand) where() ledgerFlags     { return c.ledgerFlags }

func (f serverFlags) errand() account.Errand {
	listen := []string{f.Listen}
	if f.AdminListen != "" {
		listen = append(listen, f.AdminListen)
	}
	return account.Errand{Listen: listen}
}

func (c *expireCommand) where() ledgerFlags     { return c.ledgerFlags }
func (c *expireCommand) errand() account.Errand { return account.Errand{} }
func (c *purgeCommand) where() ledgerFlags      { return c.ledgerFlags }

func (c *purgeCommand) errand() (e account.Errand) {
	for _, path := range c.Archive {
		e.Outputs = append(e.Outputs, account.Output{Path: path, Former: true})
	}
	return e
}

func (c *stationListCommand) where() ledgerFlags        { return c.ledgerFlags }
func (c *stationConfirmCommand) where() ledgerFlags     { return c.ledgerFlags }
func (c *stationListCommand) errand() account.Errand    { return account.Errand{} }
func (c *stationConfirmCommand) errand() account.Errand { return account.Errand{} }

func (c *importsCommand) errand() account.Errand { return account.Errand{} }
func (c *undoCommand) errand() account.Errand    { return account.Errand{} }
func (c *askCommand) errand() account.Errand     { return account.Errand{} }

func (c *exportCommand) errand() account.Errand {
	return account.Errand{Outputs: []account.Output{{Path: c.Tiles, Former: c.Update, Resumed: true}}}
}

func (c *importCommand) errand() (e account.Errand) {
	if c.Control != "" {
		e.Inputs = append(e.Inputs, c.Control)
	}
	for _, path := range c.Files {
		if path != "-" {
			e.Inputs = append(e.Inputs, path)
		}
		if c.Rejects == "" {
			e.Outputs = append(e.Outputs, account.Output{Path: rejectsStem(path)})
		}
	}
	if c.Rejects != "" && c.Rejects != "none" {
		e.Outputs = append(e.Outputs, account.Output{Path: c.Rejects})
	}
	return e
}

// rejectsStem is how the name begins of the file for the rejected rows of another.
func rejectsStem(path string) string {
	base := strings.TrimSuffix(filepath.Base(path), ".gz")
	return strings.TrimSuffix(base, filepath.Ext(base)) + ".rejected"
}
