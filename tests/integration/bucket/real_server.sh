#!/bin/sh
# Runs the tests of buckets against a real S3 server on this machine: Ceph's radosgw, from Debian's
# packages, unpacked into a scratch folder and never installed. One monitor, one OSD in memory, no
# authentication among them, loopback alone. Needs Debian or a relative of it with apt-get, curl
# and the distribution's own /usr/bin/python3; no root. Everything is gone afterwards.
#
#   tests/integration/bucket/real_server.sh [the python that has pytest and obstore]
#
# Any other S3 server will do as well, with an empty bucket and obstore's own variables:
#
#   BUCKET_TEST_URL=s3://bucket AWS_ENDPOINT_URL=http://127.0.0.1:9000 AWS_ACCESS_KEY_ID=... \
#   AWS_SECRET_ACCESS_KEY=... AWS_REGION=us-east-1 python -m pytest tests/integration/bucket -k real
set -eu

python=${1:-python3}
port=${PORT:-17480}
scratch=$(mktemp -d)
started=""
cleanup() {
    for one in $started; do kill "$one" 2>/dev/null || true; done
    for one in $started; do wait "$one" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# The packages that hold the servers, and those of what they load that is not on the machine.
mkdir "$scratch/debs" "$scratch/root" "$scratch/mon" "$scratch/osd" "$scratch/rgw"
(
    cd "$scratch/debs"
    for package in $(apt-get install --simulate --no-install-recommends radosgw ceph-mon ceph-osd |
        awk '/^Inst/ { print $2 }'); do
        case $package in
        cryptsetup-bin | dmeventd | dmidecode | gdisk | hdparm | logrotate | lvm2 | nvme-cli | \
            parted | smartmontools | sudo | uuid-runtime | xfsprogs) ;; # for disks; there is none
        *) apt-get download --quiet=2 --option APT::Sandbox::User= "$package" ;;
        esac
    done
    for package in *.deb; do dpkg-deb --extract "$package" "$scratch/root"; done
)
# What follows sees the unpacked libraries; pytest does not.
libraries="$scratch/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null ||
    gcc -print-multiarch 2>/dev/null || echo x86_64-linux-gnu)"
ceph() {
    program=$1
    shift
    LD_LIBRARY_PATH="$libraries:$libraries/ceph:$scratch/root/lib/${libraries##*/}" \
        PYTHONPATH="$scratch/root/usr/lib/python3/dist-packages" \
        exec "$scratch/root/usr/bin/$program" "$@"
}
run() { (ceph "$@") >>"$scratch/out" 2>&1 || { tail -n 20 "$scratch/out" && exit 1; }; }

id=6d2c1f1e-0000-4000-8000-000000000001
monitors="[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]"
cat >"$scratch/ceph.conf" <<CONF
[global]
fsid = $id
mon host = $monitors
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
run dir = $scratch
admin socket = $scratch/\$name.\$pid.asok
log file = $scratch/\$name.log
pid file = $scratch/\$name.pid
plugin dir = $libraries/ceph
erasure code dir = $libraries/ceph/erasure-code
osd class dir = $libraries/rados-classes
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
mon cluster log to file = false
mon data avail crit = 1
mon allow pool size one = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd crush chooseleaf type = 0
[mon.a]
mon data = $scratch/mon
[osd.0]
osd data = $scratch/osd
osd objectstore = memstore
memstore device bytes = 1073741824
[client.rgw.a]
rgw data = $scratch/rgw
rgw frontends = beast endpoint=127.0.0.1:$port
# radosgw asks for an encrypted channel by itself, which there is none of without authentication.
ms mon client mode = crc
CONF
export CEPH_CONF="$scratch/ceph.conf"

run monmaptool --create --addv a "$monitors" --fsid $id "$scratch/monmap"
run ceph-mon --mkfs -i a --monmap "$scratch/monmap"
(ceph ceph-mon -f -i a) >>"$scratch/out" 2>&1 &
started="$started $!"
osd=6d2c1f1e-0000-4000-8000-0000000000aa
run ceph --connect-timeout 60 osd new $osd
run ceph-osd -i 0 --mkfs --osd-uuid $osd
(ceph ceph-osd -f -i 0) >>"$scratch/out" 2>&1 &
started="$started $!"
(ceph radosgw -f -n client.rgw.a) >>"$scratch/out" 2>&1 &
started="$started $!"
tries=0
until curl --silent --output /dev/null "http://127.0.0.1:$port/"; do
    tries=$((tries + 1))
    [ $tries -lt 90 ] || { tail -n 20 "$scratch/out" "$scratch"/*.log && exit 1; }
    sleep 1
done
run radosgw-admin -n client.rgw.a user create --uid=test --display-name=test \
    --access-key=testkey --secret=testsecret
curl --silent --fail --show-error --request PUT --user testkey:testsecret \
    --aws-sigv4 "aws:amz:us-east-1:s3" \
    --header "x-amz-content-sha256: $(printf '' | sha256sum | cut -d' ' -f1)" \
    "http://127.0.0.1:$port/test"

(ceph radosgw --version) | head -n 1
BUCKET_TEST_URL=s3://test AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_REGION=us-east-1 \
    AWS_ACCESS_KEY_ID=testkey AWS_SECRET_ACCESS_KEY=testsecret \
    "$python" -m pytest -q tests/integration/bucket -k real
