# watch: stops a test server that nobody uses any more and removes its data.
# $1 folder of the server   $2 seconds without a user
# One runs for each folder. Locks: those of package cluster, and "watch" for itself.
cd "$1" || exit 0
exec 7>>users 8>>watch 9>>lock
flock --nonblock 8 || exit 0
left=$2
while [ -e watch ]; do
    sleep 1
    if ! flock --nonblock 7; then
        left=$2
        continue
    fi
    flock --unlock 7
    left=$((left - 1))
    [ "$left" -gt 0 ] && continue
    left=$2
    flock 9
    if flock --nonblock 7; then
        break
    fi
    flock --unlock 9
done
# here nobody uses the server and nobody can start it: the kernel unlocks at exit
read -r server <pgdata/postmaster.pid 2>/dev/null &&
    [ "$(cat "/proc/$server/comm" 2>/dev/null)" = postgres ] &&
    kill -QUIT "$server" &&
    while [ -e "/proc/$server/cwd" ] && [ -e pgdata/postmaster.pid ]; do sleep 0.1; done
rm -rf pgdata pgdata.new run log start.log
flock --unlock 8
