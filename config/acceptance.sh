#!/bin/sh
# Shows by hand that a control plane takes this proxy for its own: start, look, restart, end.
# Needs: java, curl, kumactl (of the control plane's version, configured for the zone's), a zone token, the CA, an own resource.
#
#   CP=https://cp:5678 CA=cp-ca.pem TOKEN=zone.token RESOURCE=egress.yaml KIND=egress JAR=egress.jar sh acceptance.sh
#
# KIND is egress, ingress, or dataplane: that is a Dataplane with listeners, of the mesh MESH, with a dataplane token.
# NAME is the resource's, if it is not the first name in the file. The code is 0 when all was as it should be.
set -eu

: "${CP:?https://host:5678}" "${CA:?file}" "${TOKEN:?file}" "${RESOURCE:?file}"
KIND=${KIND:-egress}
MESH=${MESH:-default}
JAR=${JAR:-proxy-egress/target/egress.jar}
PORT=${KUMA_READINESS_PORT:-9902}
export KUMA_READINESS_PORT="$PORT"
NAME=${NAME:-$(tr '{,' '\n\n' <"$RESOURCE" | sed -n 's/^ *"\{0,1\}name"\{0,1\} *: *"\{0,1\}\([a-z0-9.-]*\).*/\1/p' | head -n 1)}
WORK=$(mktemp -d)
LOG=$WORK/log
PID=

end() {
  code=$?
  if [ -n "$PID" ]; then
    kill "$PID" 2>/dev/null || true
    wait "$PID" 2>/dev/null || true # it writes into the folder until then
  fi
  if [ "$code" != 0 ] && [ -s "$LOG" ]; then
    echo "failed; the log:" >&2
    cat "$LOG" >&2
  fi
  rm -rf "$WORK"
  exit "$code"
}
trap end EXIT

start() {
  java -jar "$JAR" run --proxy-type="$KIND" --cp-address="$CP" --ca-cert-file="$CA" \
    --dataplane-token-file="$TOKEN" --dataplane-file="$RESOURCE" --work-dir="$WORK" >>"$LOG" 2>&1 &
  PID=$!
  i=0
  until [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$PORT/ready")" = 200 ]; do
    i=$((i + 1))
    if [ "$i" -gt 300 ] || ! kill -0 "$PID" 2>/dev/null; then
      echo "not ready" >&2
      exit 1
    fi
    sleep 0.1
  done
}

echo "== start"
start
grep -E 'is ready|configuration changed' "$LOG" || true

list() {
  case $KIND in
    dataplane) kumactl inspect dataplanes --mesh="$MESH" ;;
    ingress) kumactl inspect zone-ingresses ;; # the name that 2.9 and 2.14 both know
    *) kumactl inspect zoneegresses ;;
  esac | grep -E "^(NAME|MESH|$NAME|$MESH +$NAME) "
}

inspect() {
  case $KIND in
    dataplane) kumactl inspect dataplane "$NAME" --mesh="$MESH" --type="$1" ;;
    *) kumactl inspect "zone$KIND" "$NAME" --type="$1" ;;
  esac
}

# The control plane writes down who is connected every few seconds.
online() {
  i=0
  until list >"$WORK/shown" 2>/dev/null && grep -q Online "$WORK/shown"; do
    i=$((i + 1))
    if [ "$i" -gt 20 ]; then
      cat "$WORK/shown"
      echo "$KIND $NAME is not Online" >&2
      exit 1
    fi
    sleep 1
  done
  cat "$WORK/shown"
}

echo "== the control plane's view"
online
for type in config-dump stats clusters; do
  inspect "$type" >"$WORK/shown" # a pipe would hide its failure
  printf '%s: %s bytes\n' "$type" "$(wc -c <"$WORK/shown")"
done

echo "== kill -9, start again: it serves what it served"
kill -9 "$PID"
wait "$PID" 2>/dev/null || true
start
grep -E 'last known good' "$LOG"

echo "== SIGTERM: not ready at once, code 0 at the end"
kill -TERM "$PID"
sleep 0.2
curl -s "http://127.0.0.1:$PORT/ready" || true
echo
code=0
wait "$PID" || code=$?
PID=
echo "exit code $code"
[ "$code" = 0 ]
