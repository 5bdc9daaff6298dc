package cluster

import (
	"context"
	"os/user"
	"strconv"

	"yizhan/internal/lang"
)

// Prepare does in a folder what only root can, for a process of root that goes on as
// an ordinary account: it makes the folder and gives it away. It returns the folder,
// and the number of the account: that of the name, else the folder's owner, else postgres.
func Prepare(ctx context.Context, o Options, name string) (dir, uid string, err error) {
	if dir, err = o.folder(); err != nil {
		return "", "", err
	}
	who, err := preparedFor(dir, name)
	if err != nil {
		return "", "", err
	}
	c := &Cluster{dir: dir, account: who, log: o.logger()}
	if err := c.prepareFolder(); err != nil {
		return "", "", err
	}
	return dir, strconv.Itoa(who.uid), who.reaches(ctx, dir)
}

// preparedFor is the account that works in the folder.
func preparedFor(dir, name string) (account, error) {
	data := dataFolder(dir)
	if uid, ok := owner(data); !ok || uid == 0 {
		data = dir
	}
	if name == "" {
		return accountFor(data)
	}
	known, err := user.Lookup(name)
	if err != nil {
		return account{}, lang.Errorf("user %s not found; name an account of this machine with --user", name)
	}
	who, err := switchedTo(known)
	if uid, ok := owner(data); err == nil && ok && uid != 0 && uid != who.uid {
		return account{}, lang.Errorf("data folder %s does not belong to user %s; omit --user, or choose another folder with --data DIR", dir, name)
	}
	return who, err
}
