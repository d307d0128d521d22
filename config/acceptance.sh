#!/bin/sh
# Shows by hand that a control plane takes this proxy for its own: start, look, restart, end.
# Needs: java, curl, kumactl (configured for the zone's control plane), a zone token, the CA, an own resource.
#
#   CP=https://cp:5678 CA=cp-ca.pem TOKEN=zone.token RESOURCE=egress.yaml KIND=egress JAR=egress.jar sh acceptance.sh
set -eu

: "${CP:?https://host:5678}" "${CA:?file}" "${TOKEN:?file}" "${RESOURCE:?file}"
KIND=${KIND:-egress}
JAR=${JAR:-proxy-egress/target/egress.jar}
PORT=${KUMA_READINESS_PORT:-9902}
export KUMA_READINESS_PORT="$PORT"
NAME=$(sed -n 's/.*name"\{0,1\}: *"\{0,1\}\([a-z0-9.-]*\).*/\1/p' "$RESOURCE" | head -n 1)
WORK=$(mktemp -d)
LOG=$WORK/log
PID=

end() {
  if [ -n "$PID" ]; then kill "$PID" 2>/dev/null || true; fi
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
      echo "not ready; the log:" >&2
      cat "$LOG" >&2
      exit 1
    fi
    sleep 0.1
  done
}

echo "== start"
start
grep -E 'is ready|configuration changed' "$LOG" || true

echo "== the control plane's view"
kumactl inspect "zone${KIND}es" 2>/dev/null || kumactl inspect zoneegresses
for type in config-dump stats clusters; do
  printf '%s: ' "$type"
  kumactl inspect "zone$KIND" "$NAME" --type="$type" | wc -c
done

echo "== kill -9, start again: it serves what it served"
kill -9 "$PID"
wait "$PID" 2>/dev/null || true
start
grep -E 'last known good' "$LOG" || true

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
