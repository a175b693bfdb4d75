# Functions of .local/run.sh: the printed commands of `make run` use them. They need bash, curl and $PYTHON.

# look TOKEN PATH: what the hub answers
look() {
  curl -s "$HUB$2" -H "Authorization: Bearer $1"
  echo
}

# field NAME: one value of the JSON that comes in
field() {
  "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}

# file_case KEY BODY: file a dispute as the bank
file_case() {
  curl -s "$HUB/v1/filings" -H "Authorization: Bearer $BANK" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $1" -d "$2"
  echo
}

# act TOKEN CASE RESOURCE BODY: act on the case as it stands now
act() {
  curl -s "$HUB/v1/cases/$2/$3" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
    -H "If-Match: \"$(look "$CENTRE" "/v1/cases/$2" | field version)\"" -d "$4"
  echo
}

# code_of PHONE: the latest one-time code on a phone; waits for it up to ten seconds
code_of() {
  "$PYTHON" - "$SMS/control/messages?phone=$1" <<'PYTHON'
import json, sys, time, urllib.request

for _ in range(50):
    with urllib.request.urlopen(sys.argv[1]) as answer:
        values = [message["values"] for message in json.load(answer)["messages"]]
    codes = [each["code"] for each in values if "code" in each]
    if codes:
        sys.exit(print(codes[-1]))
    time.sleep(0.2)
sys.exit("no code has come")
PYTHON
}

# sign TOKEN CASE PARTY PHONE: ask for a code, and sign the agreement with it
sign() {
  act "$1" "$2" signing-codes "{\"party_id\": \"$3\"}"
  local document
  document=$(look "$CENTRE" "/v1/cases/$2" | field agreement_sha256)
  act "$1" "$2" signatures "{\"party_id\": \"$3\", \"document_sha256\": \"$document\", \"code\": \"$(code_of "$4")\"}"
}
